import type { Reconciled, TossPayment } from './evidence.ts'
import { type Attempt, type Payment, withAttempt } from './payment.ts'
import { flag } from './take-in.ts'

const VIRTUAL_ACCOUNT_METHODS = new Set(['가상계좌', 'VIRTUAL_ACCOUNT', 'Virtual account'])

/** Money beside the payment's own is given back in full, under a key of its own, and touches nothing else. */
export const voided = (payment: Payment, attempt: Attempt, toss: TossPayment, now: Date): Reconciled => {
  const isDone = toss.balanceAmount === 0 || toss.status === 'CANCELED'
  if (attempt.void?.status === 'DONE') return { payment, verdict: isDone ? 'decided' : 'stale' }
  if (isDone) {
    const keyNo = attempt.void?.keyNo ?? 1
    return {
      payment: withAttempt(payment, attempt.id, (kept) => ({
        ...kept,
        outcome: 'VOID',
        void: { keyNo, status: 'DONE' },
      })),
      verdict: 'decided',
    }
  }
  const isDeposited = toss.status !== 'WAITING_FOR_DEPOSIT' && VIRTUAL_ACCOUNT_METHODS.has(toss.method ?? '')
  if (isDeposited) {
    const blocked = withAttempt(payment, attempt.id, (kept) => ({
      ...kept,
      outcome: 'VOID',
      void: { keyNo: 1, status: 'BLOCKED' },
    }))
    return {
      payment:
        attempt.void?.status === 'BLOCKED'
          ? payment
          : flag(blocked, 'a second deposit must be paid back by hand', now, false),
      verdict: 'decided',
    }
  }
  if (attempt.void !== undefined) return { payment, verdict: 'decided' }
  return {
    payment: withAttempt(payment, attempt.id, (kept) => ({
      ...kept,
      outcome: 'VOID',
      void: { keyNo: 1, status: 'REQUESTED' },
    })),
    verdict: 'decided',
  }
}
