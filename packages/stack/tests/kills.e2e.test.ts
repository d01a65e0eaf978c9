import { randomInt, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { stopAudited } from '../src/testing/audit.ts'
import { booksEqual } from '../src/testing/books.ts'
import { eventually } from '../src/testing/eventually.ts'
import { namespace } from '../src/testing/namespace.ts'
import { openShop, type Shop } from '../src/testing/shop.ts'
import { startSystem, type TestSystem } from '../src/testing/system.ts'
import type { ProcessName } from '../src/topology.ts'
import { accountOf } from './account.ts'
import { boughtAtLeast, expectKept, goShopping } from './buyers.ts'

const LEASE_MS = 2_000
const services = ['api-gateway', 'catalog', 'order', 'payment', 'webhook-gateway'] as const

const shared = {
  namespace: namespace(),
  env: {
    SERVICE_TOKEN: randomUUID(),
    // What a dead or frozen process leaves behind is taken over after these.
    PAYMENT_LEASE_MS: String(LEASE_MS),
    LOOK_SPACING_MS: '200',
    SWEEP_MS: '500',
    WEBHOOK_GATEWAY_LEASE_MS: '1000',
    PAYMENT_TOSS_BREAKER_FAILURES: '1000',
  },
}
let system: TestSystem
let shop: Shop

beforeAll(async () => {
  system = await startSystem(shared)
  shop = openShop(system.urls)
}, 120_000)
afterAll(() => stopAudited(system), 180_000)

const grpcPortOf = (name: ProcessName): string =>
  /"grpcPort":(\d+)/.exec(readFileSync(system.logs(name), 'utf8'))?.[1] ?? ''

/** In an order that nobody chose. */
const shuffled = <T>(items: readonly T[]): T[] => {
  const left = [...items]
  return Array.from(items, () => left.splice(randomInt(left.length), 1)).flat()
}

describe('kill -9 while people buy', () => {
  it.each(services)(
    'of %s, twice, is repeated away by its clients and loses nothing that was acknowledged',
    async (name) => {
      const shopping = goShopping(shop, { people: 4, limit: 40, thinkMs: 0 })
      for (const _ of [1, 2]) {
        await boughtAtLeast(shopping, Math.min(32, shopping.purchases.length + 6))
        await system.kill(name)
        await system.start(name)
      }
      await shopping.end()
      await booksEqual(system)
      await expectKept(shop, shopping.purchases)
    },
    180_000,
  )

  it('of everything at once, started again in any order, loses nothing that was acknowledged', async () => {
    const shopping = goShopping(shop, { people: 4, limit: 40, thinkMs: 0 })
    await boughtAtLeast(shopping, 8)
    await Promise.all(services.map((name) => system.kill(name)))
    const order = shuffled(services)
    console.log(`started again in this order: ${order.join(', ')}`)
    // Nobody waits for anybody: whoever needs a service that is not there yet goes on without, or waits for it by itself.
    for (const name of order) await system.start(name)
    await shopping.end()
    await booksEqual(system)
    await expectKept(shop, shopping.purchases)
  }, 180_000)
})

describe('two payment services', () => {
  let second: TestSystem

  beforeAll(async () => {
    second = await startSystem({
      namespace: shared.namespace,
      env: {
        ...shared.env,
        ORDER_ADDR: `127.0.0.1:${grpcPortOf('order')}`,
        CATALOG_ADDR: `127.0.0.1:${grpcPortOf('catalog')}`,
        PAYMENT_TOSS_BASE_URL: system.urls.simulator,
      },
      services: ['payment'],
    })
  }, 120_000)
  afterAll(() => second.kill('payment', 'SIGTERM'), 60_000)

  it('share consumers, sweeps, queue and outbox, and each purchase is there once', async () => {
    const shopping = goShopping(shop, { people: 8, limit: 60, thinkMs: 0 })
    await boughtAtLeast(shopping, 40)
    await shopping.end()
    await booksEqual(system)
    await expectKept(shop, shopping.purchases)
  }, 180_000)

  it('finish what one of them began before it was frozen, and when it thaws it changes nothing any more', async () => {
    const order = await shop.withWindow()
    const match = { operation: 'confirm', paymentKey: order.paymentKey } as const
    // Toss takes the money and answers when the other one has long taken over.
    await shop.fault({ match, fault: { kind: 'hang-after', ms: 3 * LEASE_MS } })
    const confirming = shop.confirm(order)
    await eventually(async () => expect((await shop.faults()).body).toEqual([]))
    await system.kill('payment', 'SIGSTOP')
    try {
      await eventually(
        async () => {
          const { calls } = (await shop.books(order.orderId)).body
          expect(calls.filter(({ operation }) => operation === 'get')).not.toEqual([])
        },
        { timeoutMs: 60_000 },
      )
    } finally {
      await system.kill('payment', 'SIGCONT')
    }
    // The gateway waits for the frozen one; its own deadline may be over by then.
    expect([200, 202, 504]).toContain((await confirming).status)
    await booksEqual(system)
    expect(await accountOf(shop, order.orderId)).toMatchObject({
      order: 'PAID',
      payment: 'PAID',
      toss: { approvals: 1, heldKrw: order.amount },
    })
    // A call that hangs is on record once it has ended.
    await eventually(async () => {
      const { calls } = (await shop.books(order.orderId)).body
      const keys = calls.filter(({ operation }) => operation === 'confirm').map(({ idempotencyKey }) => idempotencyKey)
      expect(new Set(keys).size).toBe(1)
    })
  }, 150_000)
})

describe('a payment service that dies again and again over one payment', () => {
  beforeAll(() => shop.fault({ match: { operation: 'webhook' }, times: 1_000_000, fault: { kind: 'lose' } }))

  it('does not lose it, although its queue gives a job up whose worker died twice', async () => {
    const order = await shop.withWindow()
    const match = { operation: 'get', paymentKey: order.paymentKey } as const
    await shop.fault({ match: { operation: 'confirm', paymentKey: order.paymentKey }, fault: { kind: 'drop-after' } })
    // Each look hangs, so that each kill meets the job in the middle of its work.
    await shop.fault({ match, times: 4, fault: { kind: 'hang-before', ms: 30_000 } })
    void shop.confirm(order).catch(() => undefined)
    for (const looks of [1, 2, 3, 4]) {
      await eventually(
        async () => {
          const left = (await shop.faults()).body.find((fault) => fault.match?.operation === 'get')
          expect(4 - (left?.times ?? 0)).toBeGreaterThanOrEqual(looks)
        },
        { timeoutMs: 60_000 },
      )
      await system.kill('payment')
      await system.start('payment')
    }
    await eventually(
      async () =>
        expect(await accountOf(shop, order.orderId)).toMatchObject({
          payment: 'PAID',
          toss: { approvals: 1, heldKrw: order.amount },
        }),
      { timeoutMs: 60_000 },
    )
    await booksEqual(system)
  }, 240_000)
})
