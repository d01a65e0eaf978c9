import { AppError } from '@checkout/contracts/errors'
import type { PaymentStatus } from '@checkout/contracts/order-status'
import type { CallContext } from '@checkout/contracts/rpc'
import { crashPoint } from '@checkout/runtime/crash-point'
import { beginConfirm, decideConfirm } from './domain/confirm.ts'
import type { Failure, Payment } from './domain/payment.ts'
import { ensurePayment, type OpenDeps } from './open-payment.ts'
import type { Fresh } from './settle-payment.ts'
import { answerBy, waitFor } from './wait-for.ts'

export type PayDeps = OpenDeps & {
  readonly isTossAvailable: () => boolean
  /** Runs settle in the background: a caller that hangs up does not abort it. */
  readonly settle: (paymentId: string, fresh?: Fresh) => void
  readonly config: { readonly leaseMs: number; readonly answerWaitMs: number }
}

export type ConfirmRequest = { readonly orderId: string; readonly paymentKey: string; readonly amountKrw: number }
export type ConfirmResult = {
  readonly paymentId: string
  readonly orderId: string
  readonly amountKrw: number
  readonly status: PaymentStatus
}

/**
 * Confirms a payment once, however often and by however many it is asked: the intent is one conditional write, and only its
 * writer goes on to Toss. Resolves with status CONFIRMING when the outcome is not known within the wait.
 * @throws AppError ORDER_NOT_FOUND, ALREADY_PROCESSED, AMOUNT_MISMATCH, ORDER_EXPIRED, TOSS_API_ERROR, SERVICE_UNAVAILABLE
 */
export const confirmPayment = async (
  deps: PayDeps,
  request: ConfirmRequest,
  context: CallContext,
): Promise<ConfirmResult> => {
  const { store, clock, config } = deps
  const opened = await ensurePayment(deps, request.orderId, context)
  let payment = opened
  if (decideConfirm(opened, request, clock.now()).kind === 'begin') {
    // While Toss is known to be away, nothing is begun that could not be ended.
    if (!deps.isTossAvailable())
      throw new AppError('SERVICE_UNAVAILABLE', { detail: 'Toss is not available', retryAfterSeconds: 5 })
    payment = await begin(deps, opened, request, context)
  }
  const until = answerBy(context, clock, config.answerWaitMs)
  payment = await waitFor(store, clock, payment, (now) => outcome(now, request) !== undefined, until)
  const result = outcome(payment, request)
  if (result instanceof AppError) throw result
  return {
    paymentId: payment._id,
    orderId: payment.orderId,
    amountKrw: payment.amountKrw,
    status: result ?? 'CONFIRMING',
  }
}

const begin = async (
  deps: PayDeps,
  payment: Payment,
  request: ConfirmRequest,
  { requestId }: CallContext,
): Promise<Payment> => {
  crashPoint('confirm.before-intent')
  const fresh = { owner: deps.newId(), id: deps.newId() }
  const written = await deps.store.update(
    payment._id,
    'confirm requested',
    (current, now, isAnnounced) =>
      decideConfirm(current, request, now).kind === 'begin'
        ? beginConfirm(current, { id: fresh.id, paymentKey: request.paymentKey, isAnnounced }, now)
        : current,
    { take: { owner: fresh.owner, ms: deps.config.leaseMs }, known: payment, requestId },
  )
  crashPoint('confirm.after-intent')
  // Whoever has the lease else cannot end its run over this write; should it be dead, the sweep finds what is due.
  if (written.isChanged && written.hasLease) deps.settle(payment._id, { ...fresh, payment: written.payment })
  return written.payment
}

/** The decided outcome of this paymentKey, as a status or as the refusal; undefined while it is in flight. */
const outcome = (payment: Payment, { paymentKey }: ConfirmRequest): PaymentStatus | AppError | undefined => {
  const attempt = payment.attempts.find((candidate) => candidate.paymentKey === paymentKey)
  switch (attempt?.outcome) {
    case 'ACCEPTED':
      return payment.status
    case 'FAILED':
      return tossRefusal(attempt.failure)
    case 'VOID':
      return new AppError('ALREADY_PROCESSED')
    case undefined:
      // An attempt that lost its key was answered with another order's payment.
      if (attempt === undefined) return tossRefusal(payment.failure)
      return payment.needsAttention?.stopsPosts === true
        ? new AppError('TOSS_API_ERROR', { detail: payment.needsAttention.reason })
        : undefined
  }
}

export const tossRefusal = (failure: Failure | undefined, isReplayed = false): AppError =>
  new AppError('TOSS_API_ERROR', {
    ...(failure === undefined
      ? {}
      : { detail: `${failure.code}: ${failure.message}`, tossCode: failure.code, httpStatus: failure.httpStatus }),
    ...(isReplayed ? { isReplayed } : {}),
  })
