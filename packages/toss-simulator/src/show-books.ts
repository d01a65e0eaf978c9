import type { Webhook } from './records.ts'
import type { World } from './world.ts'

/** What `GET /simulator/books` shows: of one order, or of all. */
export function showBooks({ books, calls, clock }: World, orderId: string | undefined): unknown {
  const records = orderId === undefined ? [...books.payments.values()] : books.paymentsOf(orderId)
  const isAsked = (about: { orderId?: string }): boolean => orderId === undefined || about.orderId === orderId
  const webhooks = [...books.settledWebhooks.values(), ...books.openWebhooks.values()]
  return {
    now: new Date(clock.now()).toISOString(),
    payments: records.map(({ payment, approvals }) => ({ ...payment, approvals })),
    transactions: records.flatMap(({ payment }) => books.transactionsOf(payment.paymentKey)),
    calls: calls.list().filter(isAsked),
    webhooks: webhooks.map(shown).filter(isAsked),
  }
}

function shown({ transmissionId, url, eventType, payment, status, attempts, state }: Webhook) {
  const { orderId, paymentKey } = payment
  const delivered = state === 'DELIVERED'
  return { transmissionId, url, eventType, orderId, paymentKey, status, attempts, delivered, state }
}
