import type { Books, OurPayment, TossBookPayment } from '../testing/book-records.ts'
import { differenceKrw } from './check-books.ts'
import type { Operation } from './history.ts'
import type { Injected } from './nemesis.ts'

export interface Spread {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export type Figures = ReturnType<typeof measure>

/** The figures of a run, all counted from its history, both sides' books and the list of what was broken. */
export function measure(operations: readonly Operation[], injected: readonly Injected[], books: Books) {
  const { toss } = books
  const isWrite = ({ kind }: Operation) => ['create', 'confirm', 'cancel'].includes(kind)
  const outcomes = new Map<string, Record<Operation['outcome'], number>>()
  for (const { kind, outcome } of operations) {
    const counts = outcomes.get(kind) ?? { ok: 0, fail: 0, info: 0 }
    counts[outcome] += 1
    outcomes.set(kind, counts)
  }
  return {
    operations: Object.fromEntries(outcomes),
    faults: countBy(injected, ({ kind }) => kind),
    acknowledgedWrites: operations.filter((operation) => isWrite(operation) && operation.outcome === 'ok').length,
    /** Of intents that were sent before. */
    repeats: operations.filter(isWrite).length - new Set(operations.filter(isWrite).map(({ intent }) => intent)).size,
    approvals: toss.transactions.filter(({ kind }) => kind === 'approve').length,
    doubleApprovals: doubleApprovals(toss.payments),
    refunds: toss.transactions.filter(({ kind }) => kind === 'cancel').length,
    overRefunds: toss.payments.filter(isOverRefunded).length,
    differenceKrw: differenceKrw(books),
    webhooks: countBy(toss.webhooks, ({ state }) => state),
    /** More than one attempt to deliver what is one event. */
    webhooksSentAgain: toss.webhooks.reduce((sum, { attempts }) => sum + Math.max(0, attempts.length - 1), 0),
    forgedWebhooks: outcomes.get('forged webhook') ?? { ok: 0, fail: 0, info: 0 },
    unknownPayments: unknownPayments(operations, books).length,
    unknownSeconds: spreadOf(unknownSeconds(operations, books)),
    recoverySeconds: recoveries(operations, injected),
  }
}

export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 }
}

export const countBy = <T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1
  return counts
}

/** Payments that money was taken for twice, and orders that two payments keep money for. */
const doubleApprovals = (payments: readonly TossBookPayment[]): number => {
  const paying = payments.filter(({ approvals, balanceAmount }) => approvals > 0 && balanceAmount > 0)
  const keeping = Object.values(countBy(paying, ({ orderId }) => orderId)).filter((count) => count > 1).length
  return payments.filter(({ approvals }) => approvals > 1).length + keeping
}

const isOverRefunded = ({ totalAmount, cancels }: TossBookPayment): boolean =>
  (cancels ?? []).reduce((sum, { cancelAmount }) => sum + cancelAmount, 0) > totalAmount

/** Those whose buyers were told nothing final. */
const unknownPayments = (operations: readonly Operation[], { payments }: Books): OurPayment[] => {
  const open = new Set(
    operations.filter(({ kind, outcome }) => kind === 'confirm' && outcome === 'info').map(({ orderId }) => orderId),
  )
  return payments.filter(({ orderId, history }) => open.has(orderId) && begunIn(history) !== undefined)
}

const begunIn = (history: OurPayment['history']) => history.find(({ status }) => status === 'CONFIRMING')

/** How long payments were undecided whose buyers were told nothing final, from the first intent to the decision. */
const unknownSeconds = (operations: readonly Operation[], books: Books): number[] =>
  unknownPayments(operations, books).flatMap(({ history }) => {
    const begun = begunIn(history)
    const decided = history.find(({ status, version }) => version > (begun?.version ?? 0) && status !== 'CONFIRMING')
    if (begun === undefined || decided === undefined) return []
    return [(decided.at.getTime() - begun.at.getTime()) / 1000]
  })

/**
 * By kind of fault: from the beginning of its repair until the next buyer was told "paid". One after which nobody bought any more,
 * because the run was over, tells nothing; nor do the requests that the check sends again.
 */
const recoveries = (operations: readonly Operation[], injected: readonly Injected[]): Record<string, Spread> => {
  const paidAt = operations
    .filter(({ kind, outcome, client }) => kind === 'confirm' && outcome === 'ok' && client >= 0)
    .map(({ endedAt }) => endedAt)
    .toSorted((a, b) => a - b)
  const byKind = new Map<string, number[]>()
  for (const { kind, healedAt } of injected) {
    const next = paidAt.find((at) => at >= healedAt)
    if (next !== undefined) byKind.set(kind, [...(byKind.get(kind) ?? []), (next - healedAt) / 1000])
  }
  return Object.fromEntries([...byKind].map(([kind, values]) => [kind, spreadOf(values)]))
}
