import { applyCancel, shrink } from './apply-cancels.ts'
import { canceledUnpaid, lapse, waiting } from './deposit.ts'
import type { Evidence, ReconcileContext, Reconciled, TossPayment, Verdict } from './evidence.ts'
import { type Attempt, failAttempt, type Payment, withAttempt } from './payment.ts'
import { accept, accountOf, approvedAs, CONTRADICTED, flag, keepIfSame, known, later } from './take-in.ts'
import { statusOfConfirmRefusal } from './toss-codes.ts'
import { voided } from './void.ts'

/**
 * The only road by which news from Toss changes a payment. Pure and total: any evidence in any state has an answer, unknown
 * statuses and fields break nothing. It judges per paymentKey and never lets older evidence undo newer.
 */
export const reconcile = (
  payment: Payment,
  paymentKey: string,
  evidence: Evidence,
  context: ReconcileContext,
): Reconciled => {
  const attempt = payment.attempts.find((candidate) => candidate.paymentKey === paymentKey)
  const hasMoney = attempt?.outcome === 'ACCEPTED' || attempt?.outcome === 'VOID'
  if (evidence.kind === 'not-found') return { payment, verdict: nothingNew(attempt, hasMoney) }
  const { toss } = evidence
  if (toss.orderId !== payment.orderId) return foreign(payment, attempt)
  if (
    toss.totalAmount !== payment.amountKrw ||
    toss.currency !== 'KRW' ||
    (context.mId !== undefined && toss.mId !== context.mId)
  ) {
    // Without money and without an attempt of ours it is a window that nobody confirmed.
    if (attempt === undefined && !isHolding(toss)) return { payment, verdict: 'decided' }
    // It was decided already that this attempt has not paid, and whatever came in has gone back.
    if (attempt?.outcome === 'FAILED' && (toss.balanceAmount === 0 || !isHolding(toss)))
      return { payment, verdict: 'decided' }
    return {
      payment: flag(payment, 'Toss has this order with another amount, currency or merchant', context.now, true),
      verdict: 'undecided',
    }
  }
  switch (toss.status) {
    case 'DONE':
    case 'PARTIAL_CANCELED':
      return money(payment, attempt, toss, context)
    case 'CANCELED':
      return toss.approvedAt === undefined
        ? canceledUnpaid(payment, attempt, context.now)
        : money(payment, attempt, toss, context)
    case 'WAITING_FOR_DEPOSIT':
      return waiting(payment, attempt, toss, context)
    case 'ABORTED':
    case 'EXPIRED':
      return ended(payment, attempt, toss, context.now)
    default:
      return { payment, verdict: nothingNew(attempt, hasMoney) }
  }
}

const isHolding = (toss: TossPayment): boolean =>
  ['DONE', 'PARTIAL_CANCELED', 'WAITING_FOR_DEPOSIT'].includes(toss.status) ||
  (toss.status === 'CANCELED' && toss.approvedAt !== undefined)

const nothingNew = (attempt: Attempt | undefined, hasMoney: boolean): Verdict => {
  if (hasMoney) return 'stale'
  return attempt !== undefined && attempt.outcome === undefined ? 'undecided' : 'decided'
}

/** The key names another order: this attempt fails and the key is free for the order that it belongs to. */
const foreign = (payment: Payment, attempt: Attempt | undefined): Reconciled => {
  if (attempt === undefined || attempt.outcome !== undefined) return { payment, verdict: 'foreign' }
  const failed = failAttempt(payment, attempt.id, {
    code: 'ORDER_ID_MISMATCH',
    message: 'the paymentKey belongs to another order',
    httpStatus: 502,
  })
  return { payment: withAttempt(failed, attempt.id, ({ paymentKey: _, ...kept }) => kept), verdict: 'foreign' }
}

const ended = (payment: Payment, attempt: Attempt | undefined, toss: TossPayment, now: Date): Reconciled => {
  if (attempt === undefined) return { payment, verdict: 'decided' }
  if (attempt.outcome === undefined) {
    const code = toss.failure?.code ?? (toss.status === 'EXPIRED' ? 'NOT_FOUND_PAYMENT_SESSION' : 'PAY_PROCESS_ABORTED')
    const message = toss.failure?.message ?? 'the payment was not approved'
    const failure = attempt.refusal ?? { code, message, httpStatus: statusOfConfirmRefusal(code) }
    return { payment: failAttempt(payment, attempt.id, failure), verdict: 'decided' }
  }
  if (attempt.outcome !== 'ACCEPTED') return { payment, verdict: 'decided' }
  if (payment.status === 'WAITING_FOR_DEPOSIT') return { payment: lapse(payment, attempt), verdict: 'decided' }
  return {
    payment: flag(payment, `Toss says ${toss.status} ${CONTRADICTED}`, now, false),
    verdict: 'stale',
  }
}

const money = (
  before: Payment,
  found: Attempt | undefined,
  toss: TossPayment,
  context: ReconcileContext,
): Reconciled => {
  const { payment, attempt } = known(before, found, toss, context)
  if (payment.paymentKey !== undefined && payment.paymentKey !== toss.paymentKey)
    return voided(payment, attempt, toss, context.now)
  const seen = new Set(toss.cancels.map(({ transactionKey }) => transactionKey))
  const isMissing = payment.refunds.some(
    ({ transactionKey }) => transactionKey !== undefined && !seen.has(transactionKey),
  )
  if (payment.status === 'CANCELED') {
    // A person has given the late money back.
    if (toss.balanceAmount === 0) return { payment: before, verdict: 'decided' }
    const told = flag(before, 'Toss shows money for what was canceled before it was paid', context.now, false)
    return { payment: told, verdict: 'stale' }
  }
  if (isMissing) return { payment: before, verdict: 'stale' }

  const applied = toss.cancels.reduce(applyCancel, payment)
  const capturedBack = toss.totalAmount - toss.balanceAmount
  if (applied.refundedKrw !== capturedBack) {
    // The list and the balance contradict each other: half an answer decides nothing about money.
    return {
      payment: flag(before, "Toss's balance and its list of cancels disagree", context.now, false),
      verdict: 'stale',
    }
  }
  const shrunk = shrink(applied)
  const status = toss.balanceAmount === 0 ? 'REFUNDED' : shrunk.refundedKrw > 0 ? 'PARTIAL_REFUND' : 'PAID'
  const isNewDeposit = toss.virtualAccount !== undefined && status === 'PAID' && payment.status !== 'PAID'
  const { failure: _, ...rest } = withAttempt(shrunk, attempt.id, (kept) => approvedAs(accept(kept), toss))
  const next: Payment = {
    ...rest,
    status,
    paymentKey: toss.paymentKey,
    ...(toss.method === undefined ? {} : { method: toss.method }),
    ...(toss.virtualAccount === undefined ? {} : { virtualAccount: accountOf(toss.virtualAccount) }),
    ...(toss.approvedAt === undefined ? {} : { approvedAt: toss.approvedAt }),
    ...(toss.receiptUrl === undefined ? {} : { receiptUrl: toss.receiptUrl }),
    refunds: rest.refunds.map((refund) =>
      refund.status === 'DONE' && refund.statusAfter === undefined ? { ...refund, statusAfter: status } : refund,
    ),
    ...(isNewDeposit
      ? {
          scheduledLooks: later(
            rest,
            toss.paymentKey,
            context.durations.reversalLooksMs.map((ms) => new Date(context.now.getTime() + ms)),
          ),
        }
      : {}),
  }
  return { payment: keepIfSame(before, next), verdict: 'decided' }
}
