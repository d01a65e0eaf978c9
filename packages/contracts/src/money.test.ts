import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { AppError } from './errors.ts'
import { krw } from './money.ts'

describe('krw', () => {
  it('takes every whole amount from 0 to 2^53-1, as a number and as the text of an int64', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (amount) => {
        expect(krw(amount)).toBe(amount)
        expect(krw(String(amount))).toBe(amount)
      }),
    )
    expect(krw(0)).toBe(0)
    expect(krw('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER)
  })

  it.each([
    -1,
    -0.0001,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    '',
    ' 1',
    '1 ',
    '-1',
    '+1',
    '1.0',
    '1e3',
    '0x10',
    '1,000',
    // One more than can be held exactly: rounding it would move money.
    '9007199254740993',
    '18446744073709551616',
  ])('refuses %j and rounds nothing', (amount) => {
    expect(() => krw(amount)).toThrow(AppError)
  })

  it('names the field that is wrong', () => {
    const errors = [{ field: 'listPriceKrw', message: expect.any(String) }]
    const refusal = { code: 'INVALID_INPUT_VALUE', details: expect.objectContaining({ errors }) }
    expect(() => krw(0.1, 'listPriceKrw')).toThrow(expect.objectContaining(refusal))
    expect(() => krw(0.1)).toThrow('amount must be a whole number of KRW')
  })
})
