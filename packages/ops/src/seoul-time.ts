import { InvalidArgumentError } from 'commander'

const DAY_MS = 24 * 3_600_000
const pattern = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/

/** A point in time as a person types it: Seoul's, as in Toss's console, unless it carries an offset; a date is its midnight. */
export const instantOf = (text: string): Date => {
  const hasTime = text.includes('T')
  const hasOffset = /T.*(Z|[+-]\d\d:\d\d)$/.test(text)
  const at = new Date(`${hasTime ? text : `${text}T00:00:00`}${hasOffset ? '' : '+09:00'}`)
  if (pattern.test(text) && !Number.isNaN(at.getTime())) return at
  throw new InvalidArgumentError('expected 2026-01-31, 2026-01-31T09:30 (in Seoul) or an instant with an offset.')
}

/** The same for the end of a window, which is not in it: a date means the whole of that day. */
export const endOf = (text: string): Date =>
  text.includes('T') ? instantOf(text) : new Date(instantOf(text).getTime() + DAY_MS)

/** As a person in Seoul reads it. */
export const inSeoul = (instant: string): string =>
  `${new Date(Date.parse(instant) + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')} KST`
