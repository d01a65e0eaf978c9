import type { PaymentStatus } from '@checkout/contracts/order-status'
import type { TossPayment } from '../src/domain/evidence.ts'
import type { Attempt, Payment, Refund } from '../src/domain/payment.ts'

/** Payments in every status, as tests of the domain start from. */
export const now = new Date('2026-03-01T00:00:00.000Z')
export const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000)

const attempt = (change: Partial<Attempt> = {}): Attempt => ({
  id: 'att-1',
  keyNo: 1,
  paymentKey: 'pk-1',
  startedAt: now,
  lastPostAt: now,
  looks: 0,
  ...change,
})

export const refund = (change: Partial<Refund> = {}): Refund => ({
  id: 'ref-1',
  keyNo: 1,
  amountKrw: 300,
  reason: 'changed my mind',
  status: 'REQUESTED',
  origin: 'API',
  requestedAt: now,
  ...change,
})

const failure = { code: 'REJECT_CARD_PAYMENT', message: 'no', httpStatus: 403 }

const pending: Payment = {
  _id: 'pay-1',
  orderId: 'ORD-1',
  amountKrw: 1000,
  status: 'PENDING',
  version: 1,
  createdAt: now,
  expiresAt: minutes(40),
  attempts: [],
  refundedKrw: 0,
  reservedKrw: 0,
  refunds: [],
  cancelKeys: [],
  tries: 0,
  bell: 0,
  scheduledLooks: [],
  history: [],
}
const paid: Payment = {
  ...pending,
  status: 'PAID',
  attempts: [attempt({ outcome: 'ACCEPTED' })],
  paymentKey: 'pk-1',
  method: '카드',
  approvedAt: now,
}
const done = (amountKrw: number): Refund =>
  refund({
    id: `done-${amountKrw}`,
    amountKrw,
    status: 'DONE',
    transactionKey: `tx-${amountKrw}`,
    refundedAt: now,
    statusAfter: 'PARTIAL_REFUND',
  })

export const samples: Readonly<Record<PaymentStatus, Payment>> = {
  PENDING: pending,
  CONFIRMING: { ...pending, status: 'CONFIRMING', attempts: [attempt()] },
  WAITING_FOR_DEPOSIT: {
    ...pending,
    status: 'WAITING_FOR_DEPOSIT',
    attempts: [attempt({ outcome: 'ACCEPTED' })],
    paymentKey: 'pk-1',
    method: '가상계좌',
    virtualAccount: { bankCode: '20', accountNumber: 'X1', customerName: 'Kim', dueAt: minutes(60 * 24) },
  },
  PAID: paid,
  PARTIAL_REFUND: { ...paid, status: 'PARTIAL_REFUND', refunds: [done(400)], refundedKrw: 400 },
  REFUNDED: { ...paid, status: 'REFUNDED', refunds: [done(1000)], refundedKrw: 1000 },
  CANCELED: { ...pending, status: 'CANCELED', attempts: [attempt({ outcome: 'ACCEPTED' })], paymentKey: 'pk-1' },
  FAILED: { ...pending, status: 'FAILED', attempts: [attempt({ outcome: 'FAILED', failure })], failure },
}

/** Toss's view of the sample payments' paymentKey. */
export const tossView = (change: Partial<TossPayment> = {}): TossPayment => ({
  paymentKey: 'pk-1',
  orderId: 'ORD-1',
  status: 'DONE',
  totalAmount: 1000,
  balanceAmount: 1000,
  currency: 'KRW',
  method: '카드',
  approvedAt: now,
  cancels: [],
  ...change,
})
