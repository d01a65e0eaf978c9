import type { OrderStatus, PaymentStatus } from '@checkout/contracts/order-status'

/** What came back over HTTP. Header names are in lower case; a body that is not JSON is its text. */
export interface Reply<Body> {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body
}

/** An answer of the API gateway: what was asked for or a problem, told apart by the status of the reply. */
export type Answer<T> = Partial<T> & {
  readonly code?: string
  readonly detail?: string
  readonly title?: string
  readonly message?: string
  readonly tossCode?: string
  readonly requestId?: string
  readonly errors?: readonly { readonly field: string; readonly message: string }[]
}

export interface CreatedOrder {
  readonly orderId: string
  readonly amount: number
}

export interface ConfirmedPayment {
  readonly paymentId: string
  readonly orderId: string
  readonly amount: number
  /** Of a problem this is the HTTP status. */
  readonly status: PaymentStatus
}

export interface CanceledPayment {
  readonly paymentId: string
  readonly orderId: string
  readonly canceledAmount: number
  readonly status: PaymentStatus
  readonly refundId: string
}

export interface ShownRefund {
  readonly refundId: string
  readonly amountKrw: number
  readonly reason: string
  readonly status: 'REQUESTED' | 'DONE' | 'FAILED'
  readonly requestedAt: string
  readonly refundedAt: string | null
}

export interface ShownOrder {
  readonly orderId: string
  readonly amount: number
  readonly currency: 'KRW'
  readonly status: OrderStatus
  readonly createdAt: string
  readonly expiresAt: string
  readonly lines: readonly {
    readonly productId: number
    readonly name: string
    readonly unitPriceKrw: number
    readonly quantity: number
  }[]
  readonly payment: null | {
    readonly paymentId: string
    readonly provider: 'TOSS'
    readonly method: string | null
    readonly amountKrw: number
    readonly refundedAmountKrw: number
    readonly remainingAmountKrw: number
    readonly status: PaymentStatus
    readonly approvedAt: string | null
    readonly failure: null | { readonly code: string; readonly message: string }
    readonly receiptUrl: string | null
    readonly virtualAccount: null | {
      readonly bankCode: string
      readonly accountNumber: string
      readonly customerName: string
      readonly dueDate: string
    }
    readonly refunds: readonly ShownRefund[]
  }
}

/** What the simulator answers about one payment; a refusal has `code` and `message` instead. */
export interface WindowPayment {
  readonly paymentKey: string
  readonly orderId: string
  readonly amount: number
  readonly status: string
}

export interface Window {
  readonly orderId: string
  readonly amount: number
  readonly paymentKey?: string
  readonly method?: 'CARD' | 'VIRTUAL_ACCOUNT' | 'EASY_PAY' | 'TRANSFER'
  readonly status?: 'IN_PROGRESS' | 'READY'
  readonly orderName?: string
  readonly customerName?: string
  readonly isPartialCancelable?: boolean
  readonly declineCode?: string
  readonly dueDate?: string
  readonly bank?: string
}

export interface FaultOrder {
  readonly match?: {
    readonly operation?: 'confirm' | 'cancel' | 'get' | 'getByOrder' | 'transactions' | 'webhook'
    readonly paymentKey?: string
    readonly orderId?: string
  }
  readonly times?: number
  readonly fault:
    | { readonly kind: 'drop-before' | 'drop-after' | 'garbage' | 'lose' | 'double' | 'reorder' }
    | { readonly kind: 'delay' | 'late'; readonly ms: number }
    | { readonly kind: 'hang-before' | 'hang-after'; readonly ms?: number }
    | {
        readonly kind: 'error-before' | 'error-after'
        readonly status: number
        readonly code: string
        readonly message?: string
      }
    | { readonly kind: 'decline'; readonly code: string }
}

export interface ConfirmOrder {
  readonly paymentKey: string
  readonly orderId: string
  readonly amount: number
}

export interface CancelOrder {
  readonly orderId: string
  readonly amount?: number
  readonly reason?: string
  readonly refundReceiveAccount?: { readonly bank: string; readonly accountNumber: string; readonly holderName: string }
}
