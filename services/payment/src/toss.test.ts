import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { describe, expect, it } from '@jest/globals'
import { createToss, type Look } from './toss.ts'

const look = async (answer: RequestListener): Promise<Look> => {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const toss = createToss({
    baseUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    secretKey: 'test_sk_x',
    timeoutMs: 5_000,
    maxCalls: 4,
    breakerFailures: 5,
    breakerResetMs: 1_000,
    log: createLogger('toss-test', 'silent'),
    metrics: createMetrics('toss-test'),
    onRecovered: () => undefined,
  })
  try {
    return await toss.look('pk-1', 'ORD-1')
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

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
