import { describe, expect, it } from '@jest/globals'
import { integerOption, numberOption } from './number-option.ts'

describe('a number that was given as an option', () => {
  it('is taken within its bounds, both included', () => {
    expect([numberOption('minutes', '0.5', 0.5, 2), integerOption('runs', '2', 1, 2)]).toEqual([0.5, 2])
  })

  it.each(['', ' ', 'x', '0.4', '3', 'NaN', 'Infinity'])('is refused by name when it is "%s"', (text) => {
    expect(() => numberOption('minutes', text, 0.5, 2)).toThrow(`--minutes is "${text}"`)
  })

  it('is refused when it must be whole and is not', () => {
    expect(() => integerOption('runs', '1.5', 1, 2)).toThrow('whole number from 1 to 2')
  })
})
