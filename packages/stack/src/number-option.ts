import { StackError } from './stack-error.ts'

/** @throws StackError unless it is a number from `low` to `high` */
export function numberOption(name: string, text: string, low: number, high: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value >= low && value <= high) return value
  throw new StackError(`--${name} is "${text}"; it may be a number from ${low} to ${high}`)
}

/** @throws StackError unless it is a whole number from `low` to `high` */
export function integerOption(name: string, text: string, low: number, high: number): number {
  const value = numberOption(name, text, low, high)
  if (Number.isInteger(value)) return value
  throw new StackError(`--${name} is "${text}"; it may be a whole number from ${low} to ${high}`)
}
