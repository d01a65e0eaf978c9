import type { ReconcileContext, Reconciled, TossPayment } from './evidence.ts'
import {
  type Attempt,
  type Failure,
  failAttempt,
  openAttempt,
  orderExpired,
  type Payment,
  type Refund,
  withAttempt,
} from './payment.ts'
import { failRefund } from './refund.ts'
import { accept, accountOf, CANCELED_UNPAID, flag, keepIfSame, known, later } from './take-in.ts'
import { voided } from './void.ts'

export const waiting = (
  before: Payment,
  found: Attempt | undefined,
  toss: TossPayment,
  context: ReconcileContext,
): Reconciled => {
  const { now } = context
  const account = toss.virtualAccount
  const isLapsed =
    account?.isExpired === true ||
    (account?.dueAt !== undefined && now.getTime() > account.dueAt.getTime() + context.durations.depositLapseMs)
  if (isLapsed && (found === undefined || found.outcome === 'FAILED')) return { payment: before, verdict: 'decided' }
  const { payment, attempt } = known(before, found, toss, context)
  if (payment.paymentKey !== undefined && payment.paymentKey !== toss.paymentKey)
    return voided(payment, attempt, toss, now)
  if (payment.status === 'PARTIAL_REFUND' || payment.status === 'REFUNDED' || payment.status === 'CANCELED') {
    return { payment: before, verdict: 'stale' }
  }
  // A bank takes a deposit back: an open refund of it cannot happen any more.
  const base = payment.status === 'PAID' ? failOpenRefunds(payment, 'the bank reversed the deposit') : payment
  const accepted = withAttempt(base, attempt.id, (kept) => accept(kept))
  if (isLapsed) return { payment: lapse(accepted, attempt), verdict: 'decided' }
  const { approvedAt: _, failure: __, ...rest } = accepted
  const next: Payment = {
    ...rest,
    status: 'WAITING_FOR_DEPOSIT',
    paymentKey: toss.paymentKey,
    ...(toss.method === undefined ? {} : { method: toss.method }),
    virtualAccount: accountOf(account),
  }
  // Toss sends nothing when an account lapses, so it is asked from the due date on, hourly.
  const lookAt = new Date(Math.max(account?.dueAt?.getTime() ?? 0, now.getTime() + context.durations.depositLookMs))
  const isScheduled =
    payment.status === 'WAITING_FOR_DEPOSIT' &&
    payment.scheduledLooks.some(({ paymentKey, at }) => paymentKey === toss.paymentKey && at > now)
  return {
    payment: isScheduled
      ? keepIfSame(before, next)
      : { ...next, scheduledLooks: later(next, toss.paymentKey, [lookAt]) },
    verdict: 'decided',
  }
}

/** The account was never paid. The attempt ends, so that another may pay; a late deposit is evidence as any other. */
export const lapse = (payment: Payment, attempt: Attempt): Payment => {
  const { paymentKey: _, ...rest } = withAttempt(
    failOpenRefunds(payment, 'the deposit lapsed'),
    attempt.id,
    (kept) => ({
      ...kept,
      outcome: 'FAILED',
      failure: orderExpired,
    }),
  )
  return { ...rest, status: 'FAILED', failure: orderExpired }
}

const failOpenRefunds = (payment: Payment, message: string): Payment =>
  payment.refunds
    .filter(({ status }) => status === 'REQUESTED')
    .reduce(
      (next, { id }) => failRefund(next, id, { code: 'NOT_CANCELABLE_PAYMENT', message, httpStatus: 400 }),
      payment,
    )

const canceledElsewhere: Failure = {
  code: 'PAY_PROCESS_CANCELED',
  message: 'it was canceled before it was paid',
  httpStatus: 400,
}

export const canceledUnpaid = (payment: Payment, attempt: Attempt | undefined, now: Date): Reconciled => {
  if (attempt === undefined) return { payment, verdict: 'decided' }
  if (attempt.outcome === 'VOID') {
    const done = withAttempt(payment, attempt.id, (kept) => ({
      ...kept,
      void: { keyNo: kept.void?.keyNo ?? 1, status: 'DONE' },
    }))
    return { payment: attempt.void?.status === 'DONE' ? payment : done, verdict: 'decided' }
  }
  // What became of another window says nothing about the one that the payment stands on, or that is still open.
  const isElsewhere = payment.paymentKey !== undefined && payment.paymentKey !== attempt.paymentKey
  if (isElsewhere || (attempt.outcome === 'FAILED' && openAttempt(payment) !== undefined)) {
    const closed = attempt.outcome === undefined ? failAttempt(payment, attempt.id, canceledElsewhere) : payment
    return { payment: closed, verdict: 'decided' }
  }
  switch (payment.status) {
    case 'CONFIRMING':
    case 'WAITING_FOR_DEPOSIT': {
      const refunds = payment.refunds.map(
        ({ refundReceiveAccount: _, ...refund }): Refund =>
          refund.status === 'REQUESTED'
            ? { ...refund, status: 'DONE', refundedAt: now, statusAfter: 'CANCELED' }
            : refund,
      )
      const closed = withAttempt({ ...payment, refunds }, attempt.id, (kept) => accept(kept))
      return { payment: { ...closed, status: 'CANCELED', paymentKey: attempt.paymentKey ?? '' }, verdict: 'decided' }
    }
    case 'CANCELED':
    case 'PENDING':
    case 'FAILED':
      return { payment, verdict: 'decided' }
    case 'PAID':
    case 'PARTIAL_REFUND':
    case 'REFUNDED':
      return { payment: flag(payment, CANCELED_UNPAID, now, false), verdict: 'stale' }
  }
}
