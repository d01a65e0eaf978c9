import type { ErrorCode } from '@checkout/contracts/errors'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { rawRequest, sendRaw } from './raw-http.ts'
import { AMOUNT, codeOf, deep, expectProblem, startTarget, type Target } from './target.ts'

// What a stranger or a mistaken client can send to the two public doors, row by row of docs/failure-modes.md.

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 120_000)
afterAll(() => target.close(), 180_000)

const doors = () => [
  { door: target.system.urls.gateway, path: '/api/orders' },
  { door: target.system.urls.webhookGateway, path: '/api/webhooks/toss' },
]

const json = ['content-type: application/json']
const valid = JSON.stringify({ amount: 1000 })

/** The body's text is as it stands, so that it can be what no object can be. */
const refusedBy = async (path: string, bodies: readonly (Buffer | string)[], code: ErrorCode): Promise<void> => {
  for (const body of bodies) {
    const answer = await target.post(path, body)
    expect({ body: body.toString().slice(0, 100), code: codeOf(answer) }).toMatchObject({ code })
  }
}

describe('input that is refused', () => {
  let before: Readonly<Record<string, unknown>>
  beforeAll(async () => {
    before = await target.effects()
  }, 90_000)

  it('B5.1 broken JSON, bytes that are not UTF-8 and deep nesting are INVALID_INPUT_VALUE', async () => {
    const invalid = [
      Buffer.from('{"amount":"\xff"}', 'latin1'),
      Buffer.from('{"amount":1}', 'utf16le'),
      Buffer.alloc(0),
    ]
    const broken = ['{"amount":1', '{amount:1}', "{'amount':1}", '{"amount":1}}', '[', 'null', '1', '"a"', '\ufeff{}']
    await refusedBy('/api/orders', [...invalid, ...broken, deep(20), deep(10_000)], 'INVALID_INPUT_VALUE')
    for (const body of [...invalid, ...broken.filter((text) => !text.startsWith('\ufeff'))]) {
      const answer = await target.deliver(body)
      expect(codeOf(answer)).toBe('INVALID_INPUT_VALUE')
    }
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
    const answer = await target.post('/api/orders', valid, { ...headers, 'content-type': type })
    expect(codeOf(answer)).toBe('UNSUPPORTED_MEDIA_TYPE')
  })

  it('B5.2 an address over 8 KiB is 414 and headers over 16 KiB are 431', async () => {
    for (const { door, path } of doors()) {
      const long = await sendRaw(door, rawRequest('GET', `${path}?${'a'.repeat(9 * 1024)}`))
      expect(long?.status).toBe(414)
      const heavy = await sendRaw(door, rawRequest('GET', path, { headers: [`x-a: ${'a'.repeat(17 * 1024)}`] }))
      expect(heavy?.status).toBe(431)
    }
  })

  it.each(['api-gateway', 'webhook-gateway', 'payment'] as const)(
    'B5.3 %s cuts off with 408 whoever sends head or body drop by drop or stops in the middle, and serves others meanwhile',
    async (name) => {
      const door = target.system.urls.health[name] ?? ''
      const path = name === 'api-gateway' ? '/api/orders' : '/api/webhooks/toss'
      const head = `POST ${path} HTTP/1.1\r\nhost: a\r\n`
      const withLength = rawRequest('POST', path, { headers: [...json, 'content-length: 60'] })
      const inDrops = (text: string) => Array.from({ length: 50 }, () => text)
      const slow = [
        sendRaw(door, head),
        sendRaw(door, [head, ...inDrops('a: b\r\n')], { everyMs: 300 }),
        // A server that answers unread bodies at once has nothing to wait for.
        ...(name === 'payment' ? [] : [withLength, [withLength, ...inDrops(' ')]]).map((pieces) =>
          sendRaw(door, pieces, { everyMs: 300 }),
        ),
      ]
      expect((await fetch(`${door}/readyz`)).status).toBe(200)
      const answers = await Promise.all(slow)
      expect(answers.map((answer) => answer?.status)).toEqual(slow.map(() => 408))
    },
  )

  it('B5.3 a hundred connections that say nothing keep nobody from being served, and are closed', async () => {
    for (const { door } of doors()) {
      const silent = Array.from({ length: 100 }, () => sendRaw(door, ''))
      expect((await fetch(`${door}/readyz`)).status).toBe(200)
      for (const answer of await Promise.all(silent)) expect(answer?.status ?? 408).toBe(408)
    }
  })

  it('B5.4 unknown fields are refused by their names, in body and query', async () => {
    const answer = await target.post('/api/orders', '{"amount":1000,"isAdmin":true,"status":"PAID"}')
    expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ field: 'isAdmin' }, { field: 'status' }] })
    const query = await target.call('GET', '/api/products', { address: '/api/products?limit=1&x[y]=1' })
    expect(JSON.parse(query.text)).toMatchObject({ errors: [{ field: 'x[y]' }] })
  })

  const noAmounts = ['0', '-1', '1.5', '"1000"', '1e400', 'NaN', '9007199254740992', 'null', '[]', '{}', 'true', '""']
  it.each(noAmounts)('B5.5 the amount %s is refused', async (amount) => {
    await refusedBy('/api/orders', [`{"amount":${amount}}`], 'INVALID_INPUT_VALUE')
    await refusedBy(
      '/api/payments/confirm',
      [`{"paymentKey":"k","orderId":"${target.open.orderId}","amount":${amount}}`],
      'INVALID_INPUT_VALUE',
    )
    const items = `{"items":[{"productId":${amount},"quantity":1}]}`
    await refusedBy('/api/order-commands', [items], 'INVALID_INPUT_VALUE')
    const refund = await target.post(
      '/api/payments/cancel',
      `{"orderId":"${target.paid.orderId}","reason":"a","amount":${amount}}`,
    )
    expect(['INVALID_INPUT_VALUE', 'INVALID_REFUND_AMOUNT']).toContain(codeOf(refund))
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
      expect(codeOf(await target.call('GET', '/api/orders/me', { address: `/api/orders/me?${query}` }))).toBe(
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
    const query = await target.call('GET', '/api/products', { address: `/api/products?${key}=1` })
    expect(codeOf(query)).toBe('INVALID_INPUT_VALUE')
  })

  it('B5.8 control characters in ids and headers are refused or replaced before anything echoes them', async () => {
    for (const bad of ['%0d%0aSet-Cookie:a=b', '%00', '%1b[31m', '%e2%80%ae', '%7f', '%', '%zz', '%ff%fe', '%c0%ae']) {
      const order = await target.call('GET', '/api/orders/{orderId}', { address: `/api/orders/ORD-AAAA${bad}` })
      expect(codeOf(order)).toBe('INVALID_INPUT_VALUE')
      expect(order.headers.get('set-cookie')).toBeNull()
      const product = await target.call('GET', '/api/products/{id}', { address: `/api/products/1${bad}` })
      expect(codeOf(product)).toBe('INVALID_INPUT_VALUE')
    }
    for (const value of ['\xff\xfe', 'a\tb', '\xe2\x80\xae', '', 'x'.repeat(256)]) {
      const headers = [...json, `idempotency-key: ${value}`, `x-request-id: ${value}`]
      const answer = await sendRaw(
        target.system.urls.gateway,
        rawRequest('POST', '/api/orders', { headers, body: valid }),
      )
      if (answer === undefined) throw new Error('no answer')
      expect(expectProblem({ ...answer, text: answer.body })).toBe('INVALID_INPUT_VALUE')
      expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
    }
    for (const value of ['a\0b', 'a\rb', 'a\nb: c\x01']) {
      const headers = [...json, `idempotency-key: ${value}`]
      const answer = await sendRaw(
        target.system.urls.gateway,
        rawRequest('POST', '/api/orders', { headers, body: valid }),
      )
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
    const calls = (await target.shop.books()).body.calls.length
    await refusedBy(
      '/api/payments/confirm',
      [JSON.stringify({ paymentKey, orderId: target.open.orderId, amount: AMOUNT })],
      'INVALID_INPUT_VALUE',
    )
    expect((await target.shop.books()).body.calls).toHaveLength(calls)
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

  it('had no effect: no document, no message in a topic, no call to Toss', async () => {
    expect(await target.effects()).toEqual(before)
  }, 90_000)
})

describe('input that is only strange', () => {
  it('B5.1 of a key that stands twice the last one counts', async () => {
    const answer = await target.post('/api/orders', '{"amount":1,"amount":2000}')
    expect(JSON.parse(answer.text)).toMatchObject({ amount: 2000 })
    expect(codeOf(await target.post('/api/orders', '{"amount":2000,"amount":0}'))).toBe('INVALID_INPUT_VALUE')
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
    const order = await target.shop.paid(AMOUNT)
    target.acknowledged.add(order.orderId)
    const answer = await target.post(
      '/api/payments/cancel',
      JSON.stringify({ orderId: order.orderId, amount: 1000, reason }),
    )
    expect([200, 202]).toContain(answer.status)
    expect((await target.shop.order(order.orderId)).body.payment?.refunds[0]?.reason).toBe(reason)
    const tooLong = JSON.stringify({ orderId: order.orderId, reason: `${'😀'.repeat(200)}!` })
    await refusedBy('/api/payments/cancel', [tooLong], 'INVALID_INPUT_VALUE')
  })

  it('B5.10 a webhook that nests ten thousand deep, or has names that mean something elsewhere, is stored and believed nothing', async () => {
    for (const body of [deep(10_000), '{"__proto__":{"eventType":"x"},"constructor":{"prototype":{}},"data":null}'])
      expect(await target.deliver(body)).toMatchObject({ status: 200 })
  })
})

describe('every answer', () => {
  it('tells browsers to do nothing with it, and nobody what runs behind it', async () => {
    const { gateway, webhookGateway } = target.system.urls
    for (const path of [
      '/api/products',
      '/api/orders/ORD-UNKNOWN',
      '/api/none',
      '/openapi.json',
      '/docs/',
      '/metrics',
    ]) {
      const { headers } = await fetch(gateway + path)
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringMatching(/^max-age=\d{8}/),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
      })
      expect(headers.get('access-control-allow-origin')).toBeNull()
    }
    for (const door of [gateway, webhookGateway, target.system.urls.health.payment]) {
      const { headers } = await fetch(`${door}/none`)
      for (const name of ['x-powered-by', 'server', 'via']) expect(headers.get(name)).toBeNull()
    }
  })
})

describe('after all this', () => {
  it('no process has ended and nothing is there that was not acknowledged', async () => {
    await expect(target.expectUnharmed()).resolves.toBeUndefined()
  }, 90_000)
})
