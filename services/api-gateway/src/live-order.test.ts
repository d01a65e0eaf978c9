import { describe, expect, it } from '@jest/globals'
import { isSettled, type OrderState } from './live-order.ts'

const expiresAt = '2026-01-01T00:40:00.000Z'
const expiry = Date.parse(expiresAt)

const refund = (status: 'REQUESTED' | 'DONE' | 'FAILED') => ({
  refundId: 'r',
  amountKrw: 1,
  reason: '변심',
  status,
  requestedAt: expiresAt,
  refundedAt: null,
})

const order = (status: OrderState['body']['status'], ...refunds: ReturnType<typeof refund>[]): OrderState['body'] => ({
  orderId: 'ORD-1',
  amount: 10,
  currency: 'KRW',
  status,
  createdAt: expiresAt,
  expiresAt,
  lines: [],
  payment: {
    paymentId: 'p',
    provider: 'TOSS',
    method: null,
    amountKrw: 10,
    refundedAmountKrw: 0,
    remainingAmountKrw: 10,
    status: 'PAID',
    approvedAt: null,
    failure: null,
    receiptUrl: null,
    virtualAccount: null,
    refunds,
  },
})

describe('an order is settled', () => {
  it.each([
    ['not while it may be paid or is being paid', order('PENDING'), expiry + 1, false],
    ['once it is paid', order('PAID'), 0, true],
    ['not while a refund is under way', order('PAID', refund('DONE'), refund('REQUESTED')), 0, false],
    ['once its refunds are decided', order('PAID', refund('DONE'), refund('FAILED')), 0, true],
    ['once it is canceled', order('CANCELED'), 0, true],
    ['not after a decline, while another card may pay it', order('FAILED'), expiry - 1, false],
    ['once it failed and has expired', order('FAILED'), expiry, true],
  ])('%s', (_, body, nowMs, expected) => {
    expect(isSettled(body, nowMs)).toBe(expected)
  })
})
