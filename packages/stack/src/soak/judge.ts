import { spreadOf } from '../chaos/measure.ts'
import type { Purchase } from './shopper.ts'
import type { Sizes } from './sizes.ts'

/** A purchase and when it ended, in seconds since the run began. */
export type Timed = Purchase & { readonly at: number }

/** One thing that was compared: once warmed up, and at the end. */
export interface Row {
  readonly what: string
  readonly early: number
  readonly late: number
  /** More at the end is a problem. None: it is only told. */
  readonly limit?: number
}

export interface Judged {
  readonly rows: readonly Row[]
  readonly problems: readonly string[]
}

/** A process that has warmed up may breathe by so much; what leaks grows without end. */
const RSS = { factor: 1.25, slack: 15 }
const HANDLES = { factor: 1.2, slack: 15 }
/** By order, in bytes and keys. */
const KEPT = { factor: 1.15, slack: 64 }
/** A machine that others use, too. */
const P50 = { factor: 1.5, slack: 100 }
const P99 = { factor: 2, slack: 500 }
/** The books of the simulator are in its memory, and the servers fill the caches that they were given. */
const isBounded = (process: string): boolean => !/^(toss-simulator|mongod|kafka|redis)/.test(process)

/**
 * Compares the second fifth of the run with the last; the first is for warming up. Neither what a process takes may have grown, nor
 * what each order leaves behind, nor how long a buyer waits.
 */
export function judge(sizes: readonly Sizes[], purchases: readonly Timed[], seconds: number): Judged {
  const early = within(sizes, 0.2 * seconds, 0.4 * seconds)
  const late = within(sizes, 0.8 * seconds, Number.POSITIVE_INFINITY)
  const rows: Row[] = []
  const compare = (what: string, before: number, after: number, { factor, slack }: typeof RSS, isJudged = true) =>
    rows.push({ what, early: before, late: after, ...(isJudged ? { limit: before * factor + slack } : {}) })
  for (const name of Object.keys(late.at(-1)?.rssMb ?? {})) {
    const medianOf = (of: readonly Sizes[], kind: 'rssMb' | 'handles') =>
      spreadOf(of.map((size) => size[kind][name] ?? 0)).p50
    compare(`${name}, RSS in MB`, medianOf(early, 'rssMb'), medianOf(late, 'rssMb'), RSS, isBounded(name))
    compare(`${name}, handles`, medianOf(early, 'handles'), medianOf(late, 'handles'), HANDLES)
  }
  for (const kind of Object.keys(late.at(-1)?.kept ?? {})) {
    const [before, after] = [growth(early, kind), growth(late, kind)]
    if (before !== 0 || after !== 0) compare(`${kind}, by order`, before, after, KEPT)
  }
  const whole = purchases.filter(({ isFaulty }) => !isFaulty)
  const before = spreadOf(within(whole, 0.2 * seconds, 0.4 * seconds).map(({ ms }) => ms))
  const after = spreadOf(within(whole, 0.8 * seconds, Number.POSITIVE_INFINITY).map(({ ms }) => ms))
  compare('a purchase, p50 in ms', before.p50, after.p50, P50)
  compare('a purchase, p99 in ms', before.p99, after.p99, P99)
  const problems = rows
    .filter(({ late: value, limit = Number.POSITIVE_INFINITY }) => value > limit)
    .map((row) => `${row.what}: ${row.early.toFixed(1)} once warmed up, ${row.late.toFixed(1)} at the end`)
  if (early.length < 2 || late.length < 2 || before.count === 0 || after.count === 0)
    problems.push('too short to judge')
  return { rows, problems }
}

const within = <T extends { readonly at: number }>(items: readonly T[], from: number, to: number): T[] =>
  items.filter(({ at }) => at >= from && at < to)

/** What one more order adds. */
const growth = (sizes: readonly Sizes[], kind: string): number => {
  const [first, last] = [sizes[0], sizes.at(-1)]
  if (first === undefined || last === undefined || last.orders === first.orders) return 0
  return ((last.kept[kind] ?? 0) - (first.kept[kind] ?? 0)) / (last.orders - first.orders)
}
