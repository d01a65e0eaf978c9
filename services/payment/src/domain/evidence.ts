import type { Durations } from './durations.ts'
import type { Payment } from './payment.ts'

/** One cancel in Toss's books. Instants as Dates, amounts in KRW. */
export type TossCancel = {
  readonly transactionKey: string
  readonly cancelAmount: number
  readonly cancelReason: string
  /** DONE at once for domestic methods; IN_PROGRESS, then DONE or ABORTED for overseas wallets. */
  readonly cancelStatus: string
  readonly canceledAt: Date
}

/** What we read of Toss's Payment object. Statuses are text: Toss may add some without notice. */
export type TossPayment = {
  readonly paymentKey: string
  readonly orderId: string
  readonly status: string
  readonly totalAmount: number
  readonly balanceAmount: number
  readonly currency: string
  readonly mId?: string | undefined
  readonly method?: string | undefined
  readonly approvedAt?: Date | undefined
  readonly receiptUrl?: string | undefined
  readonly lastTransactionKey?: string | undefined
  readonly cancels: readonly TossCancel[]
  readonly virtualAccount?:
    | { bankCode: string; accountNumber: string; customerName: string; dueAt?: Date | undefined; isExpired: boolean }
    | undefined
  readonly failure?: { code: string; message: string } | undefined
}

/** What a look at one paymentKey found. */
export type Evidence = { readonly kind: 'found'; readonly toss: TossPayment } | { readonly kind: 'not-found' }

/**
 * - `decided`: the evidence was taken in (or was known already)
 * - `undecided`: Toss has not decided about this key yet
 * - `stale`: it knows less than we do and changed nothing; look again
 * - `foreign`: the key belongs to another order
 */
export type Verdict = 'decided' | 'undecided' | 'stale' | 'foreign'

export type Reconciled = { readonly payment: Payment; readonly verdict: Verdict }

/** What else evidence is judged by. `newId` names an attempt that Toss tells us of; `mId` is our merchant id where it is configured. */
export type ReconcileContext = {
  readonly durations: Durations
  readonly now: Date
  readonly newId: string
  readonly mId?: string | undefined
}
