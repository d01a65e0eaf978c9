import { effectOnPayment, type PaymentOpening } from '@checkout/contracts/effects'
import { AppError } from '@checkout/contracts/errors'
import { krw } from '@checkout/contracts/money'
import type { CallContext, orderService, RpcClient } from '@checkout/contracts/rpc'
import type { Clock } from '@checkout/runtime/clock'
import { crashPoint } from '@checkout/runtime/crash-point'
import { newPayment, type Payment } from './domain/payment.ts'
import type { PaymentStore } from './store.ts'
import type { WebhookEventStore } from './webhook-events.ts'

export type OpenDeps = {
  readonly store: PaymentStore
  readonly webhookEvents: WebhookEventStore
  readonly orders: Pick<RpcClient<typeof orderService>, 'GetOrder'>
  readonly clock: Pick<Clock, 'now'>
  readonly newId: () => string
  readonly hint: (paymentId: string, due: Date) => void
}

/** Opens the payment of an order. The unique orderId settles a race; opening twice is opening once. */
export const openPayment = async (deps: OpenDeps, order: Omit<PaymentOpening, 'status' | 'version'>): Promise<void> => {
  // That there is none is for the index to say, so that opening costs no read.
  const effect = effectOnPayment(undefined, order)
  if (effect.kind !== 'change') return
  const opening = { ...effect.after, expiresAt: new Date(order.expiresAt) }
  const payment = newPayment(deps.newId(), opening, deps.clock.now())
  crashPoint('open.before-insert')
  if (!(await deps.store.insert(payment))) return
  crashPoint('open.after-insert')
  await matchParked(deps, payment)
}

/** Webhooks that came before the order was known ring now. What a crash leaves between is found by the ladder of the parked. */
const matchParked = async ({ store, webhookEvents, hint, clock }: OpenDeps, payment: Payment): Promise<void> => {
  const parked = await webhookEvents.findParkedByOrder(payment.orderId)
  if (parked.length === 0) return
  for (const event of parked) await webhookEvents.assign(event._id, payment._id)
  await store.ring(payment._id)
  hint(payment._id, clock.now())
}

/**
 * The payment of an order, opened now if order.created has not arrived yet.
 * @throws AppError ORDER_NOT_FOUND, or SERVICE_UNAVAILABLE when the order service had to be asked and is away
 */
export const ensurePayment = async (deps: OpenDeps, orderId: string, context: CallContext): Promise<Payment> => {
  const known = await deps.store.findByOrder(orderId)
  if (known !== undefined) return known
  const order = await deps.orders.GetOrder({ orderId }, context)
  await openPayment(deps, {
    orderId,
    ...(order.userId === undefined ? {} : { customerId: order.userId }),
    amountKrw: krw(order.amountKrw),
    expiresAt: order.expiresAt,
  })
  const opened = await deps.store.findByOrder(orderId)
  if (opened === undefined) throw new AppError('INTERNAL_ERROR')
  return opened
}
