import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '@checkout/contracts/errors'
import type { TossWebhookReceived } from '@checkout/contracts/events'
import type { Seen } from './domain/webhook.ts'

/** What became of a delivery: new, known already, published without being able to tell, or left to the one under way. */
export type Outcome = 'accepted' | 'duplicate' | 'undeduped' | 'in-flight'

const POLL_MS = 40
/** Bookkeeping after the outcome is certain is not worth waiting longer for; it goes on behind the answer. */
const BOOKKEEPING_WAIT_MS = 100
const RETRY_AFTER_SECONDS = 2

type Dependencies = {
  readonly dedupe: {
    take(bodyHash: string): Promise<Seen>
    look(bodyHash: string): Promise<Seen>
    markDone(bodyHash: string): Promise<void>
    withdraw(bodyHash: string, token: string): Promise<void>
  }
  readonly publish: (event: TossWebhookReceived, timeoutMs: number) => Promise<void>
  readonly crashPoint: (name: string) => void
  readonly publishTimeoutMs: number
  readonly inFlightWaitMs: number
}

/**
 * Takes one delivery in. Any outcome but 'in-flight' says that Kafka has the event, so that a 200 never promises what a crash
 * could lose.
 * @throws AppError SERVICE_UNAVAILABLE when Kafka does not take it in time.
 */
export const acceptWebhook = async (dependencies: Dependencies, event: TossWebhookReceived): Promise<Outcome> => {
  const { dedupe, publish, crashPoint } = dependencies
  const { bodyHash } = event
  const publishUntil = performance.now() + dependencies.publishTimeoutMs
  const send = async () => {
    try {
      await publish(event, publishUntil - performance.now())
    } catch (cause) {
      const details = { detail: 'the webhook could not be stored', retryAfterSeconds: RETRY_AFTER_SECONDS }
      throw new AppError('SERVICE_UNAVAILABLE', details, { cause })
    }
  }

  crashPoint('webhook.before-lease')
  const taken = await dedupe.take(bodyHash).catch(() => undefined)
  const seen = taken?.state === 'in-flight' ? await waitForOther(dependencies, bodyHash) : taken
  if (seen?.state === 'done') return 'duplicate'
  // The other one failed, or died, or is slow: Toss's next delivery finds out.
  if (seen?.state === 'in-flight' || seen?.state === 'free') return 'in-flight'
  if (seen === undefined) {
    // Without Redis nobody here knows whether it is a duplicate. The consumer does: it keeps one row for each hash.
    await send()
    return 'undeduped'
  }

  crashPoint('webhook.after-lease')
  try {
    await send()
  } catch (error) {
    // With the lease left standing, Toss's next delivery would be taken for one in flight.
    await briefly(dedupe.withdraw(bodyHash, seen.token))
    throw error
  }
  crashPoint('webhook.after-publish')
  // Not marked means published once more at the next delivery, nothing worse.
  await briefly(dedupe.markDone(bodyHash))
  crashPoint('webhook.before-answer')
  return 'accepted'
}

/** What became of the other delivery when it ended, or at the end of our patience; undefined once Redis is away. */
const waitForOther = async ({ dedupe, inFlightWaitMs }: Dependencies, bodyHash: string): Promise<Seen | undefined> => {
  const waitUntil = performance.now() + inFlightWaitMs
  let seen: Seen | undefined = { state: 'in-flight' }
  while (seen?.state === 'in-flight' && performance.now() < waitUntil) {
    await sleep(Math.min(POLL_MS, Math.max(1, waitUntil - performance.now())))
    seen = await dedupe.look(bodyHash).catch(() => undefined)
  }
  return seen
}

const briefly = async (work: Promise<void>): Promise<void> => {
  await Promise.race([work.catch(() => undefined), sleep(BOOKKEEPING_WAIT_MS, undefined, { ref: false })])
}
