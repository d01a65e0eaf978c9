import type { Order__Output as Order } from '@checkout/contracts/gen/order/v1/Order'
import type { Payment__Output as Payment } from '@checkout/contracts/gen/payment/v1/Payment'
import { krw } from '@checkout/contracts/money'
import { projectOrderStatus } from '@checkout/contracts/order-status'
import type { z } from 'zod'
import * as schemas from './schemas.ts'

type OrderSummaryBody = z.input<typeof schemas.orderSummaries>[number]
type OrderBody = z.input<typeof schemas.order>

const orderStatus = schemas.order.shape.status
const paymentStatus = schemas.payment.shape.status
const refundStatus = schemas.refund.shape.status

export const presentOrderSummary = (order: Order): OrderSummaryBody => ({
  orderId: order.orderId,
  amount: krw(order.amountKrw),
  currency: 'KRW',
  status: orderStatus.parse(order.status),
  createdAt: order.createdAt,
})

/** The status is that of the newer of the two: the order learns of its payment by events, so it may be behind. */
export const presentOrder = (order: Order, payment: Payment | undefined): OrderBody => {
  const summary = presentOrderSummary(order)
  const isPaymentNewer = payment !== undefined && krw(payment.version) >= krw(order.paymentVersion)
  return {
    ...summary,
    status: isPaymentNewer ? projectOrderStatus(paymentStatus.parse(payment.status)) : summary.status,
    expiresAt: order.expiresAt,
    lines: order.lines.map((line) => ({
      productId: krw(line.productId),
      name: line.name,
      unitPriceKrw: krw(line.unitPriceKrw),
      quantity: line.quantity,
    })),
    payment: payment?.hasAttempt === true ? presentPayment(payment) : null,
  }
}

const presentPayment = (payment: Payment): NonNullable<OrderBody['payment']> => {
  const [amountKrw, refundedKrw, reservedKrw] = [
    krw(payment.amountKrw),
    krw(payment.refundedKrw),
    krw(payment.reservedKrw),
  ]
  const { failure, virtualAccount } = payment
  return {
    paymentId: payment.paymentId,
    provider: 'TOSS',
    method: payment.method ?? null,
    amountKrw,
    refundedAmountKrw: refundedKrw,
    remainingAmountKrw: amountKrw - refundedKrw - reservedKrw,
    status: paymentStatus.parse(payment.status),
    approvedAt: payment.approvedAt ?? null,
    failure: failure ? { code: failure.code, message: failure.message } : null,
    receiptUrl: payment.receiptUrl ?? null,
    virtualAccount: virtualAccount
      ? {
          bankCode: virtualAccount.bankCode,
          accountNumber: virtualAccount.accountNumber,
          customerName: virtualAccount.customerName,
          dueDate: virtualAccount.dueDate,
        }
      : null,
    refunds: payment.refunds.map((refund) => ({
      refundId: refund.refundId,
      amountKrw: krw(refund.amountKrw),
      reason: refund.reason,
      status: refundStatus.parse(refund.status),
      requestedAt: refund.requestedAt,
      refundedAt: refund.refundedAt ?? null,
    })),
  }
}
