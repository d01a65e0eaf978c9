import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type ErrorCode, errorTable, isErrorCode } from '@checkout/contracts/errors'
import { cloudEvent } from '@checkout/contracts/events'
import { catalogService, orderService, paymentService } from '@checkout/contracts/rpc'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Kafka, Message } from 'kafkajs'
import { booksEqual, readBooks } from '../src/testing/books.ts'
import { eventually } from '../src/testing/eventually.ts'
import { createJudge, type OpenApiDocument } from '../src/testing/http-contract.ts'
import { namespace } from '../src/testing/namespace.ts'
import { type ConfirmOrder, openShop, type Shop } from '../src/testing/shop.ts'
import { startSystem, type TestSystem } from '../src/testing/system.ts'
import { hostileBody, hostileText, type RequestSchema, validValue } from './hostile-bodies.ts'
import { openChannel, type RawChannel, type RpcAnswer } from './raw-grpc.ts'
import { rawRequest, sendRaw } from './raw-http.ts'
import { connectKafka, readDatabase, readLogs, readRedis, readTopics, type Sink } from './sinks.ts'

// Everything that a stranger, a mistaken client or a broken neighbour can send, to the running processes. Rows of fixed cases
// first, then generated ones; at the end nothing may have happened that was not acknowledged.

/** In all; shared out over the doors. */
const CASES = Number(process.env.BAD_INPUT_CASES ?? 1500)
const share = (part: number): number => Math.max(10, Math.round(CASES * part))
const TIMEOUT_MS = 60_000 + CASES * 60

const TOKEN = `token-${randomUUID()}`
const AMOUNT = 50_000

type Operation = {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: RequestSchema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: RequestSchema }>> }
}
type ServedDocument = OpenApiDocument & {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, RequestSchema>> }
}

let system: TestSystem
let shop: Shop
let kafka: Kafka
let document: ServedDocument
let judge: ReturnType<typeof createJudge>
let channels: Record<'catalog' | 'order' | 'payment', RawChannel>
let pids: readonly number[]

/** An order that is paid, and one that nobody has paid: refused requests must leave both as they are. */
let paid: ConfirmOrder
let open: { readonly orderId: string }
let untouched: string

/** Every order that was acknowledged. */
const acknowledged = new Set<string>()

beforeAll(async () => {
  system = await startSystem({ namespace: namespace(), env: { SERVICE_TOKEN: TOKEN } })
  shop = openShop(system.urls)
  kafka = connectKafka()
  pids = system.processes().map(({ pid }) => pid)
  const served = await fetch(`${system.urls.gateway}/openapi.json`)
  document = (await served.json()) as ServedDocument
  judge = createJudge(document)
  channels = {
    catalog: await openChannel(grpcPortOf('catalog'), TOKEN),
    order: await openChannel(grpcPortOf('order'), TOKEN),
    payment: await openChannel(grpcPortOf('payment'), TOKEN),
  }
  paid = await shop.paid(AMOUNT)
  const created = await shop.createOrder(AMOUNT)
  open = { orderId: created.body.orderId ?? '' }
  acknowledged.add(paid.orderId).add(open.orderId)
  untouched = await eventually(atRest)
})

afterAll(async () => {
  for (const channel of Object.values(channels)) channel.close()
  await system.stop()
})

/** Services say in their logs where they listen. */
const grpcPortOf = (name: 'catalog' | 'order' | 'payment'): number =>
  Number(/"grpcPort":(\d+)/.exec(readFileSync(system.logs(name), 'utf8'))?.[1])

/** Fields of a payment that say when to look at Toss's books again, and who does. */
const ofLooking = new Set(['due', 'tries', 'bell', 'askedAt', 'lease'])

/** The two orders with their payments, as they are stored; without what a webhook may ring for: when to look, and who does. */
const atRest = async (): Promise<string> => {
  const { orders, payments } = await readBooks(system)
  const ids: readonly string[] = [paid.orderId, open.orderId]
  const ourOrders = orders.filter(({ _id }) => ids.includes(_id))
  const ourPayments = payments.filter(({ orderId }) => ids.includes(orderId))
  expect([...ourOrders, ...ourPayments].map(({ outbox }) => outbox.length)).toEqual([0, 0, 0, 0])
  expect(ourOrders.find(({ _id }) => _id === paid.orderId)).toMatchObject({ status: 'PAID' })
  const lasting = ourPayments.map((payment) => ({
    // Left out, not overwritten: they come and go, and with them the order of the fields.
    ...Object.fromEntries(Object.entries(payment).filter(([name]) => !ofLooking.has(name))),
    _id: payment._id,
    attempts: payment.attempts.map((attempt) => ({ ...attempt, looks: 0 })),
  }))
  return JSON.stringify([ourOrders, lasting].map((documents) => documents.toSorted((a, b) => (a._id < b._id ? -1 : 1))))
}

type Answered = { readonly status: number; readonly headers: Headers; readonly text: string }

/** What every refusal over HTTP looks like: a problem with a code of the table, and never a failure of ours. */
const expectProblem = ({ status, headers, text }: Answered): ErrorCode => {
  expect(headers.get('content-type')).toBe('application/problem+json')
  const body: unknown = JSON.parse(text)
  expect(body).toMatchObject({ status, code: expect.any(String) })
  const code = field(body, 'code') ?? ''
  if (!isErrorCode(code)) throw new Error(`${code} is not in the table`)
  if (code !== 'TOSS_API_ERROR') expect(errorTable[code].http).toBe(status)
  return code
}

const field = (body: unknown, name: string): string | undefined => {
  if (typeof body !== 'object' || body === null) return undefined
  const value = new Map<string, unknown>(Object.entries(body)).get(name)
  return typeof value === 'string' ? value : undefined
}

/** Sends to the API and judges the answer by the served document; an order that was made is noted. */
const call = async (
  method: string,
  path: string,
  sent: { body?: Buffer | string; address?: string; headers?: Record<string, string> } = {},
): Promise<Answered> => {
  const response = await fetch(system.urls.gateway + (sent.address ?? path), {
    method,
    headers: { ...(sent.body === undefined ? {} : { 'content-type': 'application/json' }), ...sent.headers },
    ...(sent.body === undefined ? {} : { body: sent.body }),
  })
  const text = await response.text()
  const { status, headers } = response
  if (status >= 500) throw new Error(`${method} ${path}: ${status} ${text}`)
  const body: unknown = text === '' ? text : JSON.parse(text)
  judge(method, path, { status, headers, body })
  if (status >= 400) expectProblem({ status, headers, text })
  const orderId = field(body, 'orderId')
  if (status === 200 && path.startsWith('/api/order') && method === 'POST' && orderId !== undefined)
    acknowledged.add(orderId)
  return { status, headers, text }
}

const post = (path: string, body: Buffer | string, headers: Record<string, string> = {}): Promise<Answered> =>
  call('POST', path, { body, headers })

/** The body's text is as it stands, so that it can be what no object can be. */
const refusedBy = async (path: string, bodies: readonly (Buffer | string)[], code: ErrorCode): Promise<void> => {
  for (const body of bodies) {
    const answer = await post(path, body)
    expect({ body: body.toString().slice(0, 100), code: expectCode(answer) }).toMatchObject({ code })
  }
}

const expectCode = (answer: Answered): ErrorCode | undefined =>
  answer.status >= 400 ? expectProblem(answer) : undefined

const doors = () => [
  { door: system.urls.gateway, path: '/api/orders' },
  { door: system.urls.webhookGateway, path: '/api/webhooks/toss' },
]

const json = ['content-type: application/json']
const valid = JSON.stringify({ amount: 1000 })
const deep = (levels: number): string => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`

describe('the rows of bad input over HTTP', () => {
  it('B5.1 broken JSON, bytes that are not UTF-8 and deep nesting are INVALID_INPUT_VALUE', async () => {
    const invalid = [
      Buffer.from('{"amount":"\xff"}', 'latin1'),
      Buffer.from('{"amount":1}', 'utf16le'),
      Buffer.alloc(0),
    ]
    const broken = ['{"amount":1', '{amount:1}', "{'amount':1}", '{"amount":1}}', '[', 'null', '1', '"a"', '\ufeff{}']
    await refusedBy('/api/orders', [...invalid, ...broken, deep(20), deep(10_000)], 'INVALID_INPUT_VALUE')
    for (const body of [...invalid, ...broken.filter((text) => !text.startsWith('\ufeff'))]) {
      const answer = await deliver(body)
      expect(expectCode(answer)).toBe('INVALID_INPUT_VALUE')
    }
  })

  it('B5.1 of a key that stands twice the last one counts', async () => {
    const answer = await post('/api/orders', '{"amount":1,"amount":2000}')
    expect(JSON.parse(answer.text)).toMatchObject({ amount: 2000 })
    expect(expectCode(await post('/api/orders', '{"amount":2000,"amount":0}'))).toBe('INVALID_INPUT_VALUE')
  })

  it('B5.2 a body that is too large is PAYLOAD_TOO_LARGE, announced or not', async () => {
    const large = `{"amount":1${' '.repeat(100 * 1024)}}`
    for (const { door, path } of doors()) {
      const announced = await sendRaw(door, rawRequest('POST', path, { headers: json, body: large }))
      const chunked = await sendRaw(door, [
        rawRequest('POST', path, { headers: [...json, 'transfer-encoding: chunked'] }),
        `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`,
      ])
      for (const answer of [announced, chunked]) {
        if (answer === undefined) throw new Error(`${door} did not answer`)
        expect(expectProblem({ ...answer, text: answer.body })).toBe('PAYLOAD_TOO_LARGE')
      }
    }
  })

  it.each([
    ['text/plain', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/json; charset=utf-16', {}],
    ['multipart/form-data; boundary=a', {}],
    ['application/jsonx', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
  ])('B5.2 %s %j is UNSUPPORTED_MEDIA_TYPE', async (type, headers) => {
    const answer = await post('/api/orders', valid, { ...headers, 'content-type': type })
    expect(expectCode(answer)).toBe('UNSUPPORTED_MEDIA_TYPE')
  })

  it('B5.2 an address over 8 KiB is 414 and headers over 16 KiB are 431', async () => {
    for (const { door, path } of doors()) {
      const long = await sendRaw(door, rawRequest('GET', `${path}?${'a'.repeat(9 * 1024)}`))
      expect(long?.status).toBe(414)
      const heavy = await sendRaw(door, rawRequest('GET', path, { headers: [`x-a: ${'a'.repeat(17 * 1024)}`] }))
      expect(heavy?.status).toBe(431)
    }
  })

  it('B5.3 whoever sends head or body drop by drop is cut off with 408, while others are served', async () => {
    const dripping = [
      ...doors().map(({ door, path }) => sendRaw(door, [`POST ${path} HTTP/1.1\r\nhost: a\r\n`], {})),
      ...doors().map(({ door, path }) =>
        sendRaw(
          door,
          [
            rawRequest('POST', path, { headers: [...json, 'content-length: 60'] }),
            ...Array.from({ length: 50 }, () => ' '),
          ],
          { everyMs: 300 },
        ),
      ),
    ]
    await call('GET', '/api/products')
    const answers = await Promise.all(dripping)
    expect(answers.map((answer) => answer?.status)).toEqual([408, 408, 408, 408])
  })

  it('B5.4 unknown fields are refused by their names, in body and query', async () => {
    const answer = await post('/api/orders', '{"amount":1000,"isAdmin":true,"status":"PAID"}')
    expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ field: 'isAdmin' }, { field: 'status' }] })
    const query = await call('GET', '/api/products', { address: '/api/products?limit=1&x[y]=1' })
    expect(JSON.parse(query.text)).toMatchObject({ errors: [{ field: 'x[y]' }] })
  })

  const noAmounts = ['0', '-1', '1.5', '"1000"', '1e400', 'NaN', '9007199254740992', 'null', '[]', '{}', 'true', '""']
  it.each(noAmounts)('B5.5 the amount %s is refused', async (amount) => {
    await refusedBy('/api/orders', [`{"amount":${amount}}`], 'INVALID_INPUT_VALUE')
    await refusedBy(
      '/api/payments/confirm',
      [`{"paymentKey":"k","orderId":"${open.orderId}","amount":${amount}}`],
      'INVALID_INPUT_VALUE',
    )
    const items = `{"items":[{"productId":${amount},"quantity":1}]}`
    await refusedBy('/api/order-commands', [items], 'INVALID_INPUT_VALUE')
    const refund = await post('/api/payments/cancel', `{"orderId":"${paid.orderId}","reason":"a","amount":${amount}}`)
    expect(['INVALID_INPUT_VALUE', 'INVALID_REFUND_AMOUNT']).toContain(expectCode(refund))
  })

  const noTexts = [
    '{"$gt":""}',
    '{"$ne":null}',
    '["ORD-1","ORD-2"]',
    '"a.b.c.d"',
    '"$where"',
    '{"toString":"a"}',
    'null',
    '1',
  ]
  it.each(noTexts)('B5.6 %s in the place of an id is refused', async (text) => {
    await refusedBy('/api/payments/cancel', [`{"orderId":${text},"reason":"a"}`], 'INVALID_INPUT_VALUE')
    await refusedBy('/api/payments/fail', [`{"orderId":${text},"code":"a","message":""}`], 'INVALID_INPUT_VALUE')
    await refusedBy(
      '/api/orders',
      [`{"amount":1,"userId":${text === '1' ? '{}' : text.replace('a.b.c.d', 'a b')}}`],
      'INVALID_INPUT_VALUE',
    )
    for (const query of ['userId[$gt]=', 'userId=1&userId=2', 'userId=1&before[$ne]=1'])
      expect(expectCode(await call('GET', '/api/orders/me', { address: `/api/orders/me?${query}` }))).toBe(
        'INVALID_INPUT_VALUE',
      )
  })

  it.each(['__proto__', 'constructor', 'prototype'])('B5.7 the key %s is refused wherever it stands', async (key) => {
    const bodies = [`{"amount":1,"${key}":{"isAdmin":true}}`, `{"amount":1,"a":[{"${key}":1}]}`]
    await refusedBy(
      '/api/orders',
      [...bodies, bodies[0]?.replace(key, `\\u005f${key.slice(1)}`) ?? ''].slice(0, key === '__proto__' ? 3 : 2),
      'INVALID_INPUT_VALUE',
    )
    const query = await call('GET', '/api/products', { address: `/api/products?${key}=1` })
    expect(expectCode(query)).toBe('INVALID_INPUT_VALUE')
  })

  it('B5.8 control characters in ids and headers are refused or replaced before anything echoes them', async () => {
    for (const bad of ['%0d%0aSet-Cookie:a=b', '%00', '%1b[31m', '%e2%80%ae', '%7f', '%', '%zz', '%ff%fe', '%c0%ae']) {
      const order = await call('GET', '/api/orders/{orderId}', { address: `/api/orders/ORD-AAAA${bad}` })
      expect(expectCode(order)).toBe('INVALID_INPUT_VALUE')
      expect(order.headers.get('set-cookie')).toBeNull()
      const product = await call('GET', '/api/products/{id}', { address: `/api/products/1${bad}` })
      expect(expectCode(product)).toBe('INVALID_INPUT_VALUE')
    }
    for (const value of ['\xff\xfe', 'a\tb', '\xe2\x80\xae', '', 'x'.repeat(256)]) {
      const headers = [...json, `idempotency-key: ${value}`, `x-request-id: ${value}`]
      const answer = await sendRaw(system.urls.gateway, rawRequest('POST', '/api/orders', { headers, body: valid }))
      if (answer === undefined) throw new Error('no answer')
      expect(expectProblem({ ...answer, text: answer.body })).toBe('INVALID_INPUT_VALUE')
      expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
    }
    for (const value of ['a\0b', 'a\rb', 'a\nb: c\x01']) {
      const headers = [...json, `idempotency-key: ${value}`]
      const answer = await sendRaw(system.urls.gateway, rawRequest('POST', '/api/orders', { headers, body: valid }))
      // Node's parser refuses these itself, before there is a request.
      expect(answer?.status).toBe(400)
    }
  })

  const noKeys = [
    '../x',
    'a/cancel',
    '%2e%2e',
    '..%2f..',
    'a?b',
    'a#b',
    'a b',
    '',
    'x'.repeat(201),
    'é',
    'a\u0000',
    '.',
  ]
  it.each(noKeys)('B5.9 the paymentKey %j, which would go into an address at Toss, is refused', async (paymentKey) => {
    const calls = (await shop.books()).body.calls.length
    await refusedBy(
      '/api/payments/confirm',
      [JSON.stringify({ paymentKey, orderId: open.orderId, amount: AMOUNT })],
      'INVALID_INPUT_VALUE',
    )
    expect((await shop.books()).body.calls).toHaveLength(calls)
  })

  const prose = [
    "Robert'); DROP TABLE payments;--",
    '<script>alert(1)</script>',
    '👩‍👩‍👧‍👦 🇰🇷',
    '\u202etxt.exe\u202c العربية',
    '한글과 한글'.normalize('NFD'),
    '$secret ${x} {{y}} %s %n',
    '{"$gt":""}',
    '😀'.repeat(200),
  ]
  it.each(prose)('B5.10 the reason %j is plain data', async (reason) => {
    const order = await shop.paid(AMOUNT)
    acknowledged.add(order.orderId)
    const answer = await post('/api/payments/cancel', JSON.stringify({ orderId: order.orderId, amount: 1000, reason }))
    expect([200, 202]).toContain(answer.status)
    expect((await shop.order(order.orderId)).body.payment?.refunds[0]?.reason).toBe(reason)
    const tooLong = JSON.stringify({ orderId: order.orderId, reason: `${'😀'.repeat(200)}!` })
    await refusedBy('/api/payments/cancel', [tooLong], 'INVALID_INPUT_VALUE')
  })

  it('a method that is not there, a path that is not there and a request that is no HTTP end in a refusal', async () => {
    for (const { door, path } of doors()) {
      for (const method of ['DELETE', 'PUT', 'PATCH', 'TRACE', 'OPTIONS', 'PROPFIND', 'QUERY']) {
        const answer = await sendRaw(door, rawRequest(method, path))
        // A method that Node's parser does not know is no request at all.
        if (answer?.status === 400 && answer.body === '') continue
        if (answer === undefined) throw new Error(`${method} was not answered`)
        expect(expectProblem({ ...answer, text: answer.body })).toBe('METHOD_NOT_ALLOWED')
        expect(answer.headers.get('allow')).toBe('POST')
      }
      for (const target of [
        '/%',
        '/..%2f..%2fetc/passwd',
        '//evil.example/',
        '/api//orders',
        '*',
        'http://evil.example/x',
        '/%00',
      ]) {
        const answer = await sendRaw(door, rawRequest('GET', target))
        if (answer === undefined) throw new Error(`${target} was not answered`)
        expect(expectProblem({ ...answer, text: answer.body })).toBe('NOT_FOUND')
      }
      const noRequests = [
        '\0\0\0\0\r\n\r\n',
        'GET / HTTP/9.9\r\n\r\n',
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
        '\x16\x03\x01\x02\x00\x01\x00',
      ]
      for (const bytes of [...noRequests, rawRequest('POST', path, { headers: [...json, 'content-length: -1'] })]) {
        const answer = await sendRaw(door, bytes)
        expect(answer?.status ?? 400).toBeGreaterThanOrEqual(400)
        expect(answer?.status ?? 400).toBeLessThan(500)
      }
      // Two lengths, or a length and chunks: what one proxy takes for a body is another's next request.
      for (const smuggled of [
        ['content-length: 5', 'content-length: 6'],
        ['content-length: 5', 'transfer-encoding: chunked'],
        ['transfer-encoding: chunked, identity'],
        ['transfer-encoding: xchunked'],
      ]) {
        const answer = await sendRaw(
          door,
          Buffer.concat([
            rawRequest('POST', path, { headers: [...json, ...smuggled] }),
            Buffer.from('0\r\n\r\nGET /healthz HTTP/1.1\r\nhost: a\r\n\r\n'),
          ]),
        )
        expect(answer?.status).toBe(400)
        expect(answer?.body).not.toContain('ok')
      }
    }
  })
})

/** To the webhook gateway. */
const deliver = async (body: Buffer | string, headers: Record<string, string> = {}): Promise<Answered> => {
  const response = await fetch(`${system.urls.webhookGateway}/api/webhooks/toss`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  const answer = { status: response.status, headers: response.headers, text: await response.text() }
  if (answer.status >= 500) throw new Error(`webhook: ${answer.status} ${answer.text}`)
  if (answer.status !== 200) expectProblem(answer)
  return answer
}

describe('generated requests', () => {
  it(
    'no body makes an API route fail, and every answer is in its contract',
    async () => {
      const withBody = Object.entries(document.paths).flatMap(([path, { post: operation }]) => {
        const schema = operation?.requestBody?.content['application/json']?.schema
        return schema === undefined ? [] : [{ path, schema }]
      })
      expect(withBody).toHaveLength(5)
      for (const { path, schema } of withBody) {
        const known = {
          // Requests that happen to be right must not have an effect on these two: a confirm and a failure of the paid order
          // change nothing, and the unpaid one cannot be canceled.
          orderId: path.endsWith('/cancel') ? [open.orderId, 'ORD-UNKNOWN'] : [paid.orderId, 'ORD-UNKNOWN'],
          paymentKey: [paid.paymentKey],
          ...(path.endsWith('/confirm') ? { amount: [AMOUNT] } : {}),
        }
        const body = hostileBody(validValue(schema, document.components.schemas, known))
        const statuses = new Map<number, number>()
        await fc.assert(
          fc.asyncProperty(body, async (bytes) => {
            const { status } = await post(path, bytes)
            statuses.set(status, (statuses.get(status) ?? 0) + 1)
          }),
          { numRuns: share(0.12) },
        )
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
      const reads = Object.entries(document.paths).flatMap(([path, { get }]) =>
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
      await fc.assert(
        fc.asyncProperty(one, async ({ read: { path, names }, params, query, isEncoded }) => {
          const encode = (text: string) => {
            const sendable = text.replace(/[\ud800-\udfff]/g, '')
            return isEncoded ? encodeURIComponent(sendable) : encodeURI(sendable).replace(/[?#&/\\]/g, '')
          }
          // An empty segment, or one of dots, is another address.
          const segment = encode(params).replace(/^(?:\.|%2e)*$/i, '0')
          const text = query.map(([which, name, value]) => `${names[which] ?? encode(name)}=${encode(value)}`).join('&')
          await call('GET', path, { address: `${path.replace(/\{\w+\}/, segment)}?${text}`.slice(0, 8000) })
        }),
        { numRuns: share(0.1) },
      )
    },
    TIMEOUT_MS,
  )

  it(
    'no webhook makes its gateway fail',
    async () => {
      const shape: RequestSchema = {
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
      const known = {
        eventType: ['PAYMENT_STATUS_CHANGED', 'DEPOSIT_CALLBACK', 'NEWS'],
        orderId: [paid.orderId, 'ORD-UNKNOWN', '=+$'],
        paymentKey: [paid.paymentKey, 'unknown'],
        status: ['DONE', 'CANCELED', 'PARTIAL_CANCELED'],
      }
      const statuses = new Set<number>()
      const header = fc.constantFrom('1', '-1', 'x'.repeat(300), 'a b', '9'.repeat(30), '2026-11-23T03:19:06.388451')
      await fc.assert(
        fc.asyncProperty(hostileBody(validValue(shape, {}, known)), header, async (bytes, value) => {
          const { status } = await deliver(bytes, {
            'tosspayments-webhook-transmission-id': value,
            'tosspayments-webhook-transmission-retried-count': value,
            'tosspayments-webhook-transmission-time': value,
          })
          statuses.add(status)
        }),
        { numRuns: share(0.1) },
      )
      expect(statuses).toEqual(new Set([200, 400]))
    },
    TIMEOUT_MS,
  )
})

type Rpc = { readonly service: 'catalog' | 'order' | 'payment'; readonly path: string; encode(given: object): Buffer }

const rpcsOf = (service: Rpc['service'], definition: Readonly<Record<string, { readonly path: string }>>): Rpc[] =>
  // Each method's serializer takes its own message; here each gets the fields of all, and leaves out what is not its own.
  Object.values(definition as Record<string, { path: string; requestSerialize: Rpc['encode'] }>).map(
    ({ path, requestSerialize }) => ({ service, path, encode: requestSerialize }),
  )

const rpcs = [
  ...rpcsOf('catalog', catalogService),
  ...rpcsOf('order', orderService),
  ...rpcsOf('payment', paymentService),
]

/** The statuses by which a server says that it failed, and not its caller: UNKNOWN, INTERNAL, UNAVAILABLE, DATA_LOSS. */
const failures: readonly (number | undefined)[] = [2, 13, 14, 15, undefined]

const INVALID_ARGUMENT = 3
const DEADLINE_EXCEEDED = 4
const RESOURCE_EXHAUSTED = 8
const UNAUTHENTICATED = 16

/** Readable when it is not as it should be. */
const verdict = ({ status, text }: RpcAnswer) => ({ isFailure: failures.includes(status), text })
const noFailure = { isFailure: false }

describe('B5.11 bad calls over gRPC', () => {
  it.each(rpcs)('$path refuses garbage, size, deadlines that are over and strangers', async ({ service, path }) => {
    const channel = channels[service]
    // A length that ends behind the message, and groups that nest as deep as a megabyte allows.
    for (const message of [Buffer.from([0x7a, 0xff, 0x7f]), Buffer.alloc(500_000, 0x7b), Buffer.alloc(20, 0xff)]) {
      const answer = await channel.call(path, { message })
      expect([answer.status, answer.errorCode]).toEqual([INVALID_ARGUMENT, 'INVALID_INPUT_VALUE'])
    }
    const large = await channel.call(path, { message: Buffer.alloc(1024 * 1024 + 1) })
    expect(large.status).toBe(RESOURCE_EXHAUSTED)
    const late = await channel.call(path, { headers: { 'grpc-timeout': '1n' } })
    expect(late.status).toBe(DEADLINE_EXCEEDED)
    for (const authorization of ['', 'wrong', `${TOKEN}x`, `Bearer ${TOKEN}`]) {
      const stranger = await channel.call(path, { headers: { authorization } })
      expect(stranger.status).toBe(UNAUTHENTICATED)
      expect(stranger.text).not.toContain(TOKEN)
    }
    // No deadline at all.
    expect(verdict(await channel.call(path))).toMatchObject(noFailure)
  })

  it.each(rpcs)('$path survives frames that are no message', async ({ service, path }) => {
    const frames = [
      Buffer.alloc(0),
      Buffer.from([0]),
      Buffer.from([1, 0, 0, 0, 1, 0]),
      Buffer.from([0, 0xff, 0xff, 0xff, 0xff]),
      Buffer.from([0, 0, 0, 0, 9, 1]),
      Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ]
    // What is wrong below the message is answered by the library as the protocol tells it; it must be answered.
    for (const frame of frames) await channels[service].call(path, { frame })
    for (const headers of [{ 'grpc-timeout': 'soon' }, { 'content-type': 'text/html' }, { 'grpc-encoding': 'br' }])
      await channels[service].call(path, { headers })
    expect(verdict(await channels[service].call(path))).toMatchObject(noFailure)
  })

  it(
    'no message makes a call fail',
    async () => {
      const int64 = fc.oneof(
        fc.constantFrom('0', '-1', '1', '9007199254740992', '9223372036854775807', '-9223372036854775808'),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
      )
      const int32 = fc.constantFrom(0, -1, 1, 100, 101, 1000, 2 ** 31 - 1, -(2 ** 31))
      const text = fc.oneof(hostileText, fc.constantFrom('', open.orderId, 'ORD-UNKNOWN', 'x'.repeat(100_000)))
      const key = fc.record({ key: text, fingerprint: text })
      const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
      // A superset of the fields of all requests: a serializer leaves out what is not its own.
      const message = fc.record({
        afterId: int64,
        ids: fc.array(int64, { maxLength: 120 }),
        limit: int32,
        userId: optional(text),
        amountKrw: optional(int64),
        items: fc.array(fc.record({ productId: int64, quantity: int32 }), { maxLength: 3 }),
        idempotency: optional(key),
        // A failure told of the unpaid order would end it, as it should.
        orderId: fc.constantFrom('', 'ORD-UNKNOWN', '\u0000', '$ne', 'x'.repeat(100_000), paid.orderId),
        viewer: optional(fc.record({ userId: optional(text) })),
        beforeOrderId: optional(text),
        paymentKey: text,
        code: text,
        message: text,
        reason: text,
      })
      const damaged = (bytes: Buffer) =>
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
      const one = fc.constantFrom(...rpcs.map(({ path }) => path)).chain((path) =>
        message.chain((given) => {
          // The paid order could be canceled, and should be; the unpaid one cannot.
          const safe = path.endsWith('/CancelPayment') ? { ...given, orderId: open.orderId } : given
          return damaged(rpcs.find((rpc) => rpc.path === path)?.encode(safe) ?? Buffer.alloc(0)).map((bytes) => ({
            path,
            bytes,
          }))
        }),
      )
      await fc.assert(
        fc.asyncProperty(one, async ({ path, bytes }) => {
          const { service = 'catalog' } = rpcs.find((rpc) => rpc.path === path) ?? {}
          const answer = await channels[service].call(path, { message: bytes })
          expect(verdict(answer)).toMatchObject(noFailure)
          if (answer.status !== 0 || !path.endsWith('/CreateOrder')) return
          acknowledged.add(String(orderService.CreateOrder.responseDeserialize(answer.message).orderId))
        }),
        { numRuns: share(0.2) },
      )
    },
    TIMEOUT_MS,
  )
})

describe('B5.12 poison in Kafka', () => {
  const statusChanged = (orderId: string) =>
    cloudEvent('payment.status-changed', {
      id: `${randomUUID()}:99`,
      service: 'payment',
      subject: orderId,
      time: new Date(),
      data: {
        paymentId: randomUUID(),
        orderId,
        version: 99,
        status: 'REFUNDED',
        previousStatus: 'PAID',
        amountKrw: AMOUNT,
        refundedKrw: AMOUNT,
        occurredAt: new Date().toISOString(),
      },
    })
  const samples = {
    'order.created': { group: 'payment', file: 'order.created.v1.json' },
    'toss.webhook-received': { group: 'payment', file: 'toss.webhook-received.v1.json' },
    'payment.status-changed': { group: 'order', file: 'payment.status-changed.v1.json' },
  } as const
  const sample = (file: string): Record<string, unknown> =>
    JSON.parse(readFileSync(new URL(`../../contracts/samples/${file}`, import.meta.url), 'utf8')) as Record<
      string,
      unknown
    >

  it.each(Object.entries(samples))(
    '%s: what is not understood is put aside byte for byte, and the next message is handled',
    async (topic, { group, file }) => {
      const event = sample(file)
      const data = event.data as Record<string, unknown>
      const required = ['specversion', 'id', 'source', 'type', 'time', 'data', 'datacontenttype', 'subject']
      const poison: (Buffer | null)[] = [
        null,
        Buffer.alloc(0),
        Buffer.from([0xff, 0x00, 0xfe]),
        ...['garbage', 'null', '[]', '{}', '{"data":{}}', deep(10_000)].map((text) => Buffer.from(text)),
        ...required.map((name) => Buffer.from(JSON.stringify({ ...event, [name]: undefined }))),
        ...['receivedAt', 'orderId', 'amountKrw', 'status', 'version', 'bodyHash']
          .filter(
            (name) => name in data && !(topic === 'toss.webhook-received' && ['orderId', 'status'].includes(name)),
          )
          .flatMap((name) =>
            [undefined, null, { $gt: '' }, -1.5].map((value) => ({ ...event, data: { ...data, [name]: value } })),
          )
          .map((value) => Buffer.from(JSON.stringify(value))),
        Buffer.from(JSON.stringify({ ...event, type: `${topic}.v9` })),
      ]
      const key = `poison-${randomUUID()}`
      await publish(
        topic,
        poison.map((value, index) => ({ key, value, partition: index % 6, headers: { 'x-test': 'kept' } })),
      )
      const letters = await eventually(async () => {
        const found = (await readTopics(kafka, system.namespace)).filter(
          (message) => message.topic === `${topic}.${group}.dead-letter` && message.key?.toString() === key,
        )
        expect(found).toHaveLength(poison.length)
        return found
      })
      expect(letters.map(({ value }) => value?.toString('hex') ?? 'null').toSorted()).toEqual(
        poison.map((value) => value?.toString('hex') ?? 'null').toSorted(),
      )
      for (const { headers } of letters)
        expect(headers).toMatchObject({
          'x-test': 'kept',
          'dead-letter-topic': topic,
          'dead-letter-cause': expect.any(String),
        })
      // What comes behind the poison, on whichever partition.
      const next = await shop.paid(1000)
      acknowledged.add(next.orderId)
      await eventually(async () => {
        const { orders } = await readBooks(system)
        expect(orders.find(({ _id }) => _id === next.orderId)).toMatchObject({ status: 'PAID' })
      })
    },
    TIMEOUT_MS,
  )

  it('payment.status-changed under the key of another order, or with broken UTF-8, changes no order', async () => {
    const event = JSON.stringify(statusChanged(paid.orderId))
    const broken = Buffer.from(event.replace('/services/payment', '/services/\xff'), 'latin1')
    await publish('payment.status-changed', [
      { key: 'ORD-OTHER', value: event },
      { key: paid.orderId, value: broken },
    ])
    await eventually(async () => {
      const letters = (await readTopics(kafka, system.namespace)).filter(
        ({ topic }) => topic === 'payment.status-changed.order.dead-letter',
      )
      const values = letters.map(({ value }) => value?.toString('hex'))
      expect(values).toContain(Buffer.from(event).toString('hex'))
      expect(values).toContain(broken.toString('hex'))
    })
    expect((await readBooks(system)).orders.find(({ _id }) => _id === paid.orderId)).toMatchObject({ status: 'PAID' })
  })
})

const publish = async (topic: string, messages: Message[]): Promise<void> => {
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  try {
    await producer.send({ topic: system.namespace + topic, acks: -1, messages })
  } finally {
    await producer.disconnect()
  }
}

/** What must not be found again anywhere but where it belongs. */
const canaries = {
  card: '4111111111111111',
  'card with spaces': '4111 1111 1111 1111',
  key: 'live_sk_canaryCANARY0123456789',
  phone: '010-1234-5678',
  'phone without dashes': '01012345678',
  email: 'canary.bird@example.com',
  account: '73501928846',
  holder: '카나리아',
  secret: 'ps_canarySecret77',
  bearer: 'Bearer canary-canary-canary',
}
const all = Object.values(canaries).join(' / ')
/** What a person writes as a reason stays plain data where reasons are shown. */
const inProse = [
  canaries.card,
  canaries['card with spaces'],
  canaries.key,
  canaries.phone,
  canaries.email,
  canaries.account,
]

const leaksIn = (sinks: readonly Sink[]): string[] =>
  sinks.flatMap(({ name, text }) =>
    Object.entries(canaries).flatMap(([what, canary]) => {
      const at = text.indexOf(canary)
      return at < 0 ? [] : [`${what} in ${name}: ${text.slice(Math.max(0, at - 150), at + 40)}`]
    }),
  )

const topicsAsSinks = async (): Promise<readonly Sink[]> =>
  (await readTopics(kafka, system.namespace)).map(({ topic, key, value, headers }) => ({
    name: `topic ${topic}`,
    text: [key, value, JSON.stringify(headers)].map(String).join(' '),
  }))

describe('personal data and secrets', () => {
  it(
    'that come in where they are accepted come out nowhere else',
    async () => {
      const shown: Sink[] = []
      const note = (name: string, answer: { readonly body: unknown } | Answered) =>
        shown.push({ name: `answer to ${name}`, text: JSON.stringify('body' in answer ? answer.body : answer.text) })

      const card = await shop.paid(AMOUNT, { orderName: all.slice(0, 100), customerName: canaries.holder })
      note('a refund', await shop.cancel({ orderId: card.orderId, amount: 1000, reason: inProse.join(', ') }))
      const account = await shop.withWindow(AMOUNT, { method: 'VIRTUAL_ACCOUNT', customerName: canaries.holder })
      note('a confirm', await shop.confirm(account))
      await shop.happen(account.paymentKey, 'deposit')
      await eventually(async () => expect((await shop.order(account.orderId)).body.status).toBe('PAID'))
      note(
        'a refund into an account',
        await shop.cancel({
          orderId: account.orderId,
          reason: '변심',
          refundReceiveAccount: { bank: '20', accountNumber: canaries.account, holderName: canaries.holder },
        }),
      )
      for (const { orderId } of [card, account]) acknowledged.add(orderId)

      const personal = {
        card: { number: canaries.card, ownerType: '개인' },
        customerName: canaries.holder,
        customerEmail: canaries.email,
        customerMobilePhone: canaries.phone,
        secret: canaries.secret,
        virtualAccount: { accountNumber: canaries.account, refundReceiveAccount: { holderName: canaries.holder } },
        mobilePhone: { customerMobilePhone: canaries['phone without dashes'] },
        failure: { message: all },
        metadata: { note: all },
      }
      const data = { ...personal, orderId: card.orderId, paymentKey: card.paymentKey, status: 'DONE' }
      note(
        'a webhook',
        await shop.deliver({ eventType: 'PAYMENT_STATUS_CHANGED', createdAt: '2026-11-23T03:19:06.3', data }),
      )
      note('a deposit', await shop.deliver({ ...personal, orderId: account.orderId, status: 'DONE' }))
      note(
        'a webhook of no use',
        await shop.deliver({ eventType: all, createdAt: all, data: { ...personal, orderId: all, status: all } }),
      )
      note('a broken webhook', await shop.deliver(`{"secret":"${all}`))
      // The answer names the address that was asked for; the log must not.
      await shop.deliver({}, { path: `/${canaries.account}/${canaries.phone}?${encodeURIComponent(all)}` })

      const headers = {
        authorization: canaries.bearer,
        cookie: encodeURIComponent(all),
        'user-agent': encodeURI(canaries.email),
      }
      for (const path of [
        '/api/orders',
        '/api/order-commands',
        '/api/payments/confirm',
        '/api/payments/fail',
        '/api/payments/cancel',
      ]) {
        for (const name of [
          'userId',
          'amount',
          'orderId',
          'reason',
          'message',
          'paymentKey',
          'refundReceiveAccount',
          'card',
        ]) {
          note(
            path,
            await post(
              path,
              JSON.stringify({ [name]: name === 'refundReceiveAccount' ? { accountNumber: all } : `${all}\u0000` }),
              headers,
            ),
          )
        }
        note(path, await post(path, `{"card":"${all}`, headers))
      }
      const query = encodeURIComponent(all)
      note(
        'a read',
        await call('GET', '/api/orders/me', { address: `/api/orders/me?userId=${query}&before=${query}`, headers }),
      )
      const call1 = await channels.order.call(orderService.GetOrder.path, {
        message: orderService.GetOrder.requestSerialize({ orderId: all, viewer: { userId: all } }),
        headers: { authorization: TOKEN, 'x-request-id': encodeURIComponent(all) },
      })
      shown.push({ name: 'answer to a call', text: call1.text })

      await booksEqual(system, { timeoutMs: 45_000 })
      expect(leaksIn(shown)).toEqual([])
      expect(leaksIn(readLogs(system))).toEqual([])
      expect(leaksIn(await readRedis(system.namespace))).toEqual([])
      expect(leaksIn(await topicsAsSinks())).toEqual([])

      // Reasons are shown to whoever may see the order; the account that a refund went to is forgotten with it.
      const { body } = await shop.order(card.orderId)
      expect(body.payment?.refunds[0]?.reason).toBe(inProse.join(', '))
      const stored = await readDatabase(system, 'payment')
      const accounts = stored.filter(({ text }) => text.includes('refundReceiveAccount'))
      expect(accounts.map(({ name }) => name)).toEqual([])
      expect(leaksIn(stored).filter((leak) => /^(secret|bearer)/.test(leak) || leak.includes('webhookEvents'))).toEqual(
        [],
      )
      expect(leaksIn(await readDatabase(system, 'order'))).toEqual([])
    },
    TIMEOUT_MS,
  )

  it("that a browser tells of a failed payment do not go into Kafka with the payment's news", async () => {
    const { body } = await shop.createOrder(AMOUNT)
    const orderId = body.orderId ?? ''
    acknowledged.add(orderId)
    await shop.fail({ orderId, code: 'PAY_PROCESS_ABORTED', message: inProse.join(', ') })
    await booksEqual(system, { timeoutMs: 45_000 })
    expect(leaksIn(await topicsAsSinks())).toEqual([])
  })
})

describe('all of this', () => {
  it('ended no process and had no effect that was not acknowledged', async () => {
    await booksEqual(system, { timeoutMs: 45_000 })
    expect(system.processes().map(({ pid }) => pid)).toEqual(pids)
    const { orders, payments } = await readBooks(system)
    expect(new Set(orders.map(({ _id }) => _id))).toEqual(acknowledged)
    expect(new Set(payments.map(({ orderId }) => orderId))).toEqual(acknowledged)
    expect(await eventually(atRest)).toBe(untouched)
    for (const { name, text } of readLogs(system))
      expect([name, text.includes('"level":"fatal"')]).toEqual([name, false])
  })
})
