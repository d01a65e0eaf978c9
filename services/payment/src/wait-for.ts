import type { CallContext } from '@checkout/contracts/rpc'
import type { Clock } from '@checkout/runtime/clock'
import type { Payment } from './domain/payment.ts'
import type { PaymentStore } from './store.ts'

/** Another replica's write is seen within this time; one of this process at once. */
const POLL_MS = 400
/** Time for the answer to travel back before the caller's deadline. */
const REPLY_MARGIN_MS = 1_000

/** By when a caller must have its answer: its own deadline less the way back, and never later than our wait. */
export const answerBy = (context: CallContext, clock: Pick<Clock, 'now'>, waitMs: number): Date => {
  const untilDeadlineMs = context.deadline.getTime() - Date.now() - REPLY_MARGIN_MS
  return new Date(clock.now().getTime() + Math.max(0, Math.min(waitMs, untilDeadlineMs)))
}

/** Waits until `isDone` holds of the payment, or `until`; resolves with the payment as last seen. */
export const waitFor = async (
  store: Pick<PaymentStore, 'find' | 'changed'>,
  clock: Pick<Clock, 'now'>,
  paymentId: string,
  isDone: (payment: Payment) => boolean,
  until: Date,
): Promise<Payment> => {
  for (;;) {
    // Listening begins before reading, so that a write between the two is not missed.
    const changed = store.changed(paymentId, POLL_MS)
    const payment = await store.find(paymentId)
    if (payment === undefined) throw new Error(`no payment ${paymentId}`)
    if (isDone(payment) || clock.now() >= until) return payment
    await changed
  }
}
