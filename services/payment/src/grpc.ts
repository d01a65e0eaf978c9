import { AppError, invalidInput } from '@checkout/contracts/errors'
import { krw } from '@checkout/contracts/money'
import type { CallContext, paymentService, RpcHandlers } from '@checkout/contracts/rpc'
import type { Clock } from '@checkout/runtime/clock'
import { cancelPayment } from './cancel-payment.ts'
import { confirmPayment, type PayDeps } from './confirm-payment.ts'
import type { Payment } from './domain/payment.ts'
import { failPayment } from './fail-payment.ts'
import type { Journal } from './journal.ts'

/** Toss: cancelReason has at most 200 characters, each of up to two UTF-16 units. */
const MAX_REASON_LENGTH = 400

type Deps = PayDeps & { readonly journal: Pick<Journal, 'note'> }

export const paymentHandlers = (deps: Deps): RpcHandlers<typeof paymentService> => ({
  ConfirmPayment: async ({ orderId, paymentKey, amountKrw }, context) =>
    noted(deps, 'confirm', orderId, context, async () =>
      confirmPayment(deps, { orderId, paymentKey, amountKrw: krw(amountKrw) }, context),
    ),

  CancelPayment: async ({ orderId, amountKrw, reason, refundReceiveAccount, idempotency }, context) =>
    noted(deps, 'cancel', orderId, context, async () =>
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
    ),

  FailPayment: async (request, context) =>
    noted(deps, 'fail', request.orderId, context, async () => {
      await failPayment(deps, request, context)
      return {}
    }),

  GetPaymentByOrder: async ({ orderId }) => {
    const payment = await deps.store.findByOrder(orderId)
    if (payment === undefined) throw new AppError('PAYMENT_NOT_FOUND')
    return toMessage(payment)
  },
})

/** What a client asked and was told, for the timeline. Only an answer with a payment proves that the order exists. */
const noted = async <T extends { readonly status?: string }>(
  { clock, journal }: { clock: Pick<Clock, 'now'>; journal: Pick<Journal, 'note'> },
  method: string,
  orderId: string,
  { requestId }: CallContext,
  answer: () => Promise<T>,
): Promise<T> => {
  const at = clock.now()
  const note = (outcome: string, creates: boolean) => {
    const ms = clock.now().getTime() - at.getTime()
    journal.note(orderId, 'requests', { at, ms, method, requestId, outcome }, { creates })
  }
  try {
    const result = await answer()
    note(result.status ?? 'OK', result.status !== undefined)
    return result
  } catch (error) {
    note(error instanceof AppError ? error.code : 'INTERNAL_ERROR', false)
    throw error
  }
}

/** The gateway refuses longer ones with more words; this keeps the document small whoever calls. */
const within = (field: string, text: string, max: number): string => {
  if (text.length <= max) return text
  throw invalidInput(field, `must be at most ${max} characters`)
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
