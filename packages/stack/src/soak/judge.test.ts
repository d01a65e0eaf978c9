import { describe, expect, it } from '@jest/globals'
import { judge } from './judge.ts'
import type { Sizes } from './sizes.ts'

const SECONDS = 100

const sizesOf = (change: (at: number) => Partial<Sizes>): Sizes[] =>
  Array.from({ length: SECONDS / 2 }, (_, index) => {
    const at = index * 2
    const orders = at * 10
    return {
      at,
      orders,
      rssMb: { payment: 100, 'toss-simulator': 80 + at },
      handles: { payment: 40 },
      kept: { orders: orders * 3_000, events: orders * 900 },
      ...change(at),
    }
  })
const purchasesOf = (msAt: (at: number) => number) =>
  Array.from({ length: SECONDS }, (_, at) => ({ at, ms: msAt(at), isFaulty: false }))
const problemsOf = (change: (at: number) => Partial<Sizes>, msAt = (_at: number) => 200) =>
  judge(sizesOf(change), purchasesOf(msAt), SECONDS).problems

describe('a long run', () => {
  it('is sound when everything stays as it is after warming up', () => {
    expect(problemsOf((at) => ({ rssMb: { payment: at < 20 ? 60 : 100 } }))).toEqual([])
  })

  it.each<readonly [string, (at: number) => Partial<Sizes>, string]>([
    ['memory leaks', (at) => ({ rssMb: { payment: 100 + at } }), 'payment, RSS'],
    ['handles leak', (at) => ({ handles: { payment: 40 + at } }), 'payment, handles'],
    ['each order leaves more behind than the one before', (at) => ({ kept: { orders: at ** 2 * 3_000 } }), 'orders'],
  ])('is not when %s', (_what, change, told) => {
    expect(problemsOf(change)).toEqual([expect.stringContaining(told)])
  })

  it('is not when buyers wait longer and longer', () => {
    const slower = problemsOf(
      () => ({}),
      (at) => 200 + at * 40,
    )
    expect(slower).toEqual([expect.stringContaining('p50'), expect.stringContaining('p99')])
  })

  it('tells of what may grow, and does not judge it', () => {
    const { rows } = judge(
      sizesOf(() => ({})),
      purchasesOf(() => 200),
      SECONDS,
    )
    expect(rows.find(({ what }) => what === 'toss-simulator, RSS in MB')).toEqual({
      what: 'toss-simulator, RSS in MB',
      early: 110,
      late: 170,
    })
  })

  it('is not judged when it was too short', () => {
    expect(judge([], [], SECONDS).problems).toContain('too short to judge')
  })
})
