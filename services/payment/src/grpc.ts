import { AppError } from '@checkout/contracts/errors'
import { krw } from '@checkout/contracts/money'
import type { paymentService, RpcHandlers } from '@checkout/contracts/rpc'
import { cancelPayment } from './cancel-payment.ts'
import { confirmPayment, type PayDeps } from './confirm-payment.ts'
import type { Payment } from './domain/payment.ts'
import { failPayment } from './fail-payment.ts'

/** Toss: cancelReason has at most 200 characters, each of up to two UTF-16 units. */
const MAX_REASON_LENGTH = 400

export const paymentHandlers = (deps: PayDeps): RpcHandlers<typeof paymentService> => ({
  ConfirmPayment: async ({ orderId, paymentKey, amountKrw }, context) =>
    confirmPayment(deps, { orderId, paymentKey, amountKrw: krw(amountKrw) }, context),

  CancelPayment: async ({ orderId, amountKrw, reason, refundReceiveAccount, idempotency }, context) =>
    cancelPayment(
      deps,
      {
        orderId,
        amountKrw: amountKrw === undefined ? undefined : krw(amountKrw),
        reason: within('reason', reason, MAX_REASON_LENGTH),
        refundReceiveAccount: refundReceiveAccount ?? undefined,
        idempotency: idempotency ?? undefined,
      },
      context,
    ),

  FailPayment: async (request, context) => {
    await failPayment(deps, request, context)
    return {}
  },

  GetPaymentByOrder: async ({ orderId }) => {
    const payment = await deps.store.findByOrder(orderId)
    if (payment === undefined) throw new AppError('PAYMENT_NOT_FOUND')
    return toMessage(payment)
  },
})

/** The gateway refuses longer ones with more words; this keeps the document small whoever calls. */
const within = (field: string, text: string, max: number): string => {
  if (text.length <= max) return text
  throw new AppError('INVALID_INPUT_VALUE', { errors: [{ field, message: `must be at most ${max} characters` }] })
}

const toMessage = (payment: Payment) => ({
  paymentId: payment._id,
  orderId: payment.orderId,
  amountKrw: payment.amountKrw,
  refundedKrw: payment.refundedKrw,
  reservedKrw: payment.reservedKrw,
  status: payment.status,
  version: payment.version,
  ...(payment.method === undefined ? {} : { method: payment.method }),
  ...(payment.approvedAt === undefined ? {} : { approvedAt: payment.approvedAt.toISOString() }),
  ...(payment.receiptUrl === undefined ? {} : { receiptUrl: payment.receiptUrl }),
  ...(payment.failure === undefined
    ? {}
    : { failure: { code: payment.failure.code, message: payment.failure.message } }),
  ...(payment.virtualAccount === undefined
    ? {}
    : {
        virtualAccount: {
          bankCode: payment.virtualAccount.bankCode,
          accountNumber: payment.virtualAccount.accountNumber,
          customerName: payment.virtualAccount.customerName,
          dueDate: payment.virtualAccount.dueAt?.toISOString() ?? '',
        },
      }),
  refunds: payment.refunds.map((refund) => ({
    refundId: refund.id,
    amountKrw: refund.amountKrw,
    reason: refund.reason,
    status: refund.status,
    requestedAt: refund.requestedAt.toISOString(),
    ...(refund.refundedAt === undefined ? {} : { refundedAt: refund.refundedAt.toISOString() }),
  })),
  hasAttempt: payment.attempts.length > 0,
})
