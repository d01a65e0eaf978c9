import { describe, expect, it } from '@jest/globals'
import { checkCase } from './check-case.ts'
import type { AuditedOrder, AuditedPayment, Case, LoggedFact, TossRow } from './records.ts'

const at = new Date('2026-03-01T12:00:00Z')
const minutes = (count: number) => new Date(at.getTime() + count * 60_000)
const orderId = 'ORD-1'

const row = (change: Partial<TossRow> = {}): TossRow => ({
  transactionKey: 'tx-1',
  paymentKey: 'pk-1',
  orderId,
  status: 'DONE',
  amountKrw: 1_000,
  currency: 'KRW',
  at: 0,
  ...change,
})
const cancel = (amountKrw: number, change: Partial<TossRow> = {}) =>
  row({ transactionKey: `tx-${amountKrw}`, status: 'PARTIAL_CANCELED', amountKrw, ...change })
const reversal = (change: Partial<TossRow> = {}) =>
  row({ transactionKey: 'tx-r', status: 'WAITING_FOR_DEPOSIT', ...change })

const payment = (change: Partial<AuditedPayment> = {}): AuditedPayment => {
  const { version = 2 } = change
  return {
    _id: 'pay-1',
    orderId,
    amountKrw: 1_000,
    status: 'PAID',
    version,
    expiresAt: minutes(40),
    attempts: [{ id: 'att-1', paymentKey: 'pk-1', outcome: 'ACCEPTED' }],
    paymentKey: 'pk-1',
    refundedKrw: 0,
    reservedKrw: 0,
    refunds: [],
    history: Array.from({ length: version }, (_, index) => ({ version: index + 1 })),
    outbox: [],
    ...change,
  }
}
const refund = (amountKrw: number, change: object = {}) =>
  ({
    id: `ref-${amountKrw}`,
    amountKrw,
    status: 'DONE',
    origin: 'API',
    transactionKey: `tx-${amountKrw}`,
    ...change,
  }) as const
const order = (change: Partial<AuditedOrder> = {}): AuditedOrder => ({
  _id: orderId,
  amountKrw: 1_000,
  lines: [{ unitPriceKrw: 500, quantity: 2 }],
  status: 'PAID',
  paymentVersion: 2,
  expiresAt: minutes(40),
  outbox: [],
  ...change,
})

/** The log as it must be for this payment. */
const factsOf = ({ status, version, refundedKrw, amountKrw }: AuditedPayment): LoggedFact[] => {
  const base = { partition: 0, orderId, amountKrw, isConsumed: true, hash: '' }
  return [
    { ...base, topic: 'order.created', offset: 0, id: `${orderId}:1`, version: 1 },
    ...Array.from({ length: version }, (_, index): LoggedFact => {
      const isLast = index + 1 === version
      return {
        ...base,
        topic: 'payment.status-changed',
        offset: index,
        id: `pay-1:${index + 1}`,
        version: index + 1,
        status: isLast ? status : 'CONFIRMING',
        refundedKrw: isLast ? refundedKrw : 0,
      }
    }),
  ]
}

const one = (change: Partial<Case> = {}): Case => {
  const payments = change.payments ?? [payment()]
  const [first] = payments
  return {
    orderId,
    order: order(),
    rows: [row()],
    facts: first === undefined ? [] : factsOf(first),
    ...change,
    payments,
  }
}
/** A case around this payment, whose order follows it. */
const of = (
  change: Partial<AuditedPayment>,
  status: AuditedOrder['status'],
  rows: TossRow[],
  rest: Partial<Case> = {},
) => {
  const changed = payment(change)
  return one({ payments: [changed], order: order({ status, paymentVersion: changed.version }), rows, ...rest })
}
const partly = { status: 'PARTIAL_REFUND', refundedKrw: 400, refunds: [refund(400)] } as const
const unpaid = { attempts: [], paymentKey: undefined as never, due: minutes(40) } as const

const found = (given: Case) => [...new Set(checkCase(given, at).map(({ invariant }) => invariant))].toSorted()

describe('an order that is sound', () => {
  it.each<[string, Case]>([
    ['paid', one()],
    ['partly refunded', of(partly, 'PAID', [row(), cancel(400)])],
    [
      'refunded in two parts',
      of({ status: 'REFUNDED', refundedKrw: 1_000, refunds: [refund(400), refund(600)] }, 'CANCELED', [
        row(),
        cancel(400),
        cancel(600),
      ]),
    ],
    ['not begun', of({ status: 'PENDING', version: 0, ...unpaid }, 'PENDING', [])],
    ['expired', of({ status: 'FAILED', version: 1, failure: { code: 'ORDER_EXPIRED' }, ...unpaid }, 'FAILED', [])],
    ['waiting for a deposit', of({ status: 'WAITING_FOR_DEPOSIT' }, 'PENDING', [])],
    [
      'waiting again after the bank took a deposit back',
      of({ status: 'WAITING_FOR_DEPOSIT' }, 'PENDING', [row(), reversal()]),
    ],
    ['deposited again after that', one({ rows: [row(), reversal(), row({ transactionKey: 'tx-2' })] })],
    [
      'canceled before the deposit',
      of({ status: 'CANCELED', refunds: [refund(0, { transactionKey: undefined })] }, 'CANCELED', [
        cancel(0, { status: 'CANCELED' }),
      ]),
    ],
    [
      'paid, with a second approval that was given back',
      one({
        rows: [
          row(),
          row({ paymentKey: 'pk-2', transactionKey: 'v1' }),
          cancel(1_000, { paymentKey: 'pk-2', transactionKey: 'v2' }),
        ],
      }),
    ],
    ['told twice by the log', one({ facts: [...factsOf(payment()), ...factsOf(payment())] })],
    [
      'ahead of what its consumer has committed',
      one({ facts: factsOf(payment()).map((fact) => ({ ...fact, isConsumed: false })) }),
    ],
    [
      'audited by asking Toss',
      of(partly, 'PAID', [row(), cancel(400)], {
        views: [
          {
            paymentKey: 'pk-1',
            orderId,
            status: 'PARTIAL_CANCELED',
            cancels: [{ transactionKey: 'tx-400', tag: 'ref-400' }],
          },
        ],
      }),
    ],
  ])('%s', (_name, given) => {
    expect(checkCase(given, at)).toEqual([])
  })
})

describe('an order that is not sound', () => {
  it.each<[string, string[], Case]>([
    ['I1: one paymentKey approved twice', ['I1'], one({ rows: [row(), row({ transactionKey: 'tx-2' })] })],
    [
      'I1: two approvals that hold money',
      ['I1', 'I2'],
      one({ rows: [row(), row({ paymentKey: 'pk-2', transactionKey: 'tx-2' })] }),
    ],
    ['I2: money for no order', ['I2'], { orderId, payments: [], rows: [row()], facts: [] }],
    ['I2: money for an order that failed', ['I2'], of({ status: 'FAILED', version: 1, ...unpaid }, 'FAILED', [row()])],
    ['I2: another amount', ['I2', 'I3', 'I6'], one({ rows: [row({ amountKrw: 900 })] })],
    ['I2: another currency', ['I2'], one({ rows: [row({ currency: 'USD' })] })],
    ['I3: paid here alone', ['I3'], one({ rows: [] })],
    ['I3: paid by what was given back', ['I3', 'I4', 'I5'], one({ rows: [row(), cancel(1_000)] })],
    [
      'I3: Toss says otherwise when it is asked',
      ['I3'],
      one({ views: [{ paymentKey: 'pk-1', orderId, status: 'ABORTED', cancels: [] }] }),
    ],
    [
      'I4: more refunded and reserved than paid',
      ['I4'],
      of(
        {
          ...partly,
          reservedKrw: 700,
          refunds: [refund(400), refund(700, { status: 'REQUESTED', transactionKey: undefined })],
          due: minutes(1),
        },
        'PAID',
        [row(), cancel(400)],
      ),
    ],
    ['I4: reserved without a request', ['I4'], of({ reservedKrw: 100 }, 'PAID', [row()])],
    [
      'I4: an event that tells of a negative refund',
      ['I4'],
      one({
        facts: factsOf(payment()).map((fact) =>
          fact.version === 1 && fact.status !== undefined ? { ...fact, refundedKrw: -1 } : fact,
        ),
      }),
    ],
    ['I4: another sum than Toss gave back', ['I4'], of({ ...partly, refundedKrw: 300 }, 'PAID', [row(), cancel(400)])],
    ['I5: a refund that Toss does not have', ['I4', 'I5'], of(partly, 'PAID', [row()])],
    ['I5: a cancel that no refund knows', ['I4', 'I5'], one({ rows: [row(), cancel(400)] })],
    [
      'I5: two refunds that are one cancel',
      ['I4', 'I5'],
      of({ ...partly, refundedKrw: 800, refunds: [refund(400), refund(400, { id: 'ref-b' })] }, 'PAID', [
        row(),
        cancel(400),
      ]),
    ],
    [
      'I5: a refund of ours that is called one of the console',
      ['I5'],
      of({ ...partly, refunds: [refund(400, { origin: 'CONSOLE' })] }, 'PAID', [row(), cancel(400)], {
        views: [
          {
            paymentKey: 'pk-1',
            orderId,
            status: 'PARTIAL_CANCELED',
            cancels: [{ transactionKey: 'tx-400', tag: 'ref-400' }],
          },
        ],
      }),
    ],
    ['I6: lines of another sum', ['I6'], one({ order: order({ lines: [{ unitPriceKrw: 500, quantity: 1 }] }) })],
    ['I6: an amount that is no whole number', ['I3', 'I6'], one({ order: order({ amountKrw: 1_000.5, lines: [] }) })],
    [
      'I12: a version that Kafka does not have',
      ['I12'],
      one({ facts: factsOf(payment()).filter(({ id }) => id !== 'pay-1:1') }),
    ],
    ['I12: an order that Kafka does not have', ['I12'], one({ facts: factsOf(payment()).slice(1) })],
    [
      'I12: an event that is not sent yet',
      ['I12'],
      of({ outbox: [{ id: 'pay-1:2', at: minutes(-0.5) }] }, 'PAID', [row()]),
    ],
    ['I13: a gap in the history', ['I13'], of({ history: [{ version: 2 }] }, 'PAID', [row()])],
    ['I13: Kafka has a version behind a later one', ['I13'], one({ facts: [...factsOf(payment())].reverse() })],
    [
      'I13: versions in two partitions',
      ['I13'],
      one({ facts: factsOf(payment()).map((fact) => ({ ...fact, partition: fact.version })) }),
    ],
    [
      'I13: Kafka is ahead of documents that were set back',
      ['I13', 'I14'],
      one({ facts: [...factsOf(payment()), ...factsOf(payment({ version: 3 })).slice(-1)] }),
    ],
    [
      'I14: an event that is in Kafka twice and does not say the same',
      ['I14'],
      one({
        facts: [...factsOf(payment()), ...factsOf(payment({ status: 'FAILED' })).slice(-1)],
      }),
    ],
    ['I14: an order that is not what the log says', ['I14'], one({ order: order({ paymentVersion: 1 }) })],
    [
      'I14: a payment that is not what its event says',
      ['I14'],
      one({ facts: factsOf(payment()).map((fact) => (fact.version === 2 ? { ...fact, status: 'REFUNDED' } : fact)) }),
    ],
    [
      'I18: nobody pays and it does not expire',
      ['I18', 'I19'],
      of({ status: 'PENDING', version: 0, expiresAt: minutes(-11), ...unpaid, due: minutes(-11) }, 'PENDING', []),
    ],
    [
      'I18: it expired while it was being paid',
      ['I18'],
      of(
        {
          status: 'FAILED',
          version: 1,
          failure: { code: 'ORDER_EXPIRED' },
          attempts: [{ id: 'att-1', paymentKey: 'pk-1' }],
          paymentKey: undefined as never,
          due: minutes(1),
        },
        'FAILED',
        [],
      ),
    ],
    ['I19: an event that waits', ['I12', 'I19'], of({ outbox: [{ id: 'pay-1:2', at: minutes(-2) }] }, 'PAID', [row()])],
    ['I19: work that nobody does', ['I19'], of({ due: minutes(-2) }, 'PAID', [row()])],
    [
      'I20: an attempt that nothing goes on with',
      ['I20'],
      of(
        {
          status: 'CONFIRMING',
          version: 1,
          attempts: [{ id: 'att-1', paymentKey: 'pk-1' }],
          paymentKey: undefined as never,
        },
        'PENDING',
        [],
      ),
    ],
    [
      'I20: an order that nothing lets expire',
      ['I20'],
      of({ status: 'PENDING', version: 0, ...unpaid, due: undefined as never }, 'PENDING', []),
    ],
  ])('%s', (_name, expected, given) => {
    expect(found(given)).toEqual(expected)
  })
})
