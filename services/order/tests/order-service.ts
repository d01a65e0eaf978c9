import { randomUUID } from 'node:crypto'
import { orderService } from '@checkout/contracts/rpc'
import type { IncomingMessage } from '@checkout/messaging/bus'
import { connectKafkaBus } from '@checkout/messaging/kafka-bus'
import { createGrpcClient } from '@checkout/runtime/grpc-client'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { connectMongo } from '@checkout/runtime/mongo'
import { channelCredentials } from '@checkout/runtime/tls'
import { type Config, readConfig } from '../src/config.ts'
import { start } from '../src/service.ts'
import { createOrderStore } from '../src/store.ts'

const log = createLogger('test', 'silent')

export const testConfig = (env: NodeJS.ProcessEnv): Config =>
  readConfig({
    MONGO_URL: process.env.MONGO_URL,
    KAFKA_BROKERS: process.env.KAFKA_BROKERS,
    SERVICE_TOKEN: randomUUID(),
    HTTP_PORT: '0',
    GRPC_PORT: '0',
    LOG_LEVEL: 'silent',
    PRODUCT_CACHE_MS: '0',
    ...env,
  })

export const context = (timeoutMs = 20_000) => ({ deadline: new Date(Date.now() + timeoutMs), requestId: 'test' })

/** The order service in this process with a client for its door. */
export const startOrderService = async (config: Config) => {
  const service = await start(config)
  const client = createGrpcClient({
    definition: orderService,
    address: `127.0.0.1:${service.grpcPort}`,
    credentials: channelCredentials({}),
    token: config.SERVICE_TOKEN,
    reads: [],
    metrics: createMetrics('test'),
  })
  return {
    client,
    readiness: async () => (await fetch(`http://127.0.0.1:${service.httpPort}/readyz`)).status,
    close: async () => {
      client.close()
      await service.close()
    },
  }
}

/** The service's own database, seen from beside it. */
export const openDatabase = async ({ MONGO_URL, NAMESPACE }: Config) => {
  const mongo = await connectMongo({ url: MONGO_URL, namespace: NAMESPACE, database: 'order', log })
  const store = await createOrderStore(mongo.connection, mongo.clock)
  return {
    store,
    orders: mongo.connection
      .getClient()
      .db(mongo.connection.name)
      .collection<{ _id: string; outbox: unknown[] }>('orders'),
    drop: async () => {
      await mongo.connection.dropDatabase()
      await mongo.close()
    },
  }
}

/** Another group that hears everything on these topics, and a hand to put messages there. */
export const openBus = ({ KAFKA_BROKERS, NAMESPACE }: Config, heard: readonly string[]) => {
  const messages: IncomingMessage[] = []
  const bus = connectKafkaBus({
    brokers: KAFKA_BROKERS,
    namespace: NAMESPACE,
    service: 'test',
    log,
    metrics: createMetrics('test'),
    onFatal: (error) => {
      throw error
    },
    topics: ['order.created', 'payment.status-changed'],
    group: 'order',
  })
  bus.consume({
    group: 'observer',
    topics: heard,
    handle: (message) => {
      messages.push(message)
      return Promise.resolve()
    },
  })
  return {
    publish: bus.publish,
    ping: bus.ping,
    close: bus.close,
    on: (topic: string, key: string) => messages.filter((message) => message.topic === topic && message.key === key),
  }
}
