import { createHash } from 'node:crypto'
import { topics } from '@checkout/contracts/events'
import { orderService } from '@checkout/contracts/rpc'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { booksEqual, readBooks } from '../src/testing/books.ts'
import { eventually } from '../src/testing/eventually.ts'
import { barrage, cases, seed } from './barrage.ts'
import { eventSchema, hostileBody, hostileText, type RequestSchema, validValue } from './hostile-bodies.ts'
import { messageOf, rpcs } from './proto-messages.ts'
import { readLogs, topicEnds } from './sinks.ts'
import { AMOUNT, startTarget, type Target } from './target.ts'

// Thousands of cases made of the schemas that the doors themselves use: the served OpenAPI document, the proto files, the schemas
// of the events. Most are valid but for one thing; some are valid, so that what lies behind the door is reached as well.

const share = (part: number): number => Math.max(10, Math.round(cases * part))
const TIMEOUT_MS = 120_000 + cases * 30

let target: Target
/** Hashes of the webhooks that were answered 200. */
const accepted = new Set<string>()

beforeAll(async () => {
  console.log(`${cases} generated cases, BAD_INPUT_SEED=${seed}`)
  target = await startTarget()
}, 120_000)
afterAll(() => target.close(), 180_000)

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

describe('generated input', () => {
  it(
    'no body makes an API route fail, and every answer is in its contract',
    async () => {
      const withBody = Object.entries(target.document.paths).flatMap(([path, { post: operation }]) => {
        const schema = operation?.requestBody?.content['application/json']?.schema
        return schema === undefined ? [] : [{ path, schema }]
      })
      expect(withBody).toHaveLength(5)
      for (const { path, schema } of withBody) {
        const { paid, open } = target
        const known = {
          // Requests that happen to be right must not have an effect on these two: a confirm and a failure of the paid order
          // change nothing, and the unpaid one cannot be canceled.
          orderId: path.endsWith('/cancel') ? [open.orderId, 'ORD-UNKNOWN'] : [paid.orderId, 'ORD-UNKNOWN'],
          paymentKey: [paid.paymentKey],
          ...(path.endsWith('/confirm') ? { amount: [AMOUNT] } : {}),
        }
        const body = hostileBody(validValue(schema, target.document.components.schemas, known))
        const statuses = new Map<number, number>()
        await barrage(`POST ${path}`, body, share(0.1), async (bytes) => {
          const { status } = await target.post(path, bytes)
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
        })
        // The generator would be worth nothing if everything were refused at the door.
        expect(statuses.get(400)).toBeGreaterThan(0)
        expect(statuses.size).toBeGreaterThan(1)
      }
    },
    TIMEOUT_MS,
  )

  it(
    'no address makes an API route fail',
    async () => {
      const reads = Object.entries(target.document.paths).flatMap(([path, { get }]) =>
        get?.parameters === undefined
          ? []
          : [{ path, names: get.parameters.filter((p) => p.in === 'query').map(({ name }) => name) }],
      )
      expect(reads.length).toBeGreaterThan(3)
      const one = fc.record({
        read: fc.constantFrom(...reads),
        params: hostileText,
        query: fc.array(fc.tuple(fc.nat(5), hostileText, hostileText), { maxLength: 3 }),
        isEncoded: fc.boolean(),
      })
      await barrage('an address', one, share(0.15), async ({ read: { path, names }, params, query, isEncoded }) => {
        const encode = (text: string) => {
          const sendable = text.replace(/[\ud800-\udfff]/g, '')
          return isEncoded ? encodeURIComponent(sendable) : encodeURI(sendable).replace(/[?#&/\\]/g, '')
        }
        // An empty segment, or one of dots, is another address.
        const segment = encode(params).replace(/^(?:\.|%2e)*$/i, '0')
        const text = query.map(([which, name, value]) => `${names[which] ?? encode(name)}=${encode(value)}`).join('&')
        await target.call('GET', path, { address: `${path.replace(/\{\w+\}/, segment)}?${text}`.slice(0, 8000) })
      })
    },
    TIMEOUT_MS,
  )

  it(
    'no webhook makes its gateway fail, and one is stored if and only if it was answered 200',
    async () => {
      const known = {
        eventType: ['PAYMENT_STATUS_CHANGED', 'DEPOSIT_CALLBACK', 'NEWS'],
        orderId: [target.paid.orderId, 'ORD-UNKNOWN', '=+$'],
        paymentKey: [target.paid.paymentKey, 'unknown'],
        status: ['DONE', 'CANCELED', 'PARTIAL_CANCELED'],
      }
      const statuses = new Set<number>()
      const header = fc.constantFrom('1', '-1', 'x'.repeat(300), 'a b', '9'.repeat(30), '2026-11-23T03:19:06.388451')
      const webhook = fc.record({ bytes: hostileBody(validValue(webhookShape, {}, known)), header })
      await barrage('a webhook', webhook, share(0.1), async ({ bytes, header: value }) => {
        const { status } = await target.deliver(bytes, {
          'tosspayments-webhook-transmission-id': value,
          'tosspayments-webhook-transmission-retried-count': value,
          'tosspayments-webhook-transmission-time': value,
        })
        statuses.add(status)
        if (status === 200) accepted.add(sha256(bytes))
      })
      expect(statuses).toEqual(new Set([200, 400]))
      await eventually(
        async () => {
          const { webhookEvents, toss } = await readBooks(target.system)
          const ofToss = new Set(toss.webhooks.map(({ transmissionId }) => transmissionId))
          const ours = webhookEvents.filter(({ transmissionId }) => !ofToss.has(transmissionId ?? ''))
          expect(new Set(ours.map(({ _id }) => _id))).toEqual(accepted)
        },
        { timeoutMs: 90_000, intervalMs: 500 },
      )
    },
    TIMEOUT_MS,
  )

  it(
    'no message makes a call over gRPC fail',
    async () => {
      const { paid, open, acknowledged, channels } = target
      const texts = fc.oneof(hostileText, fc.constantFrom('', open.orderId, 'ORD-UNKNOWN', 'x'.repeat(100_000)))
      const strange = ['', 'ORD-UNKNOWN', '\u0000', '$ne', 'x'.repeat(100_000)]
      const one = fc.constantFrom(...rpcs).chain((rpc) => {
        // A failure told of the unpaid order would end it, and the paid one could be canceled; both as they should.
        const orderId = fc.constantFrom(...strange, rpc.path.endsWith('/CancelPayment') ? open.orderId : paid.orderId)
        const known =
          rpc.fields.some(({ name }) => name === 'orderId') && !rpc.path.endsWith('/CreateOrder') ? { orderId } : {}
        return messageOf(rpc, texts, known).chain((message) =>
          damaged(rpc.encode(message)).map((bytes) => ({ service: rpc.service, path: rpc.path, bytes })),
        )
      })
      const statuses = new Set<number | undefined>()
      await barrage('a call', one, share(0.2), async ({ service, path, bytes }) => {
        const answer = await channels[service].call(path, { message: bytes })
        statuses.add(answer.status)
        // UNKNOWN, INTERNAL, UNAVAILABLE, DATA_LOSS or none: the server has failed, and not its caller.
        if ([2, 13, 14, 15, undefined].includes(answer.status)) throw new Error(`${path}: ${answer.text}`)
        if (answer.status !== 0 || path !== orderService.CreateOrder.path) return
        acknowledged.add(String(orderService.CreateOrder.responseDeserialize(answer.message).orderId))
      })
      expect(statuses.size).toBeGreaterThan(3)
    },
    TIMEOUT_MS,
  )

  it(
    'no message in a topic stops a consumer: each is handled or put aside',
    async () => {
      for (const topic of ['order.created', 'payment.status-changed', 'toss.webhook-received'] as const) {
        const schema = eventSchema(topic)
        // None of them is news that may be believed. What is said of an order that is not there fails behind the schema.
        const known = { orderId: ['ORD-UNKNOWN', '\u0000'], subject: ['ORD-UNKNOWN'] }
        const wrong = topic === 'payment.status-changed' ? {} : { specversion: ['2.0', ''] }
        const values = fc.sample(hostileBody(validValue(schema, {}, { ...known, ...wrong })), {
          numRuns: share(0.05),
          seed,
        })
        await target.publish(
          topic,
          values.map((value, i) => ({ key: i % 3 === 0 ? 'ORD-UNKNOWN' : `k-${i}`, value, partition: i % 6 })),
        )
        const letters = `${topic}.${topics[topic].consumers[0]}.dead-letter`
        await eventually(
          async () => {
            const ends = await topicEnds(target.kafka, target.system.namespace)
            const ofLetters = [...ends].filter(([end]) => end.startsWith(`${target.system.namespace}${letters} `))
            expect(ofLetters.reduce((sum, [, end]) => sum + end, 0)).toBe(values.length)
          },
          { timeoutMs: 90_000, intervalMs: 500 },
        )
      }
    },
    TIMEOUT_MS,
  )
})

describe('after all this', () => {
  it(
    'no process has ended and nothing is there that was not acknowledged',
    async () => {
      await booksEqual(target.system, { timeoutMs: 120_000 })
      await target.expectUnharmed()
      const failures = /"level":"fatal"|"INTERNAL_ERROR"|the handler failed|uncaught exception|unhandled rejection/
      for (const { name, text } of readLogs(target.system))
        expect([name, failures.exec(text)?.[0]]).toEqual([name, undefined])
    },
    TIMEOUT_MS,
  )
})

/** Bytes as they are, cut off, replaced by garbage or with one byte changed. */
const damaged = (bytes: Buffer): fc.Arbitrary<Buffer> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(bytes) },
    { weight: 1, arbitrary: fc.nat(bytes.length).map((length) => bytes.subarray(0, length)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }).map((garbage) => Buffer.from(garbage)) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.nat(Math.max(0, bytes.length - 1)), fc.nat(255)).map(([at, value]) => {
        const copy = Buffer.from(bytes)
        if (at < copy.length) copy[at] = value
        return copy
      }),
    },
  )

/** As much of Toss's webhooks as is read. */
const webhookShape: RequestSchema = {
  type: 'object',
  required: ['eventType', 'createdAt', 'data'],
  properties: {
    eventType: { type: 'string' },
    createdAt: { type: 'string' },
    data: {
      type: 'object',
      required: ['orderId', 'status'],
      properties: {
        orderId: { type: 'string' },
        paymentKey: { type: 'string' },
        status: { type: 'string' },
        cancels: {
          type: 'array',
          items: {
            type: 'object',
            properties: { transactionKey: { type: 'string' }, canceledAt: { type: 'string' } },
          },
        },
      },
    },
  },
}
