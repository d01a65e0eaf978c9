import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createToss, type Look, type Toss } from './toss.ts'

const TIMEOUT_MS = 1_000
/** Longer than any call takes here, far shorter than an answer that never ends. */
const SOON_MS = 15_000

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const tossAt = (baseUrl: string, timeoutMs = 5_000): Toss =>
  createToss({
    baseUrl,
    secretKey: 'test_sk_x',
    timeoutMs,
    maxCalls: 4,
    breakerFailures: 5,
    breakerResetMs: 60_000,
    log: createLogger('toss-test', 'silent'),
    metrics: createMetrics('toss-test'),
    onRecovered: () => undefined,
  })

/** A Toss that answers like this, and how often it was asked. */
const answering = async (answer: (...of: Parameters<RequestListener>) => unknown, timeoutMs?: number) => {
  let asked = 0
  const server = createServer((request, response) => {
    asked += 1
    request.resume()
    void answer(request, response)
  }).listen(0, '127.0.0.1')
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  return { url, toss: tossAt(url, timeoutMs), asked: () => asked }
}

const look = async (answer: RequestListener): Promise<Look> => (await answering(answer)).toss.look('pk-1', 'ORD-1')
const confirm = (toss: Toss) => toss.confirm({ paymentKey: 'pk-1', orderId: 'ORD-1', amountKrw: 1000, key: 'k-1' })

describe('a look', () => {
  it('finds nothing when Toss says so', async () => {
    const answer = await look((_request, response) =>
      response.writeHead(404).end(JSON.stringify({ code: 'NOT_FOUND_PAYMENT', message: '' })),
    )
    expect(answer).toMatchObject({ kind: 'answered', evidence: { kind: 'not-found' } })
  })

  it('learns nothing from a 404 that somebody else has written', async () => {
    expect(await look((_request, response) => response.writeHead(404).end('<html>'))).toEqual({ kind: 'none' })
  })

  it('waits no longer than an hour, whatever it is told', async () => {
    const answer = await look((_request, response) => response.writeHead(429, { 'retry-after': '1e300' }).end('{}'))
    expect(answer).toEqual({ kind: 'none', retryAfterMs: 3_600_000 })
  })
})

describe('a call that Toss answers badly', () => {
  it.each<[string, RequestListener]>([
    [
      'one byte at a time',
      async (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        for (let i = 0; i < 60 && !response.destroyed; i += 1) {
          response.write(' ')
          await delay(100)
        }
      },
    ],
    ['with headers only', (_request, response) => response.writeHead(200).flushHeaders()],
    ['not at all', () => undefined],
  ])('%s ends at the one deadline for a whole call, with nothing known', async (_how, answer) => {
    const { toss, asked } = await answering(answer, TIMEOUT_MS)
    const startedAt = performance.now()
    expect(await confirm(toss)).toEqual({ kind: 'none' })
    expect(performance.now() - startedAt).toBeLessThan(SOON_MS)
    expect(asked()).toBe(1)
  })

  it('with a body of 100 MB is not read to the end, and nothing is known', async () => {
    let sentMiB = 0
    const mebibyte = Buffer.alloc(1024 * 1024, 'x')
    const { toss } = await answering(async (_request, response) => {
      response.writeHead(200)
      while (sentMiB < 100 && !response.destroyed) {
        sentMiB += 1
        if (!response.write(mebibyte)) await Promise.race([once(response, 'drain'), once(response, 'close')])
      }
      response.end()
    })
    expect(await confirm(toss)).toEqual({ kind: 'none' })
    expect(sentMiB).toBeLessThan(50)
  })

  it('with little that unpacks to 100 MB is not unpacked, and nothing is known', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024, ' '))
    const { toss } = await answering((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' }).end(bomb),
    )
    const before = process.memoryUsage().rss
    expect(await confirm(toss)).toEqual({ kind: 'none' })
    expect(process.memoryUsage().rss - before).toBeLessThan(90 * 1024 * 1024)
  })

  it.each([301, 302, 303, 307, 308])('with a redirect, %s, is not followed, and nothing is known', async (status) => {
    const elsewhere = await answering((_request, response) => response.end('{}'))
    const { toss } = await answering((_request, response) =>
      response.writeHead(status, { location: `${elsewhere.url}/v1/payments/confirm` }).end(),
    )
    expect(await confirm(toss)).toMatchObject({ kind: 'refused', meaning: 'ask' })
    expect(await toss.look('pk-1', 'ORD-1')).toEqual({ kind: 'none' })
    expect(elsewhere.asked()).toBe(0)
  })

  it.each([
    ['HTML', '<html><body>OK</body></html>'],
    ['JSON that was cut off', '{"paymentKey":"pk-1","orderId":"ORD-1","status":"DO'],
    ['JSON without the fields of a payment', '{"status":"DONE"}'],
    ['nothing', ''],
  ])('with 200 and %s says nothing about the payment', async (_what, body) => {
    const { toss } = await answering((_request, response) => response.writeHead(200).end(body))
    expect(await confirm(toss)).toEqual({ kind: 'none' })
    expect(await toss.look('pk-1', 'ORD-1')).toEqual({ kind: 'none' })
  })

  it.each([
    [429, 'TOO_MANY_REQUESTS'],
    [403, 'FORBIDDEN_CONSECUTIVE_REQUEST'],
  ])('with %s %s is no decline, and waits as long as Toss says', async (status, code) => {
    const { toss } = await answering((_request, response) =>
      response.writeHead(status, { 'retry-after': '7' }).end(JSON.stringify({ code, message: '' })),
    )
    expect(await confirm(toss)).toMatchObject({ kind: 'refused', meaning: 'temporary', retryAfterMs: 7_000 })
    expect(toss.isAvailable()).toBe(true)
  })
})

describe('the circuit to Toss', () => {
  it.each([
    ['that refuses connections', 'http://127.0.0.1:1'],
    ['whose name nobody knows', 'http://toss.invalid'],
  ])('opens after five calls to one %s, and then calls are refused unsent', async (_what, url) => {
    const toss = tossAt(url)
    for (let i = 0; i < 5; i += 1) {
      expect(toss.isAvailable()).toBe(true)
      expect(await confirm(toss)).toEqual({ kind: 'none' })
    }
    expect(toss.isAvailable()).toBe(false)
    expect(await confirm(toss)).toEqual({ kind: 'blocked' })
  })

  it('opens at once when our keys are refused, and not on a decline', async () => {
    let code = 'REJECT_CARD_PAYMENT'
    const { toss, asked } = await answering((_request, response) =>
      response.writeHead(code === 'UNAUTHORIZED_KEY' ? 401 : 403).end(JSON.stringify({ code, message: '' })),
    )
    for (let i = 0; i < 6; i += 1) expect(await confirm(toss)).toMatchObject({ kind: 'refused', meaning: 'final' })
    expect(toss.isAvailable()).toBe(true)
    code = 'UNAUTHORIZED_KEY'
    expect(await confirm(toss)).toMatchObject({ kind: 'refused', meaning: 'configuration' })
    expect(toss.isAvailable()).toBe(false)
    expect(await confirm(toss)).toEqual({ kind: 'blocked' })
    expect(asked()).toBe(7)
  })
})
