import { describe, expect, it } from '@jest/globals'
import { minutesOf, nightDue, nightWindow } from './nightly.ts'

const at = (text: string) => new Date(text)

describe('the nightly comparison', () => {
  it.each([
    ['2026-03-01T19:29:59Z', undefined],
    ['2026-03-01T19:30:00Z', '2026-03-02'],
    ['2026-03-02T14:59:59Z', '2026-03-02'],
    // Midnight in Seoul: the next night's time has not come.
    ['2026-03-02T15:00:00Z', undefined],
  ])('of 04:30 in Seoul is due at %s: %s', (now, night) => {
    expect(nightDue(at(now), minutesOf('04:30'))).toBe(night)
  })

  it('of midnight is always due, so that one can be had at once', () => {
    expect(nightDue(at('2026-03-02T15:00:00Z'), minutesOf('00:00'))).toBe('2026-03-03')
  })

  it('begins where the last one ended, with an overlap', () => {
    const window = nightWindow(at('2026-03-02T19:30:00.500Z'), at('2026-03-01T19:30:00Z'), 3_600_000)
    expect(window).toEqual({ from: at('2026-03-01T18:30:00Z'), to: at('2026-03-02T19:30:01Z') })
  })

  it('takes a day where there was none before, and never more than a week', () => {
    const now = at('2026-03-20T19:30:00Z')
    expect(nightWindow(now, undefined, 0).from).toEqual(at('2026-03-19T19:30:00Z'))
    expect(nightWindow(now, at('2026-01-01T00:00:00Z'), 0).from).toEqual(at('2026-03-13T19:30:00Z'))
  })
})
