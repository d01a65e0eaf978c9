import { AppError } from '@checkout/contracts/errors'
import { krw } from '@checkout/contracts/money'
import { isOutcomeUnknown } from '@checkout/contracts/rpc'
import { defineRoute, tossRefusals } from '../route.ts'
import {
  cancelBody,
  canceledPayment,
  confirmBody,
  confirmedPayment,
  failBody,
  failedPayment,
  payment,
} from '../schemas.ts'

const paymentStatus = payment.shape.status

/** The outcome is being worked on; it can be read at the order. */
const accepted = (orderId: string) =>
  ({ status: 202, headers: { 'Retry-After': '2', Location: `/api/orders/${orderId}` } }) as const

const confirmPayment = defineRoute({
  method: 'post',
  path: '/api/payments/confirm',
  tag: 'payments',
  summary: 'Confirm a payment that the buyer has authenticated',
  description: 'The same request may be repeated at any time: it never charges twice.',
  body: confirmBody,
  response: confirmedPayment,
  accepted: 'Toss has not decided yet; it will be, without this client',
  waitsForToss: true,
  refusals: [
    'ORDER_NOT_FOUND',
    'AMOUNT_MISMATCH',
    'ALREADY_PROCESSED',
    'ORDER_EXPIRED',
    ...tossRefusals(400, 403, 404, 409, 502),
  ],
  handle: async ({ body: { paymentKey, orderId, amount } }, { clients, call }) => {
    const confirmed = await clients.payment.ConfirmPayment({ paymentKey, orderId, amountKrw: amount }, call)
    return {
      ...(confirmed.status === 'CONFIRMING' ? accepted(orderId) : {}),
      body: {
        paymentId: confirmed.paymentId,
        orderId: confirmed.orderId,
        amount: krw(confirmed.amountKrw),
        status: paymentStatus.parse(confirmed.status),
      },
    }
  },
})

const failPayment = defineRoute({
  method: 'post',
  path: '/api/payments/fail',
  tag: 'payments',
  summary: 'Tell that the payment window ended without a payment',
  description: 'News from a browser: it never changes a payment that is paid or being confirmed. Twice is once.',
  body: failBody,
  response: failedPayment,
  refusals: [],
  handle: async ({ body: { orderId, code, message } }, { clients, call }) => {
    // The buyer closed the window: there is no order to speak of, and nothing to do.
    if (orderId === undefined) return { body: {} }
    await clients.payment.FailPayment({ orderId, code, message }, call)
    return { body: { orderId } }
  },
})

const cancelPayment = defineRoute({
  method: 'post',
  path: '/api/payments/cancel',
  tag: 'payments',
  summary: 'Refund a payment, in part or all that remains',
  description: 'Each request is a refund of its own, unless it repeats an Idempotency-Key.',
  body: cancelBody,
  response: canceledPayment,
  accepted: 'The refund is written down and will be made, without this client',
  takesIdempotencyKey: true,
  waitsForToss: true,
  refusals: [
    'ORDER_NOT_FOUND',
    'CANNOT_CANCEL_ORDER',
    'INVALID_REFUND_AMOUNT',
    'INVALID_PAYMENT_STATUS',
    'IN_PROGRESS',
    ...tossRefusals(400, 403),
  ],
  handle: async ({ body }, { clients, call, idempotency }) => {
    const { orderId, amount, reason, refundReceiveAccount } = body
    if (amount !== undefined && !(Number.isSafeInteger(amount) && amount > 0)) {
      throw new AppError('INVALID_REFUND_AMOUNT', { detail: 'amount must be a whole number of KRW, 1 or more' })
    }
    const key = idempotency({}, body)
    try {
      const canceled = await clients.payment.CancelPayment(
        {
          orderId,
          reason,
          ...(amount === undefined ? {} : { amountKrw: amount }),
          refundReceiveAccount: refundReceiveAccount ?? null,
          idempotency: key ?? null,
        },
        call,
      )
      const pending = canceled.isDecided ? undefined : accepted(orderId)
      return {
        ...pending,
        headers: { ...pending?.headers, ...(canceled.isReplayed ? { 'Idempotent-Replayed': 'true' } : {}) },
        body: {
          paymentId: canceled.paymentId,
          orderId: canceled.orderId,
          canceledAmount: krw(canceled.canceledAmountKrw),
          status: paymentStatus.parse(canceled.status),
          refundId: canceled.refundId,
        },
      }
    } catch (error) {
      // Without a key, repeating it would be a second refund: the client must look first whether there is one already.
      if (key === undefined && error instanceof AppError && isOutcomeUnknown(error)) {
        throw new AppError('GATEWAY_TIMEOUT', { detail: 'read refunds[] first' }, { cause: error.cause })
      }
      throw error
    }
  },
})

export const paymentRoutes = [confirmPayment, failPayment, cancelPayment]
