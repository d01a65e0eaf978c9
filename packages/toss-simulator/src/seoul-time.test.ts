import { describe, expect, it } from '@jest/globals'
import { instantOfSeoul, seoulInstant, seoulLocalTime } from './seoul-time.ts'

const atMs = Date.parse('2026-01-02T05:46:59.653Z')

describe('times of Toss', () => {
  it("an instant of a Payment is Seoul's wall clock to the second, with its offset", () => {
    expect(seoulInstant(atMs)).toBe('2026-01-02T14:46:59+09:00')
  })

  it("the createdAt of a webhook is Seoul's wall clock without an offset, with 5 or 6 fraction digits", () => {
    expect(seoulLocalTime(atMs, 271)).toBe('2026-01-02T14:46:59.653271')
    expect(seoulLocalTime(atMs, 270)).toBe('2026-01-02T14:46:59.65327')
    expect(seoulLocalTime(atMs, 0)).toBe('2026-01-02T14:46:59.65300')
    expect(seoulLocalTime(atMs, 7)).toBe('2026-01-02T14:46:59.653007')
  })

  it('every number of microseconds gives 5 or 6 digits, and both come', () => {
    const digits = Array.from({ length: 1_000 }, (_, index) => seoulLocalTime(atMs, index).split('.')[1]?.length)
    expect(new Set(digits)).toEqual(new Set([5, 6]))
  })

  it('what is read without an offset is of Seoul, and a date alone is its whole day', () => {
    expect(instantOfSeoul('2026-01-02T14:46:59.653')).toEqual({ firstMs: atMs, lastMs: atMs })
    expect(instantOfSeoul('2026-01-02T05:46:59.653Z')).toEqual({ firstMs: atMs, lastMs: atMs })
    const { firstMs = 0, lastMs = 0 } = instantOfSeoul('2026-01-02') ?? {}
    expect([new Date(firstMs).toISOString(), lastMs - firstMs]).toEqual(['2026-01-01T15:00:00.000Z', 86_399_999])
  })

  it.each(['2026-02-30', '2026-1-2', '2026-01-02T24:00:01', '2026-01-02 14:46:59', ''])('%p is no time', (text) => {
    expect(instantOfSeoul(text)).toBeUndefined()
  })
})
