import { TossError } from './errors.ts'
import {
  amountsOf,
  type Cancel,
  type Change,
  type Method,
  type Payment,
  type PaymentRecord,
  type Transaction,
} from './payment.ts'
import { seoulInstant } from './seoul-time.ts'

export type CancelRequest = Readonly<{
  cancelReason: string
  cancelAmount: number | undefined
  refundableAmount: number | undefined
  taxFreeAmount: number
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
  if (amount < payment.totalAmount) checkPart(payment, balance - amount)

  const left = balance - amount
  const taxFree = taxFreeOf(asked, payment, amount)
  const taxExemptionAmount = left === 0 ? payment.taxExemptionAmount : 0
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
        cancels: [
          ...(payment.cancels ?? []),
          entry({ asked, amount, taxFree, taxExemptionAmount, left, canceledAt, transactionKey }),
        ],
        ...amountsOf(left, payment.taxFreeAmount - taxFree),
        taxExemptionAmount: payment.taxExemptionAmount - taxExemptionAmount,
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

/** Toss: neither what is canceled as a whole only, nor a card with an exempted sum, nor below an instant discount. */
function checkPart({ isPartialCancelable, card, taxExemptionAmount, discount }: Payment, left: number): void {
  if (!isPartialCancelable || (card && taxExemptionAmount > 0)) throw new TossError('NOT_ALLOWED_PARTIAL_REFUND')
  if (discount && left > 0 && left < discount.amount) throw new TossError('EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT')
}

/** The tax-free part of the cancel: 0 unless it is named, but all of it when nothing is left. */
function taxFreeOf(asked: CancelRequest, payment: Payment, amount: number): number {
  if (amount === payment.balanceAmount) return payment.taxFreeAmount
  const { taxFreeAmount } = asked
  const taxedLeft = payment.balanceAmount - payment.taxFreeAmount
  if (taxFreeAmount > Math.min(amount, payment.taxFreeAmount) || amount - taxFreeAmount > taxedLeft) {
    throw new TossError('INVALID_REQUEST', 'taxFreeAmount: does not fit what is left')
  }
  return taxFreeAmount
}

type Entered = Readonly<{
  asked: CancelRequest
  amount: number
  taxFree: number
  taxExemptionAmount: number
  left: number
  canceledAt: string
  transactionKey: string
}>

function entry({ asked, amount, taxFree, taxExemptionAmount, left, canceledAt, transactionKey }: Entered): Cancel {
  return {
    cancelAmount: amount,
    cancelReason: asked.cancelReason,
    taxFreeAmount: taxFree,
    taxExemptionAmount,
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
