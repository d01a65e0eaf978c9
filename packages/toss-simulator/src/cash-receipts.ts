import { digitsOf } from './means.ts'
import type { Cancel, CashReceipt, CashReceiptEntry, CashReceiptWanted, Payment } from './payment.ts'
import { seoulInstant } from './seoul-time.ts'

type Receipts = Pick<Payment, 'cashReceipt' | 'cashReceipts'>

/** What the payment shows of the receipt that is issued when cash comes in: for the tax office, and only when wanted. */
export function issuedReceipt(
  payment: Payment,
  wanted: CashReceiptWanted | null | undefined,
  transactionKey: string,
  nowMs: number,
): Receipts {
  if (!wanted) return { cashReceipt: payment.cashReceipt, cashReceipts: payment.cashReceipts }
  const { totalAmount: amount, taxFreeAmount } = payment
  const receiptKey = receiptKeyOf(transactionKey)
  const receipt: CashReceipt = {
    type: wanted.type,
    receiptKey,
    issueNumber: digitsOf(transactionKey, 9),
    receiptUrl: `https://dashboard.tosspayments.com/receipt/cash?receiptKey=${receiptKey}`,
    amount,
    taxFreeAmount,
  }
  const issued: CashReceiptEntry = {
    ...receipt,
    orderId: payment.orderId,
    orderName: payment.orderName,
    businessNumber: '1234567890',
    transactionType: 'CONFIRM',
    issueStatus: 'COMPLETED',
    failure: null,
    customerIdentityNumber: wanted.registrationNumber,
    requestedAt: seoulInstant(nowMs),
  }
  return { cashReceipt: receipt, cashReceipts: [...(payment.cashReceipts ?? []), issued] }
}

/** A cancel takes as much of the receipt back, under a key of its own. Null when there is none. */
export function receiptKeyOfCancel({ cashReceipt }: Payment, transactionKey: string): string | null {
  return cashReceipt && receiptKeyOf(transactionKey)
}

export function takenBack(payment: Payment, cancel: Cancel): Pick<Payment, 'cashReceipts'> {
  const { cashReceipts } = payment
  const issued = cashReceipts?.findLast(({ transactionType }) => transactionType === 'CONFIRM')
  if (!cashReceipts || !issued || cancel.receiptKey === null) return { cashReceipts }
  const entry: CashReceiptEntry = {
    ...issued,
    receiptKey: cancel.receiptKey,
    issueNumber: digitsOf(cancel.transactionKey, 9),
    transactionType: 'CANCEL',
    amount: cancel.cancelAmount,
    taxFreeAmount: cancel.taxFreeAmount,
    requestedAt: cancel.canceledAt,
  }
  return { cashReceipts: [...cashReceipts, entry] }
}

const receiptKeyOf = (transactionKey: string): string => `cash_${transactionKey.toLowerCase()}`
