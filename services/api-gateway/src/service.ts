import { setTimeout as delay } from 'node:timers/promises'
import { closeServer, createHealth, listen } from '@checkout/runtime/health'
import { createLimitedServer } from '@checkout/runtime/limited-server'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import type { Service } from '@checkout/runtime/run'
import { startTracing } from '@checkout/runtime/tracing'
import { openClients } from './clients.ts'
import type { Config } from './config.ts'
import { createApp } from './http.ts'
import { createLiveOrders } from './live-orders.ts'
import { buildOpenApi } from './openapi.ts'
import { createProductCache } from './product-cache.ts'
import { routes } from './routes.ts'

export const start = async (config: Config): Promise<Service & { httpPort: number }> => {
  const log = createLogger('api-gateway', config.LOG_LEVEL)
  const metrics = createMetrics('api-gateway')
  const tracing = await startTracing('api-gateway', config, log)
  log.warn('AUTH_MODE=open: every userId is believed; whoever knows an order id may pay, cancel or fail it')
  const clients = openClients(config, metrics)
  const products = createProductCache(clients.catalog, {
    ttlMs: config.PRODUCT_CACHE_MS,
    deadlineMs: config.READ_DEADLINE_MS,
  })
  const liveOrders = createLiveOrders({ payment: clients.payment, metrics, log, config })
  // No checks: this process is ready when it listens. A service that is away is a 503 on its own routes; unready, the gateway
  // would take the others down with it.
  const health = createHealth({ checks: [], metrics })
  let isStopping = false
  const app = createApp({
    routes,
    openApi: buildOpenApi(routes),
    resources: { clients, products, liveOrders },
    health,
    corsOrigins: config.CORS_ORIGINS,
    deadlineMs: { toss: config.GATEWAY_DEADLINE_MS, read: config.READ_DEADLINE_MS },
    isStopping: () => isStopping,
    log,
    metrics,
  })
  const server = createLimitedServer(app)
  await listen(server, config.HOST, config.HTTP_PORT)
  const address = server.address()
  const httpPort = typeof address === 'object' && address !== null ? address.port : config.HTTP_PORT
  log.info({ httpPort }, 'listening')
  return {
    log,
    httpPort,
    close: async () => {
      isStopping = true
      health.stopServing()
      await delay(config.STOP_NOTICE_MS)
      liveOrders.stop()
      await closeServer(server, config.DRAIN_MS)
      clients.close()
      await tracing.close()
    },
  }
}
