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
