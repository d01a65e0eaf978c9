import type { OrderStatus, PaymentStatus } from '@checkout/contracts/order-status'

/** The part of a document of `orders` that is audited. */
export type AuditedOrder = {
  readonly _id: string
  readonly amountKrw: number
  readonly lines: readonly { readonly unitPriceKrw: number; readonly quantity: number }[]
  readonly status: OrderStatus
  readonly paymentVersion: number
  readonly expiresAt: Date
  readonly outbox: readonly { readonly id: string; readonly at: Date }[]
}

/** The part of a document of `payments` that is audited. */
export type AuditedPayment = {
  readonly _id: string
  readonly orderId: string
  readonly amountKrw: number
  readonly status: PaymentStatus
  readonly version: number
  readonly expiresAt: Date
  readonly attempts: readonly {
    readonly id: string
    readonly paymentKey?: string
    readonly outcome?: 'ACCEPTED' | 'FAILED' | 'VOID'
    readonly void?: { readonly status: 'REQUESTED' | 'DONE' | 'BLOCKED' }
  }[]
  readonly paymentKey?: string
  readonly failure?: { readonly code: string }
  readonly refundedKrw: number
  readonly reservedKrw: number
  readonly refunds: readonly {
    readonly id: string
    readonly amountKrw: number
    readonly status: 'REQUESTED' | 'DONE' | 'FAILED'
    readonly origin: 'API' | 'CONSOLE'
    readonly transactionKey?: string
  }[]
  readonly due?: Date
  readonly lease?: { readonly until: Date }
  readonly history: readonly { readonly version: number }[]
  readonly outbox: readonly { readonly id: string; readonly at: Date }[]
}

/** One row of Toss's list of transactions. `amountKrw` without a sign; `at` in milliseconds. */
export type TossRow = {
  readonly transactionKey: string
  readonly paymentKey: string
  readonly orderId: string
  readonly status: string
  readonly amountKrw: number
  readonly currency: string
  readonly at: number
}

/** What Toss says of one payment when it is asked for it. */
export type TossPaymentView = {
  readonly paymentKey: string
  readonly orderId: string
  readonly status: string
  /** `tag` is the id of our refund, where the cancel's reason names one. */
  readonly cancels: readonly { readonly transactionKey: string; readonly tag?: string | undefined }[]
}

/** One event of the log about an order or its payment. */
export type LoggedFact = {
  readonly topic: 'order.created' | 'payment.status-changed'
  readonly partition: number
  readonly offset: number
  /** `<aggregateId>:<version>` */
  readonly id: string
  readonly orderId: string
  readonly version: number
  readonly amountKrw: number
  readonly status?: PaymentStatus
  readonly refundedKrw?: number
  /** Whether its consumer has committed an offset behind it. */
  readonly isConsumed: boolean
  /** The hash of its bytes, to be found again among the dead letters. */
  readonly hash: string
}

/** Whose version an event id is of. */
export const aggregateOf = (eventId: string): string => eventId.slice(0, eventId.lastIndexOf(':'))

/** All that is known of one order, from every side. */
export type Case = {
  readonly orderId: string
  readonly order?: AuditedOrder | undefined
  readonly payments: readonly AuditedPayment[]
  readonly rows: readonly TossRow[]
  readonly facts: readonly LoggedFact[]
  /** Only where Toss was asked for each payment: when one order is audited, and for all with --deep. */
  readonly views?: readonly TossPaymentView[] | undefined
}

/** The invariants of docs/operations.md that an audit of a running system can decide. */
export const invariants = {
  I1: 'no paymentKey is approved twice, and no order has two approvals that hold money',
  I2: 'all money that Toss holds belongs to one paid order of that amount',
  I3: 'each paid order is paid at Toss, with its whole amount',
  I4: 'refunds never exceed what was paid, and are what Toss gave back',
  I5: 'each refund is one cancel at Toss, and each cancel one refund',
  I6: 'order, lines, payment and Toss have one amount',
  I12: 'every version of every order and payment is in Kafka',
  I13: 'versions rise by one, here and in Kafka',
  I14: 'what consumers stored is what the log says',
  I15: 'every consumed message had its effect or is among the dead letters',
  I18: 'what nobody pays expires, and nothing that is being paid does',
  I19: 'nothing waits: no lag, no unsent event, no overdue work',
  I20: 'all open work is written in MongoDB, so Redis may lose everything',
} as const
export type Invariant = keyof typeof invariants

/** One contradiction. `key` is what a second look is restricted to: the order, or the key of the message. */
export type Violation = {
  readonly invariant: Invariant
  readonly subject: string
  readonly key: string
  readonly detail: string
}

/** Tells a contradiction about the order that is being checked. */
export type Say = (invariant: Invariant, detail: string) => void
