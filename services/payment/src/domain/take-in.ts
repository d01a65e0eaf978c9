import type { ReconcileContext, TossPayment } from './evidence.ts'
import type { Attempt, Payment, VirtualAccount } from './payment.ts'

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

/** Keeps the key of the approval, by which Toss lists it. Once there are cancels, Toss's last transaction is one of them. */
export const approvedAs = (attempt: Attempt, { status, cancels, lastTransactionKey }: TossPayment): Attempt =>
  status === 'DONE' && cancels.length === 0 && lastTransactionKey !== undefined
    ? { ...attempt, transactionKey: lastTransactionKey }
    : attempt

/** What is kept of a virtual account, so that it can be shown and a refund knows that it needs an account to go to. */
export const accountOf = (account: TossPayment['virtualAccount']): VirtualAccount => {
  const { bankCode, accountNumber, customerName, dueAt } = {
    bankCode: '',
    accountNumber: '',
    customerName: '',
    ...account,
  }
  return { bankCode, accountNumber, customerName, ...(dueAt === undefined ? {} : { dueAt }) }
}

/** Looks to come; those already past are done or about to be. */
export const later = (payment: Payment, paymentKey: string, instants: readonly Date[]) => [
  ...payment.scheduledLooks,
  ...instants.map((at) => ({ paymentKey, at })),
]

/** The one reason that goes away by itself, when nothing is open any more. */
export const UNRESOLVED = 'unresolved for an hour'

/** The parts of reasons by which a decision of operators tells what it is about. */
export const CONTRADICTED = 'for the paymentKey that paid'
export const CANCELED_UNPAID = 'Toss canceled, unpaid, what it had approved'

/** Tells a person. A second reason joins the first: whoever clears one must have read the other. */
export const flag = (payment: Payment, reason: string, at: Date, stopsPosts: boolean): Payment => {
  const known = payment.needsAttention
  if (known === undefined || (known.reason === UNRESOLVED && reason !== UNRESOLVED))
    return { ...payment, needsAttention: { reason, at, stopsPosts } }
  const isTold = known.reason.includes(reason)
  if (isTold && (known.stopsPosts || !stopsPosts)) return payment
  return {
    ...payment,
    needsAttention: {
      reason: isTold ? known.reason : `${known.reason}; ${reason}`,
      at: known.at,
      stopsPosts: known.stopsPosts || stopsPosts,
    },
  }
}

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
