import { describe, expect, it } from '@jest/globals'
import type { Books, OurOrder, OurPayment, OurWebhookEvent, TossBookPayment, TossBooks } from './book-records.ts'
import { unrest, violations } from './violations.ts'

const at = new Date('2026-01-02T03:04:05Z')
const earlier = new Date(at.getTime() - 1)
const later = new Date(at.getTime() + 60_000)

type TossTransaction = TossBooks['transactions'][number]

const tossPayment = (orderId: string, paymentKey: string, fields: Partial<TossBookPayment> = {}): TossBookPayment => ({
  paymentKey,
  orderId,
  status: 'DONE',
  currency: 'KRW',
  totalAmount: 1_000,
  balanceAmount: 1_000,
  approvedAt: '2026-01-02T12:00:00+09:00',
  cancels: null,
  approvals: 1,
  ...fields,
})

const moved = (
  paymentKey: string,
  kind: 'approve' | 'cancel',
  amount: number,
  transactionKey: string,
  origin: 'api' | 'console' = 'api',
): TossTransaction => ({ transactionKey, paymentKey, orderId: `order-of-${paymentKey}`, kind, amount, origin })

const historyTo = (version: number, status: OurPayment['status']): OurPayment['history'] =>
  Array.from({ length: version }, (_, index) => ({
    version: index + 1,
    at,
    status: index + 1 === version ? status : 'CONFIRMING',
  }))

const ourPayment = (orderId: string, fields: Partial<OurPayment> = {}): OurPayment => {
  const { status = 'PAID', version = 2 } = fields
  return {
    _id: `payment-of-${orderId}`,
    orderId,
    amountKrw: 1_000,
    status,
    version,
    attempts: [],
    refundedKrw: 0,
    reservedKrw: 0,
    refunds: [],
    history: historyTo(version, status),
    outbox: [],
    ...fields,
  }
}

const ourOrder = (orderId: string, fields: Partial<OurOrder> = {}): OurOrder => ({
  _id: orderId,
  amountKrw: 1_000,
  lines: [],
  status: 'PAID',
  paymentVersion: 2,
  outbox: [],
  ...fields,
})

const webhook = (fields: Partial<TossBooks['webhooks'][number]> = {}): TossBooks['webhooks'][number] => ({
  transmissionId: 'transmission-1',
  url: 'http://127.0.0.1/',
  eventType: 'PAYMENT_STATUS_CHANGED',
  orderId: 'ORD-paid',
  paymentKey: 'key-paid',
  status: 'DONE',
  attempts: [{ at: '2026-01-02T12:00:00+09:00', status: 200 }],
  delivered: true,
  state: 'DELIVERED',
  ...fields,
})

const accepted = (paymentKey: string) => ({ id: `attempt-${paymentKey}`, paymentKey, outcome: 'ACCEPTED' as const })

/** One order of each kind, all as it should be. */
const sound: Books = {
  at,
  toss: {
    now: at.toISOString(),
    payments: [
      tossPayment('ORD-paid', 'key-paid'),
      tossPayment('ORD-paid', 'key-void', {
        status: 'CANCELED',
        balanceAmount: 0,
        cancels: [{ transactionKey: 'void-1', cancelAmount: 1_000, cancelReason: 'second approval' }],
      }),
      tossPayment('ORD-partly', 'key-partly', {
        status: 'PARTIAL_CANCELED',
        balanceAmount: 500,
        cancels: [
          { transactionKey: 'cancel-1', cancelAmount: 300, cancelReason: 'a #refund-1' },
          { transactionKey: 'cancel-2', cancelAmount: 200, cancelReason: 'by hand' },
        ],
      }),
      tossPayment('ORD-refunded', 'key-refunded', {
        status: 'PARTIAL_CANCELED',
        balanceAmount: 0,
        cancels: [{ transactionKey: 'cancel-3', cancelAmount: 1_000, cancelReason: 'all #refund-3' }],
      }),
      tossPayment('ORD-waiting', 'key-waiting', { status: 'WAITING_FOR_DEPOSIT', approvedAt: null }),
      tossPayment('ORD-canceled', 'key-canceled', {
        status: 'CANCELED',
        balanceAmount: 0,
        approvedAt: null,
        approvals: 0,
        cancels: [{ transactionKey: 'cancel-4', cancelAmount: 1_000, cancelReason: 'before the deposit #refund-4' }],
      }),
      tossPayment('ORD-failed', 'key-failed', { status: 'ABORTED', approvedAt: null, approvals: 0 }),
    ],
    transactions: [
      moved('key-paid', 'approve', 1_000, 'approve-1'),
      moved('key-void', 'approve', 1_000, 'approve-2'),
      moved('key-void', 'cancel', 1_000, 'void-1'),
      moved('key-partly', 'approve', 1_000, 'approve-3'),
      moved('key-partly', 'cancel', 300, 'cancel-1'),
      moved('key-partly', 'cancel', 200, 'cancel-2', 'console'),
      moved('key-refunded', 'approve', 1_000, 'approve-4'),
      moved('key-refunded', 'cancel', 1_000, 'cancel-3'),
      // A deposit that the bank took back.
      moved('key-waiting', 'approve', 1_000, 'approve-5', 'console'),
      moved('key-waiting', 'cancel', 1_000, 'reversal-1', 'console'),
      moved('key-canceled', 'cancel', 0, 'cancel-4'),
    ],
    calls: [],
    webhooks: [webhook(), webhook({ transmissionId: 'lost', attempts: [], delivered: false, state: 'LOST' })],
  },
  payments: [
    ourPayment('ORD-paid', {
      paymentKey: 'key-paid',
      attempts: [
        accepted('key-paid'),
        { id: 'attempt-key-void', paymentKey: 'key-void', outcome: 'VOID', void: { status: 'DONE' } },
      ],
    }),
    ourPayment('ORD-partly', {
      status: 'PARTIAL_REFUND',
      version: 3,
      paymentKey: 'key-partly',
      attempts: [accepted('key-partly')],
      refundedKrw: 500,
      refunds: [
        { id: 'refund-1', amountKrw: 300, status: 'DONE', origin: 'API', transactionKey: 'cancel-1' },
        { id: 'console-cancel-2', amountKrw: 200, status: 'DONE', origin: 'CONSOLE', transactionKey: 'cancel-2' },
        { id: 'refund-2', amountKrw: 900, status: 'FAILED', origin: 'API' },
      ],
    }),
    ourPayment('ORD-refunded', {
      status: 'REFUNDED',
      // More than the history keeps.
      version: 205,
      history: historyTo(205, 'REFUNDED').slice(-200),
      paymentKey: 'key-refunded',
      attempts: [accepted('key-refunded')],
      refundedKrw: 1_000,
      refunds: [{ id: 'refund-3', amountKrw: 1_000, status: 'DONE', origin: 'API', transactionKey: 'cancel-3' }],
    }),
    ourPayment('ORD-waiting', {
      status: 'WAITING_FOR_DEPOSIT',
      paymentKey: 'key-waiting',
      attempts: [accepted('key-waiting')],
      due: later,
    }),
    ourPayment('ORD-canceled', {
      status: 'CANCELED',
      paymentKey: 'key-canceled',
      attempts: [accepted('key-canceled')],
      refunds: [{ id: 'refund-4', amountKrw: 0, status: 'DONE', origin: 'API' }],
    }),
    ourPayment('ORD-failed', {
      status: 'FAILED',
      attempts: [{ id: 'attempt-key-failed', paymentKey: 'key-failed', outcome: 'FAILED' }],
      lease: { owner: 'of a run that was killed', until: earlier },
    }),
    ourPayment('ORD-pending', { status: 'PENDING', version: 0, due: later }),
  ],
  orders: [
    ourOrder('ORD-paid', {
      lines: [
        { unitPriceKrw: 200, quantity: 2 },
        { unitPriceKrw: 600, quantity: 1 },
      ],
    }),
    ourOrder('ORD-partly', { paymentVersion: 3 }),
    ourOrder('ORD-refunded', { status: 'CANCELED', paymentVersion: 205 }),
    ourOrder('ORD-waiting', { status: 'PENDING' }),
    ourOrder('ORD-canceled', { status: 'CANCELED' }),
    ourOrder('ORD-failed', { status: 'FAILED' }),
    ourOrder('ORD-pending', { status: 'PENDING', paymentVersion: 0 }),
  ],
  webhookEvents: [
    { _id: 'hash-1', transmissionId: 'transmission-1', outcome: 'NOOP' },
    { _id: 'hash-2', lookAt: later },
  ],
}

const inToss = (change: (toss: TossBooks) => Partial<TossBooks>): Books => ({
  ...sound,
  toss: { ...sound.toss, ...change(sound.toss) },
})
const tossKey = (paymentKey: string, fields: Partial<TossBookPayment>): Books =>
  inToss(({ payments }) => ({
    payments: payments.map((payment) => (payment.paymentKey === paymentKey ? { ...payment, ...fields } : payment)),
  }))
const payment = (orderId: string, fields: Partial<OurPayment>): Books => ({
  ...sound,
  payments: sound.payments.map((candidate) =>
    candidate.orderId === orderId ? { ...candidate, ...fields } : candidate,
  ),
})
const order = (orderId: string, fields: Partial<OurOrder>): Books => ({
  ...sound,
  orders: sound.orders.map((candidate) => (candidate._id === orderId ? { ...candidate, ...fields } : candidate)),
})
const refundsOf = (orderId: string) => sound.payments.find((candidate) => candidate.orderId === orderId)?.refunds ?? []
const event = (fields: Partial<OurWebhookEvent>): Books => ({
  ...sound,
  webhookEvents: [...sound.webhookEvents, { _id: 'hash-3', ...fields }],
})
const outbox = [{ id: 'event-1' }]

describe('books that are as they should be', () => {
  it('are at rest and without a violation', () => {
    expect(unrest(sound)).toEqual([])
    expect(violations(sound)).toEqual([])
  })
})

const broken: readonly [name: string, books: Books, violation: RegExp][] = [
  ['a paymentKey approved twice', tossKey('key-paid', { approvals: 2 }), /key-paid was approved 2 times/],
  [
    'a deposit made twice without a reversal',
    tossKey('key-waiting', { approvals: 3 }),
    /key-waiting was approved 3 times/,
  ],
  [
    'two approvals of one order with money left',
    inToss(({ transactions }) => ({
      transactions: transactions.filter(({ transactionKey }) => transactionKey !== 'void-1'),
    })),
    /ORD-paid: 2 approvals still hold money/,
  ],
  [
    'money that no payment knows',
    payment('ORD-paid', { status: 'FAILED' }),
    /ORD-paid: Toss holds money for key-paid, and 0 payments are PAID/,
  ],
  [
    'money that two payments claim',
    {
      ...sound,
      payments: [...sound.payments, ourPayment('ORD-paid', { _id: 'another', paymentKey: 'key-paid' })],
    },
    /ORD-paid: Toss holds money for key-paid, and 2 payments are PAID/,
  ],
  [
    'money of another amount',
    tossKey('key-paid', { totalAmount: 900, balanceAmount: 900 }),
    /ORD-paid: Toss took 900, not 1000/,
  ],
  [
    'a paid payment whose paymentKey Toss does not know',
    payment('ORD-paid', { paymentKey: 'key-unknown' }),
    /ORD-paid: the payment is PAID, and Toss does not know its paymentKey/,
  ],
  [
    'a paid payment that Toss has not approved',
    tossKey('key-paid', { status: 'IN_PROGRESS' }),
    /ORD-paid: the payment is PAID, and Toss says IN_PROGRESS/,
  ],
  [
    'a paid payment that Toss has canceled',
    tossKey('key-paid', { status: 'CANCELED', balanceAmount: 0 }),
    /ORD-paid: the payment is PAID, and Toss says CANCELED/,
  ],
  [
    'a refunded payment with money left at Toss',
    tossKey('key-refunded', { balanceAmount: 1 }),
    /ORD-refunded: the payment is REFUNDED, and Toss says PARTIAL_CANCELED \(1 left\)/,
  ],
  [
    'a deposit that we did not hear of',
    tossKey('key-waiting', { status: 'DONE' }),
    /ORD-waiting: the payment is WAITING_FOR_DEPOSIT, and Toss says DONE/,
  ],
  ['a sum of refunds that is not what Toss gave back', payment('ORD-partly', { refundedKrw: 400 }), /400 KRW refunded/],
  ['a reservation', payment('ORD-partly', { reservedKrw: 100 }), /100 KRW are still reserved/],
  ['more refunded than paid', payment('ORD-paid', { refundedKrw: 1_001 }), /1001 refunded and 0 reserved of 1000/],
  [
    'a refund that is not done',
    payment('ORD-paid', { refunds: [{ id: 'refund-5', amountKrw: 1, status: 'REQUESTED', origin: 'API' }] }),
    /refund refund-5 is REQUESTED/,
  ],
  ['a confirm that is not decided', payment('ORD-failed', { status: 'CONFIRMING' }), /the payment is CONFIRMING/],
  [
    'an open attempt',
    payment('ORD-failed', { attempts: [{ id: 'attempt-1', paymentKey: 'key-failed' }] }),
    /attempt attempt-1 is open/,
  ],
  [
    'a second approval that is not canceled yet',
    payment('ORD-failed', { attempts: [{ id: 'attempt-1', outcome: 'VOID', void: { status: 'REQUESTED' } }] }),
    /attempt attempt-1 is not canceled yet/,
  ],
  [
    'a second approval that was given up with its money at Toss',
    inToss(({ transactions }) => ({
      transactions: transactions.map((transaction) =>
        transaction.transactionKey === 'void-1' ? { ...transaction, amount: 900 } : transaction,
      ),
    })),
    /attempt-key-void is VOID, and Toss still holds 100 KRW/,
  ],
  [
    'a refund without a cancel at Toss',
    tossKey('key-refunded', { cancels: [] }),
    /refund refund-3 is DONE, and Toss has no such cancel/,
  ],
  [
    'a cancel at Toss without a refund',
    payment('ORD-partly', { refunds: refundsOf('ORD-partly').slice(0, 1) }),
    /Toss's cancel cancel-2 is 0 refunds of ours/,
  ],
  [
    'two refunds for one cancel',
    payment('ORD-partly', {
      refunds: [
        ...refundsOf('ORD-partly'),
        { id: 'refund-6', amountKrw: 300, status: 'DONE', origin: 'API', transactionKey: 'cancel-1' },
      ],
    }),
    /Toss's cancel cancel-1 is 2 refunds of ours/,
  ],
  [
    'a refund of another amount',
    payment('ORD-refunded', { refunds: refundsOf('ORD-refunded').map((refund) => ({ ...refund, amountKrw: 999 })) }),
    /refund refund-3 is of 999 KRW, and Toss canceled 1000/,
  ],
  [
    'our own cancel taken for one of the console',
    payment('ORD-refunded', {
      refunds: refundsOf('ORD-refunded').map((refund) => ({ ...refund, origin: 'CONSOLE' as const })),
    }),
    /refund refund-3 has origin CONSOLE, and Toss says api/,
  ],
  [
    'a cancel of the console taken for our own',
    payment('ORD-partly', {
      refunds: refundsOf('ORD-partly').map((refund) => ({ ...refund, origin: 'API' as const })),
    }),
    /refund console-cancel-2 has origin API, and Toss says console/,
  ],
  [
    'a version that was skipped',
    payment('ORD-paid', { version: 3, history: [1, 3].map((version) => ({ version, status: 'PAID', at })) }),
    /ORD-paid: version 3 PAID does not follow from 1,3/,
  ],
  [
    'a version twice',
    payment('ORD-paid', { history: [2, 2].map((version) => ({ version, status: 'PAID', at })) }),
    /ORD-paid: version 2 PAID does not follow from 2,2/,
  ],
  [
    'a status without its version',
    payment('ORD-paid', { history: historyTo(2, 'CONFIRMING') }),
    /ORD-paid: version 2 PAID does not follow/,
  ],
  [
    'an order that says something else',
    order('ORD-failed', { status: 'PAID' }),
    /the order is PAID, its payment FAILED/,
  ],
  [
    'an order at another version',
    order('ORD-partly', { paymentVersion: 2 }),
    /the order is at version 2, its payment at 3/,
  ],
  ['an order of another amount', order('ORD-partly', { amountKrw: 999 }), /the order is of 999, its payment 1000/],
  [
    'an order that is not the sum of its lines',
    order('ORD-paid', { lines: [{ unitPriceKrw: 999, quantity: 1 }] }),
    /the lines make 999, the order 1000/,
  ],
  ['an order without a payment', { ...sound, orders: [...sound.orders, ourOrder('ORD-lonely')] }, /ORD-lonely: 0 paym/],
  [
    'an order with two payments',
    { ...sound, payments: [...sound.payments, ourPayment('ORD-failed', { _id: 'another', status: 'FAILED' })] },
    /ORD-failed: 2 payments/,
  ],
  [
    'a payment without an order',
    { ...sound, orders: sound.orders.filter(({ _id }) => _id !== 'ORD-failed') },
    /is of the order ORD-failed, which does not exist/,
  ],
  ['an event of a payment not sent', payment('ORD-paid', { outbox }), /ORD-paid: the payment has 1 unsent events/],
  ['an event of an order not sent', order('ORD-paid', { outbox }), /ORD-paid: the order has 1 unsent events/],
  [
    'a webhook that was answered and not stored',
    { ...sound, webhookEvents: sound.webhookEvents.slice(1) },
    /the webhook that told DONE was answered 200 and is not stored/,
  ],
  ['a webhook that was forgotten', event({}), /webhook hash-3 has neither an outcome nor a look to come/],
  ['a webhook whose look was missed', event({ lookAt: earlier }), /webhook hash-3 has neither/],
]

describe('a violation is named', () => {
  it.each(broken)('%s', (_name, books, violation) => {
    expect(violations(books)).toContainEqual(expect.stringMatching(violation))
  })
})

const restless: readonly [name: string, books: Books, reason: RegExp][] = [
  ['due work', payment('ORD-pending', { due: earlier }), /ORD-pending: work is due/],
  ['a run of settle', payment('ORD-paid', { lease: { owner: 'a run', until: later } }), /ORD-paid: settle runs/],
  ['an open attempt', payment('ORD-paid', { attempts: [{ id: 'attempt-1' }] }), /attempt attempt-1 is open/],
  ['an event of a payment to be sent', payment('ORD-paid', { outbox }), /payment-of-ORD-paid: the outbox is full/],
  ['an event of an order to be sent', order('ORD-paid', { outbox }), /ORD-paid: the outbox is full/],
  ['an order that lags', order('ORD-partly', { paymentVersion: 2 }), /ORD-partly: the order lags behind/],
  [
    'an order whose payment is not there yet',
    { ...sound, orders: [...sound.orders, ourOrder('ORD-new')] },
    /ORD-new: its payment is not opened yet/,
  ],
  [
    'a webhook to be sent',
    inToss(() => ({ webhooks: [webhook({ attempts: [], delivered: false, state: 'PENDING' })] })),
    /ORD-paid: the webhook that tells DONE is not sent yet/,
  ],
  [
    'a webhook on its way through Kafka',
    inToss(() => ({ webhooks: [webhook({ transmissionId: 'on its way' })] })),
    /ORD-paid: the webhook that told DONE was answered 200 and is not stored/,
  ],
  ['a webhook to be looked at', event({ lookAt: earlier }), /webhook hash-3: a look is due/],
  ['a parked webhook to be looked at', event({ outcome: 'PARKED', lookAt: earlier }), /webhook hash-3: a look is due/],
]

describe('what still goes on is named', () => {
  it.each(restless)('%s', (_name, books, reason) => {
    expect(unrest(books)).toContainEqual(expect.stringMatching(reason))
  })
})
