import { tossWebhookReceivedSchema } from '@checkout/contracts/events'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { describeWebhook, messageKey } from './webhook.ts'

const delivery = { bodyHash: 'ab'.repeat(32), receivedAt: new Date('2026-01-02T03:04:05.678Z') }
const always = { bodyHash: delivery.bodyHash, receivedAt: '2026-01-02T03:04:05.678Z' }

const payment = {
  mId: 'tosspayments',
  lastTransactionKey: '9FF15E1A29D0E77C218F57262BFA4986',
  paymentKey: 'tgen_20260102abc',
  orderId: 'ORD-01M826Q16BEM3TP5S0YD9Z4B7N',
  status: 'DONE',
  secret: 'ps_secret',
  card: { number: '48902300****406*', amount: 10_000 },
  customerMobilePhone: '01012345678',
}

describe('what is kept of a webhook', () => {
  it('is whom to ask about, and nothing of the buyer', () => {
    const body = { eventType: 'PAYMENT_STATUS_CHANGED', createdAt: '2026-01-02T14:46:59.65327', data: payment }
    expect(
      describeWebhook(body, {
        ...delivery,
        transmissionId: 'whtrans_a01abc',
        retriedCount: '3',
        transmissionTime: '2026-01-02T14:47:00+09:00',
      }),
    ).toEqual({
      ...always,
      transmissionId: 'whtrans_a01abc',
      retriedCount: 3,
      transmissionTime: '2026-01-02T14:47:00+09:00',
      eventType: 'PAYMENT_STATUS_CHANGED',
      orderId: payment.orderId,
      paymentKey: payment.paymentKey,
      status: 'DONE',
      transactionKey: payment.lastTransactionKey,
      createdAt: '2026-01-02T14:46:59.65327',
    })
  })

  it('is the same of the flat DEPOSIT_CALLBACK', () => {
    const body = {
      createdAt: '2022-01-01T00:00:00.000000',
      secret: 'ps_secret',
      status: 'DONE',
      transactionKey: '9FF15E1A29D0E77C218F57262BFA4986',
      orderId: 'ORD-1',
    }
    const { secret: _, ...kept } = body
    expect(describeWebhook(body, delivery)).toEqual({ ...always, eventType: 'DEPOSIT_CALLBACK', ...kept })
  })

  it.each([
    {
      name: 'the newest cancel of a canceled payment, wherever it stands',
      data: {
        ...payment,
        status: 'PARTIAL_CANCELED',
        cancels: [
          { transactionKey: 'SECOND', canceledAt: '2026-01-02T15:00:00+09:00' },
          { transactionKey: 'FIRST', canceledAt: '2026-01-02T14:00:00+09:00' },
        ],
      },
      transactionKey: 'SECOND',
    },
    {
      name: 'the last cancel when none has a readable time',
      data: { status: 'CANCELED', cancels: [{ transactionKey: 'A' }, { transactionKey: 'B', canceledAt: 'soon' }] },
      transactionKey: 'B',
    },
    { name: 'a cancel of its own', data: { transactionKey: 'C', cancelStatus: 'DONE' }, transactionKey: 'C' },
    { name: 'nothing of an expired payment', data: { status: 'EXPIRED', lastTransactionKey: null } },
  ])('names $name', ({ data, transactionKey }) => {
    const described = describeWebhook({ eventType: 'PAYMENT_STATUS_CHANGED', data }, delivery)
    expect(described.transactionKey).toBe(transactionKey)
  })

  it.each([
    { body: {}, eventType: 'UNKNOWN' },
    { body: { eventType: 7 }, eventType: 'UNKNOWN' },
    { body: { eventType: 'payout.changed', entityBody: {} }, eventType: 'payout.changed' },
    { body: { eventType: '<script>' }, eventType: 'UNKNOWN' },
    { body: { eventType: 'DEPOSIT_CALLBACK', data: 7 }, eventType: 'DEPOSIT_CALLBACK' },
    { body: { secret: 's', status: 'DONE' }, eventType: 'UNKNOWN' },
  ])('of $body has the type $eventType', ({ body, eventType }) => {
    expect(describeWebhook(body, delivery)).toEqual({ ...always, eventType })
  })

  it('leaves out what has not its proper shape', () => {
    const data = {
      orderId: 'a/../b',
      paymentKey: 'k'.repeat(201),
      status: { $gt: '' },
      lastTransactionKey: '',
    }
    expect(
      describeWebhook(
        { eventType: 'X', createdAt: 'yesterday', data },
        { ...delivery, retriedCount: '-1', transmissionId: 'a b', transmissionTime: 'now' },
      ),
    ).toEqual({ ...always, eventType: 'X' })
  })

  it.each(['4111111111111111', '01012345678', '73501928846', 'live_sk_canary0123456789', 'ps_canarySecret77'])(
    'leaves out %s, which has the shape of an id, wherever one is due',
    (canary) => {
      const data = { orderId: canary, paymentKey: canary, status: canary, lastTransactionKey: canary }
      const headers = { transmissionId: canary, transmissionTime: canary, retriedCount: canary }
      const described = describeWebhook({ eventType: canary, createdAt: canary, data }, { ...delivery, ...headers })
      expect(described).toEqual({ ...always, eventType: 'UNKNOWN' })
    },
  )

  it('is a proper event whatever the body was', () => {
    const keys = fc.constantFrom(
      'eventType',
      'data',
      'orderId',
      'paymentKey',
      'status',
      'cancels',
      'secret',
      'createdAt',
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        fc.oneof(
          fc.string(),
          fc.integer(),
          fc.boolean(),
          fc.constant(null),
          fc.constantFrom('CANCELED', 'a-b_c', '2026-01-02T03:04:05'),
        ),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(keys, tie('tree'), { maxKeys: 6 }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(keys, tree), fc.option(fc.string(), { nil: undefined }), (body, header) => {
        const headers = { transmissionId: header, retriedCount: header, transmissionTime: header }
        const event = describeWebhook(body, { ...delivery, ...headers })
        expect(tossWebhookReceivedSchema.parse(event)).toEqual(event)
      }),
    )
  })
})

it('stays in order with what is said of the same order, payment or body', () => {
  const event = { ...always, eventType: 'X' }
  expect(messageKey({ ...event, orderId: 'o', paymentKey: 'p' })).toBe('o')
  expect(messageKey({ ...event, paymentKey: 'p' })).toBe('p')
  expect(messageKey(event)).toBe(always.bodyHash)
})
