import {
  amountsOf,
  type Change,
  isGiftCertificate,
  METHOD_NAMES,
  type Method,
  type Payment,
  type PaymentRecord,
  type RefundReceiveAccount,
  type Wallet,
} from './payment.ts'
import { seoulInstant } from './seoul-time.ts'

export type OpenPayment = Readonly<{
  paymentKey: string
  orderId: string
  amount: number
  method: Method
  orderName: string
  customerName: string
  customerMobilePhone: string
  wallet: Wallet
  status: 'READY' | 'IN_PROGRESS'
  isPartialCancelable: boolean
  hidesSecret: boolean
  declineCode: string | null
  bankCode: string
  dueAtMs: number | null
  taxFreeAmount: number
  taxExemptionAmount: number
  discountAmount: number
  useEscrow: boolean
  installmentPlanMonths: number
  metadata: Readonly<Record<string, string>> | null
  refundReceiveAccount: RefundReceiveAccount | null
  clientKey?: string | undefined
}>

/** As the payment window does it: READY when it opens, IN_PROGRESS when the buyer has authenticated. */
export function openPayment(wanted: OpenPayment, nowMs: number): Change {
  const isAuthenticated = wanted.status === 'IN_PROGRESS'
  const payment: Payment = {
    mId: 'tosspayments',
    version: '2022-11-16',
    paymentKey: wanted.paymentKey,
    status: wanted.status,
    lastTransactionKey: null,
    orderId: wanted.orderId,
    orderName: wanted.orderName,
    requestedAt: seoulInstant(nowMs),
    approvedAt: null,
    useEscrow: wanted.useEscrow,
    cultureExpense: false,
    card: null,
    virtualAccount: null,
    transfer: null,
    mobilePhone: null,
    giftCertificate: null,
    cashReceipt: null,
    cashReceipts: null,
    discount: wanted.discountAmount > 0 ? { amount: wanted.discountAmount } : null,
    cancels: null,
    secret: null,
    type: 'NORMAL',
    easyPay: null,
    country: 'KR',
    failure: null,
    // Toss: gift certificates and escrow orders are canceled as a whole or not at all.
    isPartialCancelable: wanted.isPartialCancelable && !wanted.useEscrow && !isGiftCertificate(wanted.method),
    receipt: null,
    checkout: { url: `https://api.tosspayments.com/v1/payments/${wanted.paymentKey}/checkout` },
    currency: 'KRW',
    totalAmount: wanted.amount,
    ...amountsOf(wanted.amount, wanted.taxFreeAmount),
    taxExemptionAmount: wanted.taxExemptionAmount,
    method: isAuthenticated ? METHOD_NAMES[wanted.method] : null,
    metadata: wanted.metadata,
  }
  const record: PaymentRecord = {
    payment,
    method: wanted.method,
    openedAtMs: nowMs,
    authenticatedAtMs: isAuthenticated ? nowMs : null,
    isClosed: false,
    declineCode: wanted.declineCode,
    approvals: 0,
    customerName: wanted.customerName,
    customerMobilePhone: wanted.customerMobilePhone,
    wallet: wanted.wallet,
    hidesSecret: wanted.hidesSecret,
    installmentPlanMonths: wanted.installmentPlanMonths,
    refundReceiveAccount: wanted.refundReceiveAccount,
    clientKey: wanted.clientKey,
    bankCode: wanted.bankCode,
    dueAtMs: wanted.dueAtMs,
  }
  return { record, isNews: false }
}
