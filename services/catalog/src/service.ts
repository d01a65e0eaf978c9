import { catalogService } from '@checkout/contracts/rpc'
import { startGrpcServer } from '@checkout/runtime/grpc-server'
import { createHealth, startHealthServer } from '@checkout/runtime/health'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { connectMongo } from '@checkout/runtime/mongo'
import type { Service } from '@checkout/runtime/run'
import { serverCredentials } from '@checkout/runtime/tls'
import type { Config } from './config.ts'
import { catalogHandlers } from './grpc.ts'
import { createProductStore } from './store.ts'

const DRAIN_MS = 10_000

export const start = async (config: Config): Promise<Service & { grpcPort: number; httpPort: number }> => {
  const log = createLogger('catalog', config.LOG_LEVEL)
  const metrics = createMetrics('catalog')
  const mongo = await connectMongo({
    url: config.MONGO_URL,
    namespace: config.NAMESPACE,
    database: 'catalog',
    log,
  })
  const store = await createProductStore(mongo.connection)
  const grpc = await startGrpcServer({
    host: config.HOST,
    port: config.GRPC_PORT,
    credentials: serverCredentials(config),
    token: config.SERVICE_TOKEN,
    services: [{ definition: catalogService, handlers: catalogHandlers(store) }],
    log,
    metrics,
  })
  const health = createHealth({ checks: [{ name: 'mongodb', check: mongo.ping }], metrics })
  const http = await startHealthServer({ host: config.HOST, port: config.HTTP_PORT, health })
  log.info({ grpcPort: grpc.port, httpPort: http.port }, 'catalog is up')
  return {
    log,
    grpcPort: grpc.port,
    httpPort: http.port,
    close: async () => {
      health.stopServing()
      await grpc.close(DRAIN_MS)
      await mongo.close()
      await http.close()
    },
  }
}
