import type { PaymentOpening } from '@checkout/contracts/effects'
import type { PaymentStatus } from '@checkout/contracts/order-status'

/** Toss's (or our own) reason why something failed. `httpStatus` is what the HTTP client gets with TOSS_API_ERROR. */
export type Failure = { readonly code: string; readonly message: string; readonly httpStatus: number }

/** One try to have the order paid through one payment window, i.e. one paymentKey. Open until it has an outcome. */
export type Attempt = {
  readonly id: string
  /** The number of the idempotency key in use: `<id>-<keyNo>`. */
  readonly keyNo: number
  /** Absent once the key was found to belong to another order. */
  readonly paymentKey?: string
  /** Of the approval, as Toss's list of transactions has it. Absent until Toss has shown it before any cancel. */
  readonly transactionKey?: string
  readonly startedAt: Date
  /** Saved before each POST, so that a crash leaves a trace of what may have been sent. Absent when Toss told us of the attempt. */
  readonly lastPostAt?: Date
  /** Looks that Toss answered and that found nothing; counted up to what the decision needs. */
  readonly looks: number
  /** Toss once said ALREADY_PROCESSED_PAYMENT: money may be there, so time alone never fails this attempt. */
  readonly isAlreadyProcessed?: boolean
  /** The last refusal that was not believed by itself. */
  readonly refusal?: Failure
  readonly outcome?: 'ACCEPTED' | 'FAILED' | 'VOID'
  readonly failure?: Failure
  /** The cancel of money that came in beside the payment's own. */
  readonly void?: {
    readonly keyNo: number
    readonly status: 'REQUESTED' | 'DONE' | 'BLOCKED'
    readonly lastPostAt?: Date
  }
}

export type RefundReceiveAccount = {
  readonly bank: string
  readonly accountNumber: string
  readonly holderName: string
}

export type Refund = {
  readonly id: string
  readonly keyNo: number
  readonly amountKrw: number
  readonly reason: string
  readonly status: 'REQUESTED' | 'DONE' | 'FAILED'
  readonly origin: 'API' | 'CONSOLE'
  readonly transactionKey?: string
  readonly failure?: Failure
  /** Erased when the refund ends; never in events or logs. */
  readonly refundReceiveAccount?: RefundReceiveAccount
  readonly requestedAt: Date
  readonly refundedAt?: Date
  /** Saved before each POST. Absent: nothing was sent yet. */
  readonly lastPostAt?: Date
  /** The last refusal, and how many looks since then could not explain it. */
  readonly refusal?: Failure & { readonly looks: number }
  /** The payment's status in the write that made this refund DONE: what its request is answered with, also on a replay. */
  readonly statusAfter?: PaymentStatus
}

export type VirtualAccount = {
  readonly bankCode: string
  readonly accountNumber: string
  readonly customerName: string
  readonly dueAt?: Date
}

type HistoryEntry = {
  readonly version: number
  readonly status: PaymentStatus
  readonly at: Date
  readonly cause: string
  /** Of the HTTP request that asked for it. */
  readonly requestId?: string
}

/** All that is decided about one order's money. It changes by one conditional write on `_id` and `version`, nothing else. */
export type Payment = {
  readonly _id: string
  readonly orderId: string
  readonly customerId?: string
  readonly amountKrw: number
  readonly status: PaymentStatus
  readonly version: number
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly attempts: readonly Attempt[]
  /** Of the attempt that paid. */
  readonly paymentKey?: string
  readonly method?: string
  readonly approvedAt?: Date
  readonly receiptUrl?: string
  readonly virtualAccount?: VirtualAccount
  readonly failure?: Failure
  readonly refundedKrw: number
  readonly reservedKrw: number
  readonly refunds: readonly Refund[]
  readonly cancelKeys: readonly { readonly key: string; readonly fingerprint: string; readonly refundId: string }[]
  /** When settle must run next; absent when nothing is open. */
  readonly due?: Date
  readonly tries: number
  /** Counts the signals that asked for a look, so that none is forgotten while a run is under way. */
  readonly bell: number
  readonly askedAt?: Date
  readonly scheduledLooks: readonly { readonly paymentKey: string; readonly at: Date }[]
  readonly lease?: { readonly owner: string; readonly until: Date }
  readonly needsAttention?: { readonly reason: string; readonly at: Date; readonly stopsPosts: boolean }
  readonly history: readonly HistoryEntry[]
}

export const openAttempt = (payment: Payment): Attempt | undefined =>
  payment.attempts.find((attempt) => attempt.outcome === undefined)

export const remainingKrw = (payment: Payment): number => payment.amountKrw - payment.refundedKrw - payment.reservedKrw

export const withAttempt = (payment: Payment, id: string, change: (attempt: Attempt) => Attempt): Payment => ({
  ...payment,
  attempts: payment.attempts.map((attempt) => (attempt.id === id ? change(attempt) : attempt)),
})

export const withRefund = (payment: Payment, id: string, change: (refund: Refund) => Refund): Payment => ({
  ...payment,
  refunds: payment.refunds.map((refund) => (refund.id === id ? change(refund) : refund)),
})

/** A payment as it is opened with its order: no event, due when the order expires. */
export const newPayment = (
  id: string,
  order: Omit<PaymentOpening, 'expiresAt' | 'customerId'> & { customerId?: string | undefined; expiresAt: Date },
  now: Date,
): Payment => ({
  _id: id,
  orderId: order.orderId,
  ...(order.customerId === undefined ? {} : { customerId: order.customerId }),
  amountKrw: order.amountKrw,
  status: order.status,
  version: order.version,
  createdAt: now,
  expiresAt: order.expiresAt,
  attempts: [],
  refundedKrw: 0,
  reservedKrw: 0,
  refunds: [],
  cancelKeys: [],
  due: order.expiresAt,
  tries: 0,
  bell: 0,
  scheduledLooks: [],
  history: [],
})

/** Closes an attempt as failed. The payment fails with it only when no other attempt is open and none has paid. */
export const failAttempt = (payment: Payment, attemptId: string, failure: Failure): Payment => {
  const next = withAttempt(payment, attemptId, (attempt) => ({ ...attempt, outcome: 'FAILED', failure }))
  if (next.status !== 'CONFIRMING' || openAttempt(next) !== undefined) return next
  return { ...next, status: 'FAILED', failure }
}

/** What the buyer's browser says of a failed window counts only while nothing is in flight or paid; it is no proof of anything. */
export const failByBrowser = (payment: Payment, failure: Failure): Payment =>
  payment.status === 'PENDING' && openAttempt(payment) === undefined
    ? { ...payment, status: 'FAILED', failure }
    : payment

export const orderExpired: Failure = {
  code: 'ORDER_EXPIRED',
  message: 'the order expired before it was paid',
  httpStatus: 409,
}

/** A payment that nobody began or that was left before expiry; one with an attempt in flight is left to its outcome. */
export const expire = (payment: Payment, now: Date): Payment =>
  payment.status === 'PENDING' && openAttempt(payment) === undefined && now >= payment.expiresAt
    ? { ...payment, status: 'FAILED', failure: orderExpired }
    : payment
