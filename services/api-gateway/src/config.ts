import { commonEnv, durationMs, grpcEnv, readEnv } from '@checkout/runtime/env'
import { z } from 'zod'

const address = (byDefault: string) =>
  z
    .string()
    .regex(/^[^\s/]+:\d{1,5}$/, 'must be host:port')
    .default(byDefault)

const schema = commonEnv.extend({
  ...grpcEnv.shape,
  HTTP_PORT: commonEnv.shape.HTTP_PORT.default(3000),
  CATALOG_ADDR: address('127.0.0.1:4001'),
  ORDER_ADDR: address('127.0.0.1:4002'),
  PAYMENT_ADDR: address('127.0.0.1:4003'),
  // No default: a shop must decide itself that it believes whoever names a user.
  AUTH_MODE: z
    .enum(['open', 'jwt'], { error: 'must be open (believes the userId it is told); it has no default' })
    .refine((mode) => mode === 'open', 'jwt is not available yet'),
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((origin) => origin.trim())
        .filter((origin) => origin !== ''),
    ),
  // The payment service waits up to 10 s for Toss before it answers "still being decided"; 2 s are left for the way there and back.
  GATEWAY_DEADLINE_MS: durationMs(12_000),
  // Everything that does not wait for Toss.
  READ_DEADLINE_MS: durationMs(5_000),
  // A price or a name may be this old in a list; orders are priced by the catalog itself.
  PRODUCT_CACHE_MS: durationMs(3_000),
  // Event streams of this process, a fifth of its connections; beyond it pages ask again later or poll.
  EVENT_STREAMS_MAX: z.coerce.number().int().positive().default(1_000),
  // A buyer with several tabs and devices, not a crowd.
  EVENT_STREAMS_MAX_PER_ORDER: z.coerce.number().int().positive().default(10),
  // How often an order is looked at while somebody watches it; seldomer the longer nothing happens.
  EVENT_STREAM_POLL_MS: durationMs(500),
  // Shorter than the idle limits of the proxies on the way, 30 s at the least.
  EVENT_STREAM_HEARTBEAT_MS: durationMs(15_000),
  // Then its client comes back: what has leaked ends, and load spreads anew after a restart.
  EVENT_STREAM_MAX_MS: durationMs(300_000),
  // A stop begins with this: not ready any more, but still there for those who have not heard of it, and every answer closes its
  // connection. Behind a load balancer it should be longer than the interval of its probes.
  STOP_NOTICE_MS: durationMs(500),
  // What a stop leaves to running requests; orchestrators kill later than that.
  DRAIN_MS: durationMs(10_000),
})

/** @throws ConfigError listing every variable that is missing or wrong. */
export const readConfig = (env: NodeJS.ProcessEnv) => readEnv(schema, env)
export type Config = ReturnType<typeof readConfig>
