import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { stopAudited } from '../src/testing/audit.ts'
import { booksEqual, readBooks } from '../src/testing/books.ts'
import { eventually } from '../src/testing/eventually.ts'
import { namespace } from '../src/testing/namespace.ts'
import { openShop, type Shop } from '../src/testing/shop.ts'
import type { Reply } from '../src/testing/shop-bodies.ts'
import { startSystem, type TestSystem } from '../src/testing/system.ts'

let system: TestSystem
let shop: Shop

beforeAll(async () => {
  system = await startSystem({ namespace: namespace(), env: { LOOK_SPACING_MS: '200' } })
  shop = openShop(system.urls)
}, 120_000)

afterAll(() => stopAudited(system), 180_000)

const atOnce = <T>(act: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 100 }, (_, index) => act(index)))

/** How many replies there are of each status, problems with their code. */
const tally = (replies: readonly Reply<{ readonly code?: string }>[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { status, body } of replies) {
    const name = body.code === undefined ? `${status}` : `${status} ${body.code}`
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}
const replayed = (replies: readonly Reply<unknown>[]): number =>
  replies.filter(({ headers }) => headers['idempotent-replayed'] === 'true').length
const distinct = (values: readonly unknown[]): number => new Set(values.map((value) => JSON.stringify(value))).size

const callsOf = async (orderId: string, operation: string) =>
  (await shop.books(orderId)).body.calls.filter((call) => call.operation === operation)
const cancelsOf = async (orderId: string) =>
  (await shop.books(orderId)).body.transactions
    .filter(({ kind }) => kind === 'cancel')
    .map(({ amount, origin }) => ({ amount, origin }))
const paymentOf = async (orderId: string) =>
  (await readBooks(system)).payments.find((payment) => payment.orderId === orderId)

describe('creating an order with one Idempotency-Key', () => {
  const ordersOf = async (amountKrw: number) =>
    (await readBooks(system)).orders.filter((order) => order.amountKrw === amountKrw)

  it('twice makes one order', async () => {
    const key = randomUUID()
    const first = await shop.createOrder(11_001, { key })
    const second = await shop.createOrder(11_001, { key })
    expect(first.status).toBe(200)
    expect(first.headers).not.toHaveProperty('idempotent-replayed')
    expect(second).toMatchObject({ status: 200, headers: { 'idempotent-replayed': 'true' }, body: first.body })
    expect(await ordersOf(11_001)).toHaveLength(1)
  })

  it('a hundred times at once makes one order', async () => {
    const key = randomUUID()
    const replies = await atOnce(() => shop.createOrder(11_002, { key }))
    expect(tally(replies)).toEqual({ 200: 100 })
    expect(distinct(replies.map(({ body }) => body))).toBe(1)
    expect(replayed(replies)).toBe(99)
    expect(await ordersOf(11_002)).toHaveLength(1)
  })
})

describe('confirming', () => {
  it('twice with one paymentKey charges once', async () => {
    const order = await shop.withWindow()
    const first = await shop.confirm(order)
    const second = await shop.confirm(order)
    expect(first).toMatchObject({ status: 200, body: { status: 'PAID', amount: order.amount } })
    expect(second).toMatchObject({ status: 200, body: first.body })
    expect(await callsOf(order.orderId, 'confirm')).toHaveLength(1)
  })

  it('a hundred times at once with one paymentKey makes one call to Toss', async () => {
    const order = await shop.withWindow()
    const replies = await atOnce(() => shop.confirm(order))
    expect(tally(replies)).toEqual({ 200: 100 })
    expect(distinct(replies.map(({ body }) => body))).toBe(1)
    expect(replies[0]?.body).toMatchObject({ orderId: order.orderId, amount: order.amount, status: 'PAID' })
    expect(await callsOf(order.orderId, 'confirm')).toHaveLength(1)
  })

  it('twice with two paymentKeys charges the first and refuses the second', async () => {
    const order = await shop.paid()
    const other = await shop.openWindow({ orderId: order.orderId, amount: order.amount })
    const second = await shop.confirm({ ...order, paymentKey: other.body.paymentKey })
    expect(second).toMatchObject({ status: 409, body: { code: 'ALREADY_PROCESSED' } })
    expect(await callsOf(order.orderId, 'confirm')).toHaveLength(1)
  })

  it('with a hundred paymentKeys at once charges one of them, and nothing of the others reaches Toss', async () => {
    const { body } = await shop.createOrder(10_000)
    const order = { orderId: body.orderId ?? '', amount: 10_000 }
    const keys = await atOnce(async () => (await shop.openWindow(order)).body.paymentKey)
    const replies = await atOnce((index) => shop.confirm({ ...order, paymentKey: keys[index] ?? '' }))
    expect(tally(replies)).toEqual({ '200': 1, '409 ALREADY_PROCESSED': 99 })
    const winner = keys[replies.findIndex(({ status }) => status === 200)]
    const calls = await callsOf(order.orderId, 'confirm')
    expect(calls).toMatchObject([{ paymentKey: winner, status: 200 }])
    const { payments } = (await shop.books(order.orderId)).body
    expect(payments.filter(({ approvals }) => approvals > 0)).toMatchObject([{ paymentKey: winner, approvals: 1 }])
    expect(distinct(payments.filter(({ paymentKey }) => paymentKey !== winner).map(({ status }) => status))).toBe(1)
  })
})

describe('canceling with one Idempotency-Key', () => {
  it('twice refunds once', async () => {
    const order = await shop.paid()
    const cancel = () => shop.cancel({ orderId: order.orderId, amount: 4_000 }, `twice-${order.orderId}`)
    const first = await cancel()
    const second = await cancel()
    expect(first).toMatchObject({ status: 200, body: { canceledAmount: 4_000, status: 'PARTIAL_REFUND' } })
    expect(first.headers).not.toHaveProperty('idempotent-replayed')
    expect(second).toMatchObject({ status: 200, headers: { 'idempotent-replayed': 'true' }, body: first.body })
    expect(await cancelsOf(order.orderId)).toEqual([{ amount: 4_000, origin: 'api' }])
  })

  it('a hundred times at once refunds once', async () => {
    const order = await shop.paid()
    const replies = await atOnce(() => shop.cancel({ orderId: order.orderId, amount: 4_000 }, `x-${order.orderId}`))
    expect(tally(replies)).toEqual({ 200: 100 })
    expect(distinct(replies.map(({ body }) => body))).toBe(1)
    expect(replies[0]?.body).toMatchObject({ canceledAmount: 4_000, status: 'PARTIAL_REFUND' })
    expect(replayed(replies)).toBe(99)
    expect(await cancelsOf(order.orderId)).toEqual([{ amount: 4_000, origin: 'api' }])
    expect((await paymentOf(order.orderId))?.refunds).toHaveLength(1)
  })
})

describe('canceling in parts without a key', () => {
  it('twice refunds twice, each in its own right', async () => {
    const order = await shop.paid(1_000)
    expect(await shop.cancel({ orderId: order.orderId, amount: 300 })).toMatchObject({ status: 200 })
    expect(await shop.cancel({ orderId: order.orderId, amount: 300 })).toMatchObject({ status: 200 })
    expect(await cancelsOf(order.orderId)).toEqual([
      { amount: 300, origin: 'api' },
      { amount: 300, origin: 'api' },
    ])
  })

  it('a hundred times at once refunds as often as the amount allows', async () => {
    const order = await shop.paid(1_000)
    const replies = await atOnce(() => shop.cancel({ orderId: order.orderId, amount: 300 }))
    const { 200: done = 0, 202: accepted = 0, ...refused } = tally(replies)
    expect(done + accepted).toBe(3)
    expect(refused).toEqual({ '400 INVALID_REFUND_AMOUNT': 97 })
    await eventually(async () =>
      expect((await cancelsOf(order.orderId)).map(({ amount }) => amount)).toEqual([300, 300, 300]),
    )
    await eventually(async () =>
      expect(await paymentOf(order.orderId)).toMatchObject({ refundedKrw: 900, reservedKrw: 0 }),
    )
    expect((await paymentOf(order.orderId))?.refunds).toHaveLength(3)
  })
})

describe('telling of a failed window', () => {
  const failure = { code: 'PAY_PROCESS_CANCELED', message: '사용자가 결제를 취소했습니다' }

  it.each([
    ['twice', 2],
    ['a hundred times at once', 100],
  ])('%s fails the payment once', async (_, times) => {
    const { orderId } = await shop.withWindow()
    const fail = () => shop.fail({ orderId, ...failure })
    const replies = times === 2 ? [await fail(), await fail()] : await atOnce(fail)
    expect(tally(replies)).toEqual({ 200: times })
    expect(await paymentOf(orderId)).toMatchObject({ status: 'FAILED', version: 1, history: [{ version: 1 }] })
  })
})

describe('the same webhook', () => {
  const changed = (order: { orderId: string; paymentKey: string }) =>
    JSON.stringify({
      eventType: 'PAYMENT_STATUS_CHANGED',
      createdAt: new Date().toISOString(),
      data: { paymentKey: order.paymentKey, orderId: order.orderId, status: 'DONE' },
    })
  /** What was stored of it, besides the one that the simulator itself has sent. */
  const rowsOf = async (orderId: string, transmissionId: string) => {
    const { toss, webhookEvents } = await readBooks(system)
    const others = new Set(toss.webhooks.map((webhook) => webhook.transmissionId))
    const rows = webhookEvents.filter((row) => row.orderId === orderId && !others.has(row.transmissionId ?? ''))
    expect(rows).toMatchObject([{ transmissionId, outcome: 'NOOP' }])
    return rows
  }
  const withId = (transmissionId: string) => ({ headers: { 'tosspayments-webhook-transmission-id': transmissionId } })

  it('twice is stored once', async () => {
    const order = await shop.paid()
    const body = changed(order)
    const id = randomUUID()
    expect(await shop.deliver(body, withId(id))).toMatchObject({ status: 200 })
    expect(await shop.deliver(body, withId(id))).toMatchObject({ status: 200 })
    expect(await eventually(() => rowsOf(order.orderId, id))).toHaveLength(1)
  })

  it('a hundred times at once is stored once', async () => {
    const order = await shop.paid()
    const body = changed(order)
    const id = randomUUID()
    const replies = await atOnce(() => shop.deliver(body, withId(id)))
    // Whoever could not wait for the first is told to come again; nobody is refused.
    const { 200: taken = 0, '503 SERVICE_UNAVAILABLE': later = 0 } = tally(replies)
    expect(taken).toBeGreaterThan(0)
    expect(taken + later).toBe(100)
    expect(await shop.deliver(body, withId(id))).toMatchObject({ status: 200 })
    expect(await eventually(() => rowsOf(order.orderId, id))).toHaveLength(1)
  })
})

describe('after all this', () => {
  it("Toss's books and ours are equal", async () => {
    await expect(booksEqual(system)).resolves.toBeUndefined()
  }, 90_000)
})
