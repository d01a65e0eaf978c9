import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { eventually } from '../src/testing/eventually.ts'
import { barrage, cases } from './barrage.ts'
import { canaries, leaksIn } from './canaries.ts'
import { rawRequest, sendRaw } from './raw-http.ts'
import { readLogs } from './sinks.ts'
import { startTarget, type Target } from './target.ts'

// What clients of the event stream can do to it: ids that nobody gave them, reading slowly or not at all, coming in crowds, and
// leaving at any moment.

/** A slow machine may need long, and only a test that fails waits for it. */
const patience = { timeoutMs: 90_000 }
const MAX_STREAMS = 20
const MAX_OF_ORDER = 4

let target: Target
beforeAll(async () => {
  target = await startTarget({
    API_GATEWAY_EVENT_STREAM_HEARTBEAT_MS: '300',
    API_GATEWAY_EVENT_STREAM_POLL_MS: '100',
    API_GATEWAY_EVENT_STREAM_MAX_MS: '20000',
    API_GATEWAY_EVENT_STREAMS_MAX: String(MAX_STREAMS),
    API_GATEWAY_EVENT_STREAMS_MAX_PER_ORDER: String(MAX_OF_ORDER),
  })
}, 120_000)
afterAll(() => target.close(), 180_000)

const pathOf = (orderId: string) => `/api/orders/${orderId}/events`
const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`${target.system.urls.gateway}/metrics`)).text()
  return Number(new RegExp(`^${name}{[^}]*} (\\S+)$`, 'm').exec(text)?.[1])
}
const nothingIsOpen = () =>
  eventually(async () => {
    expect(await metric('api_gateway_event_streams')).toBe(0)
    expect(await metric('api_gateway_watched_orders')).toBe(0)
  }, patience)

/** A connection that has sent these bytes and tells what came; it reads no further than it is asked to. */
const dial = async (bytes: Buffer) => {
  const { hostname, port } = new URL(target.system.urls.gateway)
  const socket = connect(Number(port), hostname)
  // The door may close it at any time.
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(bytes)
  return socket
}
/** The status of the answer on it, and nothing of its body. */
const statusOf = async (socket: Socket): Promise<number> => {
  const [first] = (await once(socket, 'data')) as [Buffer]
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(first.toString('latin1'))?.[1])
}
const requestFor = (orderId: string, lastEventId?: string) =>
  rawRequest('GET', pathOf(orderId), { headers: lastEventId === undefined ? [] : [`last-event-id: ${lastEventId}`] })
const newOrder = async (): Promise<string> => {
  // One order, however often a busy machine has to be asked for it.
  const key = randomUUID()
  const orderId = await eventually(async () => {
    const { body } = await target.shop.createOrder(1000, { key })
    if (body.orderId === undefined) throw new Error(JSON.stringify(body))
    return body.orderId
  }, patience)
  target.acknowledged.add(orderId)
  return orderId
}

describe('the event stream', () => {
  it('takes a Last-Event-ID of ours and refuses every other, before any stream', async () => {
    const { orderId } = target.paid
    const version = 2
    const digits = fc.oneof(
      fc.nat(3).map(String),
      fc.constantFrom('2', '3', '02', '000000000000002', '9'.repeat(15), '9'.repeat(16), '1'.repeat(400)),
    )
    // All that one header line can carry as bytes.
    const anything = fc.string({ unit: fc.nat(0xff).map((code) => String.fromCharCode(code)), maxLength: 30 })
    const words = fc.constantFrom(
      ...[
        ['', ' ', '-1', '+2', '2.0', '1e3', '0x2', '2,2', '"2"', 'W/"2"', 'null', 'NaN', 'Infinity', '٢', '２', '$ne'],
        ['2;', '2 2', '\t2', '{"$gt":0}', '[]', '../2', '%32', ...Object.values(canaries)],
      ].flat(),
    )
    const lines = fc
      .oneof({ weight: 2, arbitrary: digits }, { weight: 2, arbitrary: words }, { weight: 2, arbitrary: anything })
      .map((text) =>
        Buffer.from(text)
          .toString('latin1')
          .replace(/[\r\n]/g, ''),
      )
    const seen = new Set<number>()
    await barrage('Last-Event-ID', lines, Math.max(50, Math.round(cases * 0.04)), async (line) => {
      const answer = await sendRaw(target.system.urls.gateway, requestFor(orderId, line))
      const value = line.replace(/^[ \t]+|[ \t]+$/g, '')
      const isOurs = /^\d{0,15}$/.test(value)
      const expected = !isOurs ? 400 : value !== '' && Number(value) >= version ? 204 : 200
      expect(answer?.status).toBe(expected)
      if (expected === 200) expect(answer?.body).toMatch(/"status":"PAID"[^]*\nevent: end\n/)
      if (expected === 204) expect(answer?.body).toBe('')
      seen.add(expected)
    })
    expect(seen).toEqual(new Set([200, 204, 400]))
    await nothingIsOpen()
  }, 300_000)

  it('forgets a client that leaves at any moment, in a whole request or in the middle of one', async () => {
    const orderId = await newOrder()
    const request = requestFor(orderId, '0')
    const leaving = fc.record({
      sent: fc.oneof(fc.nat(request.length), fc.constant(request.length)),
      // Before anything comes back, after the head, or with the first heartbeat.
      after: fc.constantFrom('sending', 'head', 'heartbeat'),
      how: fc.constantFrom('reset', 'end', 'destroy'),
    })
    await barrage(
      'a client that leaves',
      leaving,
      Math.max(50, Math.round(cases * 0.02)),
      async ({ sent, after, how }) => {
        const socket = await dial(request.subarray(0, sent))
        const isWhole = sent === request.length
        if (isWhole && after !== 'sending') {
          const status = await statusOf(socket)
          expect([200, 429, 503, 504]).toContain(status)
          if (status === 200 && after === 'heartbeat') await once(socket, 'data')
        }
        if (how === 'reset') socket.resetAndDestroy()
        else if (how === 'destroy') socket.destroy()
        else socket.end()
      },
    )
    await nothingIsOpen()
  }, 300_000)

  it('holds as many streams as it may, tells the others to come later, and serves everybody else', async () => {
    const orders = await Promise.all(Array.from({ length: 10 }, newOrder))
    const crowd = await Promise.all(
      Array.from({ length: 120 }, async (_, i) => {
        const socket = await dial(requestFor(orders[i % orders.length] ?? ''))
        return { socket, status: await statusOf(socket) }
      }),
    )
    try {
      // Ten orders may have four each, so it is the bound of all that is met; 504 is for whom a busy machine let wait too long.
      for (const { status } of crowd) expect([200, 429, 503, 504]).toContain(status)
      expect(crowd.filter(({ status }) => status === 200).length).toBeGreaterThan(MAX_OF_ORDER)
      expect(crowd.filter(({ status }) => status === 429 || status === 503).length).toBeGreaterThan(0)
      expect(await metric('api_gateway_event_streams')).toBeLessThanOrEqual(MAX_STREAMS)
      const bought = await target.shop.paid(3000)
      target.acknowledged.add(bought.orderId)
    } finally {
      for (const { socket } of crowd) socket.destroy()
    }
    await nothingIsOpen()
  }, 300_000)

  it('is rid of clients that read nothing and never leave once their time is over, and the others hear meanwhile', async () => {
    const order = await target.shop.withWindow(4000)
    target.acknowledged.add(order.orderId)
    const unpaid = await newOrder()
    const mute = await Promise.all(
      Array.from({ length: MAX_OF_ORDER - 1 }, async () => {
        const socket = await dial(requestFor(unpaid))
        socket.pause()
        return socket
      }),
    )
    try {
      await eventually(async () => expect(await metric('api_gateway_event_streams')).toBe(mute.length), patience)
      const listening = sendRaw(target.system.urls.gateway, requestFor(order.orderId))
      expect((await target.shop.confirm(order)).body.status).toBe('PAID')
      expect((await listening)?.body).toMatch(/"status":"PAID"[^]*\nevent: end\n/)
      expect(mute.map(({ destroyed }) => destroyed)).not.toContain(true)
      // It is the door that gives them up.
      await nothingIsOpen()
    } finally {
      for (const socket of mute) socket.destroy()
    }
  }, 300_000)

  it('left no canary in the logs, no failure, and nothing changed', async () => {
    const logs = readLogs(target.system)
    expect(leaksIn(logs)).toEqual([])
    const failures = /"level":"(?:error|fatal)"|"INTERNAL_ERROR"|uncaught exception|unhandled rejection/
    for (const { name, text } of logs) expect([name, failures.exec(text)?.[0]]).toEqual([name, undefined])
    await target.expectUnharmed()
  }, 120_000)
})
