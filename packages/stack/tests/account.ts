import type { OrderStatus, PaymentStatus } from '@checkout/contracts/order-status'
import type { Shop } from '../src/testing/shop.ts'

/** An order as its buyer sees it, and what Toss's books say of the money. */
export interface Account {
  readonly order: OrderStatus | undefined
  readonly payment: PaymentStatus | undefined
  readonly remainingKrw: number | undefined
  /** Amounts of the refunds that are done. */
  readonly refundsKrw: readonly number[]
  readonly toss: {
    /** How often money was taken, over all windows of the order. */
    readonly approvals: number
    /** What was taken and not given back. */
    readonly heldKrw: number
    readonly cancelsKrw: readonly number[]
    /** Calls that asked for money, or for a cancel of some. */
    readonly confirms: number
    readonly cancels: number
  }
}

/** Looks at both sides of an order. */
export const accountOf = async (shop: Shop, orderId: string, userId?: number): Promise<Account> => {
  const { body: order } = await shop.order(orderId, userId)
  const { payments, transactions, calls } = (await shop.books(orderId)).body
  const callsOf = (operation: string) => calls.filter((call) => call.operation === operation).length
  return {
    order: order.status,
    payment: order.payment?.status,
    remainingKrw: order.payment?.remainingAmountKrw,
    refundsKrw: (order.payment?.refunds ?? [])
      .filter(({ status }) => status === 'DONE')
      .map(({ amountKrw }) => amountKrw),
    toss: {
      approvals: payments.reduce((sum, payment) => sum + payment.approvals, 0),
      heldKrw: transactions.reduce((sum, { kind, amount }) => sum + (kind === 'approve' ? amount : -amount), 0),
      cancelsKrw: payments.flatMap(({ cancels }) => (cancels ?? []).map(({ cancelAmount }) => cancelAmount)),
      confirms: callsOf('confirm'),
      cancels: callsOf('cancel'),
    },
  }
}
