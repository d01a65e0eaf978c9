import { commonEnv, durationMs, grpcEnv, readEnv } from '@checkout/runtime/env'
import { operatorsEnv } from '@checkout/runtime/operators'
import { z } from 'zod'

const schema = z.object({
  ...commonEnv.shape,
  ...grpcEnv.shape,
  ...operatorsEnv.shape,
  HTTP_PORT: commonEnv.shape.HTTP_PORT.default(4102),
  GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(4002),
  MONGO_URL: z.string().min(1),
  KAFKA_BROKERS: z.string().min(1),
  CATALOG_ADDR: z.string().min(1).default('127.0.0.1:4001'),
  /** Toss's window stays open for 30 minutes and leaves 10 more to confirm; a shorter life would end orders that are being paid. */
  ORDER_TTL_MINUTES: z.coerce.number().positive().max(100_000).default(40),
  /** How old a price may be when an order is made from it. */
  PRODUCT_CACHE_MS: durationMs(3_000),
})

export type Config = Readonly<z.infer<typeof schema>>

export const readConfig = (env: NodeJS.ProcessEnv): Config => readEnv(schema, env)
