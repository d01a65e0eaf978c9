import { paymentStatuses } from '@checkout/contracts/order-status'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { minutes, now, refund, samples, tossView } from '../../tests/domain-samples.ts'
import { compareBooks, fits, type TossTransaction } from './compare-books.ts'
import { defaultDurations } from './durations.ts'
import type { Evidence, TossCancel, TossPayment } from './evidence.ts'
import type { Attempt, Payment } from './payment.ts'
import { reconcile } from './reconcile.ts'

const cancel = (cancelAmount: number, transactionKey = `tx-${cancelAmount}`): TossCancel => ({
  transactionKey,
  cancelAmount,
  cancelReason: 'by hand',
  cancelStatus: 'DONE',
  canceledAt: now,
})
const account = { bankCode: '20', accountNumber: 'X1', customerName: 'Kim', dueAt: minutes(60), isExpired: false }
const unapproved = { approvedAt: undefined }
const row = (change: Partial<TossTransaction> = {}): TossTransaction => ({
  transactionKey: 'tx-approved',
  paymentKey: 'pk-1',
  orderId: 'ORD-1',
  status: 'DONE',
  amountKrw: 1000,
  currency: 'KRW',
  at: now,
  ...change,
})
const withAttempt = (payment: Payment, change: Partial<Attempt>): Payment => ({
  ...payment,
  attempts: payment.attempts.map((attempt) => ({ ...attempt, ...change })),
})

/** Toss's view of each of our statuses when nothing was lost. */
const inStep = {
  DONE: tossView(),
  PARTIAL_CANCELED: tossView({ status: 'PARTIAL_CANCELED', balanceAmount: 600, cancels: [cancel(400)] }),
  REFUNDED: tossView({ status: 'CANCELED', balanceAmount: 0, cancels: [cancel(1000)] }),
  WAITING: tossView({ status: 'WAITING_FOR_DEPOSIT', ...unapproved, virtualAccount: account }),
  CANCELED: tossView({ status: 'CANCELED', ...unapproved, balanceAmount: 0, cancels: [cancel(1000, 'tx-void')] }),
  ABORTED: tossView({ status: 'ABORTED', ...unapproved }),
  IN_PROGRESS: tossView({ status: 'IN_PROGRESS', ...unapproved }),
}

const { PENDING, CONFIRMING, PAID, PARTIAL_REFUND, REFUNDED, FAILED, CANCELED, WAITING_FOR_DEPOSIT } = samples
const other = (payment: Payment): Payment => ({ ...payment, attempts: [], paymentKey: 'pk-other' })
const voided = (status: 'REQUESTED' | 'DONE' | 'BLOCKED'): Payment => ({
  ...withAttempt(PAID, { outcome: 'VOID', void: { keyNo: 1, status } }),
  paymentKey: 'pk-other',
})
const otherAmount = (toss: TossPayment): TossPayment => ({
  ...toss,
  totalAmount: 900,
  balanceAmount: toss.balanceAmount && 900,
})

describe('comparing one payment with Toss', () => {
  it.each<[string, Payment | undefined, TossPayment | undefined, string | undefined]>([
    ['paid on both sides', PAID, inStep.DONE, undefined],
    ['partly refunded on both sides', PARTIAL_REFUND, inStep.PARTIAL_CANCELED, undefined],
    ['refunded on both sides', REFUNDED, inStep.REFUNDED, undefined],
    ['waiting for a deposit on both sides', WAITING_FOR_DEPOSIT, inStep.WAITING, undefined],
    ['canceled before it was paid', CANCELED, inStep.CANCELED, undefined],
    ['declined on both sides', FAILED, inStep.ABORTED, undefined],
    ['in flight on both sides', CONFIRMING, inStep.IN_PROGRESS, undefined],
    ['a window that nobody confirmed', PENDING, inStep.IN_PROGRESS, undefined],
    ['an order that neither side took money for', undefined, inStep.ABORTED, undefined],

    ['money for no order of ours', undefined, inStep.DONE, 'missing-here'],
    ['money for no order of ours that went back', undefined, inStep.REFUNDED, undefined],
    ['money under a key that we do not know', PENDING, inStep.DONE, 'missing-here'],
    ['money that came and went under a key that we do not know', PENDING, inStep.REFUNDED, 'missing-here'],
    ['a deposit that the bank took back before anybody had looked', PENDING, inStep.WAITING, undefined],
    ['money that came and went after the account was canceled', other(CANCELED), inStep.REFUNDED, undefined],

    ['paid here, unknown there', PAID, undefined, 'missing-there'],
    ['waiting here, unknown there', WAITING_FOR_DEPOSIT, undefined, 'missing-there'],
    ['failed here, unknown there', FAILED, undefined, undefined],
    ['open here, unknown there', CONFIRMING, undefined, undefined],

    ['another amount at Toss', CONFIRMING, otherAmount(inStep.DONE), 'amount'],
    ['another amount of a key that we do not know', PENDING, otherAmount(inStep.DONE), 'amount'],
    ['another amount that went back whole', CONFIRMING, otherAmount(inStep.REFUNDED), undefined],
    ['another amount that we count as paid', PAID, otherAmount(inStep.REFUNDED), 'amount'],
    ['another currency', CONFIRMING, tossView({ currency: 'USD' }), 'amount'],

    ['paid there, open here', CONFIRMING, inStep.DONE, 'state'],
    ['paid there, failed here', FAILED, inStep.DONE, 'state'],
    ['paid and given back there, failed here', FAILED, inStep.REFUNDED, 'state'],
    ['declined there, open here', CONFIRMING, inStep.ABORTED, 'state'],
    ['deposited there, waiting here', WAITING_FOR_DEPOSIT, inStep.DONE, 'state'],
    ['a deposit that the bank took back', PAID, inStep.WAITING, 'state'],
    ['an account that waits and failed here', FAILED, inStep.WAITING, 'state'],
    [
      'an account that has lapsed and failed here',
      FAILED,
      { ...inStep.WAITING, virtualAccount: { ...account, isExpired: true } },
      undefined,
    ],
    ['canceled there, waiting here', WAITING_FOR_DEPOSIT, inStep.CANCELED, 'state'],
    ['ended there, paid here', PAID, inStep.ABORTED, 'state'],
    ['a status that nobody knows', PAID, tossView({ status: 'NEW' }), 'state'],
    ['a key that is another order’s', CONFIRMING, tossView({ orderId: 'ORD-2' }), 'state'],
    ['a key that is another order’s, known as such', FAILED, tossView({ orderId: 'ORD-2' }), undefined],

    ['a console refund', PAID, inStep.PARTIAL_CANCELED, 'refund'],
    ['a second console refund', PARTIAL_REFUND, inStep.REFUNDED, 'refund'],
    ['a refund that Toss does not have', PARTIAL_REFUND, inStep.DONE, 'refund'],
    [
      'a refund of another amount',
      { ...PARTIAL_REFUND, refunds: [refund({ status: 'DONE', transactionKey: 'tx-400', amountKrw: 300 })] },
      inStep.PARTIAL_CANCELED,
      'refund',
    ],
    [
      'a sum that is not that of the refunds',
      { ...PARTIAL_REFUND, refundedKrw: 300 },
      inStep.PARTIAL_CANCELED,
      'refund',
    ],
    [
      'an overseas cancel under way',
      PAID,
      tossView({ cancels: [{ ...cancel(400), cancelStatus: 'IN_PROGRESS' }] }),
      undefined,
    ],

    ['money beside the order’s own', other(PAID), inStep.DONE, 'duplicate'],
    ['a second approval not yet given back', voided('REQUESTED'), inStep.DONE, 'duplicate'],
    ['a second approval that nobody gives back', voided('BLOCKED'), inStep.DONE, 'duplicate'],
    ['a second approval that came back', voided('DONE'), inStep.REFUNDED, undefined],
    ['a second deposit that was paid back by hand', voided('BLOCKED'), inStep.REFUNDED, 'duplicate'],
    ['a second deposit that the bank took back', voided('BLOCKED'), inStep.WAITING, undefined],
  ])('%s', (_name, payment, toss, expected) => {
    const evidence: Evidence = toss === undefined ? { kind: 'not-found' } : { kind: 'found', toss }
    expect(compareBooks(payment, 'pk-1', evidence, now)?.class).toBe(expected)
  })

  it('a paymentKey that was approved twice is told, unless it is a deposit that was made again', () => {
    const paid = withAttempt(PAID, { transactionKey: 'tx-approved' })
    const evidence: Evidence = { kind: 'found', toss: tossView() }
    expect(compareBooks(paid, 'pk-1', evidence, now, row())).toBeUndefined()
    const second = row({ transactionKey: 'tx-again' })
    expect(compareBooks(paid, 'pk-1', evidence, now, second)?.class).toBe('duplicate')
    const deposited: Evidence = { kind: 'found', toss: tossView({ virtualAccount: account }) }
    expect(compareBooks(paid, 'pk-1', deposited, now, second)).toBeUndefined()
  })

  const views = fc.record({
    status: fc.constantFrom(
      'DONE',
      'PARTIAL_CANCELED',
      'CANCELED',
      'WAITING_FOR_DEPOSIT',
      'ABORTED',
      'EXPIRED',
      'IN_PROGRESS',
    ),
    cancels: fc.subarray([cancel(400), cancel(600)]),
    totalAmount: fc.constantFrom(1000, 1000, 1000, 900),
    isLapsed: fc.boolean(),
  })
  const toView = ({
    status,
    cancels,
    totalAmount,
    isLapsed,
  }: typeof views extends fc.Arbitrary<infer V> ? V : never) => {
    const isApproved = ['DONE', 'PARTIAL_CANCELED', 'CANCELED'].includes(status)
    const taken = isApproved ? (status === 'DONE' ? [] : cancels) : []
    return tossView({
      status,
      totalAmount,
      balanceAmount: totalAmount - taken.reduce((sum, { cancelAmount }) => sum + cancelAmount, 0),
      cancels: taken,
      approvedAt: isApproved ? now : undefined,
      ...(status === 'WAITING_FOR_DEPOSIT' ? { virtualAccount: { ...account, isExpired: isLapsed } } : {}),
    })
  }
  const context = { now, newId: 'att-new', durations: defaultDurations }

  it('whatever settle took in is in step afterwards, so that a heal ends', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paymentStatuses), views, (status, view) => {
        const evidence: Evidence = { kind: 'found', toss: toView(view) }
        const taken = reconcile(samples[status], 'pk-1', evidence, context)
        fc.pre(taken.verdict === 'decided')
        const difference = compareBooks(taken.payment, 'pk-1', evidence, now)
        expect(difference?.isHopeless === false ? difference.detail : undefined).toBeUndefined()
      }),
      { numRuns: 2_000, seed: 20_260_301 },
    )
  })

  it('what is told as no difference gives settle no money to take in', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paymentStatuses), views, (status, view) => {
        const before = samples[status]
        const evidence: Evidence = { kind: 'found', toss: toView(view) }
        fc.pre(compareBooks(before, 'pk-1', evidence, now) === undefined)
        const { payment } = reconcile(before, 'pk-1', evidence, context)
        expect([payment.refundedKrw, payment.approvedAt]).toEqual([before.refundedKrw, before.approvedAt])
      }),
      { numRuns: 2_000, seed: 20_260_302 },
    )
  })
})

describe('a row of the list', () => {
  it.each<[string, TossTransaction, Payment | undefined, boolean]>([
    ['the approval of what is paid', row(), PAID, true],
    ['the approval of what was refunded since', row(), REFUNDED, true],
    [
      'a refund that we know',
      row({ status: 'PARTIAL_CANCELED', transactionKey: 'tx-400', amountKrw: 400 }),
      PARTIAL_REFUND,
      true,
    ],
    ['the cancel of what was never paid', row({ status: 'CANCELED', amountKrw: 0 }), CANCELED, true],
    ['what was given back beside the order’s own', row({ status: 'CANCELED' }), voided('DONE'), true],
    ['an order that we do not know', row(), undefined, false],
    ['a key that we do not know', row({ paymentKey: 'pk-2' }), PAID, false],
    ['another amount', row({ amountKrw: 900 }), PAID, false],
    ['another currency', row({ currency: 'USD' }), PAID, false],
    ['an approval of what failed here', row(), FAILED, false],
    ['an approval of what is open here', row(), CONFIRMING, false],
    ['a deposit while we wait for it', row(), WAITING_FOR_DEPOSIT, false],
    [
      'a refund that we do not know',
      row({ status: 'CANCELED', transactionKey: 'tx-1', amountKrw: 400 }),
      PARTIAL_REFUND,
      false,
    ],
    [
      'a refund of another amount',
      row({ status: 'CANCELED', transactionKey: 'tx-400', amountKrw: 300 }),
      PARTIAL_REFUND,
      false,
    ],
    ['a reversal', row({ status: 'WAITING_FOR_DEPOSIT' }), PAID, false],
    ['a second approval under way', row(), voided('REQUESTED'), false],
    [
      'another approval of the same key',
      row({ transactionKey: 'tx-2' }),
      withAttempt(PAID, { transactionKey: 'tx-1' }),
      false,
    ],
  ])('%s: %#', (_name, transaction, payment, expected) => {
    expect(fits(transaction, payment)).toBe(expected)
  })
})
