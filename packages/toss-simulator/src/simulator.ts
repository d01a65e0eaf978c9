import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler } from 'express'
import pino, { type Logger } from 'pino'
import { apiRoutes } from './api.ts'
import { Books } from './books.ts'
import { CallLog } from './call-log.ts'
import { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { controlRoutes } from './control.ts'
import { Effects } from './effects.ts'
import { TossError } from './errors.ts'
import { Faults } from './faults.ts'
import { Idempotency } from './idempotency.ts'
import { onlySameOrigin } from './only-same-origin.ts'
import { type Pages, readPages } from './pages.ts'
import { RateLimit } from './rate-limit.ts'
import { answerOf, sendJson } from './serve.ts'
import { Webhooks } from './webhooks.ts'
import { windowRoutes } from './window.ts'
import type { World } from './world.ts'

export type Simulator = { port: number; close: () => Promise<void> }

/** Longer than clients keep idle connections, so that none of them meets a connection in the moment it closes. */
const KEEP_ALIVE_MS = 75_000

/** Opens the books, takes up what they say is still to come, and listens. */
export async function start(config: Config, log: Logger = pino({ level: config.logLevel })): Promise<Simulator> {
  const books = await Books.open(config.dataDir, (err) => log.fatal({ err }, 'the books cannot be written'))
  const clock = new Clock(books.skippedMs)
  const faults = new Faults()
  const webhooks = new Webhooks({ urls: config.webhookUrls, clock, books, faults, log })
  const effects = new Effects(books, clock, webhooks)
  const closing = new AbortController()
  const world: World = {
    books,
    calls: new CallLog(),
    clock,
    effects,
    faults,
    idempotency: new Idempotency(books, clock),
    rateLimit: new RateLimit(clock, config.sandboxRateLimit),
    webhooks,
    secretKey: config.tossSecretKey,
    closing: closing.signal,
  }
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, routesOf(world, await readPages(), log))
  try {
    server.listen(config.httpPort, config.host)
    await once(server, 'listening')
  } catch (error) {
    await books.close()
    throw error
  }
  effects.resume()

  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      closing.abort()
      webhooks.stop()
      clock.stop()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
      await books.close()
    },
  }
}

function routesOf(world: World, pages: Pages, log: Logger): express.Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.get('/healthz', (_req, res) => sendJson(res, { status: 200, body: { status: 'ok' } }))
  app.use('/v1', apiRoutes(world))
  app.use('/simulator', onlySameOrigin, windowRoutes(world, pages), controlRoutes(world))
  app.use(() => {
    throw new TossError('NOT_FOUND')
  })
  const onError: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
    if (res.headersSent || res.destroyed) return res.destroy()
    if (error instanceof TossError) return sendJson(res, answerOf(error))
    // Express marks what the client did wrong (too large, bad encoding, aborted) with a status below 500.
    if (isClientError(error)) return sendJson(res, answerOf(new TossError('INVALID_REQUEST')))
    log.error({ err: error }, 'unexpected')
    return sendJson(res, answerOf(new TossError('COMMON_ERROR')))
  }
  app.use(onError)
  return app
}

function isClientError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('status' in error)) return false
  return typeof error.status === 'number' && error.status < 500
}
