import { AppError } from '@checkout/contracts/errors'
import type { Durations } from './durations.ts'
import { type Failure, failAttempt, openAttempt, type Payment, withAttempt } from './payment.ts'
import { failRefund } from './refund.ts'
import { CANCELED_UNPAID, CONTRADICTED, later, UNRESOLVED } from './take-in.ts'

/**
 * What a person may decide where Toss's books cannot. None sends anything to Toss, and evidence found later still wins.
 * - `clear`: all is as it should be; the flag goes and nothing else changes
 * - `not-paid`: nothing was paid, or all that was has gone back outside of us; the attempt fails, and so does the payment
 * - `paid-back`: money that we cannot give back through Toss was paid back by hand; the flag goes
 * - `refund-failed`: the oldest open refund will not happen; it fails and its amount is free again
 *
 * That an order was paid with another amount cannot be accepted: the sums of a payment rest on its order's amount. Such money is
 * given back in Toss's console, and then the order was not paid.
 */
export const resolutionNames = ['clear', 'not-paid', 'paid-back', 'refund-failed'] as const
export type Resolution = (typeof resolutionNames)[number]

export const isResolution = (text: string): text is Resolution => (resolutionNames as readonly string[]).includes(text)

const notPaid: Failure = { code: 'NOT_PAID', message: 'operators decided that nothing was paid', httpStatus: 400 }
const noRefund: Failure = {
  code: 'REFUND_REJECTED',
  message: 'operators decided that it will not happen',
  httpStatus: 400,
}

/** Why a decision is not for this payment as it is; undefined when it may be taken. */
const obstacle = (payment: Payment, resolution: Resolution): string | undefined => {
  const { needsAttention, status } = payment
  if (needsAttention === undefined)
    return 'nothing about this payment waits for a person; settle asks Toss about it now'
  const { reason } = needsAttention
  switch (resolution) {
    case 'clear':
      return reason === UNRESOLVED ? 'this flag goes by itself once Toss has decided; settle asks it now' : undefined
    case 'not-paid': {
      if (openAttempt(payment) !== undefined) return undefined
      const isContradicted = reason.includes(CONTRADICTED) || reason.includes(CANCELED_UNPAID)
      return status === 'PAID' && payment.refundedKrw === 0 && isContradicted
        ? undefined
        : 'no confirm is open, and Toss does not contradict that it was paid'
    }
    case 'paid-back':
      return payment.status === 'CANCELED' || payment.attempts.some((attempt) => attempt.void?.status === 'BLOCKED')
        ? undefined
        : 'there is no money that has to be paid back by hand'
    case 'refund-failed':
      return payment.refunds.some((refund) => refund.status === 'REQUESTED') ? undefined : 'no refund is open'
  }
}

/** What may be decided about a payment as it is. */
export const possibleResolutions = (payment: Payment): Resolution[] =>
  resolutionNames.filter((resolution) => obstacle(payment, resolution) === undefined)

/**
 * Whether two operators have to agree: to whatever says something about money, and to letting POSTs go out again that a doubt
 * about money had stopped.
 */
export const needsTwoOperators = (payment: Payment, resolution: Resolution): boolean =>
  resolution !== 'clear' || payment.needsAttention?.stopsPosts === true

/** Takes the decision. @throws AppError INVALID_PAYMENT_STATUS with the reason why it is not for this payment */
export const resolve = (payment: Payment, resolution: Resolution, now: Date, durations: Durations): Payment => {
  const why = obstacle(payment, resolution)
  if (why !== undefined) throw new AppError('INVALID_PAYMENT_STATUS', { detail: why })
  const { needsAttention, ...calm } = payment
  const decided = decide(
    resolution === 'refund-failed' && needsAttention?.reason !== UNRESOLVED ? payment : calm,
    resolution,
  )
  // Settle goes on at once; what a decision may have got wrong is looked at again, and evidence corrects it.
  const looks =
    resolution === 'not-paid' || resolution === 'refund-failed'
      ? later(
          decided,
          keyInQuestion(payment),
          durations.lateLooksMs.map((ms) => new Date(now.getTime() + ms)),
        )
      : decided.scheduledLooks
  return { ...decided, scheduledLooks: looks, due: now, tries: 0 }
}

const keyInQuestion = (payment: Payment): string => openAttempt(payment)?.paymentKey ?? payment.paymentKey ?? ''

const decide = (payment: Payment, resolution: Resolution): Payment => {
  switch (resolution) {
    case 'clear':
    case 'paid-back':
      return payment
    case 'refund-failed': {
      const refund = payment.refunds.find(({ status }) => status === 'REQUESTED')
      return refund === undefined ? payment : failRefund(payment, refund.id, noRefund)
    }
    case 'not-paid': {
      const attempt = openAttempt(payment)
      return attempt === undefined ? unpay(payment) : failAttempt(payment, attempt.id, notPaid)
    }
  }
}

/** Toss contradicts what it had approved, and the operators found that the money is not there. */
const unpay = (payment: Payment): Payment => {
  const paying = payment.attempts.find(({ paymentKey }) => paymentKey === payment.paymentKey)
  const released = payment.refunds.reduce((next, { id }) => failRefund(next, id, noRefund), payment)
  const closed =
    paying === undefined
      ? released
      : withAttempt(released, paying.id, (kept) => ({ ...kept, outcome: 'FAILED', failure: notPaid }))
  const { paymentKey: _, approvedAt: __, receiptUrl: ___, ...rest } = closed
  return { ...rest, status: 'FAILED', failure: notPaid }
}
