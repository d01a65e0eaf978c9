import { receiptKeyOfCancel, takenBack } from './cash-receipts.ts'
import { TossError } from './errors.ts'
import { isPayable, rounded } from './money.ts'
import type { Cancel, Change, Method, Payment, PaymentRecord, Transaction } from './payment.ts'
import { seoulInstant } from './seoul-time.ts'
import { canceledBy, movementOf, OVERSEAS_CANCEL_MS, withoutPending } from './settle-cancel.ts'

export type CancelRequest = Readonly<{
  cancelReason: string
  cancelAmount: number | undefined
  refundableAmount: number | undefined
  taxFreeAmount: number
  /** Undefined when it was not said. */
  currency: string | undefined
  refundReceiveAccount: Readonly<{ bank: string; accountNumber: string; holderName: string }> | undefined
}>

const DAY_MS = 24 * 60 * 60 * 1000
const REFUNDABLE_DAYS: Partial<Record<Method, number>> = { TRANSFER: 180, VIRTUAL_ACCOUNT: 365, FOREIGN_EASY_PAY: 180 }

type Circumstances = Readonly<{ nowMs: number; transactionKey: string; origin: Transaction['origin'] }>

/**
 * Cancels all that is left, or a part of it. The refusals come in Toss's order: a cancel that is wrong in two ways
 * gets the code of the first. Partial cancels down to nothing leave PARTIAL_CANCELED with a balance of 0; only a
 * cancel of the whole sum in one go makes CANCELED. At an overseas wallet it is in progress first, and nothing but its
 * entry in `cancels` changes until the wallet has decided; what is in progress cannot be asked back twice.
 */
export function cancel(
  record: PaymentRecord,
  asked: CancelRequest,
  { nowMs, transactionKey, origin }: Circumstances,
): Change {
  const { payment } = record
  const isWaiting = payment.status === 'WAITING_FOR_DEPOSIT'
  const isDeposited = record.method === 'VIRTUAL_ACCOUNT' && !isWaiting
  checkMoney(asked, payment)
  checkStatus(record)
  checkDue(record, nowMs)
  if (asked.refundableAmount !== undefined && asked.refundableAmount !== payment.balanceAmount) {
    throw new TossError('NOT_MATCHES_REFUNDABLE_AMOUNT')
  }
  const free = withoutPending(payment)
  const amount = asked.cancelAmount ?? free.balanceAmount
  if (amount > free.balanceAmount || free.balanceAmount === 0) throw new TossError('NOT_CANCELABLE_AMOUNT')
  if (isDeposited && origin === 'api') checkAccount(asked)
  if (amount < free.balanceAmount && isWaiting) throw new TossError('NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT')
  const left = rounded(free.balanceAmount - amount, payment.currency)
  if (amount < payment.totalAmount) checkPart(payment, left)

  const isAsync = record.method === 'FOREIGN_EASY_PAY'
  const entry: Cancel = {
    cancelAmount: amount,
    cancelReason: asked.cancelReason,
    taxFreeAmount: taxFreeOf(asked, free, amount),
    taxExemptionAmount: left === 0 ? free.taxExemptionAmount : 0,
    refundableAmount: left,
    cardDiscountAmount: 0,
    transferDiscountAmount: 0,
    easyPayDiscountAmount: 0,
    canceledAt: seoulInstant(nowMs),
    transactionKey,
    receiptKey: receiptKeyOfCancel(payment, transactionKey),
    cancelStatus: isAsync ? 'IN_PROGRESS' : 'DONE',
    cancelRequestId: isAsync ? `cancel_${transactionKey.toLowerCase()}` : null,
  }
  const listed: Payment = { ...payment, cancels: [...(payment.cancels ?? []), entry] }
  if (entry.cancelRequestId !== null) {
    const pending = { cancelRequestId: entry.cancelRequestId, dueAtMs: nowMs + OVERSEAS_CANCEL_MS, origin }
    const pendingCancels = [...(record.pendingCancels ?? []), pending]
    return { record: { ...record, payment: listed, pendingCancels }, isNews: false }
  }
  const { virtualAccount } = payment
  const refunded =
    virtualAccount && isDeposited ? { ...virtualAccount, refundStatus: 'COMPLETED' as const } : virtualAccount
  const transaction = movementOf(payment, entry, origin)
  return {
    record: {
      ...record,
      payment: { ...canceledBy(listed, entry), ...takenBack(listed, entry), virtualAccount: refunded },
    },
    // Before the deposit there is nothing to give back.
    transaction: isWaiting ? { ...transaction, amount: 0 } : transaction,
    isNews: true,
  }
}

/** What goes for all amounts of the request: they are in the currency of the payment and can be paid in it. */
function checkMoney(
  { currency, cancelAmount, refundableAmount, taxFreeAmount }: CancelRequest,
  payment: Payment,
): void {
  if (currency !== undefined && currency !== payment.currency) {
    throw new TossError('INVALID_REQUEST', 'currency: expected the one that was approved')
  }
  for (const amount of [cancelAmount, refundableAmount, taxFreeAmount]) {
    if (amount === undefined || isPayable(amount, payment.currency)) continue
    throw new TossError('INVALID_REQUEST', `cancelAmount: expected what can be paid in ${payment.currency}`)
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
  const taxedLeft = rounded(payment.balanceAmount - payment.taxFreeAmount, payment.currency)
  if (
    taxFreeAmount > Math.min(amount, payment.taxFreeAmount) ||
    rounded(amount - taxFreeAmount, payment.currency) > taxedLeft
  ) {
    throw new TossError('INVALID_REQUEST', 'taxFreeAmount: does not fit what is left')
  }
  return taxFreeAmount
}
