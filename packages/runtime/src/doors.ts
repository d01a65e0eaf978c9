import { type GrpcService, startGrpcServer } from './grpc-server.ts'
import { createHealth, type ReadinessCheck, startHealthServer } from './health.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'
import { serverCredentials, type TlsFiles } from './tls.ts'

/** Requests in flight end within this time; orchestrators give 30 s in all. */
export const DRAIN_MS = 10_000

export type Doors = {
  readonly grpcPort: number
  readonly httpPort: number
  /** Not ready any more, then no new calls, then the end of those under way: the first half of a graceful stop. */
  drain(): Promise<void>
  /** The health server goes last, so that a stopping process can still be watched. */
  close(): Promise<void>
}

/** The doors that every gRPC service has: its RPCs on one port, health and metrics on another. */
export const openDoors = async (options: {
  config: TlsFiles & { HOST: string; GRPC_PORT: number; HTTP_PORT: number; SERVICE_TOKEN: string }
  services: readonly GrpcService[]
  checks: readonly ReadinessCheck[]
  log: Logger
  metrics: Metrics
}): Promise<Doors> => {
  const { config, log, metrics } = options
  const grpc = await startGrpcServer({
    host: config.HOST,
    port: config.GRPC_PORT,
    credentials: serverCredentials(config),
    token: config.SERVICE_TOKEN,
    services: options.services,
    log,
    metrics,
  })
  const health = createHealth({ checks: options.checks, metrics })
  const http = await startHealthServer({ host: config.HOST, port: config.HTTP_PORT, health })
  log.info({ grpcPort: grpc.port, httpPort: http.port }, 'ready')
  return {
    grpcPort: grpc.port,
    httpPort: http.port,
    drain: async () => {
      health.stopServing()
      await grpc.close(DRAIN_MS)
    },
    close: http.close,
  }
}
