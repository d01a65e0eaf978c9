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

/** Waits until `isDone` holds of the payment, or `until`; resolves with the payment as last seen. `known` is how the caller knows it. */
export const waitFor = async (
  store: Pick<PaymentStore, 'find' | 'changed'>,
  clock: Pick<Clock, 'now'>,
  known: Payment,
  isDone: (payment: Payment) => boolean,
  until: Date,
): Promise<Payment> => {
  let payment = known
  while (!isDone(payment) && clock.now() < until) {
    payment = (await store.changed(known._id, POLL_MS)) ?? (await store.find(known._id)) ?? payment
  }
  return payment
}
