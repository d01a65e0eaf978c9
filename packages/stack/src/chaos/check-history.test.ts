import { describe, expect, it } from '@jest/globals'
import type { Books } from '../testing/book-records.ts'
import { checkHistory } from './check-history.ts'
import type { Operation } from './history.ts'

const at = new Date('2026-01-02T03:04:05Z')

/** One order of 9,000 that was paid, and of which 1,000 went back under the intent `refund-intent`. */
const books: Books = {
  at,
  orders: [
    { _id: 'ORD-1', amountKrw: 9_000, lines: [], status: 'PAID', paymentVersion: 3, outbox: [] },
    { _id: 'ORD-2', amountKrw: 5_000, lines: [], status: 'PENDING', paymentVersion: 0, outbox: [] },
  ],
  payments: [
    {
      _id: 'payment-1',
      orderId: 'ORD-1',
      amountKrw: 9_000,
      status: 'PARTIAL_REFUND',
      version: 3,
      attempts: [{ id: 'a', paymentKey: 'key-1', outcome: 'ACCEPTED' }],
      paymentKey: 'key-1',
      refundedKrw: 1_000,
      reservedKrw: 0,
      refunds: [{ id: 'refund-1', amountKrw: 1_000, status: 'DONE', origin: 'API', transactionKey: 't2' }],
      history: [],
      outbox: [],
    },
  ],
  webhookEvents: [],
  toss: {
    now: '',
    payments: [
      {
        paymentKey: 'key-1',
        orderId: 'ORD-1',
        status: 'PARTIAL_CANCELED',
        currency: 'KRW',
        totalAmount: 9_000,
        balanceAmount: 8_000,
        approvedAt: '',
        cancels: [{ transactionKey: 't2', cancelAmount: 1_000, cancelReason: 'refund-intent why #refund-1' }],
        approvals: 1,
      },
    ],
    transactions: [],
    calls: [],
    webhooks: [],
  },
}

const operation = (given: Partial<Operation> & Pick<Operation, 'kind' | 'intent'>): Operation => ({
  id: 0,
  client: 0,
  invokedAt: 10,
  endedAt: 20,
  outcome: 'ok',
  status: 200,
  ...given,
})
const created = operation({ kind: 'create', intent: 'key', orderId: 'ORD-1', amountKrw: 9_000 })
const confirmed = operation({ kind: 'confirm', intent: 'key-1', orderId: 'ORD-1', paymentId: 'payment-1' })
const canceled = operation({
  kind: 'cancel',
  intent: 'refund-intent',
  orderId: 'ORD-1',
  refundId: 'refund-1',
  amountKrw: 1_000,
})
const refused = { outcome: 'fail', status: 400 } as const

describe('a history that the books bear out', () => {
  it('has no problem', () => {
    const lost = { outcome: 'info', status: 503 } as const
    const { paymentId: _, ...unanswered } = { ...confirmed, ...lost }
    const history = [created, confirmed, unanswered, canceled, { ...canceled, ...lost }]
    expect(checkHistory(history, books)).toEqual([])
  })
})

const broken: readonly (readonly [what: string, invariant: string, history: readonly Operation[]])[] = [
  ['an order that is lost', 'I8', [{ ...created, orderId: 'ORD-3' }]],
  ['an order of another amount', 'I8', [{ ...created, amountKrw: 8_000 }]],
  ['a key that made two orders', 'I8', [created, { ...created, orderId: 'ORD-2', amountKrw: 5_000 }]],
  ['a payment that is lost', 'I8', [{ ...confirmed, paymentId: 'payment-2' }]],
  ['a confirm without an approval', 'I1', [{ ...confirmed, intent: 'key-2' }]],
  ['a refused confirm that Toss approved', 'I9', [{ ...confirmed, ...refused }]],
  ['a refund that is lost', 'I8', [{ ...canceled, refundId: 'refund-2' }]],
  ['a refund of another amount', 'I8', [{ ...canceled, amountKrw: 2_000 }]],
  ['a refund that Toss does not know', 'I8', [{ ...canceled, intent: 'other-intent' }]],
  ['a refused refund that Toss made', 'I9', [{ ...canceled, ...refused }]],
  [
    'an acknowledged order that is not found',
    'I8',
    [operation({ kind: 'read', intent: 'r', ...refused, status: 404, code: 'ORDER_NOT_FOUND' })],
  ],
  [
    'a paid order that reads as pending',
    'I8',
    [confirmed, operation({ kind: 'read', intent: 'r', orderId: 'ORD-1', told: 'PENDING', invokedAt: 30 })],
  ],
  ['an order shown to a stranger', 'I21', [operation({ kind: 'foreign read', intent: 'r', orderId: 'ORD-1' })]],
  ['a status that is in no contract', 'I24', [{ ...created, outcome: 'info', status: 500 }]],
  ['a malformed request that was taken', 'I24', [operation({ kind: 'malformed', intent: 'm' })]],
]

describe('the checker of histories finds', () => {
  it.each(broken)('%s', (_what, invariant, history) => {
    expect(checkHistory(history, books).map((problem) => problem.invariant)).toContain(invariant)
  })

  it('a refund that Toss made twice for one intent', () => {
    const [paying] = books.toss.payments
    const twice = { ...paying, cancels: [...(paying?.cancels ?? []), ...(paying?.cancels ?? [])] } as typeof paying
    const toss = { ...books.toss, payments: [twice as NonNullable<typeof paying>] }
    expect(checkHistory([canceled], { ...books, toss })).toEqual([expect.objectContaining({ invariant: 'I5' })])
  })

  it('a payment that a forged webhook made paid', () => {
    const toss = { ...books.toss, payments: [] }
    const forged = operation({ kind: 'forged webhook', intent: 'f', orderId: 'ORD-1' })
    expect(checkHistory([forged], { ...books, toss })).toEqual([expect.objectContaining({ invariant: 'I11' })])
  })
})
