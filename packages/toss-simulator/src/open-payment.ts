import type { Currency } from './money.ts'
import {
  type AccountType,
  amountsOf,
  type CardDetails,
  type CashReceiptWanted,
  type Change,
  type EasyPayDetails,
  isGiftCertificate,
  METHOD_NAMES,
  type Method,
  type Payment,
  type PaymentRecord,
  type PaymentType,
  type RefundReceiveAccount,
  type Wallet,
} from './payment.ts'
import { seoulInstant } from './seoul-time.ts'

/** What a payment is opened with when nobody says otherwise: a card, authenticated, a lump sum, taxed as a whole. */
const usual = {
  type: 'NORMAL' as PaymentType,
  method: 'CARD' as Method,
  customerName: '구매자',
  customerMobilePhone: '',
  wallet: 'CARD' as Wallet,
  status: 'IN_PROGRESS' as 'READY' | 'IN_PROGRESS',
  isPartialCancelable: true,
  hidesSecret: true,
  declineCode: null as string | null,
  bankCode: '20',
  dueAtMs: null as number | null,
  taxFreeAmount: 0,
  taxExemptionAmount: 0,
  discountAmount: 0,
  useEscrow: false,
  currency: 'KRW' as Currency,
  installmentPlanMonths: 0,
  metadata: null as Readonly<Record<string, string>> | null,
  refundReceiveAccount: null as RefundReceiveAccount | null,
  cultureExpense: false,
  cashReceipt: null as CashReceiptWanted | null,
  card: {} as CardDetails,
  easyPay: { provider: '토스페이', discountAmount: 0 } as EasyPayDetails,
  accountType: '일반' as AccountType,
}

export type OpenPayment = Readonly<
  { paymentKey: string; orderId: string; amount: number; orderName: string } & Partial<typeof usual> & {
      clientKey?: string | undefined
      customerKey?: string
    }
>

/** As the payment window does it: READY when it opens, IN_PROGRESS when the buyer has authenticated. */
export function openPayment(given: OpenPayment, nowMs: number): Change {
  const wanted = { ...usual, ...given }
  const isOverseas = wanted.method === 'FOREIGN_EASY_PAY'
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
    // Toss: null was seen on payments by an overseas wallet.
    useEscrow: isOverseas ? null : wanted.useEscrow,
    cultureExpense: wanted.cultureExpense,
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
    type: wanted.type,
    easyPay: null,
    country: isOverseas ? 'US' : 'KR',
    failure: null,
    // Toss: gift certificates and escrow orders are canceled as a whole or not at all.
    isPartialCancelable: wanted.isPartialCancelable && !wanted.useEscrow && !isGiftCertificate(wanted.method),
    receipt: null,
    checkout: { url: `https://api.tosspayments.com/v1/payments/${wanted.paymentKey}/checkout` },
    currency: wanted.currency,
    totalAmount: wanted.amount,
    ...amountsOf(wanted.amount, wanted.taxFreeAmount, wanted.currency),
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
    cashReceipt: wanted.cashReceipt,
    card: wanted.card,
    easyPay: wanted.easyPay,
    accountType: wanted.accountType,
    bankCode: wanted.bankCode,
    dueAtMs: wanted.dueAtMs,
    ...(wanted.customerKey === undefined ? {} : { customerKey: wanted.customerKey }),
  }
  return { record, isNews: false }
}
