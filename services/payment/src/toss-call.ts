import { crashPoint } from '@checkout/runtime/crash-point'
import { cancelRefused, confirmRefused, learnTransaction, type TossAnswer, voidRefused } from './domain/answers.ts'
import { refundTag } from './domain/apply-cancels.ts'
import type { TossPayment } from './domain/evidence.ts'
import { type Payment, withAttempt, withRefund } from './domain/payment.ts'
import type { Toss } from './toss.ts'

type Refused = Extract<TossAnswer, { kind: 'refused' }>

/** One POST to Toss: how it is announced in the document, made from what was saved, and how its answers are taken in. */
export type TossCall = {
  readonly name: 'confirm' | 'cancel'
  /** Announces it, so that whoever finds the document knows what may have been sent. */
  mark(payment: Payment, now: Date): Payment
  /** The call as the saved payment wants it now; undefined when there is nothing to send any more. */
  prepare(payment: Payment): { paymentKey: string; key: string; since: Date; send(): Promise<TossAnswer> } | undefined
  refused(payment: Payment, answer: Refused): Payment
  /** What the 200 of a repeated call tells; it may be an old story, so it tells no state. */
  repeated(payment: Payment, toss: TossPayment): Payment
  saved(): void
}

/** Toss: cancelReason has at most 200 characters; the tag needs its share. */
const MAX_REASON_LENGTH = 150

export const confirmCall = (toss: Pick<Toss, 'confirm'>, attemptId: string, isFirst: boolean): TossCall => ({
  name: 'confirm',
  mark: (payment, now) => withAttempt(payment, attemptId, (attempt) => ({ ...attempt, lastPostAt: now })),
  prepare: (payment) => {
    const attempt = payment.attempts.find(({ id }) => id === attemptId)
    if (attempt?.paymentKey === undefined || attempt.outcome !== undefined) return undefined
    const { paymentKey, keyNo, startedAt } = attempt
    const { orderId, amountKrw } = payment
    const key = `${attemptId}-${keyNo}`
    return {
      paymentKey,
      key,
      since: startedAt,
      send: async () => {
        crashPoint('confirm.before-toss')
        const answer = await toss.confirm({ paymentKey, orderId, amountKrw, key })
        crashPoint('confirm.after-toss')
        return answer
      },
    }
  },
  refused: (payment, answer) => confirmRefused(payment, attemptId, answer, isFirst),
  repeated: (payment) => payment,
  saved: () => crashPoint('confirm.after-save'),
})

export const cancelCall = (toss: Pick<Toss, 'cancel'>, refundId: string): TossCall => ({
  name: 'cancel',
  mark: (payment, now) => withRefund(payment, refundId, (refund) => ({ ...refund, lastPostAt: now })),
  prepare: (payment) => {
    const refund = payment.refunds.find(({ id }) => id === refundId)
    const { paymentKey } = payment
    if (refund?.status !== 'REQUESTED' || paymentKey === undefined) return undefined
    // All of it is said by leaving the amount out: some methods can only be canceled in full.
    const isAll = refund.amountKrw === payment.amountKrw || payment.status === 'WAITING_FOR_DEPOSIT'
    const key = `${refundId}-${refund.keyNo}`
    return {
      paymentKey,
      key,
      since: refund.requestedAt,
      send: async () => {
        crashPoint('cancel.before-toss')
        const answer = await toss.cancel({
          paymentKey,
          reason: Array.from(refund.reason).slice(0, MAX_REASON_LENGTH).join('') + refundTag(refundId),
          ...(isAll ? {} : { amountKrw: refund.amountKrw }),
          refundableKrw: payment.amountKrw - payment.refundedKrw,
          refundReceiveAccount: refund.refundReceiveAccount,
          key,
        })
        crashPoint('cancel.after-toss')
        return answer
      },
    }
  },
  refused: (payment, answer) => cancelRefused(payment, refundId, answer),
  repeated: (payment, found) => learnTransaction(payment, refundId, found),
  saved: () => crashPoint('cancel.after-save'),
})

/** Gives back, in full, money that came in beside the payment's own. */
export const voidCall = (toss: Pick<Toss, 'cancel'>, attemptId: string): TossCall => ({
  name: 'cancel',
  mark: (payment, now) =>
    withAttempt(payment, attemptId, (attempt) =>
      attempt.void === undefined ? attempt : { ...attempt, void: { ...attempt.void, lastPostAt: now } },
    ),
  prepare: (payment) => {
    const attempt = payment.attempts.find(({ id }) => id === attemptId)
    if (attempt?.void?.status !== 'REQUESTED' || attempt.paymentKey === undefined) return undefined
    const { paymentKey, startedAt } = attempt
    const key = `${attemptId}-void-${attempt.void.keyNo}`
    const reason = `second approval of one order${refundTag(attemptId)}`
    return {
      paymentKey,
      key,
      since: startedAt,
      // Whatever is left of it goes back, also when somebody has canceled a part in the console.
      send: async () => {
        crashPoint('void.before-toss')
        const answer = await toss.cancel({ paymentKey, reason, key })
        crashPoint('void.after-toss')
        return answer
      },
    }
  },
  refused: (payment, answer) => voidRefused(payment, attemptId, answer),
  repeated: (payment) => payment,
  saved: () => crashPoint('void.after-save'),
})
