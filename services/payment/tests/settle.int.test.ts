import { randomUUID } from 'node:crypto'
import { createLogger } from '@checkout/runtime/log'
import { connectMongo, type Mongo } from '@checkout/runtime/mongo'
import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { defaultDurations } from '../src/domain/durations.ts'
import type { Payment } from '../src/domain/payment.ts'
import { requestRefund } from '../src/domain/refund.ts'
import { type SettleDeps, settlePayment } from '../src/settle-payment.ts'
import { createPaymentStore, type PaymentStore } from '../src/store.ts'
import type { Look } from '../src/toss.ts'
import { createWebhookEventStore, type WebhookEventStore } from '../src/webhook-events.ts'
import { samples, tossView } from './domain-samples.ts'

const log = createLogger('settle-test', 'silent')
let db: Mongo
let store: PaymentStore
let webhookEvents: WebhookEventStore

beforeAll(async () => {
  db = await connectMongo({ url: process.env.MONGO_URL ?? '', namespace: namespace(), database: 'payment', log })
  store = createPaymentStore(db.connection, db.clock, () => undefined)
  webhookEvents = createWebhookEventStore(db.connection, db.clock)
  await store.createIndexes()
  await webhookEvents.createIndexes()
})
afterAll(async () => {
  await db.connection.dropDatabase()
  await db.close()
})

const inserted = async (payment: Payment): Promise<Payment> => {
  const id = randomUUID()
  const own = {
    ...payment,
    _id: id,
    orderId: `ORD-${id}`,
    attempts: payment.attempts.map((attempt) => ({ ...attempt, paymentKey: `pk-${id}` })),
    ...(payment.paymentKey === undefined ? {} : { paymentKey: `pk-${id}` }),
  }
  await store.insert(own)
  return own
}

const unexpected = () => Promise.reject(new Error('no POST is due'))
const settle = (
  payment: Payment,
  look: (paymentKey: string) => Look,
  through: PaymentStore = store,
  { cancel = unexpected, lookSpacingMs = 0 }: { cancel?: SettleDeps['toss']['cancel']; lookSpacingMs?: number } = {},
) => {
  return settlePayment(
    {
      store: through,
      webhookEvents,
      toss: { confirm: unexpected, cancel, look: (key) => Promise.resolve(look(key)) },
      clock: db.clock,
      log,
      journal: { note: () => undefined },
      newId: randomUUID,
      hint: () => undefined,
      config: { leaseMs: 15_000, lookSpacingMs, webhookLadderMs: [5_000], durations: defaultDurations },
    },
    payment._id,
  )
}
const notFound = (paymentKey: string): Look => ({ kind: 'answered', paymentKey, evidence: { kind: 'not-found' } })

describe('settle', () => {
  it('keeps a look that was due when what it finds knows less than we do', async () => {
    const at = new Date(db.clock.now().getTime() - 1_000)
    const sample = await inserted(samples.WAITING_FOR_DEPOSIT)
    const look = { paymentKey: sample.paymentKey ?? '', at }
    await db.connection
      .collection<{ _id: string }>('payments')
      .updateOne({ _id: sample._id }, { $set: { scheduledLooks: [look], due: at } })
    await settle(sample, notFound)
    const after = await store.find(sample._id)
    expect([after?.status, after?.scheduledLooks, after?.lease]).toEqual(['WAITING_FOR_DEPOSIT', [look], undefined])
    expect(after?.due?.getTime()).toBeGreaterThanOrEqual(at.getTime())
  })

  it('does not judge a webhook without a key by the key that another one names', async () => {
    const payment = await inserted(samples.WAITING_FOR_DEPOSIT)
    const ids = { forged: randomUUID(), genuine: randomUUID() }
    const event = { eventType: 'x', receivedAt: '', status: 'DONE', paymentId: payment._id }
    await webhookEvents.insert({ ...event, _id: ids.forged, paymentKey: 'pk-forged' })
    await webhookEvents.insert({ ...event, _id: ids.genuine })
    await store.ring(payment._id)
    const { orderId, paymentKey = '' } = payment
    await settle(payment, (key) =>
      key === paymentKey
        ? { kind: 'answered', paymentKey, evidence: { kind: 'found', toss: tossView({ orderId, paymentKey }) } }
        : notFound(key),
    )
    expect((await store.find(payment._id))?.status).toBe('PAID')
    const rows = db.connection.collection<{ _id: string; outcome?: string }>('webhookEvents')
    expect((await rows.findOne({ _id: ids.genuine }))?.outcome).toBe('APPLIED')
    expect((await rows.findOne({ _id: ids.forged }))?.outcome).toBeUndefined()
  })

  it('goes on with ours although a webhook names a key that Toss never answers about', async () => {
    const payment = await inserted(samples.CONFIRMING)
    const id = randomUUID()
    await webhookEvents.insert({
      _id: id,
      eventType: 'x',
      receivedAt: '',
      paymentId: payment._id,
      paymentKey: 'pk-bad',
    })
    await store.ring(payment._id)
    const { orderId } = payment
    await settle(payment, (paymentKey) =>
      paymentKey === 'pk-bad'
        ? { kind: 'none' }
        : { kind: 'answered', paymentKey, evidence: { kind: 'found', toss: tossView({ orderId, paymentKey }) } },
    )
    const after = await store.find(payment._id)
    expect([after?.status, after?.lease]).toEqual(['PAID', undefined])
    expect(after?.due).toEqual(await webhookEvents.nextLookAt(payment._id))
    expect(after?.due?.getTime()).toBeGreaterThan(db.clock.now().getTime())
  })

  it('does not unring a bell when it has to write a decision of time again', async () => {
    const expired = new Date(db.clock.now().getTime() - 1_000)
    const payment = await inserted({ ...samples.PENDING, expiresAt: expired, due: expired })
    let writes = 0
    const rungMeanwhile: PaymentStore = {
      ...store,
      update: async (id, cause, change, options) => {
        writes += 1
        // As after a write that MongoDB refused: the payment is read again, and somebody rang in between.
        if (writes === 1) await store.ring(id)
        const { known: _, ...unread } = options ?? {}
        return store.update(id, cause, change, writes === 1 ? unread : options)
      },
    }
    await settle(payment, notFound, rungMeanwhile)
    expect(await store.find(payment._id)).toMatchObject({ status: 'FAILED', bell: 1 })
  })

  it('sends a refund that is asked for while a look keeps its distance, without waiting for the next run', async () => {
    const payment = await inserted(samples.PAID)
    await db.connection
      .collection<{ _id: string }>('payments')
      .updateOne({ _id: payment._id }, { $set: { askedAt: db.clock.now() } })
    await webhookEvents.insert({ _id: randomUUID(), eventType: 'x', receivedAt: '', paymentId: payment._id })
    await store.ring(payment._id)
    let ends = 0
    const askedMeanwhile: PaymentStore = {
      ...store,
      rest: async (...args) => {
        ends += 1
        if (ends === 1)
          await store.update(payment._id, 'asked', (current, now) =>
            requestRefund(current, { refundId: 'ref-2', reason: 'x', amountKrw: 100 }, now),
          )
        return store.rest(...args)
      },
    }
    const sent: string[] = []
    const cancel: SettleDeps['toss']['cancel'] = ({ key }) => {
      sent.push(key)
      return Promise.resolve({ kind: 'none' })
    }
    await settle(payment, notFound, askedMeanwhile, { cancel, lookSpacingMs: 600_000 })
    expect(sent).toHaveLength(1)
    expect(await store.find(payment._id)).toMatchObject({ reservedKrw: 100, refunds: [{ status: 'REQUESTED' }] })
  })
})

describe('a parked webhook', () => {
  const parked = async () => {
    const id = randomUUID()
    await webhookEvents.insert({ _id: id, eventType: 'x', receivedAt: '', orderId: `ORD-${id}` })
    for (let i = 0; i < 3; i += 1) await webhookEvents.park(id, 'no order of ours', db.clock.now())
    return id
  }
  const row = (id: string) => db.connection.collection<{ _id: string }>('webhookEvents').findOne({ _id: id })

  it('begins its looks anew when its payment appears', async () => {
    const id = await parked()
    expect(await row(id)).toMatchObject({ outcome: 'PARKED', looks: 3 })
    await webhookEvents.assign(id, 'pay-1')
    const open = await row(id)
    expect([open, open !== null && 'outcome' in open]).toMatchObject([{ paymentId: 'pay-1', looks: 0 }, false])
  })

  it('is not parked again by whoever looked for its payment a moment too early', async () => {
    const id = await parked()
    await webhookEvents.assign(id, 'pay-1')
    await webhookEvents.park(id, 'no order of ours', undefined)
    expect((await webhookEvents.findOpen('pay-1')).map(({ _id }) => _id)).toContain(id)
    await webhookEvents.close(id, { outcome: 'NOOP', reason: 'known' })
    await webhookEvents.close(id, { outcome: 'REJECTED', reason: 'a run that lost its lease' })
    expect(await row(id)).toMatchObject({ outcome: 'NOOP' })
  })
})
