import { describe, expect, it } from '@jest/globals'
import { minutes, now, samples, tossView } from '../../tests/domain-samples.ts'
import { defaultDurations } from './durations.ts'
import type { Payment } from './payment.ts'
import { reconcile } from './reconcile.ts'

const look = (payment: Payment, paymentKey: string, status: string, at: Date = now) =>
  reconcile(
    payment,
    paymentKey,
    {
      kind: 'found',
      toss: tossView({
        paymentKey,
        status,
        balanceAmount: status === 'CANCELED' ? 0 : 1000,
        approvedAt: undefined,
        method: '가상계좌',
        virtualAccount: {
          bankCode: '20',
          accountNumber: 'X1',
          customerName: 'Kim',
          dueAt: minutes(120),
          isExpired: false,
        },
      }),
    },
    { now: at, newId: 'att-new', durations: defaultDurations },
  ).payment
const other = { id: 'att-0', keyNo: 1, paymentKey: 'pk-0', startedAt: now, lastPostAt: now, looks: 3 } as const
const failure = { code: 'NOT_FOUND_PAYMENT_SESSION', message: '', httpStatus: 404 }

describe('a window that was canceled unpaid', () => {
  it('does not close the account of another window that still waits', () => {
    const { attempts } = samples.WAITING_FOR_DEPOSIT
    const payment: Payment = {
      ...samples.WAITING_FOR_DEPOSIT,
      attempts: [{ ...other, outcome: 'FAILED', failure }, ...attempts],
    }
    expect(look(payment, 'pk-0', 'CANCELED')).toBe(payment)
  })

  it('does not close a confirm of another window that is in flight', () => {
    const { attempts } = samples.CONFIRMING
    const payment: Payment = {
      ...samples.CONFIRMING,
      attempts: [{ ...other, outcome: 'FAILED', failure }, ...attempts],
    }
    expect(look(payment, 'pk-0', 'CANCELED')).toBe(payment)
  })

  it('ends its own open attempt when another window has paid, so that refunds go on', () => {
    const payment: Payment = { ...samples.PAID, attempts: [...samples.PAID.attempts, other] }
    const after = look(payment, 'pk-0', 'CANCELED')
    expect([after.status, after.paymentKey, after.attempts[1]?.outcome, after.needsAttention]).toEqual([
      'PAID',
      'pk-1',
      'FAILED',
      undefined,
    ])
  })

  it('closes the payment that stands on it, also while another window is undecided', () => {
    const payment: Payment = {
      ...samples.WAITING_FOR_DEPOSIT,
      attempts: [...samples.WAITING_FOR_DEPOSIT.attempts, other],
    }
    expect(look(payment, 'pk-1', 'CANCELED').status).toBe('CANCELED')
  })
})

describe('an account that waits', () => {
  it('is looked at again although a look at another window is to come', () => {
    const payment: Payment = {
      ...samples.WAITING_FOR_DEPOSIT,
      scheduledLooks: [{ paymentKey: 'pk-0', at: minutes(1440) }],
    }
    const after = look(payment, 'pk-1', 'WAITING_FOR_DEPOSIT', minutes(121))
    expect(after.scheduledLooks.filter(({ paymentKey }) => paymentKey === 'pk-1')).toEqual([
      { paymentKey: 'pk-1', at: minutes(181) },
    ])
  })
})
