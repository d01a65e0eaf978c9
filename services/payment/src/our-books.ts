import type { Payment } from './domain/payment.ts'
import type { PaymentStore } from './store.ts'

/** An approval or a refund of ours, by what Toss's list of transactions would have it under. */
export type OurMove = { readonly orderId: string; readonly paymentKey: string; readonly transactionKey?: string }

export type OurBooks = ReturnType<typeof createOurBooks>

/** What a comparison never asks for, and what makes documents long. */
const projection = { outbox: 0, history: 0, cancelKeys: 0 }
/** Longer lists of ids make longer queries, not faster ones. */
const IDS_AT_ONCE = 1_000

/** Our side of a comparison with Toss's books: reads many documents at once and writes nothing. */
export const createOurBooks = (payments: PaymentStore['collection']) => ({
  findByOrders: async (orderIds: readonly string[]): Promise<Map<string, Payment>> => {
    const found = new Map<string, Payment>()
    for (let at = 0; at < orderIds.length; at += IDS_AT_ONCE) {
      const some = orderIds.slice(at, at + IDS_AT_ONCE)
      const cursor = payments.find({ orderId: { $in: some } }, { projection, batchSize: IDS_AT_ONCE })
      for await (const document of cursor) {
        const payment = document as unknown as Payment
        found.set(payment.orderId, payment)
      }
    }
    return found
  },

  /** Money of ours that moved in this time: what Toss approved then, and what was given back then. The end is not in it. */
  async *listMoves(from: Date, to: Date): AsyncGenerator<OurMove> {
    const between = { $gte: from, $lt: to }
    const approved = payments.find(
      { approvedAt: between },
      { projection: { orderId: 1, paymentKey: 1 }, batchSize: IDS_AT_ONCE },
    )
    for await (const document of approved) {
      const { orderId, paymentKey } = document as unknown as Payment
      if (paymentKey !== undefined) yield { orderId, paymentKey }
    }
    const refunded = payments.find(
      { 'refunds.refundedAt': between },
      { projection: { orderId: 1, paymentKey: 1, refunds: 1 }, batchSize: IDS_AT_ONCE },
    )
    for await (const document of refunded) {
      const { orderId, paymentKey, refunds } = document as unknown as Payment
      for (const { refundedAt, transactionKey, status } of refunds) {
        const isIn = refundedAt !== undefined && refundedAt >= from && refundedAt < to
        if (isIn && status === 'DONE' && transactionKey !== undefined && paymentKey !== undefined)
          yield { orderId, paymentKey, transactionKey }
      }
    }
  },
})
