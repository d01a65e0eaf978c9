import { InvalidArgumentError } from 'commander'

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `30m`, `24h`, `7d` as milliseconds, for commander. @throws InvalidArgumentError */
export const durationMs = (text: string): number => {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const unitMs = unitsMs[unit]
  if (count === undefined || unitMs === undefined)
    throw new InvalidArgumentError('A duration looks like 30m, 24h or 7d.')
  return Number(count) * unitMs
}

/** A whole number from `least` to `most`, for commander. @throws InvalidArgumentError */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`It must be a whole number, ${least} to ${most}.`)
    return value
  }

/** How long ago an instant was, or how far ahead it is: `3 m ago`, `in 2 h`. */
export const fromNow = (instant: string | undefined, now = Date.now()): string => {
  if (instant === undefined || instant === '') return ''
  const ms = new Date(instant).getTime() - now
  const seconds = Math.round(Math.abs(ms) / 1000)
  const [size, unit] =
    seconds < 120 ? [1, 's'] : seconds < 7_200 ? [60, 'm'] : seconds < 172_800 ? [3_600, 'h'] : [86_400, 'd']
  const text = `${Math.round(seconds / Number(size))} ${unit}`
  return ms > 0 ? `in ${text}` : `${text} ago`
}
