import { refundTag } from './apply-cancels.ts'
import type { TossPayment } from './evidence.ts'
import { type Failure, failAttempt, type Payment, withAttempt, withRefund } from './payment.ts'
import type { TossCodeClass } from './toss-codes.ts'

/** What came back from a call to Toss. */
export type TossAnswer =
  /** A 200 that could be read. */
  | { readonly kind: 'ok'; readonly toss: TossPayment }
  | {
      readonly kind: 'refused'
      readonly failure: Failure
      readonly meaning: TossCodeClass
      readonly retryAfterMs?: number
    }
  /** A timeout, a broken connection or a 200 that could not be read: the effect may have happened. */
  | { readonly kind: 'none' }
  /** The breaker or the bulkhead kept the call from being made. */
  | { readonly kind: 'blocked' }

type Refusal = Extract<TossAnswer, { kind: 'refused' }>

/**
 * A refused confirm. Toss replays a stored answer for 15 days and does not look at the body, so any answer but 200 and
 * "still running" uses up the key. A final code is believed at once only as the answer to the very first call: later it may
 * be the echo of what an earlier call did.
 */
export const confirmRefused = (
  payment: Payment,
  attemptId: string,
  { failure, meaning }: Refusal,
  isFirst: boolean,
): Payment => {
  switch (meaning) {
    case 'same-key':
      return payment
    case 'final':
      return isFirst
        ? failAttempt(payment, attemptId, failure)
        : nextConfirmKey(payment, attemptId, { refusal: failure })
    case 'configuration':
      return isFirst
        ? failAttempt(payment, attemptId, { ...failure, httpStatus: 502 })
        : nextConfirmKey(payment, attemptId, {})
    case 'echo':
      return nextConfirmKey(payment, attemptId, { isAlreadyProcessed: true })
    case 'temporary':
    case 'ask':
    case 'mismatch':
      return nextConfirmKey(payment, attemptId, {})
  }
}

const nextConfirmKey = (
  payment: Payment,
  attemptId: string,
  learned: { refusal?: Failure; isAlreadyProcessed?: true },
): Payment => withAttempt(payment, attemptId, (attempt) => ({ ...attempt, ...learned, keyNo: attempt.keyNo + 1 }))

/** A refused cancel. Nothing is believed before a look explains it. */
export const cancelRefused = (payment: Payment, refundId: string, { failure, meaning }: Refusal): Payment => {
  switch (meaning) {
    case 'same-key':
      return payment
    case 'final':
    case 'echo':
      return withRefund(payment, refundId, (refund) => ({
        ...refund,
        keyNo: refund.keyNo + 1,
        refusal: { ...failure, looks: 0 },
      }))
    case 'temporary':
    case 'ask':
    case 'mismatch':
    case 'configuration':
      return withRefund(payment, refundId, (refund) => ({ ...refund, keyNo: refund.keyNo + 1 }))
  }
}

/** The 200 of a repeated cancel may be an old story: it only tells which transaction was ours. */
export const learnTransaction = (payment: Payment, refundId: string, toss: TossPayment): Payment => {
  const ours = toss.cancels.find(({ cancelReason }) => cancelReason.endsWith(refundTag(refundId)))
  if (ours === undefined) return payment
  return withRefund(payment, refundId, (refund) => ({
    ...refund,
    transactionKey: refund.transactionKey ?? ours.transactionKey,
  }))
}

export const voidRefused = (payment: Payment, attemptId: string, { meaning }: Refusal): Payment =>
  meaning === 'same-key'
    ? payment
    : withAttempt(payment, attemptId, (attempt) =>
        attempt.void === undefined ? attempt : { ...attempt, void: { ...attempt.void, keyNo: attempt.void.keyNo + 1 } },
      )
