import type { Order__Output as Order } from '@checkout/contracts/gen/order/v1/Order'
import type { Payment__Output as Payment } from '@checkout/contracts/gen/payment/v1/Payment'
import { krw } from '@checkout/contracts/money'
import type { z } from 'zod'
import { presentOrder } from './present-order.ts'
import type * as schemas from './schemas.ts'

/** What `GET /api/orders/{orderId}` shows, and the version of the payment that it comes from; 0 before a first attempt. */
export type OrderState = { readonly version: number; readonly body: z.input<typeof schemas.order> }

export const orderState = (order: Order, payment: Payment | undefined): OrderState => ({
  version: Math.max(krw(order.paymentVersion), payment === undefined ? 0 : krw(payment.version)),
  body: presentOrder(order, payment),
})

/**
 * Whether nothing is under way that would change this order by itself: the end of a story that a page waits for. A refund of a
 * paid order begins a new one, with a stream of its own. A failed payment may be tried again with another card until the order expires.
 */
export const isSettled = ({ status, expiresAt, payment }: OrderState['body'], nowMs: number): boolean => {
  switch (status) {
    case 'PENDING':
      return false
    case 'PAID':
      return payment?.refunds.every((refund) => refund.status !== 'REQUESTED') ?? false
    case 'CANCELED':
      return true
    case 'FAILED':
      return nowMs >= Date.parse(expiresAt)
  }
}
