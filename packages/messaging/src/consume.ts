import { isHarmlessId } from '@checkout/contracts/personal-data'
import { crashPoint } from '@checkout/runtime/crash-point'
import { isInfrastructureError } from '@checkout/runtime/infrastructure'
import type { Logger } from '@checkout/runtime/log'
import { type IncomingMessage, InvalidMessage } from './bus.ts'
import { backoffMs, waitWithSteps } from './retry.ts'

/** A bug may be a race that a second try does not meet; more tries only hold up the partition. */
const MAX_TRIES = 5
/** Every call that a handler makes has a shorter limit of its own; this one ends a handler that waits for nothing. */
const HANDLER_TIMEOUT_MS = 30_000
const HEARTBEAT_EVERY_MS = 3_000
const INFRASTRUCTURE_BACKOFF_CAP_MS = 5_000

export type Delivery = {
  readonly handle: (message: IncomingMessage) => Promise<void>
  readonly deadLetter: (message: IncomingMessage, cause: string, attempts: number) => Promise<void>
  readonly heartbeat: () => Promise<void>
  /** False once the partition was taken away or the consumer stops: then the message is left to whoever comes next. */
  readonly isWanted: () => boolean
  readonly log: Logger
}

export type Outcome = 'handled' | 'dead-letter' | 'abandoned'

class HandlerTimeout extends Error {
  override readonly name = 'HandlerTimeout'
}

/**
 * Brings one message to its end: handled, or dead-lettered, or abandoned without its offset being committed.
 * While our own infrastructure is away it waits in place with heartbeats, without end: an outage never makes a dead letter.
 */
export const deliver = async (message: IncomingMessage, delivery: Delivery): Promise<Outcome> => {
  const { log, isWanted, heartbeat } = delivery
  const { topic, partition, offset, key } = message
  // The key of a message that nobody could check may be anything; its place is enough to find it.
  const where = { topic, partition, offset, ...(key !== null && isHarmlessId(key) ? { key } : {}) }
  const patiently = async (attempt: number): Promise<boolean> =>
    waitWithSteps(backoffMs(attempt, 200, INFRASTRUCTURE_BACKOFF_CAP_MS), heartbeat, isWanted)

  let tries = 0
  let cause: unknown
  for (let waits = 1; ; ) {
    if (!isWanted()) return 'abandoned'
    try {
      crashPoint('consumer.before-effect')
      await limited(delivery.handle(message), heartbeat)
      crashPoint('consumer.after-effect')
      return 'handled'
    } catch (error) {
      cause = error
      if (error instanceof InvalidMessage) break
      if (isInfrastructureError(error) || error instanceof HandlerTimeout) {
        log.warn({ ...where, err: error }, 'our own infrastructure is away, the message waits')
        if (!(await patiently(waits++))) return 'abandoned'
        continue
      }
      tries += 1
      log.error({ ...where, err: error, tries }, 'the handler failed')
      if (tries >= MAX_TRIES) break
      if (!(await patiently(tries))) return 'abandoned'
    }
  }
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  for (let waits = 1; ; waits += 1) {
    try {
      crashPoint('consumer.before-dead-letter')
      await delivery.deadLetter(message, reason, Math.max(1, tries))
      crashPoint('consumer.after-dead-letter')
      log.error({ ...where, cause: reason }, 'moved to the dead letters')
      return 'dead-letter'
    } catch (error) {
      log.warn({ ...where, err: error }, 'the dead letter could not be published, the message waits')
      if (!(await patiently(waits))) return 'abandoned'
    }
  }
}

/** Runs a handler with heartbeats, so that a slow store does not cost the partition, and with an end. */
const limited = async (handling: Promise<void>, heartbeat: () => Promise<void>): Promise<void> => {
  const beat = setInterval(() => void heartbeat().catch(() => undefined), HEARTBEAT_EVERY_MS)
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new HandlerTimeout('the handler did not end in time')), HANDLER_TIMEOUT_MS)
  })
  try {
    await Promise.race([handling, timeout])
  } finally {
    clearInterval(beat)
    clearTimeout(timer)
  }
}
