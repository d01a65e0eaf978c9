import type { Books } from './books.ts'
import type { CallLog } from './call-log.ts'
import type { Clock } from './clock.ts'
import type { Effects } from './effects.ts'
import type { Faults } from './faults.ts'
import type { Idempotency } from './idempotency.ts'
import type { IssuedKeys } from './issued-keys.ts'
import type { RateLimit } from './rate-limit.ts'
import type { Webhooks } from './webhooks.ts'

/** The parts that the routes work with; `start` puts them together. */
export type World = Readonly<{
  books: Books
  calls: CallLog
  clock: Clock
  effects: Effects
  faults: Faults
  idempotency: Idempotency
  rateLimit: RateLimit
  webhooks: Webhooks
  keys: IssuedKeys
  /** Ends the waits of delayed and hanging calls when the process stops. */
  closing: AbortSignal
}>
