import { krw } from '@checkout/contracts/money'
import { createLogger } from '@checkout/runtime/log'
import { connectMongo, type Mongo } from '@checkout/runtime/mongo'
import { namespace } from '@checkout/stack/testing/namespace'
import { plansOf, scans } from '@checkout/stack/testing/query-plans'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { mongo } from 'mongoose'
import { openOrder } from '../src/domain/order.ts'
import { createOrderStore, type OrderStore } from '../src/store.ts'

const log = createLogger('queries-test', 'silent')
let db: Mongo
let store: OrderStore

const order = (orderId: string) =>
  openOrder({
    orderId,
    userId: '1',
    amountKrw: krw(1_000),
    lines: [],
    createdAt: db.clock.now(),
    ttlMs: 60_000,
    idempotency: { key: `key-${orderId}`, fingerprint: 'f' },
    requestId: 'req-1',
  })

beforeAll(async () => {
  db = await connectMongo({ url: process.env.MONGO_URL ?? '', namespace: namespace(), database: 'order', log })
  store = await createOrderStore(db.connection, db.clock)
  await store.enrollCustomers(['1'])
  for (let number = 0; number < 20; number += 1) await store.insert(order(`ORD-${number}`))
})
afterAll(async () => {
  await db.connection.dropDatabase()
  await db.close()
})

/** Each method with a call of it; null where it asks MongoDB nothing. A new method does not compile until it is here. */
const calls: { [Method in keyof OrderStore]: (() => Promise<unknown>) | null } = {
  outboxes: null,
  insert: null,
  findById: () => store.findById('ORD-1'),
  findByIdempotencyKey: () => store.findByIdempotencyKey('key-ORD-1'),
  listByUser: () => store.listByUser('1', { beforeOrderId: 'ORD-5', limit: 3 }),
  project: () => store.project('ORD-1', { status: 'PAID', paymentVersion: 2 }),
  reproject: () =>
    store.reproject('ORD-1', { status: 'PAID', paymentVersion: 2 }, { status: 'PENDING', paymentVersion: 0 }),
  projectionsOf: () => store.projectionsOf(['ORD-1', 'ORD-2']),
  announcements: () => store.announcements.announce('ORD-1', 3),
  projected: () => store.projected('ORD-1'),
  isCustomer: () => store.isCustomer('1'),
  enrollCustomers: () => store.enrollCustomers(['2']),
}

it('every query of the store is answered from an index and in its order', async () => {
  const database = (): mongo.Db => db.connection.getClient().db(db.connection.name)
  for (const [method, call] of Object.entries(calls)) {
    if (call === null) continue
    const plans = await plansOf(database(), call)
    expect([method, plans.length > 0]).toEqual([method, true])
    expect([method, scans(plans)]).toEqual([method, []])
    await database().collection('system.profile').drop()
  }
}, 60_000)
