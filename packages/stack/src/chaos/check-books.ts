import type { PaymentStatus } from '@checkout/contracts/order-status'
import type { Books, OurPayment } from '../testing/book-records.ts'
import type { Problem } from './check-history.ts'

/**
 * Where a payment may go from each status, drawn once more by hand: a rule that is taken from the code it judges says nothing.
 * Money that Toss shows overrules what we thought, so it may come to a payment that waits or has failed.
 */
const edges: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  PENDING: ['CONFIRMING', 'FAILED', 'PAID', 'WAITING_FOR_DEPOSIT', 'PARTIAL_REFUND', 'REFUNDED'],
  CONFIRMING: ['PAID', 'WAITING_FOR_DEPOSIT', 'FAILED', 'PARTIAL_REFUND', 'REFUNDED', 'CANCELED'],
  WAITING_FOR_DEPOSIT: ['PAID', 'FAILED', 'CANCELED', 'PARTIAL_REFUND', 'REFUNDED'],
  PAID: ['PARTIAL_REFUND', 'REFUNDED', 'WAITING_FOR_DEPOSIT'],
  PARTIAL_REFUND: ['PARTIAL_REFUND', 'REFUNDED', 'WAITING_FOR_DEPOSIT'],
  REFUNDED: [],
  CANCELED: [],
  FAILED: ['CONFIRMING', 'PAID', 'WAITING_FOR_DEPOSIT', 'PARTIAL_REFUND', 'REFUNDED'],
}

/** I16: each payment went along drawn edges only. A step may also change a refund alone and stay where it was. */
export const checkEdges = ({ payments }: Books): Problem[] =>
  payments.flatMap((payment) =>
    stepsOf(payment)
      .filter(([from, to]) => from !== to && !edges[from].includes(to))
      .map(([from, to]) => ({ invariant: 'I16', text: `${payment.orderId} went from ${from} to ${to}` })),
  )

const stepsOf = ({ history }: OurPayment): [PaymentStatus, PaymentStatus][] => {
  const isWhole = history[0]?.version === 1
  const statuses: PaymentStatus[] = [...(isWhole ? (['PENDING'] as const) : []), ...history.map(({ status }) => status)]
  return statuses.slice(1).map((to, index) => [statuses[index] ?? to, to])
}

/** What Toss holds for orders of ours, less what our payments hold. */
export const differenceKrw = ({ toss, payments }: Books): number => {
  const atToss = toss.transactions.reduce((sum, { kind, amount }) => sum + (kind === 'approve' ? amount : -amount), 0)
  const here = payments
    .filter(({ status }) => status === 'PAID' || status === 'PARTIAL_REFUND')
    .reduce((sum, { amountKrw, refundedKrw }) => sum + amountKrw - refundedKrw, 0)
  return atToss - here
}
