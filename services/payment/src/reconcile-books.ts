import { fits, type TossTransaction } from './domain/compare-books.ts'
import type { Payment } from './domain/payment.ts'
import type { Counts, Progress, Reconciliation, ReconciliationStore, ToldDifference } from './reconciliations.ts'
import { type ResolveDeps, resolveDifferences, type Suspect } from './resolve-differences.ts'
import type { ToldDifferences } from './told-differences.ts'
import type { Toss } from './toss.ts'

export type ReconcileDeps = ResolveDeps & {
  readonly runs: Pick<ReconciliationStore, 'save'>
  readonly told: Pick<ToldDifferences, 'add' | 'count'>
  readonly toss: Pick<Toss, 'transactions'>
  /** What was done, for the metrics. */
  readonly count: (page: { rows: number; healed: Counts }) => void
  readonly config: {
    /** Toss: at most 5,000. */
    readonly pageRows: number
  }
}

/** Toss did not give the next page. What is saved stays; the run goes on later. */
export class TossListUnavailable extends Error {
  override readonly name = 'TossListUnavailable'
  readonly retryAfterMs: number
  constructor(reason: string, retryAfterMs: number) {
    super(reason)
    this.retryAfterMs = retryAfterMs
  }
}

/** More open differences than these are counted and not listed, so that the report stays small. */
const MAX_TOLD = 1_000
/** More suspects than these are worked off before the next are looked for. */
const MAX_SUSPECTS = 5_000
const RETRY_MS = 10_000

type Seen = { readonly transactions: Set<string>; readonly approved: Set<string> }

/**
 * Compares Toss's list of transactions with our payments, page by page, and heals what differs by ringing the payment: settle
 * asks Toss and takes in what it says, on the road that every webhook takes. Nothing here writes a state. The list is only a
 * filter; whether books differ is decided by what Toss says of that payment now, so an edge of the window, a row that is late or
 * an answer in flight is never told as a difference. Each page is one step: whoever takes over begins behind the last one saved.
 * @throws TossListUnavailable, ReconciliationLost
 */
export const reconcileBooks = async (
  deps: ReconcileDeps,
  run: Reconciliation,
  owner: string,
  signal: AbortSignal,
): Promise<void> => {
  let progress: Progress = run
  let before: Seen = { transactions: new Set(), approved: new Set() }
  for (;;) {
    signal.throwIfAborted()
    const page = await nextPage(deps, run, progress.cursor)
    const seen = seenIn(page.rows)
    const boundary = page.isLast ? run.to : lastSecondOf(page.rows)
    const pageOf = async function* (): AsyncGenerator<Suspect> {
      yield* misfits(page.rows, await deps.books.findByOrders([...new Set(page.rows.map(({ orderId }) => orderId))]))
      for await (const move of deps.books.listMoves(progress.comparedTo, boundary)) {
        const isListed =
          move.transactionKey === undefined
            ? seen.approved.has(move.paymentKey) || before.approved.has(move.paymentKey)
            : seen.transactions.has(move.transactionKey) || before.transactions.has(move.transactionKey)
        if (!isListed) yield { orderId: move.orderId, paymentKey: move.paymentKey }
      }
    }
    const found = await resolveAll(deps, { id: run._id, owner, isApplied: run.isApplied }, pageOf(), signal)
    const lastRow = page.rows.at(-1)
    progress = {
      ...(lastRow === undefined ? {} : { cursor: lastRow.transactionKey }),
      comparedTo: boundary > progress.comparedTo ? boundary : progress.comparedTo,
      rows: progress.rows + page.rows.length,
      asked: progress.asked + found.asked,
      healed: sum(progress.healed, found.healed),
      open: await deps.told.count(run._id),
      differences: listed(progress.differences, found.differences),
    }
    await deps.runs.save(run._id, owner, progress)
    deps.count({ rows: page.rows.length, healed: found.healed })
    if (page.isLast) return
    before = seen
  }
}

const nextPage = async (deps: ReconcileDeps, { from, to }: Reconciliation, after: string | undefined) => {
  const limit = deps.config.pageRows
  // Toss includes both ends, to the second.
  const page = await deps.toss.transactions({ from, to: new Date(to.getTime() - 1), after, limit })
  if (page.kind === 'none') throw new TossListUnavailable(page.reason, page.retryAfterMs ?? RETRY_MS)
  return { rows: page.rows, isLast: page.rows.length < limit }
}

const seenIn = (rows: readonly TossTransaction[]): Seen => ({
  transactions: new Set(rows.map(({ transactionKey }) => transactionKey)),
  approved: new Set(rows.filter(({ status }) => status === 'DONE').map(({ paymentKey }) => paymentKey)),
})

/** Rows of this very second may continue on the next page, so ours of it are left to that one. */
const lastSecondOf = (rows: readonly TossTransaction[]): Date =>
  new Date(Math.floor((rows.at(-1)?.at.getTime() ?? 0) / 1000) * 1000)

function* misfits(rows: readonly TossTransaction[], ours: ReadonlyMap<string, Payment>): Generator<Suspect> {
  for (const row of rows) {
    if (!fits(row, ours.get(row.orderId))) yield { orderId: row.orderId, paymentKey: row.paymentKey, row }
  }
}

type Found = { asked: number; healed: Counts; differences: readonly ToldDifference[] }

const resolveAll = async (
  deps: ReconcileDeps,
  run: { id: string; owner: string; isApplied: boolean },
  suspects: AsyncIterable<Suspect>,
  signal: AbortSignal,
): Promise<Found> => {
  let found: Found = { asked: 0, healed: {}, differences: [] }
  let batch = new Map<string, Suspect>()
  const resolveBatch = async () => {
    const more = await resolveDifferences(deps, run, [...batch.values()], signal)
    // Before the page is saved: whoever does it again tells the same ones, which changes nothing.
    await deps.told.add(run.id, more.differences, deps.clock.now())
    found = {
      asked: found.asked + batch.size,
      healed: sum(found.healed, more.healed),
      differences: listed(found.differences, more.differences),
    }
    batch = new Map()
  }
  for await (const suspect of suspects) {
    // A payment is looked at once; of its rows an approval says most, because two of them are a difference of their own.
    const known = batch.get(suspect.paymentKey)
    if (known === undefined || suspect.row?.status === 'DONE') batch.set(suspect.paymentKey, suspect)
    if (batch.size >= MAX_SUSPECTS) await resolveBatch()
  }
  if (batch.size > 0) await resolveBatch()
  return found
}

/** The first thousand, each payment once. */
const listed = (known: readonly ToldDifference[], more: readonly ToldDifference[]): ToldDifference[] => {
  const keys = new Set(known.map(({ paymentKey }) => paymentKey))
  return [...known, ...more.filter(({ paymentKey }) => !keys.has(paymentKey))].slice(0, MAX_TOLD)
}

const sum = (one: Counts, other: Counts): Counts => {
  const total = { ...one }
  for (const [name, count] of Object.entries(other) as [keyof Counts, number][])
    total[name] = (total[name] ?? 0) + count
  return total
}
