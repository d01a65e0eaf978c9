import { once, setMaxListeners } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import pino, { type Logger } from 'pino'
import { addApi } from './api.ts'
import { addBilling } from './billing-routes.ts'
import { Books } from './books.ts'
import { CallLog } from './call-log.ts'
import { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { addControl } from './control.ts'
import { Effects } from './effects.ts'
import { TossError } from './errors.ts'
import { Faults } from './faults.ts'
import { Idempotency } from './idempotency.ts'
import { IssuedKeys } from './issued-keys.ts'
import { onlySameOrigin } from './only-same-origin.ts'
import { type Pages, readPages } from './pages.ts'
import { RateLimit } from './rate-limit.ts'
import { Routes } from './routes.ts'
import { sendJson, sendStrayError } from './serve.ts'
import { Webhooks } from './webhooks.ts'
import { addWindow } from './window.ts'
import type { World } from './world.ts'

export type Simulator = { port: number; close: () => Promise<void> }

/** Longer than clients keep idle connections, so that none of them meets a connection in the moment it closes. */
const KEEP_ALIVE_MS = 75_000

/** Opens the books, takes up what they say is still to come, and listens. */
export async function start(config: Config, log: Logger = pino({ level: config.logLevel })): Promise<Simulator> {
  const books = await Books.open(config.dataDir, (err) => log.fatal({ err }, 'the books cannot be written'))
  const clock = new Clock(books.skippedMs)
  const faults = new Faults()
  const { webhookUrls: urls, securityKeys, tossSecretKey: secretKey } = config
  const keys = new IssuedKeys({ books, clock, secretKey, securityKeys })
  const webhooks = new Webhooks({ urls, keys, clock, books, faults, log })
  const effects = new Effects(books, clock, webhooks)
  const closing = new AbortController()
  // One listener for each answer that is being held back, however many those are.
  setMaxListeners(0, closing.signal)
  const world: World = {
    books,
    calls: new CallLog(),
    clock,
    effects,
    faults,
    idempotency: new Idempotency(books, clock),
    rateLimit: new RateLimit(clock, config.sandboxRateLimit),
    webhooks,
    keys,
    closing: closing.signal,
  }
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listenerOf(world, await readPages(), log))
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

function listenerOf(world: World, pages: Pages, log: Logger): RequestListener {
  const routes = new Routes()
  addApi(routes, world)
  addBilling(routes, world)
  addWindow(routes, world, pages)
  addControl(routes, world)
  routes.add('GET', '/healthz', ({ res }) => sendJson(res, { status: 200, body: { status: 'ok' } }))
  return (req, res) => {
    void handle()

    async function handle(): Promise<void> {
      try {
        if (req.url?.startsWith('/simulator') === true) onlySameOrigin(req)
        await routes.handle(req, res)
      } catch (error) {
        // Whoever hung up in the middle of a request hears nothing any more.
        if (res.headersSent || res.destroyed || req.errored !== null) return void res.destroy()
        if (error instanceof TossError) return sendStrayError(req, res, error)
        log.error({ err: error }, 'unexpected')
        sendStrayError(req, res, new TossError('COMMON_ERROR'))
      }
    }
  }
}
