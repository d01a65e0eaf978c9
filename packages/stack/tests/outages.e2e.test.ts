import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEvent, type Topic } from '@checkout/contracts/events'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { Kafka, logLevel } from 'kafkajs'
import { mongo } from 'mongoose'
import { type Servers, startServers } from '../src/servers/start-servers.ts'
import { stopAudited } from '../src/testing/audit.ts'
import { booksEqual } from '../src/testing/books.ts'
import { eventually } from '../src/testing/eventually.ts'
import { namespace } from '../src/testing/namespace.ts'
import { openShop, type Shop } from '../src/testing/shop.ts'
import { startSystem, type TestSystem } from '../src/testing/system.ts'
import { accountOf } from './account.ts'
import { boughtAtLeast, expectKept, goShopping, type Shopping } from './buyers.ts'

const KAFKA_AWAY_MS = 20_000
const MONGOD_AWAY_MS = 2_000

const folder = mkdtempSync(join(tmpdir(), 'checkout-outages-'))
let servers: Servers
let system: TestSystem
let shop: Shop

beforeAll(async () => {
  // Servers of our own, because they are killed here.
  servers = await startServers({ dataDir: join(folder, 'data'), logDir: join(folder, 'logs'), data: 'fresh', told: {} })
  system = await startSystem({
    namespace: namespace(),
    // Toss is well in these stories; lost answers to some must not close the circuit for others.
    env: { ...servers.env, PAYMENT_TOSS_BREAKER_FAILURES: '1000' },
  })
  shop = openShop(system.urls)
}, 120_000)

afterAll(async () => {
  await stopAudited(system)
  await servers.stop()
  rmSync(folder, { recursive: true, force: true })
}, 180_000)

const account = (orderId: string) => accountOf(shop, orderId)
const statusesOf = ({ answers }: Shopping, ...requests: string[]) =>
  new Set(answers.filter(({ request }) => requests.includes(request)).map(({ status }) => status))

describe('Redis flushed again and again', () => {
  it('loses neither a confirm nor a refund whose answer was lost', async () => {
    const toPay = await Promise.all(Array.from({ length: 8 }, () => shop.withWindow()))
    const toRefund = await Promise.all(Array.from({ length: 8 }, () => shop.paid()))
    for (const { orderId } of [...toPay, ...toRefund]) {
      await shop.fault({ match: { operation: 'webhook', orderId }, times: 100, fault: { kind: 'lose' } })
      // Several runs of settle are needed, so that there are jobs to be lost.
      await shop.fault({ match: { operation: 'get', orderId }, times: 2, fault: { kind: 'drop-before' } })
    }
    for (const { orderId } of toPay)
      await shop.fault({ match: { operation: 'confirm', orderId }, fault: { kind: 'drop-after' } })
    for (const { orderId } of toRefund)
      await shop.fault({ match: { operation: 'cancel', orderId }, fault: { kind: 'drop-after' } })

    const redis = new Redis(servers.env.REDIS_URL)
    const asking = [
      ...toPay.map((order) => shop.confirm(order)),
      ...toRefund.map(({ orderId }) => shop.cancel({ orderId })),
    ]
    try {
      await eventually(async () => {
        await redis.flushall()
        for (const { orderId, amount } of toPay)
          expect(await account(orderId)).toMatchObject({ payment: 'PAID', toss: { approvals: 1, heldKrw: amount } })
        for (const { orderId, amount } of toRefund)
          expect(await account(orderId)).toMatchObject({
            payment: 'REFUNDED',
            refundsKrw: [amount],
            toss: { heldKrw: 0, cancelsKrw: [amount] },
          })
      })
    } finally {
      redis.disconnect()
      await shop.clearFaults()
    }
    for (const { status } of await Promise.all(asking)) expect([200, 202]).toContain(status)
  }, 90_000)

  it('lets no webhook that it forgot have a second effect', async () => {
    const { orderId, paymentKey } = await shop.paid(10_000)
    await shop.happen(paymentKey, 'cancel', { amount: 4_000 })
    const data = { orderId, paymentKey, status: 'PARTIAL_CANCELED' }
    const body = { eventType: 'PAYMENT_STATUS_CHANGED', createdAt: '2026-01-02T14:46:59.65327', data }
    expect(await shop.deliver(body)).toMatchObject({ status: 200 })
    const redis = new Redis(servers.env.REDIS_URL)
    await redis.flushall()
    redis.disconnect()
    expect(await shop.deliver(body)).toMatchObject({ status: 200 })
    await booksEqual(system)
    expect(await account(orderId)).toMatchObject({ refundsKrw: [4_000], toss: { heldKrw: 6_000, cancelsKrw: [4_000] } })
  })
})

describe('Kafka away for 20 seconds while people buy', () => {
  it('is noticed by none of them, and afterwards every order is paid and every version is in the log', async () => {
    await servers.kill('kafka')
    const goneAt = performance.now()
    const shopping = goShopping(shop, { people: 8, limit: 120, thinkMs: 1_000 })
    await eventually(() => expect(performance.now() - goneAt).toBeGreaterThan(KAFKA_AWAY_MS), { intervalMs: 500 })
    await servers.start('kafka')
    await shopping.end()
    expect(shopping.purchases.length).toBeGreaterThan(8)
    expect(statusesOf(shopping, 'create', 'confirm', 'read', 'cancel')).toEqual(new Set([200]))

    await booksEqual(system)
    await expectKept(shop, shopping.purchases)
    await expectLogIsWhole()

    // What the webhook door had to refuse meanwhile, Toss sends again after a minute of its clock.
    await shop.advanceClock(61_000)
    await eventually(async () => {
      const { webhooks } = (await shop.books()).body
      expect(webhooks.filter(({ state }) => state !== 'DELIVERED' && state !== 'LOST')).toEqual([])
    })
    await booksEqual(system)
  }, 150_000)

  /** Every version of every aggregate, each first seen in order: what consumers are promised. */
  const expectLogIsWhole = async () => {
    const created = await readLog('order.created')
    const changed = await readLog('payment.status-changed')
    const client = new mongo.MongoClient(servers.env.MONGO_URL)
    try {
      const { namespace: name } = system
      const payments = await client
        .db(`${name}payment`)
        .collection<{ _id: string; orderId: string; version: number }>('payments')
        .find()
        .toArray()
      expect(new Set(created.map(({ data }) => data.orderId))).toEqual(new Set(payments.map(({ orderId }) => orderId)))
      for (const { _id, version } of payments) {
        const seen = new Set(changed.filter(({ data }) => data.paymentId === _id).map(({ data }) => data.version))
        expect([...seen]).toEqual(Array.from({ length: version }, (_, i) => i + 1))
      }
    } finally {
      await client.close()
    }
  }

  const readLog = async <T extends Topic>(topic: T) => {
    const kafka = new Kafka({ brokers: [servers.env.KAFKA_BROKERS], logLevel: logLevel.NOTHING })
    const name = system.namespace + topic
    const admin = kafka.admin()
    await admin.connect()
    const ends = await admin.fetchTopicOffsets(name)
    await admin.disconnect()
    const left = new Map(
      ends.filter(({ high }) => high !== '0').map(({ partition, high }) => [partition, Number(high)]),
    )
    const events: ReturnType<typeof parseEvent<T>>[] = []
    const consumer = kafka.consumer({ groupId: `${system.namespace}reader-${topic}` })
    await consumer.connect()
    await consumer.subscribe({ topic: name, fromBeginning: true })
    await consumer.run({
      eachMessage: ({ partition, message }) => {
        events.push(parseEvent(topic, String(message.value)))
        if (Number(message.offset) + 1 === left.get(partition)) left.delete(partition)
        return Promise.resolve()
      },
    })
    try {
      await eventually(() => expect([...left.keys()]).toEqual([]))
      return events
    } finally {
      await consumer.disconnect()
    }
  }
})

describe('mongod killed while people buy', () => {
  it('is a 503 to them for a while, and loses nothing that was acknowledged', async () => {
    // Nobody pauses, so that each kill meets writes that were acknowledged a moment before.
    const shopping = goShopping(shop, { people: 8, limit: 150, thinkMs: 0 })
    for (const _ of [1, 2, 3]) {
      await boughtAtLeast(shopping, shopping.purchases.length + 24)
      await servers.kill('mongod')
      const goneAt = performance.now()
      const answersBefore = shopping.answers.length
      await eventually(() => {
        expect(performance.now() - goneAt).toBeGreaterThan(MONGOD_AWAY_MS)
        const refused = shopping.answers.slice(answersBefore).filter(({ status }) => status === 503 || status === 504)
        expect(refused).not.toEqual([])
      })
      await servers.start('mongod')
    }
    await boughtAtLeast(shopping, shopping.purchases.length + 16)
    await shopping.end()

    const statuses = statusesOf(shopping, 'create', 'confirm', 'cancel', 'read')
    expect([200, 202, 409, 503, 504]).toEqual(expect.arrayContaining([...statuses]))
    await booksEqual(system)
    await expectKept(shop, shopping.purchases)
  }, 150_000)
})

describe('after all outages', () => {
  it("Toss's books equal ours", () => booksEqual(system))
})
