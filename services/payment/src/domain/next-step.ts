import type { Durations } from './durations.ts'
import {
  expire,
  type Failure,
  failAttempt,
  openAttempt,
  type Payment,
  type Refund,
  withAttempt,
  withRefund,
} from './payment.ts'
import { failRefund } from './refund.ts'
import { classifyTossCode } from './toss-codes.ts'

const HOUR_MS = 3_600_000
const LOOKS_TO_FAIL = 3
/** An echo of our own success explains itself within a few looks; after these the refusal was one. */
const LOOKS_TO_BELIEVE_ECHO = 5

/** What a run of settle has done so far. */
export type Progress = {
  /** paymentKeys that were looked at, with the result saved, since the last POST about them. */
  readonly seen: ReadonlySet<string>
  /** Attempts and refunds that this run POSTed: one POST each per run, so that retries are spaced by backoff. */
  readonly posted: ReadonlySet<string>
  /** paymentKeys that webhooks asked to have looked at. */
  readonly rung: readonly string[]
}

/** The next thing that must happen to a payment. */
export type Step =
  | { readonly kind: 'look'; readonly paymentKeys: readonly string[] }
  | { readonly kind: 'confirm'; readonly attemptId: string; readonly isFirst: boolean }
  | { readonly kind: 'cancel'; readonly refundId: string; readonly isFirst: boolean }
  | { readonly kind: 'void'; readonly attemptId: string; readonly isFirst: boolean }
  /** No call: a decision that time or evidence has made. */
  | { readonly kind: 'change'; readonly cause: string; readonly to: Payment }
  /** Something is open that only waiting can move. */
  | { readonly kind: 'wait'; readonly since: Date }
  | { readonly kind: 'rest'; readonly due?: Date }

/** `fresh` is the attempt or refund that this very run wrote, with its first POST announced in that write. */
export const nextStep = (
  payment: Payment,
  progress: Progress,
  now: Date,
  fresh: string | undefined,
  durations: Durations,
): Step => {
  const attempt = openAttempt(payment)
  const isNew = (item: { id: string; lastPostAt?: Date }) =>
    (item.id === fresh || item.lastPostAt === undefined) && !progress.posted.has(item.id)
  if (
    attempt !== undefined &&
    isNew(attempt) &&
    payment.paymentKey === undefined &&
    payment.needsAttention?.stopsPosts !== true
  ) {
    return { kind: 'confirm', attemptId: attempt.id, isFirst: true }
  }
  const refund = payment.refunds.find(({ status }) => status === 'REQUESTED')
  const mayPost = payment.needsAttention?.stopsPosts !== true
  // Nobody has sent it, so no look can tell anything of it; and a look that a webhook asks for may have to keep its distance.
  if (attempt === undefined && refund !== undefined && isNew(refund) && (refund.id === fresh || mayPost)) {
    return { kind: 'cancel', refundId: refund.id, isFirst: true }
  }
  const paymentKeys = [...new Set([...progress.rung, ...keysToLookAt(payment, now)])].filter(
    (key) => !progress.seen.has(key),
  )
  if (paymentKeys.length > 0) return { kind: 'look', paymentKeys }

  if (attempt !== undefined) return stepOfAttempt(payment, attempt.id, progress, now, mayPost, durations)
  if (refund !== undefined) return stepOfRefund(payment, refund, progress, now, mayPost, durations)
  const orphan = payment.attempts.find((candidate) => candidate.void?.status === 'REQUESTED')
  if (orphan?.void !== undefined) {
    if (!mayPost || progress.posted.has(orphan.id)) return { kind: 'wait', since: orphan.startedAt }
    return { kind: 'void', attemptId: orphan.id, isFirst: orphan.void.lastPostAt === undefined }
  }
  const expired = expire(payment, now)
  if (expired !== payment) return { kind: 'change', cause: 'the order expired', to: expired }
  return rest(payment, now)
}

/** The keys about which something is open whose truth only Toss knows. */
const keysToLookAt = (payment: Payment, now: Date): string[] => {
  const keys = payment.scheduledLooks.filter(({ at }) => at <= now).map(({ paymentKey }) => paymentKey)
  const attempt = openAttempt(payment)
  if (attempt?.paymentKey !== undefined && attempt.lastPostAt !== undefined) keys.push(attempt.paymentKey)
  const refund = payment.refunds.find(({ status }) => status === 'REQUESTED')
  if (refund?.lastPostAt !== undefined && payment.paymentKey !== undefined) keys.push(payment.paymentKey)
  for (const { void: cancel, paymentKey } of payment.attempts) {
    if (cancel?.status === 'REQUESTED' && cancel.lastPostAt !== undefined && paymentKey !== undefined)
      keys.push(paymentKey)
  }
  return keys
}

const stepOfAttempt = (
  payment: Payment,
  attemptId: string,
  progress: Progress,
  now: Date,
  mayPost: boolean,
  durations: Durations,
): Step => {
  const attempt = payment.attempts.find(({ id }) => id === attemptId)
  if (attempt === undefined) return rest(payment, now)
  const wait: Step = { kind: 'wait', since: attempt.startedAt }
  const lastPostAt = attempt.lastPostAt ?? attempt.startedAt
  const isOver = now.getTime() - lastPostAt.getTime() > durations.undecidedMs
  // Where a person has to decide, time does not: Toss may hold money that is not as we expect it.
  if (mayPost && isOver && attempt.looks >= LOOKS_TO_FAIL && attempt.isAlreadyProcessed !== true) {
    const failure: Failure = attempt.refusal ?? {
      code: 'NOT_FOUND_PAYMENT_SESSION',
      message: 'Toss knows of no approval',
      httpStatus: 404,
    }
    const failed = failAttempt(payment, attempt.id, failure)
    const looks = durations.lateLooksMs.map((ms) => ({
      paymentKey: attempt.paymentKey ?? '',
      at: new Date(now.getTime() + ms),
    }))
    return {
      kind: 'change',
      cause: 'the confirm was never approved',
      to: { ...failed, scheduledLooks: [...failed.scheduledLooks, ...looks] },
    }
  }
  // Once another attempt has the money, this one is only looked at until it is decided.
  const isElsewhere = payment.paymentKey !== undefined && payment.paymentKey !== attempt.paymentKey
  const isSessionOver = now.getTime() - attempt.startedAt.getTime() > durations.sessionMs
  if (
    !mayPost ||
    isElsewhere ||
    isSessionOver ||
    attempt.isAlreadyProcessed === true ||
    progress.posted.has(attempt.id)
  )
    return wait
  return { kind: 'confirm', attemptId: attempt.id, isFirst: false }
}

/**
 * A look that Toss answered and that found nothing. Counted only as far as the decision needs, because each count is a version;
 * of the three, the last must come after the wait.
 */
export const countLook = (payment: Payment, paymentKey: string, now: Date, durations: Durations): Payment => {
  const attempt = payment.attempts.find(
    (candidate) => candidate.paymentKey === paymentKey && candidate.outcome === undefined,
  )
  if (attempt === undefined) return payment
  const isOver = now.getTime() - (attempt.lastPostAt ?? attempt.startedAt).getTime() > durations.undecidedMs
  const counts = attempt.looks < LOOKS_TO_FAIL - 1 || (isOver && attempt.looks < LOOKS_TO_FAIL)
  return counts ? withAttempt(payment, attempt.id, (kept) => ({ ...kept, looks: kept.looks + 1 })) : payment
}

const stepOfRefund = (
  payment: Payment,
  refund: Refund,
  progress: Progress,
  now: Date,
  mayPost: boolean,
  durations: Durations,
): Step => {
  const wait: Step = { kind: 'wait', since: refund.requestedAt }
  if (refund.lastPostAt === undefined) return wait
  // Its transaction is known and not done yet (an overseas wallet): only looks can tell more.
  if (refund.transactionKey !== undefined) return wait
  if (now.getTime() - refund.requestedAt.getTime() > durations.keyLifeMs) {
    const failure: Failure = { code: 'REFUND_EXPIRED', message: 'Toss has no such refund', httpStatus: 400 }
    return { kind: 'change', cause: 'the refund was given up', to: failRefund(payment, refund.id, failure) }
  }
  if (refund.refusal !== undefined) {
    const isEcho = classifyTossCode('cancel', refund.refusal.httpStatus, refund.refusal.code) === 'echo'
    const isExplained = !isEcho || payment.amountKrw - payment.refundedKrw < refund.amountKrw
    if (isExplained || refund.refusal.looks >= LOOKS_TO_BELIEVE_ECHO) {
      const { looks: _, ...failure } = refund.refusal
      return { kind: 'change', cause: `refund refused: ${failure.code}`, to: failRefund(payment, refund.id, failure) }
    }
    return wait
  }
  return mayPost && !progress.posted.has(refund.id) ? { kind: 'cancel', refundId: refund.id, isFirst: false } : wait
}

/** A look at the payment's own key that did not explain a refusal, counted on the refund. */
export const countEchoLook = (payment: Payment, paymentKey: string): Payment => {
  if (paymentKey !== payment.paymentKey) return payment
  const refund = payment.refunds.find(({ status }) => status === 'REQUESTED')
  if (refund?.refusal === undefined || refund.refusal.looks >= LOOKS_TO_BELIEVE_ECHO) return payment
  const { refusal } = refund
  return withRefund(payment, refund.id, (kept) => ({ ...kept, refusal: { ...refusal, looks: refusal.looks + 1 } }))
}

const rest = (payment: Payment, now: Date): Step => {
  const instants = payment.scheduledLooks.map(({ at }) => at).filter((at) => at > now)
  if (payment.status === 'PENDING') instants.push(payment.expiresAt)
  const due = instants.sort((a, b) => a.getTime() - b.getTime())[0]
  return { kind: 'rest', ...(due === undefined ? {} : { due }) }
}

/** When to try again: full jitter, at most 30 s in the first hour, 5 minutes up to a day, then hourly; never a guess instead. */
export const backoffMs = (tries: number, openForMs: number, random: number): number => {
  const capMs = openForMs < HOUR_MS ? 30_000 : openForMs < 24 * HOUR_MS ? 300_000 : HOUR_MS
  return Math.round(Math.min(capMs, 1_000 * 2 ** Math.min(tries, 12)) * random)
}
