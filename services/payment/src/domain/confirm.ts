import { AppError } from '@checkout/contracts/errors'
import { type Failure, openAttempt, type Payment } from './payment.ts'

/** More windows than this for one order is no buyer any more. */
const MAX_ATTEMPTS = 20

/** What a confirm finds: nothing to do, somebody to wait for, an old decline, or the right to begin. */
export type ConfirmDecision =
  | { readonly kind: 'paid' }
  | { readonly kind: 'in-flight' }
  | { readonly kind: 'declined'; readonly failure: Failure }
  | { readonly kind: 'begin' }

/**
 * Decides about a confirm, in this order, so that a repeat of an earlier request always gets its earlier answer.
 * @throws AppError ALREADY_PROCESSED, AMOUNT_MISMATCH, ORDER_EXPIRED
 */
export const decideConfirm = (
  payment: Payment,
  request: { paymentKey: string; amountKrw: number },
  now: Date,
): ConfirmDecision => {
  const mine = payment.attempts.find((attempt) => attempt.paymentKey === request.paymentKey)
  switch (mine?.outcome) {
    case 'ACCEPTED':
      return { kind: 'paid' }
    case 'FAILED':
      return { kind: 'declined', failure: mine.failure ?? unknownFailure }
    case 'VOID':
      throw new AppError('ALREADY_PROCESSED')
    case undefined:
      if (mine !== undefined) return { kind: 'in-flight' }
  }
  const isFree = (payment.status === 'PENDING' || payment.status === 'FAILED') && openAttempt(payment) === undefined
  if (!isFree || payment.paymentKey !== undefined) throw new AppError('ALREADY_PROCESSED')
  if (request.amountKrw !== payment.amountKrw) {
    throw new AppError('AMOUNT_MISMATCH', {
      detail: `the order's amount is ${payment.amountKrw} KRW`,
      errors: [{ field: 'amount', message: "is not the order's amount" }],
    })
  }
  if (now >= payment.expiresAt) throw new AppError('ORDER_EXPIRED')
  if (payment.attempts.length >= MAX_ATTEMPTS) {
    throw new AppError('ORDER_EXPIRED', { detail: `after ${MAX_ATTEMPTS} failed attempts a new order is needed` })
  }
  return { kind: 'begin' }
}

const unknownFailure: Failure = { code: 'UNKNOWN', message: 'the attempt failed', httpStatus: 400 }

/**
 * The intent to confirm: from here on, work is found after any crash. `isAnnounced`: its writer holds the lease and POSTs at once,
 * so that whoever finds this later must assume that something was sent.
 */
export const beginConfirm = (
  payment: Payment,
  attempt: { id: string; paymentKey: string; isAnnounced: boolean },
  now: Date,
): Payment => {
  const { failure: _, ...rest } = payment
  return {
    ...rest,
    status: 'CONFIRMING',
    attempts: [
      ...payment.attempts,
      {
        id: attempt.id,
        keyNo: 1,
        paymentKey: attempt.paymentKey,
        startedAt: now,
        looks: 0,
        ...(attempt.isAnnounced ? { lastPostAt: now } : {}),
      },
    ],
    due: now,
    tries: 0,
  }
}
