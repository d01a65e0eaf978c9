import { z } from 'zod'

/** A configuration that cannot work. Its message lists every problem at once, by variable name and never by value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** The variables that have the same name and meaning in every service. */
export const commonEnv = z.object({
  NAMESPACE: z
    .string()
    .regex(/^[a-z0-9-]{0,40}$/, 'may hold a-z, 0-9 and -')
    .default(''),
  HOST: z.string().default('127.0.0.1'),
  HTTP_PORT: z.coerce.number().int().min(0).max(65_535),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** Where spans go, over OTLP/HTTP; without it nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  /** The share of orders that is traced. Alike in every service, so that all trace the same ones. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
})

/** What every service needs that talks gRPC. TLS is on when the three files are given; both sides then prove themselves. */
export const grpcEnv = z.object({
  SERVICE_TOKEN: z.string().min(16),
  GRPC_TLS_CA: z.string().optional(),
  GRPC_TLS_CERT: z.string().optional(),
  GRPC_TLS_KEY: z.string().optional(),
})

/** A whole number of milliseconds with a default; tests shorten it. */
export const durationMs = (defaultMs: number) => z.coerce.number().int().min(0).default(defaultMs)

/** A comma list of positive durations in milliseconds, as a ladder of looks. */
export const ladderMs = (defaultMs: readonly number[]) =>
  z
    .string()
    .default(defaultMs.join(','))
    // Number('') is 0, and a comma too many is no look at once.
    .transform((text) => text.split(',').map((step) => (step.trim() === '' ? Number.NaN : Number(step))))
    .pipe(z.array(z.int().nonnegative()).min(1))

/**
 * Reads the environment once, into a frozen and typed object.
 * @throws ConfigError listing every variable that is missing or wrong.
 */
export const readEnv = <S extends z.ZodType>(schema: S, env: NodeJS.ProcessEnv): Readonly<z.infer<S>> => {
  // An empty variable means "not set": that is what compose files and shells leave behind.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const result = schema.safeParse(given)
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `  ${issue.path.join('.') || 'environment'}: ${issue.message}`)
    throw new ConfigError(`The configuration is not usable:\n${problems.join('\n')}`)
  }
  return Object.freeze(result.data)
}
