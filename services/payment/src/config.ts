import { commonEnv, durationMs, grpcEnv, ladderMs, readEnv } from '@checkout/runtime/env'
import { operatorsEnv } from '@checkout/runtime/operators'
import { z } from 'zod'
import { type Durations, defaultDurations } from './domain/durations.ts'

const MINUTE_MS = 60_000

const schema = z.object({
  ...commonEnv.shape,
  ...grpcEnv.shape,
  ...operatorsEnv.shape,
  HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(4103),
  GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(4003),
  MONGO_URL: z.string(),
  REDIS_URL: z.string(),
  KAFKA_BROKERS: z.string(),
  ORDER_ADDR: z.string().default('127.0.0.1:4002'),
  TOSS_BASE_URL: z.url().default('https://api.tosspayments.com'),
  TOSS_SECRET_KEY: z.string().min(8),
  /** Our merchant id: when given, evidence of another merchant is refused. */
  TOSS_MID: z.string().optional(),
  /** Toss: 60 s read timeout for payment calls. */
  TOSS_TIMEOUT_MS: durationMs(60_000),
  /** Calls to Toss in flight; more are refused at once, so that a hanging Toss cannot fill this process. */
  TOSS_MAX_CALLS: z.coerce.number().int().positive().default(256),
  TOSS_BREAKER_FAILURES: z.coerce.number().int().positive().default(5),
  TOSS_BREAKER_RESET_MS: durationMs(5_000),
  /** How long a confirm or cancel waits for its outcome before it answers "not yet". */
  ANSWER_WAIT_MS: durationMs(10_000),
  /** Longer than a stall of a healthy process; renewed at a third of it. */
  LEASE_MS: durationMs(15_000),
  /** Toss refuses consecutive queries of one payment. */
  LOOK_SPACING_MS: durationMs(2_000),
  SWEEP_MS: durationMs(2_000),
  CONFIRM_SESSION_MS: durationMs(defaultDurations.sessionMs),
  CONFIRM_UNDECIDED_MS: durationMs(defaultDurations.undecidedMs),
  LATE_LOOKS_MS: ladderMs(defaultDurations.lateLooksMs),
  IDEMPOTENCY_KEY_LIFE_MS: durationMs(defaultDurations.keyLifeMs),
  ATTENTION_MS: durationMs(defaultDurations.attentionMs),
  REVERSAL_LOOKS_MS: ladderMs(defaultDurations.reversalLooksMs),
  DEPOSIT_LOOK_MS: durationMs(defaultDurations.depositLookMs),
  DEPOSIT_LAPSE_MS: durationMs(defaultDurations.depositLapseMs),
  /** How long a second operator has to agree to what a first one proposed. */
  RESOLUTION_PROPOSAL_MS: durationMs(24 * 60 * MINUTE_MS),
  WEBHOOK_LADDER_MS: ladderMs([5_000, MINUTE_MS, 10 * MINUTE_MS, 31 * MINUTE_MS]),
  PARKED_LADDER_MS: ladderMs([
    5_000,
    MINUTE_MS,
    10 * MINUTE_MS,
    31 * MINUTE_MS,
    60 * MINUTE_MS,
    360 * MINUTE_MS,
    1440 * MINUTE_MS,
    4320 * MINUTE_MS,
  ]),
  /** When the nightly comparison with Toss's books begins, as `HH:mm` in Seoul; without it none begins by itself. */
  RECONCILE_AT: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, HH:mm')
    .optional(),
  /** A night looks this far back into the one before: Toss may list a transaction late. */
  RECONCILE_OVERLAP_MS: durationMs(60 * MINUTE_MS),
  /** How long a heal may take before its difference is told. */
  RECONCILE_WAIT_MS: durationMs(MINUTE_MS),
  /** A transaction whose answer or webhook may still be on its way: longer than Toss's read timeout. */
  RECONCILE_FRESH_MS: durationMs(90_000),
  /** Toss: at most 5,000. */
  RECONCILE_PAGE_ROWS: z.coerce.number().int().min(1).max(5_000).default(5_000),
})

/** The waits of the protocol, gathered for the domain. */
export const durationsOf = (config: Config): Durations => ({
  sessionMs: config.CONFIRM_SESSION_MS,
  undecidedMs: config.CONFIRM_UNDECIDED_MS,
  lateLooksMs: config.LATE_LOOKS_MS,
  keyLifeMs: config.IDEMPOTENCY_KEY_LIFE_MS,
  attentionMs: config.ATTENTION_MS,
  reversalLooksMs: config.REVERSAL_LOOKS_MS,
  depositLookMs: config.DEPOSIT_LOOK_MS,
  depositLapseMs: config.DEPOSIT_LAPSE_MS,
})

export type Config = Readonly<z.infer<typeof schema>>

/** @throws ConfigError listing every variable that is missing or wrong */
export const readConfig = (env: NodeJS.ProcessEnv): Config => readEnv(schema, env)
