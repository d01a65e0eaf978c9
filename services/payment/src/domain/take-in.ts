import type { ReconcileContext, TossPayment } from './evidence.ts'
import type { Attempt, Payment } from './payment.ts'

/** Makes sure that the payment knows an attempt with this key; Toss may know of one that we never began. */
export const known = (
  payment: Payment,
  attempt: Attempt | undefined,
  toss: TossPayment,
  { now, newId }: ReconcileContext,
) => {
  if (attempt !== undefined) return { payment, attempt }
  const added: Attempt = { id: newId, keyNo: 1, paymentKey: toss.paymentKey, startedAt: now, looks: 0 }
  return { payment: { ...payment, attempts: [...payment.attempts, added] }, attempt: added }
}

export const accept = ({ failure: _, refusal: __, ...kept }: Attempt): Attempt => ({ ...kept, outcome: 'ACCEPTED' })

/** Looks to come; those already past are done or about to be. */
export const later = (payment: Payment, paymentKey: string, instants: readonly Date[]) => [
  ...payment.scheduledLooks,
  ...instants.map((at) => ({ paymentKey, at })),
]

export const flag = (payment: Payment, reason: string, at: Date, stopsPosts: boolean): Payment =>
  payment.needsAttention !== undefined && (payment.needsAttention.stopsPosts || !stopsPosts)
    ? payment
    : { ...payment, needsAttention: { reason, at, stopsPosts } }

/** The very same object when nothing changed, so that a look without news writes nothing. */
export const keepIfSame = (before: Payment, next: Payment): Payment =>
  canonical(before) === canonical(next) ? before : next

/** Undefined fields vanish and keys are sorted: the two sides may have been built in another order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner) && !(inner instanceof Date)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
