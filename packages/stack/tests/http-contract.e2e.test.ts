import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { stopAudited } from '../src/testing/audit.ts'
import { booksEqual } from '../src/testing/books.ts'
import { eventually } from '../src/testing/eventually.ts'
import { type Answer, type Cell, cellsOf, createJudge, type OpenApiDocument } from '../src/testing/http-contract.ts'
import { namespace } from '../src/testing/namespace.ts'
import { openShop, type Shop } from '../src/testing/shop.ts'
import type { Window } from '../src/testing/shop-bodies.ts'
import { startSystem, type TestSystem } from '../src/testing/system.ts'

// The document that the gateway serves says which cells there are; a declared cell without a test is red.
const documentUrl = new URL('../../../services/api-gateway/openapi.json', import.meta.url)
const document = JSON.parse(readFileSync(documentUrl, 'utf8')) as OpenApiDocument
const cells = cellsOf(document)
const judge = createJudge(document)

let system: TestSystem
/** For Toss's side; requests to the gateway are judged here. */
let shop: Shop

beforeAll(async () => {
  system = await startSystem({
    namespace: namespace(),
    env: {
      // Short waits: what is undecided is answered 202 and what Toss refused is looked at again without a test waiting for it.
      PAYMENT_ANSWER_WAIT_MS: '3000',
      PAYMENT_LOOK_SPACING_MS: '20',
      PAYMENT_SWEEP_MS: '200',
      // Whoever is killed leaves its lease behind.
      PAYMENT_LEASE_MS: '1500',
      PAYMENT_TOSS_BREAKER_RESET_MS: '300',
      API_GATEWAY_PRODUCT_CACHE_MS: '1',
    },
  })
  shop = openShop(system.urls)
}, 120_000)

afterAll(async () => {
  await shop.clearFaults()
  await stopAudited(system)
}, 180_000)

type Sent = {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Appended to the address. */
  readonly query?: string
  readonly params?: Readonly<Record<string, string>>
}

/** Sends a request and judges the answer by the document, whatever it is. */
const call = async (method: string, path: string, sent: Sent = {}): Promise<Answer> => {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => sent.params?.[name] ?? '')
  const response = await fetch(system.urls.gateway + address + (sent.query ?? ''), {
    method,
    headers: { ...(sent.body === undefined ? {} : { 'content-type': 'application/json' }), ...sent.headers },
    ...(sent.body === undefined ? {} : { body: typeof sent.body === 'string' ? sent.body : JSON.stringify(sent.body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  const body: unknown = isJson ? JSON.parse(text) : text
  const code = field(body, 'code')
  const answer = { status: response.status, headers: response.headers, body, ...(code === undefined ? {} : { code }) }
  judge(method, path, answer)
  return answer
}

/** A member that is text or a number. */
const field = (body: unknown, name: string): string | undefined => {
  if (typeof body !== 'object' || body === null) return undefined
  const value = new Map<string, unknown>(Object.entries(body)).get(name)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

const AMOUNT = 10_000
/** Longer than a request waits, and short enough to come to rest. */
const HANG_MS = 5_000
const key = () => ({ 'idempotency-key': randomUUID() })

const createOrder = async (userId?: string): Promise<string> => {
  const answer = await call('POST', '/api/orders', {
    body: { amount: AMOUNT, ...(userId === undefined ? {} : { userId }) },
  })
  return field(answer.body, 'orderId') ?? ''
}

/** An order whose buyer has authenticated in Toss's window: what a confirm of it looks like. */
const authenticated = async (window: Partial<Window> = {}) => {
  const orderId = await createOrder()
  const paymentKey = `pay-${randomUUID()}`
  const opened = await shop.openWindow({ orderId, amount: AMOUNT, paymentKey, ...window })
  expect(opened.status).toBe(200)
  return { orderId, paymentKey, amount: AMOUNT }
}

/** What is undecided answers 202; the same request again asks for the outcome. */
const untilDecided = (ask: () => Promise<Answer>): Promise<Answer> =>
  eventually(async () => {
    const answer = await ask()
    expect(answer.status).not.toBe(202)
    return answer
  })

const confirm = (body: object) => call('POST', '/api/payments/confirm', { body })
const cancel = (body: object, headers = {}) =>
  call('POST', '/api/payments/cancel', { body: { reason: '단순 변심', ...body }, headers })
const readOrder = (orderId: string, query = '') => call('GET', '/api/orders/{orderId}', { params: { orderId }, query })
const readOrderEvents = (orderId: string, seen?: string) =>
  call('GET', '/api/orders/{orderId}/events', {
    params: { orderId },
    headers: seen === undefined ? {} : { 'last-event-id': seen },
  })

const paid = async () => {
  const payment = await authenticated()
  expect(await untilDecided(() => confirm(payment))).toMatchObject({ status: 200 })
  return payment
}

/** A confirm that Toss takes and does not answer: it stays undecided. */
const undecided = async () => {
  const payment = await authenticated()
  await shop.fault({
    match: { operation: 'confirm', paymentKey: payment.paymentKey },
    fault: { kind: 'hang-before', ms: HANG_MS },
  })
  return { payment, answer: await confirm(payment) }
}

const declined = async (declineCode: string) => {
  const payment = await authenticated({ declineCode })
  return untilDecided(() => confirm(payment))
}

const refusedByToss = async (status: number, code: string) => {
  const { orderId, paymentKey } = await paid()
  await shop.fault({ match: { operation: 'cancel', paymentKey }, fault: { kind: 'error-before', status, code } })
  const headers = key()
  return untilDecided(() => cancel({ orderId }, headers))
}

const restartGateway = async (env: Record<string, string> = {}) => {
  await system.kill('api-gateway', 'SIGTERM')
  await system.start('api-gateway', env)
}

/** Until those who call a restarted service have found it again, the payment service included. */
const untilConnected = () =>
  eventually(async () => {
    for (const route of ['POST /api/orders', 'POST /api/payments/fail']) {
      const [method = '', path = ''] = route.split(' ')
      expect(await call(method, path, samples[route]?.())).toMatchObject({ status: 200 })
    }
  })

/** A valid request for each operation. Against services that are away or strange it comes as far as the first call. */
const samples: Record<string, () => Sent> = {
  'GET /api/products': () => ({}),
  'GET /api/products/{id}': () => ({ params: { id: '1' } }),
  'POST /api/orders': () => ({ body: { amount: AMOUNT } }),
  'POST /api/order-commands': () => ({ body: { items: [{ productId: 1, quantity: 2 }] } }),
  'GET /api/orders/me': () => ({ query: '?userId=1' }),
  'GET /api/orders/{orderId}': () => ({ params: { orderId: 'ORD-UNKNOWN' } }),
  'GET /api/orders/{orderId}/events': () => ({ params: { orderId: 'ORD-UNKNOWN' } }),
  'POST /api/payments/confirm': () => ({ body: { paymentKey: 'pay-1', orderId: 'ORD-UNKNOWN', amount: AMOUNT } }),
  'POST /api/payments/fail': () => ({
    body: { orderId: 'ORD-UNKNOWN', code: 'PAY_PROCESS_CANCELED', message: '취소' },
  }),
  'POST /api/payments/cancel': () => ({ body: { orderId: 'ORD-UNKNOWN', reason: '변심' } }),
}

/** Ways to a cell that are the same for every route. */
const generic: Record<string, (cell: Cell, sample: Sent) => Promise<Answer>> = {
  INVALID_INPUT_VALUE: async ({ method, path }, sample) => {
    const answer = await call(method, path, {
      ...sample,
      query: `${sample.query ?? ''}${sample.query ? '&' : '?'}surprise=1`,
    })
    expect(answer.body).toMatchObject({ errors: [{ field: 'surprise' }] })
    return answer
  },
  PAYLOAD_TOO_LARGE: ({ method, path }) => call(method, path, { body: { filler: 'x'.repeat(100 * 1024) } }),
  UNSUPPORTED_MEDIA_TYPE: ({ method, path }) =>
    call(method, path, { body: 'amount=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  METHOD_NOT_ALLOWED: async ({ method, path }, sample) => {
    const answer = await call(method, path, { params: sample.params ?? {} })
    const allowed = Object.keys(document.paths[path] ?? {}).map((name) =>
      name === 'get' ? 'GET, HEAD' : name.toUpperCase(),
    )
    expect(answer.headers.get('allow')).toBe(allowed.join(', '))
    return answer
  },
  INTERNAL_ERROR: async ({ method, path }, sample) => {
    const answer = await call(method, path, sample)
    // A 500 says nothing of its cause.
    expect(answer.body).toMatchObject({ title: 'Internal error', detail: 'Internal error' })
    return answer
  },
  GATEWAY_TIMEOUT: ({ method, path }, sample) => call(method, path, sample),
  SERVICE_UNAVAILABLE: ({ method, path }, sample) => call(method, path, sample),
}

/** Ways to the cells that are one route's own. */
const specific: Record<string, () => Promise<Answer>> = {
  'GET /api/products 200': () => call('GET', '/api/products'),
  'GET /api/products 304': async () => {
    const { headers } = await call('GET', '/api/products')
    return call('GET', '/api/products', { headers: { 'if-none-match': headers.get('etag') ?? '' } })
  },
  'GET /api/products/{id} 200': () => call('GET', '/api/products/{id}', { params: { id: '1' } }),
  'GET /api/products/{id} 304': async () => {
    const { headers } = await call('GET', '/api/products/{id}', { params: { id: '1' } })
    return call('GET', '/api/products/{id}', {
      params: { id: '1' },
      headers: { 'if-none-match': `W/"x", W/${headers.get('etag')}` },
    })
  },
  // Number 5 exists and is not on sale.
  'GET /api/products/{id} 404 PRODUCT_NOT_FOUND': () => call('GET', '/api/products/{id}', { params: { id: '5' } }),

  'POST /api/orders 200': () => call('POST', '/api/orders', { body: { userId: 1, amount: AMOUNT } }),
  'POST /api/orders 404 USER_NOT_FOUND': () =>
    call('POST', '/api/orders', { body: { userId: 'nobody', amount: AMOUNT } }),
  'POST /api/orders 422 IDEMPOTENCY_KEY_REUSED': async () => {
    const headers = key()
    await call('POST', '/api/orders', { body: { amount: AMOUNT }, headers })
    return call('POST', '/api/orders', { body: { amount: AMOUNT + 1 }, headers })
  },

  'POST /api/order-commands 200': () =>
    call('POST', '/api/order-commands', { body: { userId: '1', items: [{ productId: 1, quantity: 2 }] } }),
  'POST /api/order-commands 404 USER_NOT_FOUND': () =>
    call('POST', '/api/order-commands', { body: { userId: 99, items: [{ productId: 1, quantity: 2 }] } }),
  'POST /api/order-commands 404 PRODUCT_NOT_FOUND': () =>
    call('POST', '/api/order-commands', { body: { items: [{ productId: 5, quantity: 1 }] } }),
  'POST /api/order-commands 422 IDEMPOTENCY_KEY_REUSED': async () => {
    const headers = key()
    await call('POST', '/api/order-commands', { body: { items: [{ productId: 1, quantity: 1 }] }, headers })
    return call('POST', '/api/order-commands', { body: { items: [{ productId: 1, quantity: 2 }] }, headers })
  },

  'GET /api/orders/me 200': async () => {
    const orderId = await createOrder('2')
    const answer = await call('GET', '/api/orders/me', { query: '?userId=2' })
    expect(answer.body).toContainEqual(expect.objectContaining({ orderId, amount: AMOUNT, status: 'PENDING' }))
    return answer
  },
  'GET /api/orders/me 404 USER_NOT_FOUND': () => call('GET', '/api/orders/me', { query: '?userId=nobody' }),
  'GET /api/orders/{orderId} 200': async () => readOrder((await paid()).orderId),
  // An order of somebody else looks as if it did not exist.
  'GET /api/orders/{orderId} 404 ORDER_NOT_FOUND': async () => readOrder(await createOrder('1'), '?userId=2'),
  // Of a settled order it ends by itself.
  'GET /api/orders/{orderId}/events 200': async () => {
    const { orderId } = await paid()
    const answer = await readOrderEvents(orderId)
    expect(String(answer.body)).toContain(JSON.stringify((await readOrder(orderId)).body))
    return answer
  },
  'GET /api/orders/{orderId}/events 204': async () => readOrderEvents((await paid()).orderId, '999'),
  'GET /api/orders/{orderId}/events 404 ORDER_NOT_FOUND': async () => readOrderEvents(await createOrder('1')),
  'GET /api/orders/{orderId}/events 429 RATE_LIMITED': async () => {
    const orderId = await createOrder()
    const url = `${system.urls.gateway}/api/orders/${orderId}/events`
    const others = new AbortController()
    await Promise.all(Array.from({ length: 10 }, () => fetch(url, { signal: others.signal })))
    const answer = await readOrderEvents(orderId)
    others.abort()
    return answer
  },

  'POST /api/payments/confirm 200': async () => {
    const payment = await authenticated()
    return untilDecided(() => confirm({ ...payment, paymentType: 'NORMAL' }))
  },
  'POST /api/payments/confirm 202': async () => {
    const { payment, answer } = await undecided()
    expect(answer.body).toMatchObject({ orderId: payment.orderId, status: 'CONFIRMING' })
    expect(answer.headers.get('location')).toBe(`/api/orders/${payment.orderId}`)
    return answer
  },
  'POST /api/payments/confirm 400 AMOUNT_MISMATCH': async () =>
    confirm({ ...(await authenticated()), amount: AMOUNT - 1 }),
  'POST /api/payments/confirm 400 TOSS_API_ERROR': () => declined('INVALID_STOPPED_CARD'),
  'POST /api/payments/confirm 403 TOSS_API_ERROR': async () => {
    const answer = await declined('REJECT_CARD_PAYMENT')
    expect(answer.body).toMatchObject({
      tossCode: 'REJECT_CARD_PAYMENT',
      detail: expect.stringContaining('REJECT_CARD_PAYMENT'),
    })
    return answer
  },
  'POST /api/payments/confirm 404 ORDER_NOT_FOUND': () =>
    confirm({ paymentKey: 'pay-1', orderId: 'ORD-UNKNOWN', amount: AMOUNT }),
  'POST /api/payments/confirm 404 TOSS_API_ERROR': async () => {
    const payment = { ...(await authenticated()), paymentKey: `unknown-${randomUUID()}` }
    return untilDecided(() => confirm(payment))
  },
  'POST /api/payments/confirm 409 ALREADY_PROCESSED': async () =>
    confirm({ ...(await paid()), paymentKey: `other-${randomUUID()}` }),
  'POST /api/payments/confirm 409 ORDER_EXPIRED': async () => {
    await system.kill('order', 'SIGTERM')
    await system.start('order', { ORDER_TTL_MINUTES: '0.001' })
    await untilConnected()
    const payment = await authenticated()
    await system.kill('order', 'SIGTERM')
    await system.start('order')
    await untilConnected()
    return confirm(payment)
  },
  // An account that nobody paid into lapses; whoever repeats its confirm is told.
  'POST /api/payments/confirm 409 TOSS_API_ERROR': async () => {
    const payment = await authenticated({ method: 'VIRTUAL_ACCOUNT' })
    expect(await untilDecided(() => confirm(payment))).toMatchObject({ body: { status: 'WAITING_FOR_DEPOSIT' } })
    // A clock that jumps would end what other tests have left undecided.
    await booksEqual(system, { timeoutMs: 45_000 })
    await shop.advanceClock(40 * 24 * 3_600_000)
    await shop.happen(payment.paymentKey, 'webhook')
    await eventually(async () => expect(await readOrder(payment.orderId)).toMatchObject({ body: { status: 'FAILED' } }))
    return confirm(payment)
  },
  'POST /api/payments/confirm 502 TOSS_API_ERROR': async () => {
    const payment = await authenticated()
    await shop.fault({
      match: { operation: 'confirm', paymentKey: payment.paymentKey },
      fault: { kind: 'error-before', status: 401, code: 'UNAUTHORIZED_KEY' },
    })
    const answer = await untilDecided(() => confirm(payment))
    // Refused keys open the circuit at once; it must be closed for what follows.
    await eventually(paid)
    return answer
  },

  'POST /api/payments/fail 200': async () => {
    const orderId = await createOrder()
    expect(
      await call('POST', '/api/payments/fail', { body: { code: 'PAY_PROCESS_CANCELED', message: '취소' } }),
    ).toMatchObject({ status: 200, body: {} })
    expect(await call('POST', '/api/payments/fail', samples['POST /api/payments/fail']?.())).toMatchObject({
      status: 200,
    })
    const answer = await call('POST', '/api/payments/fail', {
      body: { orderId, code: 'PAY_PROCESS_ABORTED', message: '실패' },
    })
    expect(await readOrder(orderId)).toMatchObject({ body: { status: 'FAILED', payment: null } })
    return answer
  },

  'POST /api/payments/cancel 200': async () => {
    const { orderId } = await paid()
    const headers = key()
    const answer = await untilDecided(() => cancel({ orderId, amount: 3000 }, headers))
    expect(answer.body).toMatchObject({ orderId, canceledAmount: 3000, status: 'PARTIAL_REFUND' })
    return answer
  },
  'POST /api/payments/cancel 202': async () => {
    const { orderId, paymentKey } = await paid()
    await shop.fault({ match: { operation: 'cancel', paymentKey }, fault: { kind: 'hang-before', ms: HANG_MS } })
    return cancel({ orderId })
  },
  'POST /api/payments/cancel 400 CANNOT_CANCEL_ORDER': async () => cancel({ orderId: await createOrder() }),
  'POST /api/payments/cancel 400 INVALID_REFUND_AMOUNT': async () => {
    const { orderId } = await paid()
    for (const amount of [0, -1, 1.5, 2 ** 53])
      expect(await cancel({ orderId, amount })).toMatchObject({ code: 'INVALID_REFUND_AMOUNT' })
    return cancel({ orderId, amount: AMOUNT + 1 })
  },
  'POST /api/payments/cancel 400 INVALID_PAYMENT_STATUS': async () => {
    const { orderId } = await paid()
    const headers = key()
    const refunded = await untilDecided(() => cancel({ orderId }, headers))
    expect(refunded.body).toMatchObject({ status: 'REFUNDED' })
    return cancel({ orderId })
  },
  'POST /api/payments/cancel 400 TOSS_API_ERROR': () => refusedByToss(400, 'REFUND_REJECTED'),
  'POST /api/payments/cancel 403 TOSS_API_ERROR': () => refusedByToss(403, 'EXCEED_MAX_REFUND_DUE'),
  'POST /api/payments/cancel 404 ORDER_NOT_FOUND': () => cancel({ orderId: 'ORD-UNKNOWN' }),
  'POST /api/payments/cancel 409 IN_PROGRESS': async () => {
    const { payment } = await undecided()
    return cancel({ orderId: payment.orderId })
  },
  'POST /api/payments/cancel 422 IDEMPOTENCY_KEY_REUSED': async () => {
    const { orderId } = await paid()
    const headers = key()
    await cancel({ orderId, amount: 1000 }, headers)
    return cancel({ orderId, amount: 2000 }, headers)
  },

  'GET /healthz 200': () => call('GET', '/healthz'),
  'GET /readyz 200': () => call('GET', '/readyz'),
  'GET /readyz 503': async () => {
    await restartGateway({ STOP_NOTICE_MS: '3000' })
    const stopped = system.kill('api-gateway', 'SIGTERM')
    const answer = await eventually(async () => {
      const refused = await call('GET', '/readyz')
      expect(refused.status).toBe(503)
      return refused
    })
    // It still works, and tells its clients to go elsewhere next time.
    const last = await call('GET', '/api/products')
    expect([last.status, last.headers.get('connection')]).toEqual([200, 'close'])
    await stopped
    await system.start('api-gateway')
    return answer
  },
  'GET /metrics 200': () => call('GET', '/metrics'),
  'GET /openapi.json 200': async () => {
    const answer = await call('GET', '/openapi.json')
    expect(answer.body).toEqual(document)
    return answer
  },
}

const reach = async (cell: Cell): Promise<Answer> => {
  const own = specific[cell.name]
  const any = generic[cell.code ?? '']
  const sample = samples[`${cell.method} ${cell.path}`] ?? samples[`GET ${cell.path}`] ?? samples[`POST ${cell.path}`]
  const answer = own === undefined ? await any?.(cell, sample?.() ?? {}) : await own()
  if (answer === undefined) throw new Error(`${cell.name} is declared and has no test`)
  return answer
}

const wanted = ({ status, code }: Cell) => (code === undefined ? { status } : { status, code })

const cellsWhere = (isWanted: (cell: Cell) => boolean) => cells.filter(isWanted)
const needsTrouble = new Set(['INTERNAL_ERROR', 'GATEWAY_TIMEOUT', 'SERVICE_UNAVAILABLE'])

describe('the contract', () => {
  it('has no test for what is not declared', () => {
    const names = cells.map(({ name }) => name)
    for (const name of Object.keys(specific)) expect(names).toContain(name)
    expect(new Set(names).size).toBe(names.length)
  })

  it('an address that does not exist is NOT_FOUND', async () => {
    for (const path of ['/', '/api', '/api/nothing', '/api/products/', '/API/products']) {
      expect(await call('GET', path)).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    }
  })
})

describe('each cell', () => {
  it.each(cellsWhere(({ code }) => !needsTrouble.has(code ?? '')))('$name', async (cell) => {
    expect(await reach(cell)).toMatchObject(wanted(cell))
  })
})

describe('beyond status and code', () => {
  it('X-Request-Id is taken over when it is harmless, and stands in the problem', async () => {
    const requestId = `a.${randomUUID()}`
    const answer = await call('GET', '/api/products/{id}', {
      params: { id: '0' },
      headers: { 'x-request-id': requestId },
    })
    expect(answer.headers.get('x-request-id')).toBe(requestId)
    expect(answer.body).toMatchObject({ requestId, errors: [{ field: 'id' }], message: '입력값이 올바르지 않습니다.' })
    const other = await call('GET', '/healthz', { headers: { 'x-request-id': 'a b' } })
    expect(other.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
  })

  it('Link leads through all pages of products and orders', async () => {
    const follow = async (path: string, query: string): Promise<readonly unknown[]> => {
      const answer = await call('GET', path, { query })
      const next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
      const page: readonly unknown[] = Array.isArray(answer.body) ? answer.body : []
      return next === undefined ? page : [...page, ...(await follow(path, next.slice(path.length)))]
    }
    const products = await call('GET', '/api/products')
    expect(await follow('/api/products', '?limit=1')).toEqual(products.body)
    const made = [await createOrder('3'), await createOrder('3'), await createOrder('3')]
    const found = await follow('/api/orders/me', '?userId=3&limit=2')
    expect(found.map((order) => field(order, 'orderId'))).toEqual(made.toReversed())
  })

  it.each(['POST /api/orders', 'POST /api/order-commands'])(
    '%s: a repeated key answers the first result',
    async (route) => {
      const [method = '', path = ''] = route.split(' ')
      const sent = { ...samples[route]?.(), headers: key() }
      const [first, second] = await Promise.all([call(method, path, sent), call(method, path, sent)])
      expect(new Set([first, second].map(({ headers }) => headers.get('idempotent-replayed')))).toEqual(
        new Set([null, 'true']),
      )
      expect(second.body).toEqual(first.body)
    },
  )

  it('cancel: a repeated key answers the first result, refusals included', async () => {
    const { orderId, paymentKey } = await paid()
    const headers = key()
    const first = await cancel({ orderId, amount: 1000 }, headers)
    const second = await cancel({ orderId, amount: 1000 }, headers)
    expect(second.body).toEqual(first.body)
    expect([first, second].map((answer) => answer.headers.get('idempotent-replayed'))).toEqual([null, 'true'])

    await shop.fault({
      match: { operation: 'cancel', paymentKey },
      fault: { kind: 'error-before', status: 403, code: 'EXCEED_MAX_REFUND_DUE' },
    })
    const again = key()
    await untilDecided(() => cancel({ orderId, amount: 2000 }, again))
    const refused = await cancel({ orderId, amount: 2000 }, again)
    expect(refused).toMatchObject({ status: 403, code: 'TOSS_API_ERROR' })
    expect(refused.headers.get('idempotent-replayed')).toBe('true')
  })

  it.each([
    ['broken', '{"amount":1'],
    ['not an object', '[1]'],
    ['nested too deeply', `{"amount":${'['.repeat(30)}${']'.repeat(30)}}`],
    ['after a prototype', '{"amount":1,"__proto__":{"isAdmin":true}}'],
  ])('JSON that is %s is refused', async (_, body) => {
    expect(await call('POST', '/api/orders', { body })).toMatchObject({ status: 400, code: 'INVALID_INPUT_VALUE' })
  })

  it('a key that is no key is refused by its name', async () => {
    const answer = await call('POST', '/api/orders', {
      body: { amount: 1 },
      headers: { 'idempotency-key': 'x'.repeat(256) },
    })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'Idempotency-Key' }] } })
  })
})

describe('a stream', () => {
  it('is refused to a Last-Event-ID that is none of its ids', async () => {
    for (const seen of ['-1', '1.5', 'abc', '1'.repeat(16)])
      expect(await readOrderEvents(await createOrder(), seen)).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'Last-Event-ID' }] },
      })
  })
})

describe('all of this', () => {
  it("leaves books that equal Toss's", async () => {
    await expect(booksEqual(system, { timeoutMs: 45_000 })).resolves.toBeUndefined()
  })
})

describe('a cancel without a key whose answer is lost on the way', () => {
  it('is 504, and its refund is made once', async () => {
    const { orderId, paymentKey } = await paid()
    const hang = await shop.fault({ match: { operation: 'cancel', paymentKey }, fault: { kind: 'hang-before' } })
    const lost = cancel({ orderId })
    await eventually(async () => {
      const open = await shop.faults()
      expect(open.body.map(({ id }) => id)).not.toContain(hang.body.id)
    })
    await system.kill('payment')
    expect(await lost).toMatchObject({ status: 504, body: { code: 'GATEWAY_TIMEOUT', detail: 'read refunds[] first' } })
    await system.start('payment')
    await eventually(async () =>
      expect(await readOrder(orderId)).toMatchObject({
        body: {
          status: 'CANCELED',
          payment: { refundedAmountKrw: AMOUNT, remainingAmountKrw: 0, refunds: [{ status: 'DONE' }] },
        },
      }),
    )
  })
})

describe('each cell, while the services do not accept the gateway', () => {
  beforeAll(() => restartGateway({ SERVICE_TOKEN: 'a token of somebody else' }))

  it.each(cellsWhere(({ code }) => code === 'INTERNAL_ERROR'))('$name', async (cell) => {
    expect(await reach(cell)).toMatchObject(wanted(cell))
  })
})

const behind = ['catalog', 'order', 'payment'] as const

describe('each cell, while the services do not answer', () => {
  beforeAll(async () => {
    await restartGateway({ GATEWAY_DEADLINE_MS: '300', READ_DEADLINE_MS: '300' })
    for (const name of behind) await system.kill(name, 'SIGSTOP')
  })
  afterAll(async () => {
    for (const name of behind) await system.kill(name, 'SIGCONT')
  })

  it.each(cellsWhere(({ code }) => code === 'GATEWAY_TIMEOUT'))('$name', async (cell) => {
    expect(await reach(cell)).toMatchObject(wanted(cell))
  })
})

describe('each cell, while the services are gone', () => {
  beforeAll(async () => {
    for (const name of behind) await system.kill(name)
  })
  // The audit needs them.
  afterAll(async () => {
    for (const name of behind) await system.start(name)
  })

  it.each(cellsWhere(({ code }) => code === 'SERVICE_UNAVAILABLE'))('$name', async (cell) => {
    expect(await reach(cell)).toMatchObject(wanted(cell))
  })
})
