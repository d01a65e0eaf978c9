import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from '@jest/globals'
import { eventually } from '../src/testing/eventually.ts'
import type { Shop } from '../src/testing/shop.ts'
import type { ConfirmOrder, Reply } from '../src/testing/shop-bodies.ts'
import { accountOf } from './account.ts'

/** What was acknowledged to one buyer: from then on it must not get lost, whatever is killed. */
export interface Purchase extends ConfirmOrder {
  readonly orderKey: string
  readonly paymentId: string
  readonly refund?: { readonly key: string; readonly refundId: string; readonly amountKrw: number }
}

/** One answer that a buyer got; `network` when there was none. */
interface BuyerAnswer {
  readonly request: 'create' | 'confirm' | 'cancel' | 'read'
  readonly status: number | 'network'
}

export interface Shopping {
  readonly answers: readonly BuyerAnswer[]
  readonly purchases: readonly Purchase[]
  /** Everybody ends what they are at and leaves. Rejects when somebody did not get through in time. */
  end(): Promise<void>
}

/** What a real client does when it is told to come again. */
const REPEAT_MS = 250
const PATIENCE_MS = 60_000
const AMOUNT_KRW = 10_000

/**
 * People who buy one thing after another, at most `limit` in all: order, pay, read, and every third gives part of it back. A
 * request that is not acknowledged is repeated as it was, with the same key, until it is.
 */
export const goShopping = (
  shop: Shop,
  { people, limit, thinkMs }: { people: number; limit: number; thinkMs: number },
): Shopping => {
  const answers: BuyerAnswer[] = []
  const purchases: Purchase[] = []
  let begun = 0
  let isOpen = true

  const acknowledged = <T>(request: BuyerAnswer['request'], ask: () => Promise<Reply<T>>): Promise<T> =>
    eventually(
      async () => {
        const reply = await ask().catch((error: unknown) => {
          answers.push({ request, status: 'network' })
          throw error
        })
        answers.push({ request, status: reply.status })
        if (reply.status !== 200 && reply.status !== 202) {
          throw new Error(`${request}: ${reply.status} ${JSON.stringify(reply.body)}`)
        }
        return reply.body
      },
      { timeoutMs: PATIENCE_MS, intervalMs: REPEAT_MS },
    )

  const buy = async (isReturning: boolean): Promise<void> => {
    const orderKey = randomUUID()
    const { orderId = '', amount = 0 } = await acknowledged('create', () =>
      shop.createOrder(AMOUNT_KRW, { key: orderKey }),
    )
    const { paymentKey } = (await shop.openWindow({ orderId, amount })).body
    const order = { orderId, amount, paymentKey }
    const { paymentId = '' } = await acknowledged('confirm', () => shop.confirm(order))
    const purchase = { ...order, orderKey, paymentId }
    await acknowledged('read', () => shop.order(orderId))
    if (!isReturning) {
      purchases.push(purchase)
      return
    }
    const key = randomUUID()
    const amountKrw = AMOUNT_KRW / 4
    // Until its confirm is decided, a payment cannot be refunded: that answer is a 409, and this client comes again too.
    const { refundId = '' } = await acknowledged('cancel', () => shop.cancel({ orderId, amount: amountKrw }, key))
    purchases.push({ ...purchase, refund: { key, refundId, amountKrw } })
  }

  const person = async (): Promise<void> => {
    while (isOpen && begun < limit) {
      begun += 1
      await buy(begun % 3 === 0)
      await delay(thinkMs)
    }
  }
  const everybody = Promise.all(Array.from({ length: people }, person))
  // Whoever fails is told of by `end`.
  everybody.catch(() => undefined)
  return {
    answers,
    purchases,
    end: async () => {
      isOpen = false
      await everybody
    },
  }
}

/** Waits until so many purchases have been acknowledged. */
export const boughtAtLeast = (shopping: Shopping, count: number): Promise<void> =>
  eventually(() => expect(shopping.purchases.length).toBeGreaterThanOrEqual(count), {
    timeoutMs: PATIENCE_MS,
    intervalMs: 5,
  })

/** Everything that was acknowledged is there, on both sides, and the same request gets the same answer. */
export const expectKept = async (shop: Shop, purchases: readonly Purchase[]): Promise<void> => {
  const left = [...purchases]
  const lane = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) await expectPurchaseKept(shop, next)
  }
  await Promise.all(Array.from({ length: 8 }, lane))
}

const expectPurchaseKept = async (shop: Shop, { orderKey, paymentId, refund, ...order }: Purchase): Promise<void> => {
  const { orderId, amount } = order
  const refundedKrw = refund?.amountKrw ?? 0
  // A busy machine may answer 503 or 504 in between; what was kept is there at the next look.
  await eventually(async () =>
    expect(await accountOf(shop, orderId)).toMatchObject({
      order: 'PAID',
      payment: refund === undefined ? 'PAID' : 'PARTIAL_REFUND',
      refundsKrw: refund === undefined ? [] : [refundedKrw],
      toss: { approvals: 1, heldKrw: amount - refundedKrw },
    }),
  )
  const again = <T extends { readonly status: number }>(ask: () => Promise<T>): Promise<T> =>
    eventually(async () => {
      const reply = await ask()
      expect([503, 504]).not.toContain(reply.status)
      return reply
    })
  const ordered = await again(() => shop.createOrder(amount, { key: orderKey }))
  expect(ordered).toMatchObject({ status: 200, body: { orderId } })
  expect(await again(() => shop.confirm(order))).toMatchObject({ status: 200, body: { paymentId } })
  if (refund === undefined) return
  const { key, refundId } = refund
  const canceled = await again(() => shop.cancel({ orderId, amount: refundedKrw }, key))
  expect(canceled).toMatchObject({ status: 200, body: { refundId } })
}
