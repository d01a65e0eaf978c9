import { describe, expect, it } from '@jest/globals'
import { dateOff } from './wrong-clock.ts'

const OFF_MS = -90_000
const WrongDate = dateOff(Date, OFF_MS)
/** Seconds between that clock and the right one, as near as a busy machine can tell. */
const secondsOff = (ms: number) => Math.round((ms - Date.now()) / 10_000) * 10

describe('a clock that is wrong', () => {
  it('is off by what it was told, however it is asked for the time', () => {
    expect(secondsOff(WrongDate.now())).toBe(OFF_MS / 1_000)
    expect(secondsOff(new WrongDate().getTime())).toBe(OFF_MS / 1_000)
  })

  it('reads instants that it is told as they are, as dates like any other', () => {
    const told = new WrongDate('2026-01-02T03:04:05Z')
    expect(told).toBeInstanceOf(Date)
    expect(told.toISOString()).toBe('2026-01-02T03:04:05.000Z')
    expect(WrongDate.parse('1970-01-01T00:00:01Z')).toBe(1_000)
  })
})
