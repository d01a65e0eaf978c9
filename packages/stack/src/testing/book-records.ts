import type { OrderStatus, PaymentStatus } from '@checkout/contracts/order-status'

/** The part of a payment in the simulator's books that is compared. */
export interface TossBookPayment {
  readonly paymentKey: string
  readonly orderId: string
  readonly status: string
  readonly currency: string
  readonly totalAmount: number
  /** What can be canceled, also of a payment that was never approved. */
  readonly balanceAmount: number
  readonly approvedAt: string | null
  readonly cancels:
    | null
    | readonly { readonly transactionKey: string; readonly cancelAmount: number; readonly cancelReason: string }[]
  /** How often money was taken. */
  readonly approvals: number
}

/** `GET /simulator/books`. */
export interface TossBooks {
  readonly now: string
  readonly payments: readonly TossBookPayment[]
  /** Movements of money: approvals less cancels is what is held. */
  readonly transactions: readonly {
    readonly transactionKey: string
    readonly paymentKey: string
    readonly orderId: string
    readonly kind: 'approve' | 'cancel'
    readonly amount: number
    readonly origin: 'api' | 'console'
    readonly reason?: string
  }[]
  readonly calls: readonly {
    readonly at: string
    readonly operation: 'confirm' | 'cancel' | 'get' | 'getByOrder'
    readonly method: string
    readonly paymentKey?: string
    readonly orderId?: string
    readonly idempotencyKey?: string
    /** Null when the call was never answered. */
    readonly status: number | null
    readonly code?: string
    readonly replayed: boolean
  }[]
  readonly webhooks: readonly {
    readonly transmissionId: string
    readonly url: string
    readonly eventType: string
    readonly orderId: string
    readonly paymentKey: string
    readonly status: string
    readonly attempts: readonly { readonly at: string; readonly status: number | null }[]
    readonly delivered: boolean
    readonly state: 'PENDING' | 'DELIVERED' | 'GIVEN_UP' | 'LOST'
  }[]
}

export interface OurRefund {
  readonly id: string
  readonly amountKrw: number
  readonly status: 'REQUESTED' | 'DONE' | 'FAILED'
  readonly origin: 'API' | 'CONSOLE'
  readonly transactionKey?: string
}

/** The part of a document of `payments` that is compared. */
export interface OurPayment {
  readonly _id: string
  readonly orderId: string
  readonly amountKrw: number
  readonly status: PaymentStatus
  readonly version: number
  readonly attempts: readonly {
    readonly id: string
    readonly paymentKey?: string
    readonly outcome?: 'ACCEPTED' | 'FAILED' | 'VOID'
    readonly void?: { readonly status: 'REQUESTED' | 'DONE' | 'BLOCKED' }
  }[]
  readonly paymentKey?: string
  readonly refundedKrw: number
  readonly reservedKrw: number
  readonly refunds: readonly OurRefund[]
  readonly due?: Date
  readonly lease?: { readonly owner: string; readonly until: Date }
  readonly history: readonly { readonly version: number; readonly status: PaymentStatus; readonly at: Date }[]
  readonly outbox: readonly { readonly id: string }[]
}

/** The part of a document of `orders` that is compared. */
export interface OurOrder {
  readonly _id: string
  readonly amountKrw: number
  readonly lines: readonly { readonly unitPriceKrw: number; readonly quantity: number }[]
  readonly status: OrderStatus
  readonly paymentVersion: number
  readonly outbox: readonly { readonly id: string }[]
}

/** The part of a document of `webhookEvents` that is compared. */
export interface OurWebhookEvent {
  readonly _id: string
  readonly eventType?: string
  readonly orderId?: string
  readonly status?: string
  readonly transmissionId?: string
  readonly outcome?: 'APPLIED' | 'NOOP' | 'REJECTED' | 'IGNORED' | 'PARKED'
  readonly reason?: string
  readonly lookAt?: Date
}

/** Toss's books and ours, read while neither changed. */
export interface Books {
  readonly toss: TossBooks
  readonly payments: readonly OurPayment[]
  readonly orders: readonly OurOrder[]
  readonly webhookEvents: readonly OurWebhookEvent[]
  /** When they were read. */
  readonly at: Date
}
