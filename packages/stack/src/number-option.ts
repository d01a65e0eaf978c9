import { StackError } from './stack-error.ts'

/** @throws StackError unless it is a number from `low` to `high` */
export function numberOption(name: string, text: string, low: number, high: number): number {
  const value = Number(text)
  if (!(value >= low && value <= high)) throw new StackError(`--${name} is "${text}"; it may be ${low} to ${high}`)
  return value
}
