import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseEvent } from '@checkout/contracts/events'
import type { IncomingMessage } from '@checkout/messaging/bus'
import { connectKafkaBus } from '@checkout/messaging/kafka-bus'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { freePort } from '@checkout/stack/ports'
import { eventually } from '@checkout/stack/testing/eventually'
import { type Config, readConfig } from '../src/config.ts'
import { start } from '../src/service.ts'

const TOPIC = 'toss.webhook-received'

export const testConfig = (env: NodeJS.ProcessEnv): Config =>
  readConfig({
    KAFKA_BROKERS: process.env.KAFKA_BROKERS,
    REDIS_URL: process.env.REDIS_URL,
    HTTP_PORT: '0',
    LOG_LEVEL: 'silent',
    // Generous where a test is not about it, so that a busy machine changes no outcome.
    PUBLISH_TIMEOUT_MS: '20000',
    IN_FLIGHT_WAIT_MS: '20000',
    DEDUPE_TIMEOUT_MS: '5000',
    ...env,
  })

/** A gateway at this origin as Toss and an operator see it. */
const visit = (origin: string) => {
  const readiness = async () => (await fetch(`${origin}/readyz`)).status
  return {
    origin,
    post: (body: string | Uint8Array<ArrayBuffer>, init: { path?: string; headers?: Record<string, string> } = {}) =>
      fetch(origin + (init.path ?? '/api/webhooks/toss'), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...init.headers },
        body,
      }),
    readiness,
    isReady: () =>
      eventually(async () => {
        const status = await readiness()
        if (status !== 200) throw new Error(`the gateway is not ready: ${status}`)
      }),
    /** How many deliveries had this result. */
    counted: async (result: string) => {
      const text = await (await fetch(`${origin}/metrics`)).text()
      return Number(new RegExp(`^webhooks_total\\{result="${result}".*\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
    },
  }
}

/** The gateway in this process. */
export const startGateway = async (config: Config) => {
  const service = await start(config)
  return { ...visit(`http://127.0.0.1:${service.httpPort}`), close: service.close }
}

/** The gateway as built, in a process of its own that may be killed. */
export const spawnGateway = async (config: Config, crashPoint = '') => {
  const port = await freePort()
  const given = { ...config, HTTP_PORT: port, CRASH_POINT: crashPoint, PATH: process.env.PATH }
  const env: NodeJS.ProcessEnv = {}
  for (const [name, value] of Object.entries(given)) env[name] = String(value)
  const child = spawn(process.execPath, [fileURLToPath(new URL('../dist/main.js', import.meta.url))], {
    env,
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  return {
    ...visit(`http://127.0.0.1:${port}`),
    /** The signal that ended it. */
    ended: async () => (await ended)[1] as NodeJS.Signals | null,
    close: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** A body that no other test sends. */
export const paymentChanged = (orderId: string): string =>
  JSON.stringify({
    eventType: 'PAYMENT_STATUS_CHANGED',
    createdAt: '2026-01-02T14:46:59.65327',
    data: { orderId, paymentKey: `tgen_${randomUUID()}`, status: 'DONE', lastTransactionKey: 'TX1' },
  })

export const sha256 = (body: string): string => createHash('sha256').update(body).digest('hex')

/** Reads the topic from its beginning. */
export const openTopic = ({ KAFKA_BROKERS, NAMESPACE }: Config) => {
  const messages: IncomingMessage[] = []
  const bus = connectKafkaBus({
    brokers: KAFKA_BROKERS,
    namespace: NAMESPACE,
    service: 'test',
    log: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    onFatal: (error) => {
      throw error
    },
    topics: [TOPIC],
  })
  bus.consume({
    group: 'observer',
    topics: [TOPIC],
    handle: (message) => {
      messages.push(message)
      return Promise.resolve()
    },
  })
  return {
    ping: bus.ping,
    close: bus.close,
    /** All events of one key so far. A last message of the same key, and so the same partition, tells that none is on its way. */
    eventsOf: async (key: string) => {
      const end = randomUUID()
      await bus.publish(TOPIC, [{ key, value: end }])
      const ofKey = () => messages.filter((message) => message.key === key).map(({ value }) => String(value))
      await eventually(() => {
        if (!ofKey().includes(end)) throw new Error(`the topic was not read up to ${end}`)
      })
      return ofKey().flatMap((value) => (value.startsWith('{') ? [parseEvent(TOPIC, value)] : []))
    },
  }
}
