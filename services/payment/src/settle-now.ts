import { setTimeout as sleep } from 'node:timers/promises'
import type { CallContext } from '@checkout/contracts/rpc'
import type { Payment } from './domain/payment.ts'
import { ensurePayment, type OpenDeps } from './open-payment.ts'

/** Leaves the answer time to travel before the caller gives up. */
const ANSWER_MARGIN_MS = 1_000
const LOOK_EVERY_MS = 250

export type SettleNowDeps = OpenDeps & { readonly settle: (paymentId: string) => Promise<void> }

/**
 * Asks Toss about every paymentKey of an order now, also where nothing is open, and waits for the look or for the caller's
 * deadline. Whoever holds the lease goes first; the look that is asked for here is not forgotten.
 * @throws AppError ORDER_NOT_FOUND
 */
export const settleNow = async (
  deps: SettleNowDeps,
  orderId: string,
  context: CallContext,
): Promise<{ before: Payment; after: Payment; isAsked: boolean }> => {
  const { store, clock } = deps
  const before = await ensurePayment(deps, orderId, context)
  const keys = before.attempts.flatMap(({ paymentKey }) => paymentKey ?? [])
  // An empty key asks by order: Toss may know of a window that we were never told about.
  const askedFrom = await store.lookNow(before._id, keys.length === 0 ? [''] : keys)
  const until = context.deadline.getTime() - ANSWER_MARGIN_MS
  for (;;) {
    const rest = Math.max(0, until - Date.now())
    await Promise.race([deps.settle(before._id), sleep(rest, undefined, { ref: false })])
    const after = (await store.find(before._id)) ?? before
    const isLooked = after.askedAt !== undefined && after.askedAt >= askedFrom
    const isBusy = after.lease !== undefined && after.lease.until > clock.now()
    if ((isLooked && !isBusy) || Date.now() >= until) return { before, after, isAsked: isLooked }
    await sleep(LOOK_EVERY_MS)
  }
}
