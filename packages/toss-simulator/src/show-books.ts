import type { PaymentRecord } from './payment.ts'
import type { OtherWebhook, PaymentWebhook, Webhook } from './records.ts'
import type { World } from './world.ts'

/** One order, the latest payments, or everything. */
export type Asked = Readonly<{ orderId?: string | undefined; latest?: number | undefined }>

/** What `GET /simulator/books` shows. */
export function showBooks({ books, calls, clock }: World, asked: Asked): unknown {
  const { orderId, latest } = asked
  const records = recordsOf(books, asked)
  const paymentKeys = latest === undefined ? undefined : new Set(records.map(({ payment }) => payment.paymentKey))
  const isAsked = (about: { orderId?: string }): boolean => orderId === undefined || about.orderId === orderId
  const youngest = <Row>(rows: readonly Row[]): readonly Row[] => rows.slice(-(latest ?? Number.POSITIVE_INFINITY))
  const webhooks = [...books.settledWebhooks.values(), ...books.openWebhooks.values()]
  return {
    now: new Date(clock.now()).toISOString(),
    payments: records.map(({ payment, approvals }) => ({ ...payment, approvals })),
    transactions: records.flatMap(({ payment }) => books.transactionsOf(payment.paymentKey)),
    calls: youngest(calls.list().filter(isAsked)),
    webhooks: webhooks
      .filter(isOfPayment)
      .filter(({ payment }) => isAsked(payment) && (paymentKeys?.has(payment.paymentKey) ?? true))
      .map(shown),
    ...(orderId === undefined ? { otherWebhooks: youngest(webhooks.filter(isOther)).map(shownOther) } : {}),
  }
}

function recordsOf(books: World['books'], { orderId, latest }: Asked): readonly PaymentRecord[] {
  if (orderId !== undefined) return books.paymentsOf(orderId).slice(-(latest ?? Number.POSITIVE_INFINITY))
  return latest === undefined ? [...books.payments.values()] : books.latestPayments(latest)
}

const isOfPayment = (webhook: Webhook): webhook is PaymentWebhook => webhook.payment !== undefined
const isOther = (webhook: Webhook): webhook is OtherWebhook => webhook.payment === undefined

function shownOther({ transmissionId, url, eventType, attempts, state }: OtherWebhook) {
  return { transmissionId, url, eventType, attempts, delivered: state === 'DELIVERED', state }
}

function shown({ transmissionId, url, eventType, payment, status, attempts, state }: PaymentWebhook) {
  const { orderId, paymentKey } = payment
  const delivered = state === 'DELIVERED'
  return { transmissionId, url, eventType, orderId, paymentKey, status, attempts, delivered, state }
}
