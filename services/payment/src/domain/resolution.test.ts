import { AppError } from '@checkout/contracts/errors'
import { type PaymentStatus, paymentStatuses } from '@checkout/contracts/order-status'
import { describe, expect, it } from '@jest/globals'
import { minutes, now, refund, samples, tossView } from '../../tests/domain-samples.ts'
import { defaultDurations as durations } from './durations.ts'
import type { Payment } from './payment.ts'
import { reconcile } from './reconcile.ts'
import { needsTwoOperators, possibleResolutions, type Resolution, resolutionNames, resolve } from './resolution.ts'
import { CONTRADICTED, flag, UNRESOLVED } from './take-in.ts'

const CONTRADICTION = `Toss says ABORTED ${CONTRADICTED}`
const OTHER_AMOUNT = 'Toss has this order with another amount, currency or merchant'
const flagged = (payment: Payment, reason: string, stopsPosts = false) => flag(payment, reason, now, stopsPosts)

const outcomeOf = (payment: Payment, resolution: Resolution): PaymentStatus | 'refused' => {
  try {
    return resolve(payment, resolution, now, durations).status
  } catch (error) {
    if (error instanceof AppError && error.code === 'INVALID_PAYMENT_STATUS') return 'refused'
    throw error
  }
}

type Row = Readonly<Record<Resolution, PaymentStatus | 'refused'>>
const row = (clear: Row['clear'], change: Partial<Row> = {}): Row => ({
  clear,
  'not-paid': 'refused',
  'paid-back': 'refused',
  'refund-failed': 'refused',
  ...change,
})

describe('a decision about a payment that a person was told of', () => {
  // Every status, with the flag that Toss's contradiction leaves.
  const table: Readonly<Record<PaymentStatus, Row>> = {
    PENDING: row('PENDING'),
    CONFIRMING: row('CONFIRMING', { 'not-paid': 'FAILED' }),
    WAITING_FOR_DEPOSIT: row('WAITING_FOR_DEPOSIT'),
    PAID: row('PAID', { 'not-paid': 'FAILED' }),
    PARTIAL_REFUND: row('PARTIAL_REFUND'),
    REFUNDED: row('REFUNDED'),
    CANCELED: row('CANCELED', { 'paid-back': 'CANCELED' }),
    FAILED: row('FAILED'),
  }
  describe.each(paymentStatuses)('%s', (status) => {
    const payment = flagged(samples[status], CONTRADICTION)
    it.each(resolutionNames)('%s', (resolution) => {
      expect(outcomeOf(payment, resolution)).toBe(table[status][resolution])
      expect(possibleResolutions(payment).includes(resolution)).toBe(table[status][resolution] !== 'refused')
    })
    it.each(resolutionNames)('%s is refused while nothing waits for a person', (resolution) => {
      expect(outcomeOf(samples[status], resolution)).toBe('refused')
    })
    it.each(resolutionNames.filter((name) => table[status][name] !== 'refused'))('%s keeps the sums', (resolution) => {
      const after = resolve(payment, resolution, now, durations)
      expect(after.amountKrw).toBe(payment.amountKrw)
      expect(after.refundedKrw).toBe(payment.refundedKrw)
      expect(after.reservedKrw).toBe(
        after.refunds.filter((one) => one.status === 'REQUESTED').reduce((sum, one) => sum + one.amountKrw, 0),
      )
      expect(after.needsAttention).toBeUndefined()
      expect(after.due).toEqual(now)
    })
  })

  it('does not say of a paid payment that it was not, unless Toss contradicts what it approved', () => {
    for (const reason of [UNRESOLVED, OTHER_AMOUNT, 'a second deposit must be paid back by hand'])
      expect(outcomeOf(flagged(samples.PAID, reason), 'not-paid')).toBe('refused')
  })

  it('does not clear what goes away by itself', () => {
    expect(outcomeOf(flagged(samples.CONFIRMING, UNRESOLVED), 'clear')).toBe('refused')
    expect(possibleResolutions(flagged(samples.CONFIRMING, UNRESOLVED))).toEqual(['not-paid'])
  })

  it('frees the amount of a refund that will not happen, and keeps a flag that tells of something else', () => {
    const open = { ...samples.PAID, refunds: [refund()], reservedKrw: 300 }
    const after = resolve(flagged(open, UNRESOLVED), 'refund-failed', now, durations)
    expect(after).toMatchObject({ reservedKrw: 0, refunds: [{ status: 'FAILED' }] })
    expect(after.needsAttention).toBeUndefined()
    const kept = resolve(flagged(open, OTHER_AMOUNT, true), 'refund-failed', now, durations)
    expect(kept.needsAttention).toMatchObject({ reason: OTHER_AMOUNT, stopsPosts: true })
  })

  it('fails the open refunds of a payment that turns out not to be paid', () => {
    const open = { ...samples.PAID, refunds: [refund()], reservedKrw: 300 }
    const after = resolve(flagged(open, CONTRADICTION), 'not-paid', now, durations)
    expect(after).toMatchObject({ status: 'FAILED', reservedKrw: 0, refunds: [{ status: 'FAILED' }] })
    expect(after.paymentKey).toBeUndefined()
  })

  it('offers paid-back for a second deposit', () => {
    const second = { id: 'att-2', keyNo: 1, paymentKey: 'pk-2', startedAt: now, looks: 0, outcome: 'VOID' } as const
    const blocked: Payment = {
      ...samples.PAID,
      attempts: [...samples.PAID.attempts, { ...second, void: { keyNo: 1, status: 'BLOCKED' } }],
    }
    expect(possibleResolutions(flagged(blocked, 'a second deposit must be paid back by hand'))).toEqual([
      'clear',
      'paid-back',
    ])
  })

  it('needs two operators for money, and to let stopped POSTs go out again', () => {
    const calm = flagged(samples.PAID, CONTRADICTION)
    const stopped = flagged(samples.CONFIRMING, OTHER_AMOUNT, true)
    expect(resolutionNames.filter((name) => !needsTwoOperators(calm, name))).toEqual(['clear'])
    expect(resolutionNames.filter((name) => !needsTwoOperators(stopped, name))).toEqual([])
  })
})

describe('evidence after a decision', () => {
  const context = { now: minutes(1), newId: 'att-9', durations }
  const notPaid = resolve(flagged(samples.CONFIRMING, OTHER_AMOUNT, true), 'not-paid', now, durations)

  it('still wins: money found later makes the payment paid', () => {
    const { payment } = reconcile(notPaid, 'pk-1', { kind: 'found', toss: tossView() }, context)
    expect(payment.status).toBe('PAID')
  })

  it('tells a person again while money of another amount is still at Toss, and nobody once it has gone back', () => {
    const held = tossView({ totalAmount: 999, balanceAmount: 999 })
    const { payment } = reconcile(notPaid, 'pk-1', { kind: 'found', toss: held }, context)
    expect(payment.needsAttention).toMatchObject({ stopsPosts: true })
    const cancel = {
      transactionKey: 't',
      cancelAmount: 999,
      cancelReason: 'console',
      cancelStatus: 'DONE',
      canceledAt: now,
    }
    const back = tossView({ totalAmount: 999, balanceAmount: 0, status: 'CANCELED', cancels: [cancel] })
    expect(reconcile(notPaid, 'pk-1', { kind: 'found', toss: back }, context)).toEqual({
      payment: notPaid,
      verdict: 'decided',
    })
  })

  it('tells nobody of a late deposit that was given back', () => {
    const toss = tossView({ status: 'CANCELED', balanceAmount: 0 })
    expect(reconcile(samples.CANCELED, 'pk-1', { kind: 'found', toss }, context).payment.needsAttention).toBeUndefined()
  })
})
