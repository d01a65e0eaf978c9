import { AppError } from '@checkout/contracts/errors'
import type { Order__Output as Order } from '@checkout/contracts/gen/order/v1/Order'
import type { Payment__Output as Payment } from '@checkout/contracts/gen/payment/v1/Payment'
import type { CallContext } from '@checkout/contracts/rpc'
import type { Asker } from './auth.ts'
import type { Clients } from './clients.ts'

/**
 * An order and its payment, asked side by side. Without the payment service there is no answer: the order alone could say
 * "pending" to a buyer who was just told "paid".
 */
export const readOrder = async (
  { order, payment }: Pick<Clients, 'order' | 'payment'>,
  orderId: string,
  asker: Asker,
  call: CallContext,
): Promise<{ order: Order; payment: Payment | undefined }> => {
  const [orderResult, paymentResult] = await Promise.allSettled([
    order.GetOrder({ orderId, viewer: asker }, call),
    payment.GetPaymentByOrder({ orderId }, call),
  ])
  // The order's refusal first: whoever may not see the order learns nothing of its payment.
  if (orderResult.status === 'rejected') throw orderResult.reason
  if (paymentResult.status === 'fulfilled') return { order: orderResult.value, payment: paymentResult.value }
  // order.created has not arrived there yet.
  if (paymentResult.reason instanceof AppError && paymentResult.reason.code === 'PAYMENT_NOT_FOUND') {
    return { order: orderResult.value, payment: undefined }
  }
  throw paymentResult.reason
}
