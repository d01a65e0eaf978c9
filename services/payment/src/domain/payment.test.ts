import { AppError, type ErrorCode } from '@checkout/contracts/errors'
import { type PaymentStatus, paymentStatuses } from '@checkout/contracts/order-status'
import { fc, test as property } from '@fast-check/jest'
import { describe, expect, it } from '@jest/globals'
import { minutes, now, samples } from '../../tests/domain-samples.ts'
import { beginConfirm, decideConfirm } from './confirm.ts'
import { expire, failAttempt, failByBrowser, type Payment, remainingKrw } from './payment.ts'
import { failRefund, requestRefund } from './refund.ts'

type Input =
  | 'confirm with the same key'
  | 'confirm with another key'
  | 'confirm with a wrong amount'
  | 'confirm after expiry'
  | 'cancel all'
  | 'cancel a part'
  | 'cancel too much'
  | 'fail by the browser'
  | 'expire'
type Expected = ErrorCode | 'begin' | 'in-flight' | 'paid' | 'declined' | `refund ${number}` | 'unchanged' | 'FAILED'

const codeOf = (run: () => Expected): Expected => {
  try {
    return run()
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}
const confirm = (payment: Payment, paymentKey: string, amountKrw: number, at: Date) =>
  codeOf(() => decideConfirm(payment, { paymentKey, amountKrw }, at).kind)
const cancel = (payment: Payment, amountKrw?: number) =>
  codeOf(() => {
    const next = requestRefund(
      payment,
      {
        refundId: 'r',
        reason: 'x',
        amountKrw,
        refundReceiveAccount: { bank: '20', accountNumber: '1', holderName: 'Kim' },
      },
      now,
    )
    return `refund ${next.refunds.at(-1)?.amountKrw ?? -1}`
  })
const statusAfter = (before: Payment, after: Payment): Expected =>
  after === before ? 'unchanged' : after.status === 'FAILED' ? 'FAILED' : 'begin'

const apply: Record<Input, (payment: Payment) => Expected> = {
  'confirm with the same key': (payment) => confirm(payment, 'pk-1', 1000, now),
  'confirm with another key': (payment) => confirm(payment, 'pk-2', 1000, now),
  'confirm with a wrong amount': (payment) => confirm(payment, 'pk-2', 999, now),
  'confirm after expiry': (payment) => confirm(payment, 'pk-2', 1000, minutes(40)),
  'cancel all': (payment) => cancel(payment),
  'cancel a part': (payment) => cancel(payment, 100),
  'cancel too much': (payment) => cancel(payment, 1001),
  'fail by the browser': (payment) =>
    statusAfter(payment, failByBrowser(payment, { code: 'PAY_PROCESS_CANCELED', message: '', httpStatus: 400 })),
  expire: (payment) => statusAfter(payment, expire(payment, minutes(40))),
}

const paidColumn = {
  'confirm with the same key': 'paid',
  'confirm with another key': 'ALREADY_PROCESSED',
  'confirm with a wrong amount': 'ALREADY_PROCESSED',
  'confirm after expiry': 'ALREADY_PROCESSED',
  'fail by the browser': 'unchanged',
  expire: 'unchanged',
} as const
const table: Record<PaymentStatus, Record<Input, Expected>> = {
  PENDING: {
    'confirm with the same key': 'begin',
    'confirm with another key': 'begin',
    'confirm with a wrong amount': 'AMOUNT_MISMATCH',
    'confirm after expiry': 'ORDER_EXPIRED',
    'cancel all': 'CANNOT_CANCEL_ORDER',
    'cancel a part': 'CANNOT_CANCEL_ORDER',
    'cancel too much': 'CANNOT_CANCEL_ORDER',
    'fail by the browser': 'FAILED',
    expire: 'FAILED',
  },
  CONFIRMING: {
    ...paidColumn,
    'confirm with the same key': 'in-flight',
    'cancel all': 'IN_PROGRESS',
    'cancel a part': 'IN_PROGRESS',
    'cancel too much': 'IN_PROGRESS',
  },
  WAITING_FOR_DEPOSIT: {
    ...paidColumn,
    'cancel all': 'refund 0',
    'cancel a part': 'INVALID_PAYMENT_STATUS',
    'cancel too much': 'INVALID_PAYMENT_STATUS',
  },
  PAID: {
    ...paidColumn,
    'cancel all': 'refund 1000',
    'cancel a part': 'refund 100',
    'cancel too much': 'INVALID_REFUND_AMOUNT',
  },
  PARTIAL_REFUND: {
    ...paidColumn,
    'cancel all': 'refund 600',
    'cancel a part': 'refund 100',
    'cancel too much': 'INVALID_REFUND_AMOUNT',
  },
  REFUNDED: {
    ...paidColumn,
    'cancel all': 'INVALID_PAYMENT_STATUS',
    'cancel a part': 'INVALID_PAYMENT_STATUS',
    'cancel too much': 'INVALID_PAYMENT_STATUS',
  },
  CANCELED: {
    ...paidColumn,
    'cancel all': 'INVALID_PAYMENT_STATUS',
    'cancel a part': 'INVALID_PAYMENT_STATUS',
    'cancel too much': 'INVALID_PAYMENT_STATUS',
  },
  FAILED: {
    'confirm with the same key': 'declined',
    'confirm with another key': 'begin',
    'confirm with a wrong amount': 'AMOUNT_MISMATCH',
    'confirm after expiry': 'ORDER_EXPIRED',
    'cancel all': 'CANNOT_CANCEL_ORDER',
    'cancel a part': 'CANNOT_CANCEL_ORDER',
    'cancel too much': 'CANNOT_CANCEL_ORDER',
    'fail by the browser': 'unchanged',
    expire: 'unchanged',
  },
}

describe('every status × every input', () => {
  for (const status of paymentStatuses) {
    for (const [input, expected] of Object.entries(table[status]) as [Input, Expected][]) {
      it(`${status}: ${input} → ${expected}`, () => {
        expect(apply[input](samples[status])).toBe(expected)
      })
    }
  }
})

describe('confirm', () => {
  it('gives the order a twenty-first window never', () => {
    const failed = samples.FAILED.attempts[0]
    if (failed === undefined) throw new Error('no sample')
    const attempts = Array.from({ length: 20 }, (_, i) => ({ ...failed, id: `a${i}`, paymentKey: `k${i}` }))
    expect(confirm({ ...samples.FAILED, attempts }, 'one more', 1000, now)).toBe('ORDER_EXPIRED')
  })

  it('announces the first POST only for the writer that holds the lease', () => {
    const announced = beginConfirm(samples.PENDING, { id: 'a', paymentKey: 'k', isAnnounced: true }, now)
    const silent = beginConfirm(samples.PENDING, { id: 'a', paymentKey: 'k', isAnnounced: false }, now)
    expect([announced.attempts[0]?.lastPostAt, silent.attempts[0]?.lastPostAt]).toEqual([now, undefined])
    expect([announced.status, announced.due]).toEqual(['CONFIRMING', now])
  })

  it('fails the payment with its last open attempt, and not before', () => {
    const failure = { code: 'X', message: '', httpStatus: 400 }
    const [open] = samples.CONFIRMING.attempts
    if (open === undefined) throw new Error('no sample')
    const two = { ...samples.CONFIRMING, attempts: [open, { ...open, id: 'att-2', paymentKey: 'pk-2' }] }
    const one = failAttempt(two, 'att-1', failure)
    expect(one.status).toBe('CONFIRMING')
    expect(failAttempt(one, 'att-2', failure).status).toBe('FAILED')
  })
})

describe('refund requests', () => {
  it('a deposit that was paid needs the account to pay back to', () => {
    const deposited = { ...samples.PAID, virtualAccount: { bankCode: '20', accountNumber: 'X1', customerName: 'Kim' } }
    const error = codeOf(() => {
      requestRefund(deposited, { refundId: 'r', reason: 'x' }, now)
      return 'unchanged'
    })
    expect(error).toBe('INVALID_INPUT_VALUE')
  })

  it('the account is erased when the refund fails', () => {
    const requested = requestRefund(
      samples.PAID,
      { refundId: 'r', reason: 'x', refundReceiveAccount: { bank: '20', accountNumber: '1', holderName: 'Kim' } },
      now,
    )
    expect(requested.refunds[0]?.refundReceiveAccount).toBeDefined()
    expect(failRefund(requested, 'r', { code: 'X', message: '', httpStatus: 400 }).refunds[0]).not.toHaveProperty(
      'refundReceiveAccount',
    )
  })

  it('a second refund is not announced while one is open', () => {
    const one = requestRefund(samples.PAID, { refundId: 'r1', reason: 'x', amountKrw: 100, isAnnounced: true }, now)
    const two = requestRefund(one, { refundId: 'r2', reason: 'x', amountKrw: 100, isAnnounced: true }, now)
    expect(two.refunds.map(({ lastPostAt }) => lastPostAt)).toEqual([now, undefined])
  })

  property.prop([
    fc.array(fc.record({ amountKrw: fc.integer({ min: -5, max: 1100 }), fails: fc.boolean() }), { maxLength: 30 }),
  ])('refunded + reserved never exceed the amount, whatever is asked for', (requests) => {
    let payment = samples.PAID
    for (const [index, { amountKrw, fails }] of requests.entries()) {
      try {
        payment = requestRefund(payment, { refundId: `r${index}`, reason: 'x', amountKrw }, now)
      } catch (error) {
        expect(error).toBeInstanceOf(AppError)
      }
      if (fails) payment = failRefund(payment, `r${index}`, { code: 'X', message: '', httpStatus: 400 })
      const open = payment.refunds
        .filter(({ status }) => status === 'REQUESTED')
        .reduce((sum, { amountKrw: krw }) => sum + krw, 0)
      expect(payment.reservedKrw).toBe(open)
      expect(remainingKrw(payment)).toBeGreaterThanOrEqual(0)
    }
  })
})
