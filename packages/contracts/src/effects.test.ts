import { describe, expect, it } from '@jest/globals'
import { effectOfWebhook, effectOnOrder, effectOnPayment } from './effects.ts'

describe('payment.status-changed at the order service', () => {
  const event = { orderId: 'ORD-1', status: 'PAID', version: 7 } as const

  it.each([
    ['is refused for an order that nobody knows', undefined, { kind: 'refused', why: 'there is no order of this id' }],
    ['is old news', { status: 'CANCELED', paymentVersion: 9 }, { kind: 'none', why: 'version 7 ≤ 9' }],
    ['is a duplicate', { status: 'PAID', paymentVersion: 7 }, { kind: 'none', why: 'version 7 ≤ 7' }],
    [
      'heals its own version',
      { status: 'FAILED', paymentVersion: 7 },
      { kind: 'change', after: { status: 'PAID', paymentVersion: 7 } },
    ],
    [
      'is news',
      { status: 'PENDING', paymentVersion: 2 },
      { kind: 'change', after: { status: 'PAID', paymentVersion: 7 } },
    ],
  ] as const)('%s', (_what, known, effect) => {
    expect(effectOnOrder(known, event)).toEqual(effect)
  })
})

describe('order.created at the payment service', () => {
  const order = { orderId: 'ORD-1', amountKrw: 500, expiresAt: '2026-01-01T00:00:00.000Z' }

  it('opens a payment', () => {
    const after = { ...order, status: 'PENDING', version: 0 }
    expect(effectOnPayment(undefined, order)).toEqual({ kind: 'change', after })
    expect(effectOnPayment(undefined, { ...order, customerId: '3' })).toMatchObject({ after: { customerId: '3' } })
  })

  it('does nothing to one that is open', () => {
    expect(effectOnPayment({ status: 'PAID', version: 2 }, order)).toEqual({
      kind: 'none',
      why: 'its payment is open already (PAID, version 2)',
    })
  })
})

describe('toss.webhook-received at the payment service', () => {
  const ring = { eventType: 'PAYMENT_STATUS_CHANGED', orderId: 'ORD-1' }

  it.each([
    ['rings when it is new', undefined, ring, { kind: 'change', after: { kind: 'rings' } }],
    ['rings again while it is open', {}, ring, { kind: 'change', after: { kind: 'rings' } }],
    ['does nothing once it has ended', { outcome: 'NOOP' }, ring, { kind: 'none', why: 'it has ended as NOOP' }],
    [
      'is ignored when nobody acts on it',
      undefined,
      { ...ring, eventType: 'PAYOUT.CHANGED' },
      {
        kind: 'change',
        after: { kind: 'ends', outcome: 'IGNORED', reason: 'nobody here acts on PAYOUT.CHANGED' },
      },
    ],
    [
      'is ignored when it names nothing',
      undefined,
      { eventType: 'DEPOSIT_CALLBACK' },
      {
        kind: 'change',
        after: { kind: 'ends', outcome: 'IGNORED', reason: 'it names neither an order nor a payment' },
      },
    ],
  ] as const)('%s', (_what, known, event, effect) => {
    expect(effectOfWebhook(known, event)).toEqual(effect)
  })
})
