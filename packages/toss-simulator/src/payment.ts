import { type Currency, rounded } from './money.ts'

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
  'FOREIGN_EASY_PAY',
] as const
export type Method = (typeof methods)[number]

/** By a window, by a billing key, or by brandpay. */
export type PaymentType = 'NORMAL' | 'BILLING' | 'BRANDPAY'

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
  /** Of the cash receipt that the cancel took back. */
  receiptKey: string | null
  /** Overseas wallets take their time; all others are DONE at once. */
  cancelStatus: 'IN_PROGRESS' | 'DONE' | 'ABORTED'
  cancelRequestId: string | null
}

export const cardTypes = ['신용', '체크', '기프트', '미확인'] as const
export const ownerTypes = ['개인', '법인', '미확인'] as const
export const acquireStatuses = ['READY', 'REQUESTED', 'COMPLETED', 'CANCEL_REQUESTED', 'CANCELED'] as const
export const interestPayers = ['BUYER', 'CARD_COMPANY', 'MERCHANT'] as const

export type Card = {
  amount: number
  issuerCode: string
  acquirerCode: string | null
  number: string
  installmentPlanMonths: number
  approveNo: string
  useCardPoint: boolean
  cardType: (typeof cardTypes)[number]
  ownerType: (typeof ownerTypes)[number]
  acquireStatus: (typeof acquireStatuses)[number]
  isInterestFree: boolean
  interestPayer: (typeof interestPayers)[number] | null
}

export type AccountType = '일반' | '고정'

export const refundStatuses = ['PENDING', 'FAILED', 'PARTIAL_FAILED', 'COMPLETED'] as const

export type VirtualAccount = {
  accountType: AccountType
  accountNumber: string
  bankCode: string
  customerName: string
  depositorName: string
  dueDate: string
  refundStatus: 'NONE' | (typeof refundStatuses)[number]
  expired: boolean
  settlementStatus: 'INCOMPLETED'
  refundReceiveAccount: RefundReceiveAccount | null
}

/** For whom: deducted from a person's taxes, or proof of a company's spending. */
export type CashReceiptType = '소득공제' | '지출증빙'

export type CashReceiptWanted = Readonly<{ type: CashReceiptType; registrationNumber: string }>

export type CashReceipt = Readonly<{
  type: CashReceiptType
  receiptKey: string
  issueNumber: string
  receiptUrl: string
  amount: number
  taxFreeAmount: number
}>

/** One issue of a receipt, or as much of it as a cancel took back. */
export type CashReceiptEntry = CashReceipt &
  Readonly<{
    orderId: string
    orderName: string
    businessNumber: string
    transactionType: 'CONFIRM' | 'CANCEL'
    issueStatus: 'COMPLETED'
    failure: null
    customerIdentityNumber: string
    requestedAt: string
  }>

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
  cashReceipt: CashReceipt | null
  /** Toss guarantees no order. */
  cashReceipts: readonly CashReceiptEntry[] | null
  discount: { amount: number } | null
  cancels: readonly Cancel[] | null
  secret: string | null
  type: PaymentType
  easyPay: { provider: string; amount: number; discountAmount: number } | null
  country: string
  failure: { code: string; message: string } | null
  isPartialCancelable: boolean
  receipt: { url: string } | null
  checkout: { url: string } | null
  currency: Currency
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
  /** Whose billing key it was charged to. */
  customerKey?: string
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
  cashReceipt?: CashReceiptWanted | null
  /** What the card and the wallet are, over the usual ones. */
  card?: CardDetails
  easyPay?: EasyPayDetails
  accountType?: AccountType
  /** Cancels that an overseas wallet has not decided yet, oldest first. */
  pendingCancels?: readonly PendingCancel[]
  bankCode: string
  dueAtMs: number | null
}>

export type CardDetails = Readonly<Partial<Omit<Card, 'amount' | 'approveNo' | 'installmentPlanMonths'>>>
export type EasyPayDetails = Readonly<{ provider: string; discountAmount: number }>

export type PendingCancel = Readonly<{ cancelRequestId: string; dueAtMs: number; origin: Transaction['origin'] }>

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

/** What happened to a payment. `isNews` tells whether the merchant hears of its new status by webhook. */
export type Change = Readonly<{ record: PaymentRecord; transaction?: Transaction; isNews: boolean }>

export const METHOD_NAMES = {
  CARD: '카드',
  VIRTUAL_ACCOUNT: '가상계좌',
  EASY_PAY: '간편결제',
  TRANSFER: '계좌이체',
  MOBILE_PHONE: '휴대폰',
  CULTURE_GIFT_CERTIFICATE: '문화상품권',
  BOOK_GIFT_CERTIFICATE: '도서문화상품권',
  GAME_GIFT_CERTIFICATE: '게임문화상품권',
  FOREIGN_EASY_PAY: '해외간편결제',
} as const satisfies Record<Method, string>

export const isGiftCertificate = (method: Method): boolean => method.endsWith('_GIFT_CERTIFICATE')

/** What follows the balance. Toss: vat = round((amount - tax free) / 11), which was seen in dollars and cents as well. */
export function amountsOf(
  balanceAmount: number,
  taxFreeAmount: number,
  currency: Currency,
): Pick<Payment, 'balanceAmount' | 'suppliedAmount' | 'vat' | 'taxFreeAmount'> {
  const vat = rounded((balanceAmount - taxFreeAmount) / 11, currency)
  return { balanceAmount, suppliedAmount: rounded(balanceAmount - taxFreeAmount - vat, currency), vat, taxFreeAmount }
}
