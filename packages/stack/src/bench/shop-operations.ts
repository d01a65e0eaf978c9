import { setTimeout as delay } from 'node:timers/promises'
import type { Urls } from '../system.ts'
import { drive, type Operation } from './drive.ts'
import { bodyOf, type HttpClient } from './http-client.ts'

/** An order that was paid. */
export interface PaidOrder {
  readonly orderId: string
  readonly paymentKey: string
}

export interface ShopOperations {
  readonly products: Operation
  /** Order, payment window, confirm, and reading the order until it says PAID. */
  readonly checkout: Operation
  /** One webhook of Toss about one of these orders; the next one in turn each time. */
  readonly webhook: (orders: readonly PaidOrder[]) => Operation
  /** One partial refund; a client takes a new order from the pile when its own has had its share. */
  readonly cancel: (orders: PaidOrder[]) => Operation
  readonly pay: (count: number) => Promise<PaidOrder[]>
  /** From now on every call to Toss takes so long. */
  readonly delayToss: (ms: number) => Promise<void>
  /** So many confirms that Toss does not answer for this time, under way when this resolves; the end waits for them. */
  readonly hang: (count: number, ms: number) => Promise<{ end: () => Promise<void> }>
}

const AMOUNT_KRW = 10_000
/** As many as one shop would split a refund into; more would measure documents that grow. */
const CANCELS_PER_ORDER = 5
const POLL_MS = 50
const PAYING_AT_A_TIME = 16

export function createShopOperations({ gateway, simulator, webhookGateway }: Urls, http: HttpClient): ShopOperations {
  const open = async (): Promise<PaidOrder> => {
    const created = await http.post(`${gateway}/api/orders`, { amount: AMOUNT_KRW })
    const { orderId } = bodyOf<{ orderId: string }>('create', created)
    const window = await http.post(`${simulator}/simulator/payments`, { orderId, amount: AMOUNT_KRW })
    return { orderId, paymentKey: bodyOf<{ paymentKey: string }>('window', window).paymentKey }
  }
  const confirm = (order: PaidOrder) => http.post(`${gateway}/api/payments/confirm`, { ...order, amount: AMOUNT_KRW })
  const buy = async (): Promise<PaidOrder> => {
    const order = await open()
    bodyOf('confirm', await confirm(order))
    for (;;) {
      const read = await http.get(`${gateway}/api/orders/${order.orderId}`)
      const { status } = bodyOf<{ status: string }>('read', read)
      if (status === 'PAID') return order
      if (status !== 'PENDING') throw new Error(`read: the order is ${status}`)
      await delay(POLL_MS)
    }
  }
  const post = async (what: string, url: string, body: object) => {
    bodyOf(what, await http.post(url, body))
  }

  return {
    products: async () => {
      bodyOf('products', await http.get(`${gateway}/api/products`))
      return 'done'
    },
    checkout: async () => {
      await buy()
      return 'done'
    },
    webhook: (orders) => {
      let next = 0
      return async () => {
        const order = orders[next % orders.length]
        next += 1
        if (order === undefined) return 'ended'
        // Another body each time, as every change has its own; the same one again would only be recognised as known.
        await post('webhook', `${webhookGateway}/api/webhooks/toss`, {
          eventType: 'PAYMENT_STATUS_CHANGED',
          createdAt: `2026-01-01T00:00:00.${String(next).padStart(6, '0')}`,
          data: { ...order, status: 'DONE', totalAmount: AMOUNT_KRW },
        })
        return 'done'
      }
    },
    cancel: (orders) => {
      const own = new Map<number, { order: PaidOrder; left: number }>()
      return async (client) => {
        let mine = own.get(client)
        if (mine === undefined || mine.left === 0) {
          const order = orders.pop()
          if (order === undefined) return 'ended'
          mine = { order, left: CANCELS_PER_ORDER }
          own.set(client, mine)
        }
        mine.left -= 1
        await post('cancel', `${gateway}/api/payments/cancel`, {
          orderId: mine.order.orderId,
          amount: 1_000,
          reason: '부분 취소',
        })
        return 'done'
      }
    },
    pay: async (count) => {
      const orders: PaidOrder[] = []
      let left = count
      const { errors } = await drive(PAYING_AT_A_TIME, 120_000, async () => {
        if (left === 0) return 'ended'
        left -= 1
        orders.push(await buy())
        return 'done'
      })
      if (orders.length < count) throw new Error(`only ${orders.length} of ${count} orders: ${JSON.stringify(errors)}`)
      return orders
    },
    delayToss: async (ms) => {
      await fetch(`${simulator}/simulator/faults`, { method: 'DELETE' })
      if (ms > 0)
        await post('fault', `${simulator}/simulator/faults`, { times: 1_000_000, fault: { kind: 'delay', ms } })
    },
    hang: async (count, ms) => {
      await post('fault', `${simulator}/simulator/faults`, {
        match: { operation: 'confirm' },
        times: count,
        fault: { kind: 'hang-before', ms },
      })
      const orders = await Promise.all(Array.from({ length: count }, open))
      const confirms = Promise.allSettled(orders.map(confirm))
      return {
        end: async () => {
          await confirms
        },
      }
    },
  }
}
