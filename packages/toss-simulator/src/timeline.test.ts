import { describe, expect, it } from '@jest/globals'
import { Timeline } from './timeline.ts'

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}+09:00`
const ms = (second: number) => Date.parse(at(second))

function timelineOf(seconds: number[]): Timeline {
  const timeline = new Timeline()
  for (const [index, second] of seconds.entries()) {
    const about = { paymentKey: 'pay', orderId: 'order', kind: 'approve', amount: 1, origin: 'api' } as const
    timeline.add({ transaction: { transactionKey: `t${index}`, at: at(second), ...about }, status: 'DONE' })
  }
  return timeline
}

function keys(timeline: Timeline, fromS: number, toS: number, after?: string, limit = 100): string[] {
  const rows = timeline.page({ fromMs: ms(fromS), toMs: ms(toS), after, limit })
  return rows.map(({ transaction }) => transaction.transactionKey)
}

describe('a timeline', () => {
  it('finds the same rows by search as by looking at each', () => {
    const seconds = [1, 1, 2, 5, 5, 5, 9]
    const timeline = timelineOf(seconds)
    for (let from = 0; from <= 10; from += 1) {
      for (let to = from; to <= 10; to += 1) {
        const expected = seconds.flatMap((second, index) => (second >= from && second <= to ? [`t${index}`] : []))
        expect(keys(timeline, from, to)).toEqual(expected)
      }
    }
  })

  it('a page behind the last row is empty', () => {
    expect(keys(timelineOf([1, 2]), 0, 10, 't1')).toEqual([])
  })

  it('keeps its order when the clock is set back', () => {
    expect(keys(timelineOf([5, 3, 6]), 5, 6)).toEqual(['t0', 't1', 't2'])
  })
})
