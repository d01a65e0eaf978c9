import { AppError } from './errors.ts'

declare const krwBrand: unique symbol

/** A whole number of Korean won, 0..2^53-1. KRW has no minor unit, so there is nothing to round. */
export type Krw = number & { readonly [krwBrand]: true }

const isKrw = (value: number): value is Krw => Number.isSafeInteger(value) && value >= 0

/**
 * Reads an amount from a number or from the decimal string that gRPC uses for int64.
 * @throws AppError INVALID_INPUT_VALUE naming `field` when it is not a whole number within 0..2^53-1; nothing is ever rounded.
 */
export const krw = (value: number | string, field = 'amount'): Krw => {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !isKrw(number)) {
    throw new AppError('INVALID_INPUT_VALUE', {
      detail: `${field} must be a whole number of KRW`,
      errors: [{ field, message: 'must be a whole number of KRW, 0 or more' }],
    })
  }
  return number
}
