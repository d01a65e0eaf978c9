import { randomBytes, randomUUID } from 'node:crypto'
import { parseEvent } from '@checkout/contracts/events'
import { orderIdFrom } from '@checkout/contracts/order-id'
import { eventually } from '@checkout/stack/testing/eventually'
import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startFakeCatalog } from './fake-catalog.ts'
import { context, openBus, openDatabase, startOrderService, testConfig } from './order-service.ts'

const token = randomUUID()
const NAMESPACE = namespace()

let config: ReturnType<typeof testConfig>
let catalog: Awaited<ReturnType<typeof startFakeCatalog>>
let database: Awaited<ReturnType<typeof openDatabase>>
let order: Awaited<ReturnType<typeof startOrderService>>
let bus: ReturnType<typeof openBus>

beforeAll(async () => {
  catalog = await startFakeCatalog(token)
  config = testConfig({ NAMESPACE, SERVICE_TOKEN: token, CATALOG_ADDR: catalog.address, ORDER_TTL_MINUTES: '40' })
  database = await openDatabase(config)
  await database.store.enrollCustomers(['1', '2'])
  order = await startOrderService(config)
  bus = openBus(config, ['order.created'])
  await bus.ping()
})

afterAll(async () => {
  await Promise.all([bus.close(), order.close()])
  await catalog.close()
  await database.drop()
})

const key = () => ({ key: `guest:${randomUUID()}`, fingerprint: 'a' })
const create = (request: Parameters<typeof order.client.CreateOrder>[0]) => order.client.CreateOrder(request, context())
const get = (orderId: string, viewer?: { userId?: string }) =>
  order.client.GetOrder(viewer === undefined ? { orderId } : { orderId, viewer }, context())
const eventsOf = (orderId: string) =>
  bus.on('order.created', orderId).map(({ value }) => parseEvent('order.created', String(value)))

describe('an id that the caller has chosen', () => {
  const orderId = orderIdFrom(randomBytes(16).fill(1, 0, 1))

  it('is the id of the order, once', async () => {
    expect(await create({ orderId, amountKrw: '1000', items: [] })).toMatchObject({ orderId, amountKrw: '1000' })
    const again = create({ orderId, amountKrw: '2000', items: [] })
    await expect(again).rejects.toMatchObject({ code: 'INVALID_INPUT_VALUE' })
    expect(await get(orderId)).toMatchObject({ amountKrw: '1000' })
  })

  it('gives way to the order that the same idempotency key has made', async () => {
    const idempotency = key()
    const made = await create({ amountKrw: '1000', items: [], idempotency })
    const other = orderIdFrom(randomBytes(16).fill(1, 0, 1))
    const repeated = await create({ orderId: other, amountKrw: '1000', items: [], idempotency })
    expect(repeated).toEqual({ ...made, isReplayed: true })
    await expect(get(other)).rejects.toMatchObject({ code: 'ORDER_NOT_FOUND' })
  })

  it('is refused when it is none', async () => {
    for (const bad of ['', 'ORD-1', orderId.toLowerCase(), `${orderId}0`, '$where'])
      await expect(create({ orderId: bad, amountKrw: '1000', items: [] })).rejects.toMatchObject({
        code: 'INVALID_INPUT_VALUE',
      })
  })
})

describe('an order of items', () => {
  it("keeps today's prices, is told once and leaves nothing to tell", async () => {
    catalog.prices.set(1, { listPriceKrw: 12_000, isActive: true }).set(2, { listPriceKrw: 500, isActive: true })
    const items = [
      { productId: '1', quantity: 2 },
      { productId: '2', quantity: 3 },
    ]
    const made = await create({ userId: '1', items })
    expect(made).toEqual({ orderId: expect.any(String), amountKrw: '25500', currency: 'KRW', isReplayed: false })
    catalog.prices.set(1, { listPriceKrw: 99_000, isActive: true })

    const stored = await get(made.orderId)
    expect(stored).toMatchObject({
      orderId: made.orderId,
      userId: '1',
      amountKrw: '25500',
      currency: 'KRW',
      status: 'PENDING',
      paymentVersion: '0',
      lines: [
        { productId: '1', name: '상품 1', unitPriceKrw: '12000', quantity: 2 },
        { productId: '2', name: '상품 2', unitPriceKrw: '500', quantity: 3 },
      ],
    })
    expect(Date.parse(stored.expiresAt) - Date.parse(stored.createdAt)).toBe(40 * 60_000)

    const [event] = await eventually(() => {
      const events = eventsOf(made.orderId)
      expect(events).toHaveLength(1)
      return events
    })
    expect(event).toEqual({
      specversion: '1.0',
      id: `${made.orderId}:1`,
      source: '/services/order',
      type: 'order.created.v1',
      subject: made.orderId,
      time: stored.createdAt,
      datacontenttype: 'application/json',
      data: {
        orderId: made.orderId,
        customerId: '1',
        amountKrw: 25_500,
        currency: 'KRW',
        lines: [
          { productId: 1, name: '상품 1', unitPriceKrw: 12_000, quantity: 2 },
          { productId: 2, name: '상품 2', unitPriceKrw: 500, quantity: 3 },
        ],
        createdAt: stored.createdAt,
        expiresAt: stored.expiresAt,
      },
    })
    await eventually(async () =>
      expect(await database.orders.findOne({ _id: made.orderId })).toMatchObject({ outbox: [] }),
    )
  })

  it('is refused as a whole when one product is unknown or not for sale, and named', async () => {
    catalog.prices.set(3, { listPriceKrw: 1_000, isActive: true }).set(4, { listPriceKrw: 1_000, isActive: false })
    const before = await database.orders.countDocuments()
    for (const productId of ['4', '404']) {
      const items = [
        { productId: '3', quantity: 1 },
        { productId, quantity: 1 },
      ]
      await expect(create({ items })).rejects.toMatchObject({
        code: 'PRODUCT_NOT_FOUND',
        details: { detail: expect.stringContaining(` ${productId} `) },
      })
    }
    expect(await database.orders.countDocuments()).toBe(before)
  })

  it('is refused when its total cannot be counted exactly', async () => {
    catalog.prices.set(6, { listPriceKrw: Number.MAX_SAFE_INTEGER, isActive: true })
    await expect(create({ items: [{ productId: '6', quantity: 2 }] })).rejects.toMatchObject({
      code: 'INVALID_INPUT_VALUE',
      details: { errors: [{ field: 'items' }] },
    })
  })
})

describe('an order of an amount', () => {
  it('has no lines and may be a guest’s', async () => {
    const { orderId } = await create({ amountKrw: '5000' })
    expect(orderId).toMatch(/^ORD-[0-9A-Z]{26}$/)
    const stored = await get(orderId)
    expect(stored).toMatchObject({ amountKrw: '5000', lines: [] })
    expect(stored.userId).toBeUndefined()
  })

  it.each([
    { request: { amountKrw: '0' }, code: 'INVALID_INPUT_VALUE', field: 'amount' },
    { request: { amountKrw: '-5' }, code: 'INVALID_INPUT_VALUE', field: 'amount' },
    { request: { amountKrw: '9007199254740992' }, code: 'INVALID_INPUT_VALUE', field: 'amount' },
    { request: {}, code: 'INVALID_INPUT_VALUE', field: 'items' },
    {
      request: { items: [{ productId: '1', quantity: 1_000 }] },
      code: 'INVALID_INPUT_VALUE',
      field: 'items[0].quantity',
    },
  ])('refuses $request', async ({ request, code, field }) => {
    await expect(create(request)).rejects.toMatchObject({ code, details: { errors: [{ field }] } })
  })

  it('refuses a user who is not known', async () => {
    await expect(create({ userId: '999', amountKrw: '5000' })).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
  })
})

describe('one idempotency key', () => {
  it('makes one order of fifty requests at once, and each hears of it', async () => {
    const idempotency = key()
    const made = await Promise.all(Array.from({ length: 50 }, () => create({ amountKrw: '7000', idempotency })))
    expect(new Set(made.map(({ orderId }) => orderId)).size).toBe(1)
    expect(made.filter(({ isReplayed }) => !isReplayed)).toHaveLength(1)
    expect(await database.orders.countDocuments({ 'idempotency.key': idempotency.key })).toBe(1)
  })

  it('belongs to the first request that used it', async () => {
    const idempotency = key()
    const { orderId } = await create({ amountKrw: '7000', idempotency })
    expect(await create({ amountKrw: '7000', idempotency })).toMatchObject({ orderId, isReplayed: true })
    const other = { ...idempotency, fingerprint: 'b' }
    await expect(create({ amountKrw: '8000', idempotency: other })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
  })

  it('belongs to one of two requests that use it at once', async () => {
    const idempotency = key()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        create({ amountKrw: '7000', idempotency: { ...idempotency, fingerprint: i % 2 === 0 ? 'a' : 'b' } }),
      ),
    )
    const answered = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.orderId] : []))
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(answered).toHaveLength(10)
    expect(new Set(answered).size).toBe(1)
    expect(refused).toHaveLength(10)
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
  })

  it('is looked up in its index', async () => {
    const plan = await database.orders.find({ 'idempotency.key': 'guest:x' }).explain('queryPlanner')
    expect(JSON.stringify(plan)).toContain('"indexName":"idempotency.key_1"')
  })

  it('finds its order with prices changed and the catalog away, while amounts are still sold', async () => {
    const away = await startFakeCatalog(token)
    away.prices.set(1, { listPriceKrw: 1_000, isActive: true })
    const second = await startOrderService({ ...config, CATALOG_ADDR: away.address })
    try {
      const request = { items: [{ productId: '1', quantity: 1 }], idempotency: key() }
      const made = await second.client.CreateOrder(request, context())
      await away.close()
      expect(await second.client.CreateOrder(request, context())).toEqual({ ...made, isReplayed: true })
      await expect(second.client.CreateOrder({ ...request, idempotency: key() }, context())).rejects.toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
      })
      expect(await second.client.CreateOrder({ amountKrw: '5000' }, context())).toMatchObject({ amountKrw: '5000' })
    } finally {
      await second.close()
    }
  })
})

describe('an order is shown', () => {
  it('to its owner, to services, and a guest’s to whoever knows its id', async () => {
    const owned = await create({ userId: '1', amountKrw: '5000' })
    const guest = await create({ amountKrw: '5000' })
    expect(await get(owned.orderId)).toEqual(await get(owned.orderId, { userId: '1' }))
    expect(await get(guest.orderId, {})).toEqual(await get(guest.orderId, { userId: '2' }))
    for (const hidden of [
      () => get(owned.orderId, { userId: '2' }),
      () => get(owned.orderId, {}),
      () => get('ORD-UNKNOWN'),
    ])
      await expect(hidden()).rejects.toMatchObject({ code: 'ORDER_NOT_FOUND' })
  })

  it('in its user’s list, newest first, in pages', async () => {
    const made: string[] = []
    for (let i = 0; i < 5; i += 1) made.unshift((await create({ userId: '2', amountKrw: '5000' })).orderId)
    const page = async (request: { limit?: number; beforeOrderId?: string }) => {
      const { orders, hasMore } = await order.client.ListOrders({ userId: '2', ...request }, context())
      return { ids: orders.map(({ orderId }) => orderId), hasMore }
    }
    expect(await page({})).toEqual({ ids: made, hasMore: false })
    expect(await page({ limit: 2 })).toEqual({ ids: made.slice(0, 2), hasMore: true })
    expect(await page({ limit: 3, beforeOrderId: made[1] ?? '' })).toEqual({ ids: made.slice(2), hasMore: false })
    expect(await page({ limit: 2, beforeOrderId: made[1] ?? '' })).toEqual({ ids: made.slice(2, 4), hasMore: true })
    await expect(page({ limit: 101 })).rejects.toMatchObject({ details: { errors: [{ field: 'limit' }] } })
    await expect(order.client.ListOrders({ userId: '999' }, context())).rejects.toMatchObject({
      code: 'USER_NOT_FOUND',
    })
  })
})

it('is ready while MongoDB answers', async () => {
  expect(await order.readiness()).toBe(200)
})
