import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectKafkaBus } from '@checkout/messaging/kafka-bus'
import { crashPoint } from '@checkout/runtime/crash-point'
import { closeServer, createHealth, listen } from '@checkout/runtime/health'
import { createLimitedServer } from '@checkout/runtime/limited-server'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { connectRedis } from '@checkout/runtime/redis'
import { endProcess, type Service } from '@checkout/runtime/run'
import { startTracing } from '@checkout/runtime/tracing'
import { acceptWebhook } from './accept-webhook.ts'
import type { Config } from './config.ts'
import { createDedupe } from './dedupe.ts'
import { createApp } from './http.ts'
import { createPublisher } from './publisher.ts'

const DRAIN_MS = 10_000
/** Long enough for a Redis that is there, so that the first webhooks after a start are deduped too. */
const REDIS_START_MS = 1_000

export const start = async (config: Config): Promise<Service & { httpPort: number }> => {
  const log = createLogger('webhook-gateway', config.LOG_LEVEL)
  const metrics = createMetrics('webhook-gateway')
  const tracing = await startTracing('webhook-gateway', config, log)
  const webhooks = metrics.counter('webhooks_total', 'Webhooks by what became of them', ['result'])
  const redis = connectRedis({
    url: config.REDIS_URL,
    log,
    onUnsafe: endProcess,
    commandTimeoutMs: config.DEDUPE_TIMEOUT_MS,
  })
  const bus = connectKafkaBus({
    brokers: config.KAFKA_BROKERS,
    namespace: config.NAMESPACE,
    service: 'webhook-gateway',
    log,
    metrics,
    onFatal: endProcess,
    topics: ['toss.webhook-received'],
  })
  const dependencies = {
    dedupe: createDedupe(redis, { namespace: config.NAMESPACE, leaseMs: config.LEASE_MS, seenMs: config.SEEN_MS }),
    publish: createPublisher(bus),
    crashPoint,
    publishTimeoutMs: config.PUBLISH_TIMEOUT_MS,
    inFlightWaitMs: config.IN_FLIGHT_WAIT_MS,
  }
  const health = createHealth({ checks: [{ name: 'kafka', check: bus.ping }], metrics })
  const app = createApp({
    accept: (event) => acceptWebhook(dependencies, event),
    health,
    log,
    metrics,
    count: (result) => webhooks.inc({ result }),
  })
  const server = createLimitedServer(app)
  await Promise.race([once(redis, 'ready'), sleep(REDIS_START_MS)]).catch(() => undefined)
  await listen(server, config.HOST, config.HTTP_PORT)
  const address = server.address()
  const httpPort = typeof address === 'object' && address !== null ? address.port : config.HTTP_PORT
  log.info({ httpPort }, 'webhook-gateway is up')
  return {
    log,
    httpPort,
    close: async () => {
      health.stopServing()
      await closeServer(server, DRAIN_MS)
      await bus.close()
      redis.disconnect()
      await tracing.close()
    },
  }
}
