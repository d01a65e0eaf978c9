import { randomUUID } from 'node:crypto'
import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { startPausableProxy } from './pausable-proxy.ts'
import { openTopic, paymentChanged, sha256, startGateway, testConfig } from './webhook-gateway.ts'

/** Nobody listens there. */
const NOBODY = '127.0.0.1:1'

const config = testConfig({ NAMESPACE: namespace() })
const redis = new Redis(config.REDIS_URL)
const seenKey = (body: string) => `${config.NAMESPACE}webhook-gateway:seen:${sha256(body)}`

let topic: ReturnType<typeof openTopic>
let gateway: Awaited<ReturnType<typeof startGateway>>

beforeAll(async () => {
  topic = openTopic(config)
  gateway = await startGateway(config)
  await Promise.all([topic.ping(), gateway.isReady()])
})

afterAll(async () => {
  const keys = await redis.keys(`${config.NAMESPACE}*`)
  if (keys.length > 0) await redis.del(...keys)
  redis.disconnect()
  await Promise.all([topic.close(), gateway.close()])
})

const withGateway = async (
  env: NodeJS.ProcessEnv,
  use: (other: Awaited<ReturnType<typeof startGateway>>) => Promise<void>,
) => {
  const other = await startGateway(testConfig({ NAMESPACE: config.NAMESPACE, ...env }))
  try {
    await use(other)
  } finally {
    await other.close()
  }
}

describe('a webhook', () => {
  it.each(['/api/webhooks/toss', '/api/payments/webhook/toss'])('on %s is in Kafka when 200 is said', async (path) => {
    const orderId = randomUUID()
    const body = paymentChanged(orderId)
    const response = await gateway.post(body, {
      path,
      headers: {
        'tosspayments-webhook-transmission-id': 'whtrans_1',
        'tosspayments-webhook-transmission-retried-count': '2',
      },
    })
    expect(response.status).toBe(200)
    expect(await topic.eventsOf(orderId)).toEqual([
      {
        specversion: '1.0',
        id: sha256(body),
        source: '/services/webhook-gateway',
        type: 'toss.webhook-received.v1',
        subject: orderId,
        time: expect.any(String),
        datacontenttype: 'application/json',
        data: {
          bodyHash: sha256(body),
          transmissionId: 'whtrans_1',
          retriedCount: 2,
          receivedAt: expect.any(String),
          eventType: 'PAYMENT_STATUS_CHANGED',
          orderId,
          paymentKey: expect.stringMatching(/^tgen_/),
          status: 'DONE',
          transactionKey: 'TX1',
          createdAt: '2026-01-02T14:46:59.65327',
        },
      },
    ])
  })

  it('is in Kafka once, however often it comes, at once and later', async () => {
    const orderId = randomUUID()
    const body = paymentChanged(orderId)
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await gateway.post(body)).status))
    expect(statuses).toEqual(Array.from({ length: 10 }, () => 200))
    expect((await gateway.post(body)).status).toBe(200)
    expect(await topic.eventsOf(orderId)).toHaveLength(1)
    const days = (await redis.pttl(seenKey(body))) / (24 * 3_600_000)
    expect(days).toBeGreaterThan(9)
    expect(days).toBeLessThanOrEqual(10)
  })

  it('of a forger does not stand for a genuine one of the same order', async () => {
    const orderId = randomUUID()
    const bodies = [paymentChanged(orderId), paymentChanged(orderId)]
    for (const body of bodies) expect((await gateway.post(body)).status).toBe(200)
    expect((await topic.eventsOf(orderId)).map(({ id }) => id)).toEqual(bodies.map(sha256))
  })

  it('that nobody knows is taken all the same', async () => {
    const body = JSON.stringify({ eventType: 'payout.changed', nonce: randomUUID() })
    expect((await gateway.post(body)).status).toBe(200)
    expect(await topic.eventsOf(sha256(body))).toMatchObject([{ data: { eventType: 'payout.changed' } }])
  })
})

describe('a duplicate of one in flight', () => {
  it('is answered 200 once that one is in Kafka, without another message', async () => {
    const orderId = randomUUID()
    const body = paymentChanged(orderId)
    await redis.set(seenKey(body), 'the lease of another process')
    const before = await gateway.counted('duplicate')
    const answer = gateway.post(body)
    await redis.set(seenKey(body), 'done')
    expect((await answer).status).toBe(200)
    expect(await gateway.counted('duplicate')).toBe(before + 1)
    expect(await topic.eventsOf(orderId)).toEqual([])
  })

  it('is sent again by Toss when that one does not end', async () => {
    await withGateway({ IN_FLIGHT_WAIT_MS: '50' }, async (impatient) => {
      const orderId = randomUUID()
      const body = paymentChanged(orderId)
      await redis.set(seenKey(body), 'the lease of another process')
      const response = await impatient.post(body)
      expect(response.status).toBe(503)
      expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
      expect(await impatient.counted('in-flight')).toBe(1)
      expect(await topic.eventsOf(orderId)).toEqual([])
      expect(await redis.get(seenKey(body))).toBe('the lease of another process')
    })
  })

  it('is sent again by Toss when that one has failed', async () => {
    const body = paymentChanged(randomUUID())
    await redis.set(seenKey(body), 'the lease of another process')
    const answer = gateway.post(body)
    await redis.del(seenKey(body))
    // The look may come before the lease is gone or after; without the lease it is simply a new one.
    expect([200, 503]).toContain((await answer).status)
    expect((await gateway.post(body)).status).toBe(200)
  })
})

describe('with Kafka away', () => {
  it('a webhook is refused for now, and taken when it comes again', async () => {
    const orderId = randomUUID()
    const body = paymentChanged(orderId)
    await withGateway({ KAFKA_BROKERS: NOBODY, PUBLISH_TIMEOUT_MS: '300' }, async (cutOff) => {
      const response = await cutOff.post(body)
      expect(response.status).toBe(503)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
      expect(await response.json()).toMatchObject({ code: 'SERVICE_UNAVAILABLE', status: 503 })
      expect(await cutOff.counted('unavailable')).toBe(1)
      expect(await cutOff.readiness()).toBe(503)
    })
    expect(await redis.exists(seenKey(body))).toBe(0)
    expect((await gateway.post(body)).status).toBe(200)
    expect(await topic.eventsOf(orderId)).toHaveLength(1)
  })
})

describe('with Redis away', () => {
  it('every delivery is taken, duplicates too', async () => {
    await withGateway({ REDIS_URL: `redis://${NOBODY}` }, async (cutOff) => {
      await cutOff.isReady()
      const orderId = randomUUID()
      const body = paymentChanged(orderId)
      for (let i = 0; i < 2; i += 1) expect((await cutOff.post(body)).status).toBe(200)
      expect(await topic.eventsOf(orderId)).toHaveLength(2)
      expect(await cutOff.counted('undeduped')).toBe(2)
    })
  })

  it('in the middle of everything, and hanging, the same', async () => {
    const { hostname, port } = new URL(config.REDIS_URL)
    const proxy = await startPausableProxy({ host: hostname, port: Number(port) })
    await withGateway({ REDIS_URL: `redis://127.0.0.1:${proxy.port}`, DEDUPE_TIMEOUT_MS: '200' }, async (hanging) => {
      await hanging.isReady()
      expect((await hanging.post(paymentChanged(randomUUID()))).status).toBe(200)
      proxy.pause()
      const orderId = randomUUID()
      expect((await hanging.post(paymentChanged(orderId))).status).toBe(200)
      expect(await topic.eventsOf(orderId)).toHaveLength(1)
      expect(await hanging.counted('undeduped')).toBeGreaterThanOrEqual(1)
    })
    await proxy.close()
  })
})

describe('what is no webhook', () => {
  const tooLarge = JSON.stringify({ filler: 'x'.repeat(64 * 1024) })
  it.each([
    { name: 'no JSON', body: '{"a":', status: 400, code: 'INVALID_INPUT_VALUE' },
    { name: 'nothing', body: '', status: 400, code: 'INVALID_INPUT_VALUE' },
    { name: 'an array', body: '[]', status: 400, code: 'INVALID_INPUT_VALUE' },
    { name: 'null', body: 'null', status: 400, code: 'INVALID_INPUT_VALUE' },
    { name: 'a number', body: '7', status: 400, code: 'INVALID_INPUT_VALUE' },
    { name: 'broken UTF-8', body: new Uint8Array([0x7b, 0xff, 0x7d]), status: 400, code: 'INVALID_INPUT_VALUE' },
    { name: 'too large', body: tooLarge, status: 413, code: 'PAYLOAD_TOO_LARGE' },
    {
      name: 'text',
      body: '{}',
      headers: { 'content-type': 'text/plain' },
      status: 415,
      code: 'UNSUPPORTED_MEDIA_TYPE',
    },
    {
      name: 'packed',
      body: '{}',
      headers: { 'content-encoding': 'gzip' },
      status: 415,
      code: 'UNSUPPORTED_MEDIA_TYPE',
    },
    { name: 'elsewhere', body: '{}', path: '/api/webhooks', status: 404, code: 'NOT_FOUND' },
  ])('($name) is refused with $status', async ({ body, status, code, ...init }) => {
    const response = await gateway.post(body, init)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect({ status: response.status, body: await response.json() }).toEqual({
      status,
      body: expect.objectContaining({ status, code, requestId: response.headers.get('x-request-id') }),
    })
  })

  it('(GET) is refused with 405 and told what is allowed', async () => {
    const response = await fetch(`${gateway.origin}/api/webhooks/toss`)
    expect({ status: response.status, allow: response.headers.get('allow') }).toEqual({ status: 405, allow: 'POST' })
  })

  it('(to an address over 8 KiB) is refused with 414', async () => {
    expect((await gateway.post('{}', { path: `/api/webhooks/toss?${'a'.repeat(9 * 1024)}` })).status).toBe(414)
  })

  it('may be as large as the limit allows', async () => {
    const body = JSON.stringify({ nonce: randomUUID(), filler: '' })
    const filled = body.replace('""', `"${'x'.repeat(64 * 1024 - body.length)}"`)
    expect(filled).toHaveLength(64 * 1024)
    expect((await gateway.post(filled)).status).toBe(200)
  })
})
