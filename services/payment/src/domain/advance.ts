import type { PaymentStatusChanged } from '@checkout/contracts/events'
import type { Payment } from './payment.ts'

/** Enough to see what happened, little enough that the document stays small. */
const MAX_HISTORY = 200

/**
 * The next version of a payment: every change of its content is one version, and every version one event. `requestId` is that of the
 * request that asked for it, if one did.
 */
export const advance = (before: Payment, next: Payment, cause: string, now: Date, requestId?: string): Payment => {
  const version = before.version + 1
  const entry = { version, status: next.status, at: now, cause, ...(requestId === undefined ? {} : { requestId }) }
  return {
    ...next,
    version,
    history: [...before.history, entry].slice(-MAX_HISTORY),
  }
}

/** The whole public state at this version. It holds no account, card or reason, because events are kept for ever. */
export const statusChanged = (before: Payment, after: Payment, now: Date): PaymentStatusChanged => ({
  paymentId: after._id,
  orderId: after.orderId,
  version: after.version,
  status: after.status,
  previousStatus: before.status,
  amountKrw: after.amountKrw,
  refundedKrw: after.refundedKrw,
  ...(after.method === undefined ? {} : { method: after.method }),
  ...(after.approvedAt === undefined ? {} : { approvedAt: after.approvedAt.toISOString() }),
  ...(after.failure === undefined ? {} : { failure: { code: after.failure.code, message: after.failure.message } }),
  occurredAt: now.toISOString(),
})
