import { TossError } from './errors.ts'
import { amountsOf, type Cancel, type Change, type Method, type PaymentRecord, type Transaction } from './payment.ts'
import { seoulInstant } from './seoul-time.ts'

export type CancelRequest = Readonly<{
  cancelReason: string
  cancelAmount: number | undefined
  refundableAmount: number | undefined
  refundReceiveAccount: Readonly<{ bank: string; accountNumber: string; holderName: string }> | undefined
}>

const DAY_MS = 24 * 60 * 60 * 1000
const REFUNDABLE_DAYS: Partial<Record<Method, number>> = { TRANSFER: 180, VIRTUAL_ACCOUNT: 365 }

type Circumstances = Readonly<{ nowMs: number; transactionKey: string; origin: Transaction['origin'] }>

/**
 * Cancels all that is left, or a part of it. The refusals come in Toss's order: a cancel that is wrong in two ways
 * gets the code of the first. Partial cancels down to nothing leave PARTIAL_CANCELED with a balance of 0; only a
 * cancel of the whole sum in one go makes CANCELED.
 */
export function cancel(
  record: PaymentRecord,
  asked: CancelRequest,
  { nowMs, transactionKey, origin }: Circumstances,
): Change {
  const { payment } = record
  const isWaiting = payment.status === 'WAITING_FOR_DEPOSIT'
  const isDeposited = record.method === 'VIRTUAL_ACCOUNT' && !isWaiting
  checkStatus(record)
  checkDue(record, nowMs)
  const balance = payment.balanceAmount
  if (asked.refundableAmount !== undefined && asked.refundableAmount !== balance) {
    throw new TossError('NOT_MATCHES_REFUNDABLE_AMOUNT')
  }
  const amount = asked.cancelAmount ?? balance
  if (amount > balance) throw new TossError('NOT_CANCELABLE_AMOUNT')
  if (isDeposited && origin === 'api') checkAccount(asked)
  if (amount < balance && isWaiting) throw new TossError('NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT')
  if (amount < payment.totalAmount && !payment.isPartialCancelable) throw new TossError('NOT_ALLOWED_PARTIAL_REFUND')

  const left = balance - amount
  const canceledAt = seoulInstant(nowMs)
  const isWhole = amount === payment.totalAmount
  const { virtualAccount } = payment
  return {
    record: {
      ...record,
      payment: {
        ...payment,
        status: isWhole ? 'CANCELED' : 'PARTIAL_CANCELED',
        lastTransactionKey: transactionKey,
        virtualAccount:
          virtualAccount && isDeposited ? { ...virtualAccount, refundStatus: 'COMPLETED' } : virtualAccount,
        cancels: [...(payment.cancels ?? []), entry(asked.cancelReason, amount, left, canceledAt, transactionKey)],
        ...amountsOf(left),
      },
    },
    transaction: {
      transactionKey,
      paymentKey: payment.paymentKey,
      orderId: payment.orderId,
      kind: 'cancel',
      // Before the deposit there is nothing to give back.
      amount: isWaiting ? 0 : amount,
      at: canceledAt,
      reason: asked.cancelReason,
      origin,
    },
    isNews: true,
  }
}

function checkStatus({ payment }: PaymentRecord): void {
  switch (payment.status) {
    case 'READY':
    case 'IN_PROGRESS':
    case 'ABORTED':
    case 'EXPIRED':
      throw new TossError('NOT_CANCELABLE_PAYMENT')
    case 'CANCELED':
      throw new TossError('ALREADY_CANCELED_PAYMENT')
    case 'PARTIAL_CANCELED':
      if (payment.balanceAmount === 0) throw new TossError('NOT_CANCELABLE_AMOUNT')
      return
    case 'DONE':
    case 'WAITING_FOR_DEPOSIT':
  }
}

/** Toss: cards have no deadline; of the other methods those that have one are here. */
function checkDue({ method, payment: { approvedAt } }: PaymentRecord, nowMs: number): void {
  if (approvedAt === null) return
  const isLate =
    method === 'MOBILE_PHONE'
      ? seoulInstant(nowMs).slice(0, 'yyyy-MM'.length) !== approvedAt.slice(0, 'yyyy-MM'.length)
      : nowMs >= Date.parse(approvedAt) + (REFUNDABLE_DAYS[method] ?? Number.POSITIVE_INFINITY) * DAY_MS
  if (isLate) throw new TossError('EXCEED_MAX_REFUND_DUE')
}

function checkAccount({ refundReceiveAccount }: CancelRequest): void {
  if (!refundReceiveAccount) throw new TossError('INVALID_REFUND_ACCOUNT_INFO')
  if (!/^\d{1,20}$/.test(refundReceiveAccount.accountNumber)) throw new TossError('INVALID_REFUND_ACCOUNT_NUMBER')
}

function entry(reason: string, amount: number, left: number, canceledAt: string, transactionKey: string): Cancel {
  return {
    cancelAmount: amount,
    cancelReason: reason,
    taxFreeAmount: 0,
    taxExemptionAmount: 0,
    refundableAmount: left,
    cardDiscountAmount: 0,
    transferDiscountAmount: 0,
    easyPayDiscountAmount: 0,
    canceledAt,
    transactionKey,
    receiptKey: null,
    cancelStatus: 'DONE',
    cancelRequestId: null,
  }
}
