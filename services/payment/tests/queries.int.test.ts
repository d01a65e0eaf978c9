import { randomUUID } from 'node:crypto'
import { startOutboxRelay, type WithOutbox } from '@checkout/messaging/outbox'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { connectMongo, type Mongo } from '@checkout/runtime/mongo'
import { eventually } from '@checkout/stack/testing/eventually'
import { namespace } from '@checkout/stack/testing/namespace'
import { plansOf, scans } from '@checkout/stack/testing/query-plans'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { mongo } from 'mongoose'
import { createPaymentStore, type PaymentStore } from '../src/store.ts'
import { watchWork } from '../src/watch-work.ts'
import { createWebhookEventStore, type WebhookEventStore } from '../src/webhook-events.ts'
import { samples } from './domain-samples.ts'

const log = createLogger('queries-test', 'silent')
let db: Mongo
let store: PaymentStore
let webhookEvents: WebhookEventStore
let ids: string[] = []

beforeAll(async () => {
  db = await connectMongo({ url: process.env.MONGO_URL ?? '', namespace: namespace(), database: 'payment', log })
  store = createPaymentStore(db.connection, db.clock, () => undefined)
  webhookEvents = createWebhookEventStore(db.connection, db.clock)
  await store.createIndexes()
  await webhookEvents.createIndexes()
  ids = await Promise.all(
    Object.values(samples).map(async (sample) => {
      const _id = randomUUID()
      const attempts = sample.attempts.map((attempt) => ({ ...attempt, paymentKey: `pk-${_id}` }))
      await store.insert({ ...sample, _id, orderId: `ORD-${_id}`, attempts })
      await webhookEvents.insert({ _id: `hash-${_id}`, eventType: 'x', receivedAt: '', orderId: `ORD-${_id}` })
      return _id
    }),
  )
})
afterAll(async () => {
  await db.connection.dropDatabase()
  await db.close()
})

/** Each method with a call of it; null where it asks MongoDB nothing. A new method does not compile until it is here. */
const storeCalls = (id: string): { [Method in keyof PaymentStore]: (() => Promise<unknown>) | null } => ({
  collection: null,
  createIndexes: null,
  changed: null,
  insert: null,
  find: () => store.find(id),
  findByOrder: () => store.findByOrder(`ORD-${id}`),
  findByPaymentKey: () => store.findByPaymentKey(`pk-${id}`),
  statesOf: () => store.statesOf([`ORD-${id}`]),
  announcements: () => store.announcements.announce('', 3),
  update: () => store.update(id, 'touched', (payment) => ({ ...payment, tries: payment.tries + 1 })),
  takeLease: () => store.takeLease(id, { owner: 'me', ms: 15_000 }),
  renewLease: () => store.renewLease(id, { owner: 'me', ms: 15_000 }),
  asked: () => store.asked(id, 'me'),
  rest: () => store.rest(id, 'me', { version: 0, bell: 0 }, { due: db.clock.now(), tries: 0 }),
  release: () => store.release(id, 'me'),
  ring: () => store.ring(id),
  lookNow: () => store.lookNow(id, ['']),
  list: async () => {
    const all = { stuck: false, attention: false }
    await store.list(all, 10)
    await store.list({ ...all, openedBefore: db.clock.now(), after: id }, 10)
    await store.list({ ...all, status: 'PAID', after: id }, 10)
    await store.list({ ...all, stuck: true, status: 'PAID' }, 10)
    await store.list({ ...all, attention: true, stuck: true }, 10)
  },
  isPutOff: () => store.isPutOff(id),
  findDue: () => store.findDue(10),
  pullForward: () => store.pullForward(1_000),
  dueStats: () => store.dueStats(),
  countNeedingAttention: () => store.countNeedingAttention(),
})
const webhookCalls = (id: string): { [Method in keyof WebhookEventStore]: (() => Promise<unknown>) | null } => ({
  createIndexes: null,
  insert: () => webhookEvents.insert({ _id: `hash-${id}`, eventType: 'x', receivedAt: '' }),
  statesOf: () => webhookEvents.statesOf([`hash-${id}`]),
  assign: () => webhookEvents.assign(`hash-${id}`, id),
  postpone: () => webhookEvents.postpone(`hash-${id}`),
  ofPayment: () => webhookEvents.ofPayment(id, 10),
  findOpen: () => webhookEvents.findOpen(id),
  nextLookAt: () => webhookEvents.nextLookAt(id),
  lookAgain: () => webhookEvents.lookAgain(`hash-${id}`, db.clock.now()),
  park: () => webhookEvents.park(`hash-${id}`, 'no order of ours', db.clock.now()),
  close: () => webhookEvents.close(`hash-${id}`, { outcome: 'NOOP', reason: 'known' }),
  findParkedByOrder: () => webhookEvents.findParkedByOrder(`ORD-${id}`),
  findDue: () => webhookEvents.findDue(0, 10),
  findByPrefix: () => webhookEvents.findByPrefix(`hash-${id}`),
  listByOutcome: async () => {
    const after = { storedAt: db.clock.now(), id: 'hash' }
    for (const outcome of ['PARKED', 'REJECTED'] as const) {
      await webhookEvents.listByOutcome(outcome, undefined, 10)
      await webhookEvents.listByOutcome(outcome, after, 10)
    }
  },
  reopen: () => webhookEvents.reopen(`hash-${id}`),
  parkedStats: () => webhookEvents.parkedStats(),
})

it('every query of the stores is answered from an index and in its order', async () => {
  const asked = ids.flatMap((id) => [...Object.entries(storeCalls(id)), ...Object.entries(webhookCalls(id))])
  for (const [method, call] of asked) {
    if (call === null) continue
    const plans = await plansOf(database(), call)
    expect([method, plans.length > 0]).toEqual([method, true])
    expect([method, scans(plans)]).toEqual([method, []])
    await database().collection('system.profile').drop()
  }
}, 120_000)

it('so is what the relay and the gauges ask', async () => {
  const metrics = createMetrics('queries-test')
  watchWork(metrics, store, webhookEvents)
  const sent: string[] = []
  const plans = await plansOf(database(), async () => {
    const relay = startOutboxRelay({
      collection: store.collection as unknown as mongo.Collection<WithOutbox>,
      bus: {
        publish: async (topic) => {
          sent.push(topic)
        },
        consume: () => ({ close: async () => undefined }),
      },
      clock: db.clock,
      log,
      metrics,
    })
    // What the calls above have left in the outboxes is old by now, and the sweep finds it.
    await eventually(() => expect(sent.length).toBeGreaterThan(0), { timeoutMs: 60_000 })
    await metrics.registry.metrics()
    await relay.close()
  })
  expect(plans.length).toBeGreaterThan(5)
  expect(scans(plans)).toEqual([])
}, 120_000)

const database = (): mongo.Db => db.connection.getClient().db(db.connection.name)
