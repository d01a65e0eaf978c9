import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
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
import { openTossRoad, type TossRoad } from './toss-road.ts'

// Stores that are there and do not work: that hang, that take nothing more, that change their role. What happens when they are
// gone is in outages.e2e.test.ts.

const FROZEN_MS = 6_000

const folder = mkdtempSync(join(tmpdir(), 'checkout-stores-'))
let servers: Servers
let road: TossRoad
let system: TestSystem
let shop: Shop

beforeAll(async () => {
  servers = await startServers({ dataDir: join(folder, 'data'), logDir: join(folder, 'logs'), data: 'fresh', told: {} })
  road = await openTossRoad()
  system = await startSystem({
    namespace: namespace(),
    env: {
      ...servers.env,
      PAYMENT_TOSS_BASE_URL: road.url,
      PAYMENT_TOSS_BREAKER_FAILURES: '1000',
      PAYMENT_LEASE_MS: '2000',
      PAYMENT_LOOK_SPACING_MS: '200',
      PAYMENT_SWEEP_MS: '500',
    },
  })
  road.leadTo(system.urls.simulator)
  shop = openShop(system.urls)
}, 120_000)

afterAll(async () => {
  await stopAudited(system)
  await road.close()
  await servers.stop()
  rmSync(folder, { recursive: true, force: true })
}, 180_000)

/** Nobody was told anything final but success, and whoever was told it has it. */
const expectUnharmed = async (shopping: Shopping): Promise<void> => {
  await shopping.end()
  const statuses = shopping.answers.map(({ status }) => status)
  expect([200, 202, 409, 503, 504]).toEqual(expect.arrayContaining([...new Set(statuses)]))
  await booksEqual(system)
  await expectKept(shop, shopping.purchases)
}

const forMs = async (ms: number) => {
  const startedAt = performance.now()
  await eventually(() => expect(performance.now() - startedAt).toBeGreaterThan(ms), { intervalMs: 100 })
}

describe('MongoDB', () => {
  it('that hangs in the middle of writes leaves their outcome open until it answers, and each is there once', async () => {
    const shopping = goShopping(shop, { people: 8, limit: 80, thinkMs: 0 })
    await boughtAtLeast(shopping, 16)
    await servers.kill('mongod', 'SIGSTOP')
    try {
      await forMs(FROZEN_MS)
    } finally {
      await servers.kill('mongod', 'SIGCONT')
    }
    await boughtAtLeast(shopping, shopping.purchases.length + 8)
    await expectUnharmed(shopping)
  }, 180_000)

  it('whose primary steps down refuses writes for a while, and nothing that was acknowledged is lost', async () => {
    const client = new mongo.MongoClient(servers.env.MONGO_URL)
    const shopping = goShopping(shop, { people: 8, limit: 80, thinkMs: 0 })
    try {
      await boughtAtLeast(shopping, 16)
      const bought = shopping.purchases.length
      // The only node of its set: it is voted for again when the seconds are over.
      await client.db('admin').command({ replSetStepDown: 3, force: true })
      const { isWritablePrimary } = await client.db('admin').command({ hello: 1 })
      expect(isWritablePrimary).toBe(false)
      await boughtAtLeast(shopping, bought + 16)
    } finally {
      await client.close()
    }
    await expectUnharmed(shopping)
  }, 180_000)

  it('that dies between the answer of Toss and its record leaves the payment to be settled, charged once', async () => {
    // Everybody has found the primary again.
    const order = await eventually(async () => {
      await shop.paid()
      return shop.withWindow()
    })
    const letThrough = road.holdAnswers()
    const confirming = shop.confirm(order)
    const tooEarly = confirming.then(({ status, body }) => {
      throw new Error(`answered ${status} ${JSON.stringify(body)} before Toss had acted`)
    })
    tooEarly.catch(() => undefined)
    try {
      await Promise.race([tooEarly, eventually(async () => expect((await tossOf(order.orderId)).approvals).toBe(1))])
      await servers.kill('mongod')
    } finally {
      letThrough()
    }
    // It is undecided for the client too: the request ends in one of the answers after which it is repeated.
    expect([202, 503, 504]).toContain((await confirming).status)
    await servers.start('mongod')
    await eventually(async () =>
      expect(await shop.confirm(order)).toMatchObject({ status: 200, body: { status: 'PAID' } }),
    )
    await booksEqual(system)
    expect(await accountOf(shop, order.orderId)).toMatchObject({
      order: 'PAID',
      toss: { approvals: 1, heldKrw: order.amount },
    })
  }, 120_000)

  /** As the simulator tells it: our own side cannot be asked. */
  const tossOf = async (orderId: string) => {
    const { payments } = (await shop.books(orderId)).body
    return { approvals: payments.reduce((sum, payment) => sum + payment.approvals, 0) }
  }
})

describe('Redis', () => {
  const canceledInConsole = async (): Promise<void> => {
    const { orderId, paymentKey } = await shop.paid(10_000)
    await shop.happen(paymentKey, 'cancel', { amount: 4_000 })
    await eventually(async () =>
      expect(await accountOf(shop, orderId)).toMatchObject({ refundsKrw: [4_000], toss: { heldKrw: 6_000 } }),
    )
  }

  it('that takes nothing more costs neither a purchase nor a webhook', async () => {
    const redis = new Redis(servers.env.REDIS_URL)
    try {
      await redis.config('SET', 'maxmemory', '1')
      await expect(redis.set('x', 'y')).rejects.toThrow('OOM')
      const shopping = goShopping(shop, { people: 4, limit: 16, thinkMs: 0 })
      await boughtAtLeast(shopping, 16)
      await shopping.end()
      expect(new Set(shopping.answers.map(({ status }) => status))).toEqual(new Set([200]))
      await canceledInConsole()
      await booksEqual(system)
      await expectKept(shop, shopping.purchases)
    } finally {
      await redis.config('SET', 'maxmemory', '0')
      redis.disconnect()
    }
  }, 120_000)

  it('that hangs costs neither a purchase nor a webhook', async () => {
    await servers.kill('redis', 'SIGSTOP')
    try {
      const shopping = goShopping(shop, { people: 4, limit: 16, thinkMs: 0 })
      await boughtAtLeast(shopping, 16)
      await shopping.end()
      expect(new Set(shopping.answers.map(({ status }) => status))).toEqual(new Set([200]))
      await canceledInConsole()
    } finally {
      await servers.kill('redis', 'SIGCONT')
    }
    await booksEqual(system)
  }, 120_000)
})

describe('after all this', () => {
  it('B5.13 no message has become a dead letter: while a store is away they wait', async () => {
    for (const url of Object.values(system.urls.health)) {
      const text = await (await fetch(`${url}/metrics`)).text()
      expect(text.match(/^kafka_dead_letters_total\{.*\} [1-9].*$/m)).toBeNull()
    }
  })
})
