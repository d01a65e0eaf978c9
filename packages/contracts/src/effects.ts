import type { OrderCreated, PaymentStatusChanged, TossWebhookReceived } from './events.ts'
import { type OrderProjection, type PaymentStatus, projectPayment } from './order-status.ts'

/**
 * What an event does to what its consumer knows. The consumers act by these functions, and the operators' dry run of a replay
 * shows their verdicts, so that what is shown is what would happen.
 * - `change`: the consumer would know `after`
 * - `none`: a duplicate or old news; nothing is written
 * - `refused`: it can never be applied, and becomes a dead letter
 */
export type Effect<State> =
  | { readonly kind: 'change'; readonly after: State }
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string }

/** payment.status-changed at the order service, which knows the order or does not. */
export const effectOnOrder = (
  known: OrderProjection | undefined,
  event: Pick<PaymentStatusChanged, 'orderId' | 'status' | 'version'>,
): Effect<OrderProjection> => {
  // An order is durable before its payment can exist, so waiting would not make it appear.
  if (known === undefined) return { kind: 'refused', why: 'there is no order of this id' }
  const after = projectPayment(known, event)
  return after === undefined
    ? { kind: 'none', why: `version ${event.version} ≤ ${known.paymentVersion}` }
    : { kind: 'change', after }
}

/** What the payment service takes from a new order. */
export type PaymentOpening = Pick<OrderCreated, 'orderId' | 'customerId' | 'amountKrw' | 'expiresAt'> & {
  readonly status: PaymentStatus
  readonly version: number
}

/** order.created at the payment service: every order has one payment, which opens at version 0 without an event of its own. */
export const effectOnPayment = (
  known: { readonly status: string; readonly version: number } | undefined,
  { orderId, customerId, amountKrw, expiresAt }: Omit<PaymentOpening, 'status' | 'version'>,
): Effect<PaymentOpening> =>
  known === undefined
    ? {
        kind: 'change',
        after: {
          orderId,
          ...(customerId === undefined ? {} : { customerId }),
          amountKrw,
          expiresAt,
          status: 'PENDING',
          version: 0,
        },
      }
    : { kind: 'none', why: `its payment is open already (${known.status}, version ${known.version})` }

/** The webhooks that ring a payment; others are stored and ignored, because Toss adds new ones without notice. */
const ringing = new Set(['PAYMENT_STATUS_CHANGED', 'DEPOSIT_CALLBACK'])

/** Of a webhook: its end, or that its payment is rung, so that Toss is asked. */
export type WebhookVerdict =
  | { readonly kind: 'rings' }
  | { readonly kind: 'ends'; readonly outcome: 'IGNORED'; readonly reason: string }

/** toss.webhook-received at the payment service; `outcome` is how the stored webhook has ended, if it is stored and has. */
export const effectOfWebhook = (
  known: { readonly outcome?: string | undefined } | undefined,
  { eventType, orderId, paymentKey }: Pick<TossWebhookReceived, 'eventType' | 'orderId' | 'paymentKey'>,
): Effect<WebhookVerdict> => {
  if (known?.outcome !== undefined) return { kind: 'none', why: `it has ended as ${known.outcome}` }
  const ignored = (reason: string): Effect<WebhookVerdict> => ({
    kind: 'change',
    after: { kind: 'ends', outcome: 'IGNORED', reason },
  })
  if (!ringing.has(eventType)) return ignored(`nobody here acts on ${eventType}`)
  if (orderId === undefined && paymentKey === undefined) return ignored('it names neither an order nor a payment')
  return { kind: 'change', after: { kind: 'rings' } }
}
