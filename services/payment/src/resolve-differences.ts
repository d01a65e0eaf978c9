import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '@checkout/contracts/errors'
import type { Logger } from '@checkout/runtime/log'
import { compareBooks, type Difference, type TossTransaction } from './domain/compare-books.ts'
import type { Payment } from './domain/payment.ts'
import { ensurePayment, type OpenDeps } from './open-payment.ts'
import type { OurBooks } from './our-books.ts'
import type { Counts, ToldDifference } from './reconciliations.ts'
import type { Toss } from './toss.ts'

export type ResolveDeps = OpenDeps & {
  readonly books: OurBooks
  readonly toss: Pick<Toss, 'look'>
  readonly log: Pick<Logger, 'warn'>
  readonly config: {
    /** How long a heal may take before the difference is told. */
    readonly waitMs: number
    /** An approval whose answer or webhook may still be on its way is younger than this. */
    readonly freshMs: number
    readonly lookSpacingMs: number
  }
}

/** A payment that one side's list gave reason to look at. */
export type Suspect = { readonly orderId: string; readonly paymentKey: string; readonly row?: TossTransaction }

type Run = { readonly id: string; readonly owner: string; readonly isApplied: boolean }
type Looked = { readonly suspect: Suspect; readonly difference: Difference; readonly isFresh: boolean }
type Resolved = { readonly healed: Counts; readonly differences: readonly ToldDifference[] }

/** Calls to Toss side by side: a few, because buyers come first. */
const CONCURRENCY = 8
const ASK_ORDER_TIMEOUT_MS = 5_000
/** One look may have met a payment between two of its writes. */
const LOOKS_TO_TELL = 2
const noAnswer: Difference = { class: 'state', detail: 'Toss gave no answer about it', isHopeless: false }

/**
 * Asks Toss about each suspect, heals what differs where the run may (by a signal, as a webhook would have left it), and looks
 * again until each is in step or there is nothing left to wait for: what is young may explain itself, what was rung takes a while.
 */
export const resolveDifferences = async (
  deps: ResolveDeps,
  run: Run,
  suspects: readonly Suspect[],
  signal: AbortSignal,
): Promise<Resolved> => {
  const { clock, config } = deps
  const rung = new Map<string, Difference>()
  const tried = new Set<string>()
  const startedAt = clock.now().getTime()
  let waitUntil = startedAt + config.waitMs
  /** Toss's clock may be ahead of ours: what seems to come from the future is as old as our knowing of it. */
  const isYoung = ({ row }: Suspect) =>
    row !== undefined && clock.now().getTime() < Math.min(row.at.getTime(), startedAt) + config.freshMs
  const lookAt = async (some: readonly Suspect[]): Promise<Looked[]> =>
    (await look(deps, some, signal)).map((one) => ({
      ...one,
      isFresh: isYoung(one.suspect) && !tried.has(one.suspect.paymentKey),
    }))
  let different = await lookAt(suspects)
  for (let looks = 1; different.length > 0; looks += 1) {
    const isHealing = ({ suspect, difference }: Looked) =>
      run.isApplied && !(difference.isHopeless && tried.has(suspect.paymentKey))
    const isFresh = different.some((one) => one.isFresh)
    const isWorthIt = different.some((one) => one.difference === noAnswer || isHealing(one))
    const isLate = clock.now().getTime() >= waitUntil
    if (!isFresh && looks >= LOOKS_TO_TELL && (isLate || !isWorthIt)) break
    // Toss refuses queries of one payment that follow each other closely, whoever of us asks.
    await sleep(config.lookSpacingMs, undefined, { signal })
    const ripe = different.filter(
      (one) => !one.isFresh && one.difference !== noAnswer && !tried.has(one.suspect.paymentKey),
    )
    if (run.isApplied && ripe.length > 0) {
      for (const { suspect, difference } of ripe) {
        tried.add(suspect.paymentKey)
        if (await leaveSignal(deps, run, suspect)) rung.set(suspect.paymentKey, difference)
      }
      waitUntil = clock.now().getTime() + config.waitMs
      await sleep(config.lookSpacingMs, undefined, { signal })
    }
    different = await lookAt(different.map(({ suspect }) => suspect))
  }
  return told(deps, run, rung, different)
}

/** Those of the suspects about which the books differ now. */
const look = async (
  { books, toss, clock }: ResolveDeps,
  suspects: readonly Suspect[],
  signal: AbortSignal,
): Promise<Omit<Looked, 'isFresh'>[]> => {
  const looked: Omit<Looked, 'isFresh'>[] = []
  await inLanes(suspects, async (suspect) => {
    signal.throwIfAborted()
    const { orderId, paymentKey, row } = suspect
    const answer = await toss.look(paymentKey, orderId)
    // Ours is read after Toss has answered: what was written meanwhile is no difference.
    const payment = (await books.findByOrders([orderId])).get(orderId)
    const difference =
      answer.kind === 'answered' ? compareBooks(payment, paymentKey, answer.evidence, clock.now(), row) : noAnswer
    if (difference !== undefined) looked.push({ suspect, difference })
  })
  return looked
}

/** Leaves the signal that was lost, on the road of every webhook. False when there is no such order. */
const leaveSignal = async (deps: ResolveDeps, run: Run, { orderId, paymentKey }: Suspect): Promise<boolean> => {
  const { store, webhookEvents, clock, hint } = deps
  const payment = await paymentOf(deps, run, orderId)
  if (payment === undefined) return false
  await webhookEvents.insert({
    // The owner is in it because a run that takes over must be able to ring anew.
    _id: `reconcile:${run.id}:${run.owner}:${paymentKey}`,
    eventType: 'RECONCILIATION',
    orderId,
    paymentKey,
    receivedAt: clock.now().toISOString(),
    paymentId: payment._id,
  })
  await store.ring(payment._id)
  hint(payment._id, clock.now())
  return true
}

const paymentOf = async (deps: ResolveDeps, run: Run, orderId: string): Promise<Payment | undefined> => {
  try {
    const deadline = new Date(Date.now() + ASK_ORDER_TIMEOUT_MS)
    return await ensurePayment(deps, orderId, { deadline, requestId: `reconcile-${run.id}` })
  } catch (error) {
    if (error instanceof AppError && error.code === 'ORDER_NOT_FOUND') return undefined
    throw error
  }
}

const told = (
  { log }: ResolveDeps,
  run: Run,
  rung: ReadonlyMap<string, Difference>,
  different: readonly Looked[],
): Resolved => {
  const isOpen = new Set(different.map(({ suspect }) => suspect.paymentKey))
  const healed = [...rung].filter(([paymentKey]) => !isOpen.has(paymentKey))
  for (const [paymentKey, difference] of healed) {
    log.warn({ paymentKey, class: difference.class, reconciliation: run.id }, 'a signal was lost, and is made up for')
  }
  return {
    healed: countByClass(healed.map(([, difference]) => difference)),
    differences: different.map(({ suspect: { orderId, paymentKey, row }, difference }) => ({
      class: difference.class,
      orderId,
      paymentKey,
      ...(row === undefined ? {} : { transactionKey: row.transactionKey }),
      detail: difference.detail,
    })),
  }
}

const countByClass = (differences: readonly Difference[]): Counts => {
  const counts: { -readonly [name in keyof Counts]: Counts[name] } = {}
  for (const { class: name } of differences) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

const inLanes = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const queue = items.values()
  const lane = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, items.length) }, lane))
}
