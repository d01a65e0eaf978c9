import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { stopAudited } from '../src/testing/audit.ts'
import { booksEqual } from '../src/testing/books.ts'
import { eventually } from '../src/testing/eventually.ts'
import { namespace } from '../src/testing/namespace.ts'
import { openShop, type Shop } from '../src/testing/shop.ts'
import { startSystem, type TestSystem } from '../src/testing/system.ts'
import { type EventReader, readEvents } from './event-reader.ts'

/** A slow machine may need long, and only a test that fails waits for it. */
const patience = { timeoutMs: 60_000 }

let system: TestSystem
let shop: Shop
beforeAll(async () => {
  system = await startSystem({
    namespace: namespace(),
    env: {
      PAYMENT_ANSWER_WAIT_MS: '300',
      // Whoever is killed leaves its lease behind.
      PAYMENT_LEASE_MS: '1500',
      API_GATEWAY_EVENT_STREAM_HEARTBEAT_MS: '300',
      API_GATEWAY_EVENT_STREAM_POLL_MS: '100',
      API_GATEWAY_EVENT_STREAMS_MAX: '6',
      API_GATEWAY_EVENT_STREAMS_MAX_PER_ORDER: '2',
    },
  })
  shop = openShop(system.urls)
}, 120_000)
afterAll(() => stopAudited(system), 180_000)

const opened: EventReader[] = []
const watch = async (orderId: string, { query = '', seen }: { query?: string; seen?: string } = {}) => {
  const url = `${system.urls.gateway}/api/orders/${orderId}/events${query}`
  const reader = await readEvents(url, seen === undefined ? {} : { 'last-event-id': seen })
  opened.push(reader)
  return reader
}

const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`${system.urls.gateway}/metrics`)).text()
  return Number(new RegExp(`^${name}{[^}]*} (\\S+)$`, 'm').exec(text)?.[1])
}
const nothingOpen = () =>
  eventually(async () => {
    expect(await metric('api_gateway_event_streams')).toBe(0)
    expect(await metric('api_gateway_watched_orders')).toBe(0)
  }, patience)

afterEach(async () => {
  await letTossGoOn()
  for (const reader of opened.splice(0)) reader.leave()
  await nothingOpen()
})

/** Toss stands still, and nothing is decided until it goes on. */
const holdToss = () => system.kill('toss-simulator', 'SIGSTOP')
const letTossGoOn = () => system.kill('toss-simulator', 'SIGCONT')

/** An order that is being confirmed: its client was answered 202. */
const undecided = async () => {
  const order = await shop.withWindow(5000)
  await holdToss()
  const { status, body } = await shop.confirm(order)
  expect([status, body.status]).toEqual([202, 'CONFIRMING'])
  return order
}

const statuses = (reader: EventReader) => reader.orders().map((order) => [order.status, order.payment?.status])
const idsOf = (reader: EventReader) => reader.events.flatMap(({ id }) => (id === undefined ? [] : [Number(id)]))
const newest = (reader: EventReader) => reader.orders().at(-1)

describe('a page that waits after a 202', () => {
  it('hears at once how it stands, then that it is paid, each as GET shows it, and then the end', async () => {
    const { orderId } = await undecided()
    const reader = await watch(orderId)
    expect([reader.status, reader.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
    expect(reader.headers.get('cache-control')).toContain('no-transform')
    await eventually(() => expect(statuses(reader)).toEqual([['PENDING', 'CONFIRMING']]), patience)
    // Nothing happens, and it is told that the connection lives.
    await eventually(() => expect(reader.comments).toContain('still here'), patience)
    await letTossGoOn()
    expect(await reader.ended).toBe('end')
    expect(statuses(reader)).toEqual([
      ['PENDING', 'CONFIRMING'],
      ['PAID', 'PAID'],
    ])
    expect(newest(reader)).toEqual((await shop.order(orderId)).body)
    expect(reader.events.at(-1)).toMatchObject({ event: 'end' })
    expect(idsOf(reader)).toEqual([1, 2])
    expect(reader.retryMs()).toBeGreaterThanOrEqual(1000)
  }, 90_000)

  it('that comes back hears nothing twice, and 204 once there is nothing more to come', async () => {
    const { orderId } = await undecided()
    const first = await watch(orderId)
    await eventually(() => expect(idsOf(first)).toEqual([1]), patience)
    first.leave()
    const second = await watch(orderId, { seen: '1' })
    await eventually(() => expect(second.comments).toContain('still here'), patience)
    expect(second.events).toEqual([])
    await letTossGoOn()
    expect(await second.ended).toBe('end')
    expect(statuses(second)).toEqual([['PAID', 'PAID']])
    expect((await watch(orderId, { seen: '2' })).status).toBe(204)
    // Whoever has seen less gets the newest state alone.
    const late = await watch(orderId, { seen: '1' })
    expect(await late.ended).toBe('end')
    expect(idsOf(late)).toEqual([2])
  }, 90_000)

  it('hears of a decline, stays, and hears that another card has paid', async () => {
    const declined = await shop.withWindow(6000, { declineCode: 'REJECT_CARD_PAYMENT' })
    const { orderId, amount } = declined
    const reader = await watch(orderId)
    await eventually(() => expect(newest(reader)).toMatchObject({ status: 'PENDING', payment: null }), patience)
    await shop.confirm(declined)
    await eventually(
      () =>
        expect(newest(reader)).toMatchObject({
          status: 'FAILED',
          payment: { failure: { code: 'REJECT_CARD_PAYMENT' } },
        }),
      patience,
    )
    const other = await shop.openWindow({ orderId, amount })
    await shop.confirm({ orderId, amount, paymentKey: other.body.paymentKey })
    expect(await reader.ended).toBe('end')
    expect(newest(reader)).toMatchObject({ status: 'PAID' })
  }, 90_000)

  it('hears of a refund that was answered 202 until it is made', async () => {
    const { orderId } = await shop.paid(7000)
    await holdToss()
    expect((await shop.cancel({ orderId, amount: 3000 })).status).toBe(202)
    const reader = await watch(orderId)
    await eventually(() => expect(reader.orders()).toHaveLength(1), patience)
    await letTossGoOn()
    expect(await reader.ended).toBe('end')
    const refunds = reader.orders().map((order) => order.payment?.refunds.map(({ status }) => status))
    expect([refunds[0], refunds.at(-1)]).toEqual([['REQUESTED'], ['DONE']])
    expect(newest(reader)?.payment).toMatchObject({ status: 'PARTIAL_REFUND', refundedAmountKrw: 3000 })
  }, 90_000)
})

describe('who may hear', () => {
  it('is who may read the order; others are told that there is none, before any stream', async () => {
    const { orderId = '' } = (await shop.createOrder(1000, { userId: 1 })).body
    for (const query of ['', '?userId=2']) {
      const reader = await watch(orderId, { query })
      expect([reader.status, reader.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
    }
    const reader = await watch(orderId, { query: '?userId=1' })
    await eventually(() => expect(newest(reader)).toMatchObject({ orderId, status: 'PENDING' }), patience)
  }, 90_000)

  it('a HEAD opens nothing', async () => {
    const { orderId = '' } = (await shop.createOrder(1000)).body
    const response = await fetch(`${system.urls.gateway}/api/orders/${orderId}/events`, { method: 'HEAD' })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
    await nothingOpen()
  }, 90_000)

  it('is bounded for each order and for each process; a client that leaves makes room', async () => {
    const orders = await Promise.all([1, 2, 3, 4].map(async () => (await shop.createOrder(1000)).body.orderId ?? ''))
    const [first = '', second = '', third = '', fourth = ''] = orders
    const [leaver] = await Promise.all([watch(first), watch(first)])
    const refused = await watch(first)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2'])
    for (const orderId of [second, second, third, third]) expect((await watch(orderId)).status).toBe(200)
    expect((await watch(fourth)).status).toBe(503)
    expect(await metric('api_gateway_event_streams')).toBe(6)
    expect(await metric('api_gateway_watched_orders')).toBe(3)
    leaver.leave()
    await eventually(async () => expect((await watch(fourth)).status).toBe(200), patience)
  }, 90_000)
})

describe('when a process dies', () => {
  it('the payment service: the stream stays, beats, and goes on once it is back', async () => {
    const { orderId } = await undecided()
    const reader = await watch(orderId)
    await eventually(() => expect(idsOf(reader)).toEqual([1]), patience)
    await system.kill('payment')
    const beats = reader.comments.length
    await eventually(() => expect(reader.comments.length).toBeGreaterThan(beats + 3), patience)
    // A new stream cannot begin without knowing how it stands.
    expect((await watch(orderId)).status).toBe(503)
    await system.start('payment')
    await letTossGoOn()
    expect(await reader.ended).toBe('end')
    expect(newest(reader)).toMatchObject({ status: 'PAID' })
    expect(idsOf(reader).toSorted((a, b) => a - b)).toEqual(idsOf(reader))
  }, 120_000)

  it('the gateway, without a word: its client goes on with the next one from what it has seen', async () => {
    const { orderId } = await undecided()
    const reader = await watch(orderId)
    await eventually(() => expect(idsOf(reader)).toEqual([1]), patience)
    await system.kill('api-gateway')
    expect(await reader.ended).toBe('cut')
    await system.start('api-gateway')
    const next = await watch(orderId, { seen: '1' })
    await letTossGoOn()
    expect(await next.ended).toBe('end')
    expect(statuses(next)).toEqual([['PAID', 'PAID']])
  }, 120_000)

  it('the gateway, when asked to stop: it ends its streams without the last word, and then itself with 0', async () => {
    const { orderId = '' } = (await shop.createOrder(1000)).body
    const reader = await watch(orderId)
    await eventually(() => expect(idsOf(reader)).toEqual([0]), patience)
    const ended = system.ended('api-gateway')
    await system.kill('api-gateway', 'SIGTERM')
    expect(await ended).toBe('exit code 0')
    // One that is still open when the drain is over would be cut.
    expect(await reader.ended).toBe('end')
    expect(reader.events.map(({ event }) => event)).toEqual(['message'])
    await system.start('api-gateway', { EVENT_STREAM_MAX_MS: '1000' })
  }, 120_000)

  it('a stream whose time is over ends the same way', async () => {
    const { orderId = '' } = (await shop.createOrder(1000)).body
    const reader = await watch(orderId)
    expect(await reader.ended).toBe('end')
    expect(reader.events.map(({ event }) => event)).toEqual(['message'])
    expect(await metric('api_gateway_event_streams_ended_total')).toBeGreaterThan(0)
  }, 90_000)
})

describe('all of this', () => {
  it('leaves the books equal', () => booksEqual(system), 120_000)
})
