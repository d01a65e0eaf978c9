import { setTimeout as sleep } from 'node:timers/promises'
import type { Shop } from '../testing/shop.ts'
import type { FaultOrder } from '../testing/shop-bodies.ts'

/** One purchase as its buyer saw it. */
export interface Purchase {
  /** From the first request to the order that reads PAID. */
  readonly ms: number
  /** Whether Toss was told to misbehave; such a purchase may take as long as it takes. */
  readonly isFaulty: boolean
}

const AMOUNT_KRW = 10_000
const REFUND_EVERY = 5
const POLL_MS = 50
/** An answer that was lost is asked for again within seconds; a minute is what is promised. */
const PATIENCE_MS = 60_000

/** What goes wrong at Toss, in turn. All of these end well for the buyer. */
const tossFaults: readonly FaultOrder['fault'][] = [
  { kind: 'drop-before' },
  { kind: 'drop-after' },
  { kind: 'error-before', status: 500, code: 'FAILED_INTERNAL_SYSTEM_PROCESSING' },
  { kind: 'error-after', status: 500, code: 'FAILED_INTERNAL_SYSTEM_PROCESSING' },
  { kind: 'error-before', status: 429, code: 'TOO_MANY_REQUESTS' },
  { kind: 'garbage' },
  { kind: 'delay', ms: 1_000 },
]

/**
 * Orders, pays, and reads until the order is PAID; every fifth gives part of it back. Toss misbehaves once for each purchase of
 * which `number % faultEvery` is 0.
 * @throws Error when it is not paid after a minute, or the refund is refused
 */
export async function shopOnce(shop: Shop, number: number, faultEvery: number): Promise<Purchase> {
  const startedAt = performance.now()
  const window = await shop.withWindow(AMOUNT_KRW)
  const { orderId } = window
  const isFaulty = number % faultEvery === 0
  const fault = tossFaults[Math.floor(number / faultEvery) % tossFaults.length]
  if (isFaulty && fault !== undefined) await shop.fault({ match: { orderId, operation: 'confirm' }, times: 1, fault })
  await shop.confirm(window)
  for (;;) {
    const { body } = await shop.order(orderId)
    if (body.status === 'PAID') break
    if (performance.now() - startedAt > PATIENCE_MS) throw new Error(`${orderId} is ${body.status} after a minute`)
    await sleep(POLL_MS)
  }
  const ms = performance.now() - startedAt
  if (number % REFUND_EVERY === 0) {
    const { status, body } = await shop.cancel({ orderId, amount: AMOUNT_KRW / 4 })
    if (status >= 400) throw new Error(`the refund of ${orderId} was answered ${status} ${JSON.stringify(body)}`)
  }
  return { ms, isFaulty }
}
