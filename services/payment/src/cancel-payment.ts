import { AppError } from '@checkout/contracts/errors'
import type { PaymentStatus } from '@checkout/contracts/order-status'
import type { CallContext } from '@checkout/contracts/rpc'
import { crashPoint } from '@checkout/runtime/crash-point'
import { isInfrastructureError } from '@checkout/runtime/infrastructure'
import { type PayDeps, tossRefusal } from './confirm-payment.ts'
import type { Payment } from './domain/payment.ts'
import { findReplayedRefund, type RefundRequest, requestRefund } from './domain/refund.ts'
import { ensurePayment } from './open-payment.ts'
import { answerBy, waitFor } from './wait-for.ts'

export type CancelRequest = Omit<RefundRequest, 'refundId' | 'isAnnounced'> & { readonly orderId: string }
export type CancelResult = {
  readonly paymentId: string
  readonly orderId: string
  readonly canceledAmountKrw: number
  readonly status: PaymentStatus
  readonly refundId: string
  readonly isDecided: boolean
  readonly isReplayed: boolean
}

/**
 * Refunds all or part of a payment. One conditional write reserves the amount and records the refund; settle sends it. The same
 * idempotency key finds the refund that it made. Resolves undecided when the outcome is not known within the wait.
 * @throws AppError ORDER_NOT_FOUND, CANNOT_CANCEL_ORDER, INVALID_REFUND_AMOUNT, INVALID_PAYMENT_STATUS, IN_PROGRESS,
 * IDEMPOTENCY_KEY_REUSED, INVALID_INPUT_VALUE, TOSS_API_ERROR
 */
export const cancelPayment = async (
  deps: PayDeps,
  request: CancelRequest,
  context: CallContext,
): Promise<CancelResult> => {
  const { store, clock, config, newId } = deps
  const opened = await ensurePayment(deps, request.orderId, context)
  const fresh = { owner: newId(), id: newId() }
  let refundId = fresh.id
  crashPoint('cancel.before-reserve')
  const written = await store
    .update(
      opened._id,
      'cancel requested',
      (current, now, isAnnounced) => {
        const replayed = findReplayedRefund(current, { ...request, refundId: fresh.id })
        refundId = replayed?.id ?? fresh.id
        return replayed === undefined
          ? requestRefund(current, { ...request, refundId: fresh.id, isAnnounced }, now)
          : current
      },
      { take: { owner: fresh.owner, ms: config.leaseMs }, known: opened, requestId: context.requestId },
    )
    .catch((error: unknown) => findWritten(store, opened._id, fresh, request, error))
  crashPoint('cancel.after-reserve')
  if (written.isChanged) {
    const isAnnounced = written.payment.refunds.some(
      ({ id, lastPostAt }) => id === fresh.id && lastPostAt !== undefined,
    )
    // Whoever has the lease cannot end its run over this write; should it be dead, the sweep finds what is due.
    if (written.hasLease)
      deps.settle(opened._id, { owner: fresh.owner, id: isAnnounced ? fresh.id : '', payment: written.payment })
  }
  // While Toss is known to be away, waiting would only keep the caller: the refund is recorded and goes out later.
  const until = deps.isTossAvailable() ? answerBy(context, clock, config.answerWaitMs) : clock.now()
  const payment = await waitFor(
    store,
    clock,
    written.payment,
    (now) => refundOf(now, refundId).status !== 'REQUESTED',
    until,
  )
  const refund = refundOf(payment, refundId)
  const isReplayed = !written.isChanged
  if (refund.status === 'FAILED') throw tossRefusal(refund.failure, isReplayed)
  return {
    paymentId: payment._id,
    orderId: payment.orderId,
    canceledAmountKrw: refund.amountKrw,
    status: refund.statusAfter ?? payment.status,
    refundId,
    isDecided: refund.status === 'DONE',
    isReplayed,
  }
}

/**
 * A write without an answer may have been done. Its refund is looked for; where none is seen it may still come, and without an
 * idempotency key nobody may be asked to try again: that would be a second refund.
 */
const findWritten = async (
  store: Pick<PayDeps['store'], 'find'>,
  paymentId: string,
  fresh: { owner: string; id: string },
  request: CancelRequest,
  error: unknown,
) => {
  if (error instanceof AppError || !isInfrastructureError(error)) throw error
  const payment = await store.find(paymentId).catch(() => undefined)
  if (payment?.refunds.some(({ id }) => id === fresh.id) === true)
    return { payment, isChanged: true, hasLease: payment.lease?.owner === fresh.owner }
  if (request.idempotency !== undefined) throw error
  throw new AppError('GATEWAY_TIMEOUT', { detail: 'read refunds[] first' }, { cause: error })
}

const refundOf = (payment: Payment, refundId: string) => {
  const refund = payment.refunds.find(({ id }) => id === refundId)
  if (refund === undefined) throw new Error(`payment ${payment._id} lost refund ${refundId}`)
  return refund
}
