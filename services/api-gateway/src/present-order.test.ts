import { describe, expect, it } from '@jest/globals'
import { presentOrder } from './present-order.ts'

const order = {
  orderId: 'ORD-000001',
  amountKrw: '1000',
  currency: 'KRW',
  status: 'PENDING',
  createdAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-01-01T00:40:00.000Z',
  lines: [],
  paymentVersion: '2',
}
const payment = {
  paymentId: 'pay-1',
  orderId: 'ORD-000001',
  amountKrw: '1000',
  refundedKrw: '300',
  reservedKrw: '200',
  status: 'PARTIAL_REFUND',
  version: '2',
  refunds: [],
  hasAttempt: true,
}

describe('presentOrder', () => {
  it('shows the status of the newer of order and payment', () => {
    expect(presentOrder(order, { ...payment, version: '3' }).status).toBe('PAID')
    expect(presentOrder(order, payment).status).toBe('PAID')
    // Versions are numbers: "10" is newer than "9".
    expect(presentOrder({ ...order, paymentVersion: '9' }, { ...payment, version: '10' }).status).toBe('PAID')
    expect(presentOrder({ ...order, status: 'CANCELED', paymentVersion: '3' }, payment).status).toBe('CANCELED')
    expect(presentOrder({ ...order, status: 'FAILED' }, undefined).status).toBe('FAILED')
  })

  it('has no payment until a first attempt, and its status all the same', () => {
    const expired = { ...payment, status: 'FAILED', version: '3', hasAttempt: false }
    expect(presentOrder(order, expired)).toMatchObject({ status: 'FAILED', payment: null })
    expect(presentOrder(order, undefined).payment).toBeNull()
  })

  it('leaves out of what remains what is being refunded', () => {
    expect(presentOrder(order, payment).payment).toEqual({
      paymentId: 'pay-1',
      provider: 'TOSS',
      method: null,
      amountKrw: 1000,
      refundedAmountKrw: 300,
      remainingAmountKrw: 500,
      status: 'PARTIAL_REFUND',
      approvedAt: null,
      failure: null,
      receiptUrl: null,
      virtualAccount: null,
      refunds: [],
    })
  })
})
