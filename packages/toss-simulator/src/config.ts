import { z } from 'zod'
import { isSubscription } from './subscriptions.ts'

/** Everything that `start` needs; `readConfig` makes one from the environment. */
export type Config = Readonly<{
  /** 0 takes a free port. */
  httpPort: number
  host: string
  /** Webhooks are sent to each of these: all, or those that `#PAYMENT_STATUS_CHANGED+…` behind the address names. */
  webhookUrls: readonly string[]
  /** The directory of the books; created when it does not exist. One simulator per directory. */
  dataDir: string
  tossSecretKey: string
  /** What payout.changed and seller.changed are signed with. Two while the first, new one takes the place of the second. */
  securityKeys: readonly string[]
  /** 100 requests a minute for each API, as Toss's sandbox has it. */
  sandboxRateLimit: boolean
  logLevel: string
}>

const listOfUrls = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((url) => url.trim())
      .filter((url) => url !== ''),
  )
  .pipe(
    z.array(
      z.url({ protocol: /^https?$/ }).refine(isSubscription, 'expected names of events behind #, separated by +'),
    ),
  )

const securityKeys = z
  .string()
  .regex(/^([0-9a-f]{64}(,[0-9a-f]{64})?)?$/, 'expected one key of 64 hexadecimal digits, or two with a comma')
  .transform((text) => text.split(',').filter((key) => key !== ''))

const environment = z.object({
  HTTP_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'expected a port number')
    .default('3002')
    .transform(Number)
    .pipe(z.number().max(65_535)),
  // Whoever reaches the control API can do anything, so nothing but this machine does unless told otherwise.
  HOST: z.string().min(1).default('127.0.0.1'),
  WEBHOOK_URLS: listOfUrls.default([]),
  DATA_DIR: z.string().min(1),
  TOSS_SECRET_KEY: z.string().min(1),
  SECURITY_KEYS: securityKeys.default([]),
  SANDBOX_RATE_LIMIT: z.enum(['true', 'false']).default('false'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

/**
 * Reads the environment once, over the defaults of whoever starts the process; throws one error that names every
 * variable that is wrong.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env, defaults: NodeJS.ProcessEnv = {}): Config {
  const parsed = environment.safeParse({ ...defaults, ...env })
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`configuration: ${problems.join('; ')}`)
  }
  const { data } = parsed
  return Object.freeze({
    httpPort: data.HTTP_PORT,
    host: data.HOST,
    webhookUrls: Object.freeze(data.WEBHOOK_URLS),
    dataDir: data.DATA_DIR,
    tossSecretKey: data.TOSS_SECRET_KEY,
    securityKeys: Object.freeze(data.SECURITY_KEYS),
    sandboxRateLimit: data.SANDBOX_RATE_LIMIT === 'true',
    logLevel: data.LOG_LEVEL,
  })
}
