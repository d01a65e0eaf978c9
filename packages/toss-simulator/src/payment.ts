import { seoulInstant } from './seoul-time.ts'

export type PaymentStatus =
  | 'READY'
  | 'IN_PROGRESS'
  | 'WAITING_FOR_DEPOSIT'
  | 'DONE'
  | 'CANCELED'
  | 'PARTIAL_CANCELED'
  | 'ABORTED'
  | 'EXPIRED'

/** The window's name of a method; the Payment object carries the Korean one. */
export const methods = [
  'CARD',
  'VIRTUAL_ACCOUNT',
  'EASY_PAY',
  'TRANSFER',
  'MOBILE_PHONE',
  'CULTURE_GIFT_CERTIFICATE',
  'BOOK_GIFT_CERTIFICATE',
  'GAME_GIFT_CERTIFICATE',
] as const
export type Method = (typeof methods)[number]

export type Wallet = 'CARD' | 'MONEY'

export type Cancel = {
  cancelAmount: number
  cancelReason: string
  taxFreeAmount: number
  taxExemptionAmount: number
  refundableAmount: number
  cardDiscountAmount: number
  transferDiscountAmount: number
  easyPayDiscountAmount: number
  canceledAt: string
  transactionKey: string
  receiptKey: null
  cancelStatus: 'DONE'
  cancelRequestId: null
}

export type Card = {
  amount: number
  issuerCode: string
  acquirerCode: string
  number: string
  installmentPlanMonths: number
  approveNo: string
  useCardPoint: boolean
  cardType: '신용'
  ownerType: '개인'
  acquireStatus: 'READY'
  isInterestFree: boolean
  interestPayer: null
}

export type VirtualAccount = {
  accountType: '일반'
  accountNumber: string
  bankCode: string
  customerName: string
  depositorName: string
  dueDate: string
  refundStatus: 'NONE' | 'COMPLETED'
  expired: boolean
  settlementStatus: 'INCOMPLETED'
  refundReceiveAccount: RefundReceiveAccount | null
}

export type RefundReceiveAccount = Readonly<{ bankCode: string; accountNumber: string; holderName: string }>

/** Toss's Payment object, the answer to confirm, query and cancel and the `data` of a webhook. Never changed in place. */
export type Payment = Readonly<{
  mId: string
  version: string
  paymentKey: string
  status: PaymentStatus
  lastTransactionKey: string | null
  orderId: string
  orderName: string
  requestedAt: string
  approvedAt: string | null
  useEscrow: boolean | null
  cultureExpense: boolean
  card: Card | null
  virtualAccount: VirtualAccount | null
  transfer: { bankCode: string; settlementStatus: 'INCOMPLETED' } | null
  mobilePhone: { customerMobilePhone: string; settlementStatus: 'INCOMPLETED'; receiptUrl: string } | null
  giftCertificate: { approveNo: string; settlementStatus: 'INCOMPLETED' } | null
  cashReceipt: null
  cashReceipts: null
  discount: { amount: number } | null
  cancels: readonly Cancel[] | null
  secret: string | null
  type: 'NORMAL'
  easyPay: { provider: string; amount: number; discountAmount: number } | null
  country: 'KR'
  failure: { code: string; message: string } | null
  isPartialCancelable: boolean
  receipt: { url: string } | null
  checkout: { url: string } | null
  currency: 'KRW'
  totalAmount: number
  balanceAmount: number
  suppliedAmount: number
  vat: number
  taxFreeAmount: number
  taxExemptionAmount: number
  method: (typeof METHOD_NAMES)[Method] | null
  metadata: Readonly<Record<string, string>> | null
}>

/** A payment with what Toss knows about it but does not show. */
export type PaymentRecord = Readonly<{
  payment: Payment
  method: Method
  openedAtMs: number
  /** Null until the buyer has authenticated. */
  authenticatedAtMs: number | null
  /** The buyer closed the window: nothing is sent, but nothing can be confirmed either. */
  isClosed: boolean
  declineCode: string | null
  /** How often money was taken: 1 for a paid payment, however often it was confirmed. */
  approvals: number
  customerName: string
  /** Absent in books that were begun before there was one. */
  customerMobilePhone?: string
  /** What the wallet of an easy pay is charged with: the card inside, or its own money. */
  wallet?: Wallet
  /** Toss may show the secret of a virtual account in the answer to the confirm only. */
  hidesSecret?: boolean
  /** The client key that the window was opened with, if it was told. */
  clientKey?: string | undefined
  /** 0 is a lump sum. */
  installmentPlanMonths?: number
  /** Where the buyer wants a deposit back to, as told in the window. */
  refundReceiveAccount?: RefundReceiveAccount | null
  bankCode: string
  dueAtMs: number | null
}>

/** One movement of money: what Toss lists as a transaction. */
export type Transaction = Readonly<{
  transactionKey: string
  paymentKey: string
  orderId: string
  kind: 'approve' | 'cancel'
  amount: number
  at: string
  reason?: string
  origin: 'api' | 'console'
}>

/** What an effect did. `isNews` tells whether the merchant hears of it by webhook. */
export type Change = Readonly<{ record: PaymentRecord; transaction?: Transaction; isNews: boolean }>

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

export const METHOD_NAMES = {
  CARD: '카드',
  VIRTUAL_ACCOUNT: '가상계좌',
  EASY_PAY: '간편결제',
  TRANSFER: '계좌이체',
  MOBILE_PHONE: '휴대폰',
  CULTURE_GIFT_CERTIFICATE: '문화상품권',
  BOOK_GIFT_CERTIFICATE: '도서문화상품권',
  GAME_GIFT_CERTIFICATE: '게임문화상품권',
} as const satisfies Record<Method, string>

export const isGiftCertificate = (method: Method): boolean => method.endsWith('_GIFT_CERTIFICATE')

/** What follows the balance. Toss: vat = round((amount - tax free) / 11). */
export function amountsOf(
  balanceAmount: number,
  taxFreeAmount: number,
): Pick<Payment, 'balanceAmount' | 'suppliedAmount' | 'vat' | 'taxFreeAmount'> {
  const vat = Math.round((balanceAmount - taxFreeAmount) / 11)
  return { balanceAmount, suppliedAmount: balanceAmount - taxFreeAmount - vat, vat, taxFreeAmount }
}

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
