import { TossError } from './errors.ts'
import { rounded } from './money.ts'
import type { OtherEvent } from './other-events.ts'
import { amountsOf, type Cancel, type Change, type Payment, type PaymentRecord, type Transaction } from './payment.ts'
import { seoulInstant } from './seoul-time.ts'

/** Toss does not say how long an overseas wallet takes. */
export const OVERSEAS_CANCEL_MS = 60 * 60_000

export type Settled = Change & Readonly<{ event: OtherEvent }>

/**
 * The overseas wallet has decided a cancel that was in progress: the named one, or the oldest. Told by
 * CANCEL_STATUS_CHANGED, and when it went through by the new status of the payment too.
 */
export function settleCancel(
  record: PaymentRecord,
  outcome: 'DONE' | 'ABORTED',
  nowMs: number,
  cancelRequestId = record.pendingCancels?.[0]?.cancelRequestId,
): Settled {
  const pending = record.pendingCancels?.find((one) => one.cancelRequestId === cancelRequestId)
  const { payment } = record
  const requested = payment.cancels?.find((cancel) => cancel.cancelRequestId === cancelRequestId)
  if (!pending || !requested) throw new TossError('INVALID_REQUEST', 'there is no such cancel in progress')
  const entry: Cancel = { ...requested, cancelStatus: outcome, canceledAt: seoulInstant(nowMs) }
  const cancels = (payment.cancels ?? []).map((cancel) => (cancel === requested ? entry : cancel))
  const listed: Payment = { ...payment, cancels }
  const settled: PaymentRecord = {
    ...record,
    pendingCancels: (record.pendingCancels ?? []).filter((one) => one !== pending),
    payment: outcome === 'DONE' ? canceledBy(listed, entry) : listed,
  }
  const event: OtherEvent = { eventType: 'CANCEL_STATUS_CHANGED', data: entry }
  if (outcome === 'ABORTED') return { record: settled, isNews: false, event }
  return { record: settled, transaction: movementOf(payment, entry, pending.origin), isNews: true, event }
}

/** What a cancel that went through makes of its payment: only all of it in one go makes CANCELED. */
export function canceledBy(payment: Payment, entry: Cancel): Payment {
  const isWhole = entry.cancelAmount === payment.totalAmount
  const status = isWhole ? ('CANCELED' as const) : ('PARTIAL_CANCELED' as const)
  return { ...payment, ...lessened(payment, entry), status, lastTransactionKey: entry.transactionKey }
}

/** The payment as if all that is in progress had gone through: what can still be asked back. */
export function withoutPending(payment: Payment): Payment {
  const pending = (payment.cancels ?? []).filter(({ cancelStatus }) => cancelStatus === 'IN_PROGRESS')
  return pending.reduce((left, entry) => ({ ...left, ...lessened(left, entry) }), payment)
}

function lessened(payment: Payment, { cancelAmount, taxFreeAmount, taxExemptionAmount }: Cancel): Partial<Payment> {
  const { currency } = payment
  const balance = rounded(payment.balanceAmount - cancelAmount, currency)
  const taxFree = rounded(payment.taxFreeAmount - taxFreeAmount, currency)
  const exempted = rounded(payment.taxExemptionAmount - taxExemptionAmount, currency)
  return { ...amountsOf(balance, taxFree, currency), taxExemptionAmount: exempted }
}

/** The money that went back. */
export function movementOf(payment: Payment, cancel: Cancel, origin: Transaction['origin']): Transaction {
  const { paymentKey, orderId } = payment
  const { transactionKey, cancelAmount: amount, canceledAt: at, cancelReason: reason } = cancel
  return { transactionKey, paymentKey, orderId, kind: 'cancel', amount, at, reason, origin }
}
