import { invalidInput } from '@checkout/contracts/errors'

/**
 * The version that a client of a stream has seen last, or undefined for one that comes for the first time.
 * @throws AppError INVALID_INPUT_VALUE when it is no id of ours.
 */
export const readLastEventId = (header: string | undefined): number | undefined => {
  if (header === undefined || header === '') return undefined
  if (/^\d{1,15}$/.test(header)) return Number(header)
  throw invalidInput('Last-Event-ID', 'must be the id of an event of this stream')
}
