import { commonEnv, durationMs, readEnv } from '@checkout/runtime/env'
import { z } from 'zod'

const schema = z.object({
  ...commonEnv.shape,
  HTTP_PORT: commonEnv.shape.HTTP_PORT.default(3001),
  KAFKA_BROKERS: z.string().min(1),
  REDIS_URL: z.string().min(1),
  /** From the request's arrival to Kafka's acknowledgement; it leaves a tenth of the second that an answer may take. */
  PUBLISH_TIMEOUT_MS: durationMs(900),
  /** Dedupe saves work; a Redis slower than this costs more than it saves. */
  DEDUPE_TIMEOUT_MS: durationMs(200),
  /** How long a duplicate waits for the delivery that is under way. */
  IN_FLIGHT_WAIT_MS: durationMs(800),
  /** Far longer than a publish, shorter than the minute after which Toss sends again. */
  LEASE_MS: durationMs(20_000),
  /** Toss: the last of 7 resends comes 3 days and 19 hours after the first. */
  SEEN_MS: durationMs(10 * 24 * 3_600_000),
})

export type Config = Readonly<z.infer<typeof schema>>

export const readConfig = (env: NodeJS.ProcessEnv): Config => readEnv(schema, env)
