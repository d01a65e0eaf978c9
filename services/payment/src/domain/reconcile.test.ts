import { type PaymentStatus, paymentStatuses } from '@checkout/contracts/order-status'
import { fc, test as property } from '@fast-check/jest'
import { describe, expect, it } from '@jest/globals'
import { minutes, now, refund, samples, tossView } from '../../tests/domain-samples.ts'
import { refundTag } from './apply-cancels.ts'
import { defaultDurations } from './durations.ts'
import type { Evidence, TossCancel, TossPayment } from './evidence.ts'
import type { Payment } from './payment.ts'
import { reconcile } from './reconcile.ts'
import { requestRefund } from './refund.ts'

const context = { now, newId: 'att-new', durations: defaultDurations }
const found = (toss: Partial<TossPayment> = {}): Evidence => ({ kind: 'found', toss: tossView(toss) })
const judge = (payment: Payment, evidence: Evidence, paymentKey = 'pk-1') =>
  reconcile(payment, paymentKey, evidence, context)
const cancelEntry = (change: Partial<TossCancel>): TossCancel => ({
  transactionKey: 'tx-new',
  cancelAmount: 300,
  cancelReason: 'by hand',
  cancelStatus: 'DONE',
  canceledAt: now,
  ...change,
})

const tossStates = {
  READY: { status: 'READY', approvedAt: undefined },
  IN_PROGRESS: { status: 'IN_PROGRESS', approvedAt: undefined },
  WAITING_FOR_DEPOSIT: {
    status: 'WAITING_FOR_DEPOSIT',
    approvedAt: undefined,
    method: '가상계좌',
    virtualAccount: {
      bankCode: '20',
      accountNumber: 'X1',
      customerName: 'Kim',
      dueAt: minutes(1440),
      isExpired: false,
    },
  },
  DONE: { status: 'DONE' },
  'PARTIAL_CANCELED 400': {
    status: 'PARTIAL_CANCELED',
    balanceAmount: 600,
    cancels: [cancelEntry({ transactionKey: 'tx-400', cancelAmount: 400 })],
  },
  'CANCELED 1000': {
    status: 'CANCELED',
    balanceAmount: 0,
    cancels: [cancelEntry({ transactionKey: 'tx-1000', cancelAmount: 1000 })],
  },
  'CANCELED unpaid': { status: 'CANCELED', balanceAmount: 0, approvedAt: undefined },
  ABORTED: { status: 'ABORTED', approvedAt: undefined },
  EXPIRED: { status: 'EXPIRED', approvedAt: undefined },
  NEW_STATUS: { status: 'SOMETHING_NEW', approvedAt: undefined },
} satisfies Record<string, Partial<TossPayment>>
type TossState = keyof typeof tossStates

/** `-` unchanged · `!` needs attention, status unchanged · otherwise the status after. */
const table: Record<PaymentStatus, Record<TossState, PaymentStatus | '-' | '!'>> = {
  PENDING: {
    READY: '-',
    IN_PROGRESS: '-',
    WAITING_FOR_DEPOSIT: 'WAITING_FOR_DEPOSIT',
    DONE: 'PAID',
    'PARTIAL_CANCELED 400': 'PARTIAL_REFUND',
    'CANCELED 1000': 'REFUNDED',
    'CANCELED unpaid': '-',
    ABORTED: '-',
    EXPIRED: '-',
    NEW_STATUS: '-',
  },
  CONFIRMING: {
    READY: '-',
    IN_PROGRESS: '-',
    WAITING_FOR_DEPOSIT: 'WAITING_FOR_DEPOSIT',
    DONE: 'PAID',
    'PARTIAL_CANCELED 400': 'PARTIAL_REFUND',
    'CANCELED 1000': 'REFUNDED',
    'CANCELED unpaid': 'CANCELED',
    ABORTED: 'FAILED',
    EXPIRED: 'FAILED',
    NEW_STATUS: '-',
  },
  WAITING_FOR_DEPOSIT: {
    READY: '-',
    IN_PROGRESS: '-',
    WAITING_FOR_DEPOSIT: 'WAITING_FOR_DEPOSIT',
    DONE: 'PAID',
    'PARTIAL_CANCELED 400': 'PARTIAL_REFUND',
    'CANCELED 1000': 'REFUNDED',
    'CANCELED unpaid': 'CANCELED',
    ABORTED: 'FAILED',
    EXPIRED: 'FAILED',
    NEW_STATUS: '-',
  },
  PAID: {
    READY: '-',
    IN_PROGRESS: '-',
    WAITING_FOR_DEPOSIT: 'WAITING_FOR_DEPOSIT',
    DONE: '-',
    'PARTIAL_CANCELED 400': 'PARTIAL_REFUND',
    'CANCELED 1000': 'REFUNDED',
    'CANCELED unpaid': '!',
    ABORTED: '!',
    EXPIRED: '!',
    NEW_STATUS: '-',
  },
  PARTIAL_REFUND: {
    READY: '-',
    IN_PROGRESS: '-',
    WAITING_FOR_DEPOSIT: '-',
    DONE: '-',
    'PARTIAL_CANCELED 400': '-',
    'CANCELED 1000': '-',
    'CANCELED unpaid': '!',
    ABORTED: '!',
    EXPIRED: '!',
    NEW_STATUS: '-',
  },
  REFUNDED: {
    READY: '-',
    IN_PROGRESS: '-',
    WAITING_FOR_DEPOSIT: '-',
    DONE: '-',
    'PARTIAL_CANCELED 400': '-',
    'CANCELED 1000': '-',
    'CANCELED unpaid': '!',
    ABORTED: '!',
    EXPIRED: '!',
    NEW_STATUS: '-',
  },
  CANCELED: {
    READY: '-',
    IN_PROGRESS: '-',
    WAITING_FOR_DEPOSIT: '-',
    DONE: '!',
    'PARTIAL_CANCELED 400': '!',
    'CANCELED 1000': '-',
    'CANCELED unpaid': '-',
    ABORTED: '!',
    EXPIRED: '!',
    NEW_STATUS: '-',
  },
  FAILED: {
    READY: '-',
    IN_PROGRESS: '-',
    WAITING_FOR_DEPOSIT: 'WAITING_FOR_DEPOSIT',
    DONE: 'PAID',
    'PARTIAL_CANCELED 400': 'PARTIAL_REFUND',
    'CANCELED 1000': 'REFUNDED',
    'CANCELED unpaid': '-',
    ABORTED: '-',
    EXPIRED: '-',
    NEW_STATUS: '-',
  },
}

describe('every status × everything that Toss can say of our paymentKey', () => {
  for (const status of paymentStatuses) {
    for (const [state, expected] of Object.entries(table[status]) as [TossState, PaymentStatus | '-' | '!'][]) {
      it(`${status} and Toss says ${state} → ${expected}`, () => {
        const before = samples[status]
        const { payment } = judge(before, found(tossStates[state]))
        if (expected === '-') expect(payment).toBe(before)
        else if (expected === '!')
          expect([payment.status, payment.needsAttention !== undefined]).toEqual([status, true])
        else expect([payment.status, payment === before]).toEqual([expected, false])
      })
    }
    it(`${status} and Toss does not know the key → unchanged`, () => {
      expect(judge(samples[status], { kind: 'not-found' }).payment).toBe(samples[status])
    })
  }
})

describe('a refusal whose answer was lost', () => {
  it.each([
    ['ABORTED', 'REJECT_CARD_PAYMENT', 403],
    ['ABORTED', 'INVALID_STOPPED_CARD', 400],
    ['EXPIRED', undefined, 404],
  ])('is told of %s, %s with the status that Toss gave it, %i', (status, code, httpStatus) => {
    const failure = code === undefined ? {} : { failure: { code, message: 'm' } }
    const { payment } = judge(samples.CONFIRMING, found({ status, approvedAt: undefined, ...failure }))
    expect(payment.attempts[0]?.failure).toMatchObject({ httpStatus, ...(code === undefined ? {} : { code }) })
  })
})

describe('reconcile is total', () => {
  const anyCancel = fc.record({
    transactionKey: fc.constantFrom('tx-400', 'tx-1000', 'tx-a', 'tx-b'),
    cancelAmount: fc.constantFrom(0, 100, 300, 400, 1000),
    cancelReason: fc.constantFrom('x', `x${refundTag('ref-1')}`, refundTag('done-400')),
    cancelStatus: fc.constantFrom('DONE', 'IN_PROGRESS', 'ABORTED', 'NEW'),
    canceledAt: fc.constant(now),
  })
  const anyToss = fc.record({
    paymentKey: fc.constantFrom('pk-1', 'pk-2'),
    orderId: fc.constantFrom('ORD-1', 'ORD-1', 'ORD-1', 'ORD-2'),
    status: fc.constantFrom(...Object.values(tossStates).map(({ status }) => status)),
    totalAmount: fc.constantFrom(1000, 1000, 1000, 999),
    balanceAmount: fc.constantFrom(0, 300, 600, 1000),
    currency: fc.constantFrom('KRW', 'KRW', 'USD'),
    method: fc.constantFrom('카드', '가상계좌', undefined),
    approvedAt: fc.constantFrom(undefined, now),
    cancels: fc.uniqueArray(anyCancel, { selector: ({ transactionKey }) => transactionKey, maxLength: 3 }),
  })
  property.prop(
    [fc.constantFrom(...paymentStatuses), fc.boolean(), fc.array(anyToss, { minLength: 1, maxLength: 4 })],
    { numRuns: 2_000 },
  )(
    'any evidence in any state has an answer that keeps the sums right and never turns paid into failed',
    (status, withOpenRefund, news) => {
      const start = samples[status]
      const hasMoney = start.status === 'PAID' || start.status === 'PARTIAL_REFUND'
      let payment =
        withOpenRefund && hasMoney
          ? requestRefund(start, { refundId: 'ref-1', reason: 'x', amountKrw: 300 }, now)
          : start
      for (const toss of news) {
        const before = payment
        payment = judge(before, { kind: 'found', toss: tossView(toss) }, toss.paymentKey).payment
        const sum = (wanted: string) =>
          payment.refunds.filter((r) => r.status === wanted).reduce((total, r) => total + r.amountKrw, 0)
        expect(payment.refundedKrw).toBe(sum('DONE'))
        expect(payment.reservedKrw).toBe(sum('REQUESTED'))
        expect(payment.refundedKrw + payment.reservedKrw).toBeLessThanOrEqual(payment.amountKrw)
        if (before.status === 'PAID' || before.status === 'PARTIAL_REFUND' || before.status === 'REFUNDED')
          expect(payment.status).not.toBe('FAILED')
        if (before.status === 'REFUNDED' || before.status === 'CANCELED') expect(payment.status).toBe(before.status)
        const again = judge(payment, { kind: 'found', toss: tossView(toss) }, toss.paymentKey)
        expect(again.payment).toEqual(payment)
      }
    },
  )
})

describe('evidence', () => {
  it('of another order fails the attempt and frees its key', () => {
    const { payment, verdict } = judge(samples.CONFIRMING, found({ orderId: 'ORD-2' }))
    expect([verdict, payment.status, payment.attempts[0]?.paymentKey]).toEqual(['foreign', 'FAILED', undefined])
  })

  it.each([{ totalAmount: 999 }, { currency: 'USD' }])(
    'with our order and %o stops POSTs and leaves the decision to a person',
    (toss) => {
      const { payment } = judge(samples.CONFIRMING, found(toss))
      expect([payment.status, payment.needsAttention?.stopsPosts]).toEqual(['CONFIRMING', true])
    },
  )

  it('of another merchant is not believed where our merchant id is configured', () => {
    const { payment } = reconcile(samples.CONFIRMING, 'pk-1', found({ mId: 'other' }), { ...context, mId: 'ours' })
    expect(payment.status).toBe('CONFIRMING')
  })

  it('of money on a second key is voided and touches nothing else', () => {
    const { payment } = judge(samples.PARTIAL_REFUND, found({ paymentKey: 'pk-2' }), 'pk-2')
    expect(payment.attempts[1]).toMatchObject({ paymentKey: 'pk-2', outcome: 'VOID', void: { status: 'REQUESTED' } })
    expect({ ...payment, attempts: [] }).toEqual({ ...samples.PARTIAL_REFUND, attempts: [] })
  })

  it('of a second deposit cannot be voided and needs a person', () => {
    const { payment } = judge(samples.PAID, found({ paymentKey: 'pk-2', method: '가상계좌' }), 'pk-2')
    expect([payment.attempts[1]?.void?.status, payment.needsAttention !== undefined]).toEqual(['BLOCKED', true])
  })

  it('without a cancel that we have recorded is stale', () => {
    expect(judge(samples.PARTIAL_REFUND, found({ status: 'DONE' }))).toEqual({
      payment: samples.PARTIAL_REFUND,
      verdict: 'stale',
    })
  })

  it('whose balance and cancels disagree decides nothing', () => {
    const { payment, verdict } = judge(samples.PAID, found({ status: 'PARTIAL_CANCELED', balanceAmount: 600 }))
    expect([verdict, payment.refundedKrw, payment.needsAttention !== undefined]).toEqual(['stale', 0, true])
  })
})

describe('cancels', () => {
  const requested: Payment = { ...samples.PAID, refunds: [refund()], reservedKrw: 300 }
  const withCancels = (cancels: readonly TossCancel[], left: number) =>
    found({ status: left === 1000 ? 'DONE' : 'PARTIAL_CANCELED', balanceAmount: left, cancels })

  it('are ours by the tag in their reason', () => {
    const { payment } = judge(requested, withCancels([cancelEntry({ cancelReason: `x${refundTag('ref-1')}` })], 700))
    expect(payment.refunds).toMatchObject([
      { id: 'ref-1', status: 'DONE', transactionKey: 'tx-new', statusAfter: 'PARTIAL_REFUND' },
    ])
    expect([payment.refundedKrw, payment.reservedKrw]).toEqual([300, 0])
  })

  it('without a tag were made in the console', () => {
    const { payment } = judge(requested, withCancels([cancelEntry({})], 700))
    expect(payment.refunds.map(({ origin, status }) => [origin, status])).toEqual([
      ['API', 'REQUESTED'],
      ['CONSOLE', 'DONE'],
    ])
  })

  it('in the console that leave too little fail the youngest request in the same write', () => {
    const two = { ...requested, refunds: [refund(), refund({ id: 'ref-2' })], reservedKrw: 600 }
    const { payment } = judge(two, withCancels([cancelEntry({ cancelAmount: 600 })], 400))
    expect(payment.refunds.map(({ id, status }) => [id, status])).toEqual([
      ['ref-1', 'REQUESTED'],
      ['ref-2', 'FAILED'],
      ['console-tx-new', 'DONE'],
    ])
    expect([payment.refundedKrw, payment.reservedKrw]).toEqual([600, 300])
  })

  it('of an overseas wallet stay requested until they are done, and fail when aborted', () => {
    const entry = cancelEntry({ cancelReason: refundTag('ref-1'), cancelStatus: 'IN_PROGRESS' })
    const running = judge(requested, withCancels([entry], 1000)).payment
    expect(running.refunds[0]).toMatchObject({ status: 'REQUESTED', transactionKey: 'tx-new' })
    expect(judge(running, withCancels([{ ...entry, cancelStatus: 'DONE' }], 700)).payment.refundedKrw).toBe(300)
    expect(judge(running, withCancels([{ ...entry, cancelStatus: 'ABORTED' }], 1000)).payment.refunds[0]?.status).toBe(
      'FAILED',
    )
  })

  it('that we had given up are corrected when Toss shows them', () => {
    const failed = { ...samples.PAID, refunds: [refund({ status: 'FAILED' })] }
    const { payment } = judge(failed, withCancels([cancelEntry({ cancelReason: refundTag('ref-1') })], 700))
    expect([payment.refunds[0]?.status, payment.refundedKrw, payment.reservedKrw]).toEqual(['DONE', 300, 0])
  })

  it('that bring the balance to nothing are a full refund, whatever the status word', () => {
    const { payment } = judge(
      samples.PAID,
      found({ status: 'PARTIAL_CANCELED', balanceAmount: 0, cancels: [cancelEntry({ cancelAmount: 1000 })] }),
    )
    expect(payment.status).toBe('REFUNDED')
  })
})

describe('virtual accounts', () => {
  const account = { bankCode: '20', accountNumber: 'X1', customerName: 'Kim', dueAt: minutes(1440) }
  const waiting = (isExpired: boolean) =>
    found({
      status: 'WAITING_FOR_DEPOSIT',
      approvedAt: undefined,
      method: '가상계좌',
      virtualAccount: { ...account, isExpired },
    })

  it('lapse into ORDER_EXPIRED, and a late deposit revives them', () => {
    const lapsed = judge(samples.WAITING_FOR_DEPOSIT, waiting(true)).payment
    expect([lapsed.status, lapsed.failure?.code]).toEqual(['FAILED', 'ORDER_EXPIRED'])
    const late = judge(lapsed, found({ method: '가상계좌', virtualAccount: { ...account, isExpired: true } })).payment
    expect(late.status).toBe('PAID')
  })

  it('that were paid at once are remembered, so that a refund asks for the account to pay back to', () => {
    const { payment } = judge(
      samples.CONFIRMING,
      found({ method: '가상계좌', virtualAccount: { ...account, isExpired: false } }),
    )
    expect([payment.status, payment.virtualAccount]).toEqual(['PAID', account])
  })

  it('that were paid are looked at twice more, because a reversal may be lost', () => {
    const { payment } = judge(
      samples.WAITING_FOR_DEPOSIT,
      found({ method: '가상계좌', virtualAccount: { ...account, isExpired: false } }),
    )
    expect(payment.scheduledLooks.map(({ at }) => at)).toEqual([minutes(5), minutes(60)])
  })

  it('whose deposit is reversed fail the refund that was open', () => {
    const { payment } = judge({ ...samples.PAID, refunds: [refund()], reservedKrw: 300 }, waiting(false))
    expect([payment.status, payment.refunds[0]?.status, payment.reservedKrw]).toEqual([
      'WAITING_FOR_DEPOSIT',
      'FAILED',
      0,
    ])
  })
})
