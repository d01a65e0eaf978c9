import { orderIdFrom } from '@checkout/contracts/order-id'
import { catalogService, orderAdminService, orderService, replayService } from '@checkout/contracts/rpc'
import { connectKafkaBus } from '@checkout/messaging/kafka-bus'
import { startOutboxRelay } from '@checkout/messaging/outbox'
import { nudging, replayHandlers, replayRoles } from '@checkout/messaging/replay-handlers'
import { createReplayRecords } from '@checkout/messaging/replay-records'
import { adminDoor } from '@checkout/runtime/admin-door'
import { diagnoseMongo, diagnoseOutbox } from '@checkout/runtime/diagnose'
import { openDoors } from '@checkout/runtime/doors'
import { createGrpcClient } from '@checkout/runtime/grpc-client'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { connectMongo } from '@checkout/runtime/mongo'
import { createOperatorActions } from '@checkout/runtime/operator-actions'
import { guardOperators } from '@checkout/runtime/operators'
import { endProcess, type Service } from '@checkout/runtime/run'
import { channelCredentials } from '@checkout/runtime/tls'
import { startTracing } from '@checkout/runtime/tracing'
import { v7 as uuidV7 } from 'uuid'
import { adminHandlers, adminRoles } from './admin-grpc.ts'
import { createCatalog } from './catalog.ts'
import type { Config } from './config.ts'
import { paymentEvents } from './events.ts'
import { orderHandlers } from './grpc.ts'
import { createOrderStore } from './store.ts'

export const start = async (config: Config): Promise<Service & { grpcPort: number; httpPort: number }> => {
  const log = createLogger('order', config.LOG_LEVEL)
  const metrics = createMetrics('order')
  const tracing = await startTracing('order', config, log)
  const { NAMESPACE: namespace, SERVICE_TOKEN: token } = config
  const mongo = await connectMongo({ url: config.MONGO_URL, namespace, database: 'order', log })
  const store = await createOrderStore(mongo.connection, mongo.clock)
  const actions = createOperatorActions(mongo.connection, mongo.clock)
  await actions.createIndexes()
  const bus = connectKafkaBus({
    brokers: config.KAFKA_BROKERS,
    namespace,
    service: 'order',
    log,
    metrics,
    onFatal: endProcess,
    topics: ['order.created', 'payment.status-changed'],
    group: 'order',
  })
  const relay = startOutboxRelay({ collection: store.outboxes, bus, clock: mongo.clock, log, metrics })
  const consumer = bus.consume(paymentEvents(store))
  const catalogClient = createGrpcClient({
    definition: catalogService,
    address: config.CATALOG_ADDR,
    credentials: channelCredentials(config),
    token,
    reads: ['ListProducts', 'GetProducts'],
    metrics,
  })
  const handlers = orderHandlers({
    store,
    create: {
      catalog: createCatalog(catalogClient, config.PRODUCT_CACHE_MS),
      clock: mongo.clock,
      newOrderId: () => orderIdFrom(uuidV7(undefined, new Uint8Array(16))),
      ttlMs: config.ORDER_TTL_MINUTES * 60_000,
    },
    onCreated: relay.nudge,
  })
  const replayRecords = createReplayRecords(mongo.connection, mongo.clock, 'order')
  await replayRecords.createIndexes()
  const operators = { operators: config.OPERATOR_TOKENS, actions, log }
  const doors = await openDoors({
    config,
    services: [
      adminDoor(operators, async () => {
        const [servers, outbox] = await Promise.all([
          diagnoseMongo('order', mongo.connection),
          diagnoseOutbox('order', 'orders', mongo.connection, mongo.clock.now()),
        ])
        return [...servers, outbox]
      }),
      { definition: orderService, handlers },
      {
        definition: orderAdminService,
        handlers: adminHandlers({ store, actions }),
        guard: guardOperators<typeof orderAdminService>({ ...operators, roles: adminRoles }),
      },
      {
        definition: replayService,
        handlers: replayHandlers({
          records: replayRecords,
          statesOf: { 'payment.status-changed': store.projectionsOf },
          rewritable: { 'order.created': nudging(store.announcements, relay.nudge) },
          reproject: store.reproject,
        }),
        guard: guardOperators<typeof replayService>({ ...operators, roles: replayRoles }),
      },
    ],
    checks: [{ name: 'mongodb', check: mongo.ping }],
    log,
    metrics,
  })
  return {
    log,
    grpcPort: doors.grpcPort,
    httpPort: doors.httpPort,
    close: async () => {
      await Promise.all([doors.drain(), consumer.close()])
      // After the last order was made, so that its event still goes out; what does not is the next sweep's.
      await relay.close()
      await bus.close()
      catalogClient.close()
      await mongo.close()
      await doors.close()
      await tracing.close()
    },
  }
}
