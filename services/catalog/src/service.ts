import { catalogService } from '@checkout/contracts/rpc'
import { adminDoor } from '@checkout/runtime/admin-door'
import { diagnoseMongo } from '@checkout/runtime/diagnose'
import { openDoors } from '@checkout/runtime/doors'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { connectMongo } from '@checkout/runtime/mongo'
import { createOperatorActions } from '@checkout/runtime/operator-actions'
import type { Service } from '@checkout/runtime/run'
import { startTracing } from '@checkout/runtime/tracing'
import type { Config } from './config.ts'
import { catalogHandlers } from './grpc.ts'
import { createProductStore } from './store.ts'

export const start = async (config: Config): Promise<Service & { grpcPort: number; httpPort: number }> => {
  const log = createLogger('catalog', config.LOG_LEVEL)
  const metrics = createMetrics('catalog')
  const tracing = await startTracing('catalog', config, log)
  const mongo = await connectMongo({
    url: config.MONGO_URL,
    namespace: config.NAMESPACE,
    database: 'catalog',
    log,
  })
  const store = await createProductStore(mongo.connection)
  const actions = createOperatorActions(mongo.connection, mongo.clock)
  await actions.createIndexes()
  const doors = await openDoors({
    config,
    services: [
      { definition: catalogService, handlers: catalogHandlers(store) },
      adminDoor({ operators: config.OPERATOR_TOKENS, actions, log }, () => diagnoseMongo('catalog', mongo.connection)),
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
      await doors.drain()
      await mongo.close()
      await doors.close()
      await tracing.close()
    },
  }
}
