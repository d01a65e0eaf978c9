import { AppError } from '@checkout/contracts/errors'
import {
  type Failure,
  type Payment,
  type Refund,
  type RefundReceiveAccount,
  remainingKrw,
  withRefund,
} from './payment.ts'

/** Keeps the document far below MongoDB's limit. */
const MAX_REFUNDS = 100

/** What a cancel request finds: its own earlier refund, or the right to a new one. */
export type RefundRequest = {
  readonly refundId: string
  readonly amountKrw?: number | undefined
  readonly reason: string
  readonly refundReceiveAccount?: RefundReceiveAccount | undefined
  readonly idempotency?: { readonly key: string; readonly fingerprint: string } | undefined
  /** Its writer holds the lease and POSTs at once. */
  readonly isAnnounced?: boolean
}

/** The refund that an earlier request with the same idempotency key made. @throws AppError IDEMPOTENCY_KEY_REUSED */
export const findReplayedRefund = (payment: Payment, request: RefundRequest): Refund | undefined => {
  const used = payment.cancelKeys.find(({ key }) => key === request.idempotency?.key)
  if (used === undefined) return undefined
  if (used.fingerprint !== request.idempotency?.fingerprint) throw new AppError('IDEMPOTENCY_KEY_REUSED')
  return payment.refunds.find(({ id }) => id === used.refundId)
}

/**
 * Reserves the amount and appends the refund, in one write, so that parallel requests can never ask for more than there is.
 * @throws AppError CANNOT_CANCEL_ORDER, IN_PROGRESS, INVALID_PAYMENT_STATUS, INVALID_REFUND_AMOUNT, INVALID_INPUT_VALUE
 */
export const requestRefund = (payment: Payment, request: RefundRequest, now: Date): Payment => {
  const amountKrw = refundableAmount(payment, request)
  if (payment.refunds.length >= MAX_REFUNDS) {
    throw new AppError('INVALID_REFUND_AMOUNT', { detail: `a payment takes at most ${MAX_REFUNDS} refunds` })
  }
  const { refundId, reason, refundReceiveAccount, idempotency } = request
  // Refunds go to Toss one at a time: behind an open one this one waits, whoever holds the lease.
  const isAnnounced = request.isAnnounced === true && !payment.refunds.some(({ status }) => status === 'REQUESTED')
  return {
    ...payment,
    reservedKrw: payment.reservedKrw + amountKrw,
    refunds: [
      ...payment.refunds,
      {
        id: refundId,
        keyNo: 1,
        amountKrw,
        reason,
        status: 'REQUESTED',
        origin: 'API',
        requestedAt: now,
        ...(refundReceiveAccount === undefined ? {} : { refundReceiveAccount }),
        ...(isAnnounced ? { lastPostAt: now } : {}),
      },
    ],
    cancelKeys: idempotency === undefined ? payment.cancelKeys : [...payment.cancelKeys, { ...idempotency, refundId }],
    due: now,
    tries: 0,
  }
}

const refundableAmount = (payment: Payment, request: RefundRequest): number => {
  switch (payment.status) {
    case 'PENDING':
    case 'FAILED':
      throw new AppError('CANNOT_CANCEL_ORDER')
    case 'CONFIRMING':
      throw new AppError('IN_PROGRESS', { retryAfterSeconds: 2 })
    case 'REFUNDED':
    case 'CANCELED':
      throw new AppError('INVALID_PAYMENT_STATUS', { detail: `the payment is ${payment.status} already` })
    case 'WAITING_FOR_DEPOSIT': {
      // Nothing was captured yet, so there is nothing to give back in part; the cancel closes the account.
      const isFull = request.amountKrw === undefined || request.amountKrw === payment.amountKrw
      if (!isFull)
        throw new AppError('INVALID_PAYMENT_STATUS', { detail: 'a deposit still awaited can only be canceled in full' })
      if (payment.refunds.some(({ status }) => status === 'REQUESTED')) {
        throw new AppError('INVALID_PAYMENT_STATUS', { detail: 'the cancel is already under way' })
      }
      return 0
    }
    case 'PAID':
    case 'PARTIAL_REFUND': {
      const amountKrw = request.amountKrw ?? remainingKrw(payment)
      if (!Number.isSafeInteger(amountKrw) || amountKrw <= 0 || amountKrw > remainingKrw(payment)) {
        throw new AppError('INVALID_REFUND_AMOUNT', {
          detail: `${remainingKrw(payment)} KRW can still be refunded`,
          errors: [{ field: 'amount', message: 'must be a whole number, more than 0 and no more than remains' }],
        })
      }
      if (payment.virtualAccount !== undefined && request.refundReceiveAccount === undefined) {
        throw new AppError('INVALID_INPUT_VALUE', {
          detail: 'a deposit to a virtual account is paid back to an account of the buyer',
          errors: [{ field: 'refundReceiveAccount', message: 'is required for a virtual account that was paid' }],
        })
      }
      return amountKrw
    }
  }
}

/** Releases a refund that did not happen. */
export const failRefund = (payment: Payment, refundId: string, failure: Failure): Payment => {
  const refund = payment.refunds.find(({ id }) => id === refundId)
  if (refund?.status !== 'REQUESTED') return payment
  const next = withRefund(payment, refundId, ({ refundReceiveAccount: _, ...kept }) => ({
    ...kept,
    status: 'FAILED',
    failure,
  }))
  return { ...next, reservedKrw: payment.reservedKrw - refund.amountKrw }
}
