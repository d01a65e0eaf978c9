import type { Evidence, TossPayment } from './evidence.ts'
import type { Payment } from './payment.ts'

/**
 * How Toss's books and ours can differ about one payment:
 * - `missing-here`: money moved at Toss and no attempt of ours knows its paymentKey
 * - `missing-there`: we count money of which Toss knows nothing
 * - `amount`: Toss took another amount or currency than the order's
 * - `state`: both know the payment and disagree about what became of it
 * - `refund`: both agree that it was paid and disagree about what was given back
 * - `duplicate`: money beside the payment's own, or one paymentKey approved twice
 */
export const differenceClasses = ['missing-here', 'missing-there', 'amount', 'state', 'refund', 'duplicate'] as const
export type DifferenceClass = (typeof differenceClasses)[number]

/**
 * `isHopeless`: no look can put it right, a person must. `detail` is English prose for that person and holds no more than ids,
 * statuses and amounts.
 */
export type Difference = { readonly class: DifferenceClass; readonly detail: string; readonly isHopeless: boolean }

/** One row of Toss's list of transactions. `amountKrw` without a sign: Toss does not document the one of a cancel. */
export type TossTransaction = {
  readonly transactionKey: string
  readonly paymentKey: string
  readonly orderId: string
  /** Of the payment as this transaction left it: DONE is an approval, the others take money back. */
  readonly status: string
  readonly amountKrw: number
  readonly currency: string
  readonly at: Date
}

/**
 * Whether a row says nothing that we do not know. A cheap filter over whole days: a row that does not fit proves nothing yet, for
 * a later one may explain it, so its payment is then compared with what Toss says of it today.
 */
export const fits = (row: TossTransaction, payment: Payment | undefined): boolean => {
  const attempt = payment?.attempts.find(({ paymentKey }) => paymentKey === row.paymentKey)
  if (payment === undefined || attempt === undefined || row.currency !== 'KRW') return false
  if (attempt.outcome === 'VOID') return attempt.void?.status === 'DONE'
  if (attempt.outcome !== 'ACCEPTED') return false
  switch (row.status) {
    case 'DONE':
      return (
        hasBeenPaid(payment) &&
        row.amountKrw === payment.amountKrw &&
        (attempt.transactionKey === undefined || attempt.transactionKey === row.transactionKey)
      )
    case 'CANCELED':
    case 'PARTIAL_CANCELED':
      return (
        payment.refunds.some(
          ({ status, transactionKey, amountKrw }) =>
            status === 'DONE' && transactionKey === row.transactionKey && amountKrw === row.amountKrw,
        ) ||
        // The cancel of an account that was never paid moves no money and is no refund of any.
        (payment.status === 'CANCELED' && row.amountKrw === 0)
      )
    default:
      return false
  }
}

const hasBeenPaid = ({ status }: Payment): boolean =>
  status === 'PAID' || status === 'PARTIAL_REFUND' || status === 'REFUNDED'

const different = (name: DifferenceClass, detail: string, isHopeless = false): Difference => ({
  class: name,
  detail,
  isHopeless,
})

/**
 * Compares one paymentKey as both sides know it now. `row` is the transaction that gave reason to, if one did.
 * @returns undefined when there is nothing that anybody would have to do. Money that went back whole is nothing, whatever was
 * wrong with it, unless we count it as paid.
 */
export const compareBooks = (
  payment: Payment | undefined,
  paymentKey: string,
  evidence: Evidence,
  now: Date,
  row?: TossTransaction,
): Difference | undefined => {
  const attempt = payment?.attempts.find((candidate) => candidate.paymentKey === paymentKey)
  if (evidence.kind === 'not-found') {
    const isCounted = attempt?.outcome === 'ACCEPTED' && payment !== undefined
    return isCounted
      ? different('missing-there', `it is ${payment.status} here and Toss does not know it`, true)
      : undefined
  }
  const { toss } = evidence
  const held = heldKrw(toss)
  if (payment === undefined) {
    return held > 0 ? different('missing-here', `Toss holds ${held} and there is no such order`, true) : undefined
  }
  const isCounted = attempt?.outcome === 'ACCEPTED' && payment.paymentKey === paymentKey
  if (toss.orderId !== payment.orderId) {
    return attempt === undefined || attempt.outcome === 'FAILED'
      ? undefined
      : different('state', `Toss has this paymentKey for the order ${toss.orderId}`, isCounted)
  }
  if (toss.totalAmount !== payment.amountKrw || toss.currency !== 'KRW') {
    return held > 0 || isCounted
      ? different(
          'amount',
          `Toss took ${toss.totalAmount} ${toss.currency}, the order is of ${payment.amountKrw} KRW`,
          true,
        )
      : undefined
  }
  switch (attempt?.outcome) {
    case 'ACCEPTED':
      return ofAccepted(payment, attempt.transactionKey, toss, row)
    case 'VOID':
      return ofVoid(attempt.void?.status, toss, held)
    case 'FAILED':
    case undefined:
      return ofUncounted(payment, attempt, toss, now)
  }
}

/** What Toss holds of it at this moment; a deposit that the bank took back is none. */
const heldKrw = ({ status, balanceAmount }: TossPayment): number =>
  status === 'DONE' || status === 'PARTIAL_CANCELED' ? balanceAmount : 0

const ofAccepted = (
  payment: Payment,
  approval: string | undefined,
  toss: TossPayment,
  row: TossTransaction | undefined,
): Difference | undefined => {
  // A deposit may be made, taken back by the bank and made again; a card is charged once.
  const isSecond = row?.status === 'DONE' && approval !== undefined && approval !== row.transactionKey
  if (isSecond && toss.virtualAccount === undefined && payment.virtualAccount === undefined) {
    return different('duplicate', `Toss approved it as ${approval} and as ${row.transactionKey}`, true)
  }
  // Canceled before it was paid; what came in afterwards has gone back whole, and our sums never counted it.
  if (payment.status === 'CANCELED' && toss.balanceAmount === 0) return undefined
  const refunds = ofRefunds(payment, toss)
  if (refunds !== undefined) return different('refund', refunds)
  const expected = statusOf(toss)
  return expected === payment.status
    ? undefined
    : different('state', `it is ${payment.status} here and ${toss.status} at Toss (${toss.balanceAmount} KRW left)`)
}

const ofRefunds = (payment: Payment, toss: TossPayment): string | undefined => {
  const done = payment.refunds.filter(({ status, transactionKey }) => status === 'DONE' && transactionKey !== undefined)
  const cancels = toss.cancels.filter(({ cancelStatus }) => cancelStatus === 'DONE')
  // What was canceled before it was paid is a cancel at Toss and a refund of nothing here.
  if (toss.status === 'CANCELED' && toss.approvedAt === undefined) return undefined
  for (const cancel of cancels) {
    const ours = done.find(({ transactionKey }) => transactionKey === cancel.transactionKey)
    if (ours === undefined)
      return `Toss gave back ${cancel.cancelAmount} KRW (${cancel.transactionKey}), here nobody knows`
    if (ours.amountKrw !== cancel.cancelAmount)
      return `Toss gave back ${cancel.cancelAmount} KRW (${cancel.transactionKey}), here it is ${ours.amountKrw}`
  }
  const known = new Set(cancels.map(({ transactionKey }) => transactionKey))
  const invented = done.find(({ transactionKey }) => !known.has(transactionKey ?? ''))
  if (invented !== undefined) return `refund ${invented.id} is DONE here and Toss has no such cancel`
  const isMoney = toss.approvedAt !== undefined && toss.status !== 'WAITING_FOR_DEPOSIT'
  const given = isMoney ? toss.totalAmount - toss.balanceAmount : 0
  return given === payment.refundedKrw
    ? undefined
    : `${payment.refundedKrw} KRW are refunded here and ${given} KRW at Toss`
}

/** The status that a payment of ours must have where Toss says this; undefined where none fits. */
const statusOf = ({ status, approvedAt, balanceAmount, totalAmount }: TossPayment): Payment['status'] | undefined => {
  switch (status) {
    case 'DONE':
    case 'PARTIAL_CANCELED':
    case 'CANCELED':
      if (status === 'CANCELED' && approvedAt === undefined) return 'CANCELED'
      // Toss: a payment that was canceled in parts until nothing was left is PARTIAL_CANCELED still.
      if (balanceAmount === 0) return 'REFUNDED'
      return balanceAmount < totalAmount ? 'PARTIAL_REFUND' : 'PAID'
    case 'WAITING_FOR_DEPOSIT':
      return 'WAITING_FOR_DEPOSIT'
    default:
      return undefined
  }
}

const ofVoid = (cancel: string | undefined, toss: TossPayment, held: number): Difference | undefined => {
  if (held > 0)
    return different('duplicate', `Toss holds ${held} KRW beside the order's own payment`, cancel === 'BLOCKED')
  const isBack = toss.balanceAmount === 0 || toss.status === 'CANCELED'
  return isBack && cancel !== 'DONE' ? different('duplicate', 'it went back whole and is still open here') : undefined
}

/** A paymentKey that we count no money for: none of our attempts, one in flight, or one that failed. */
const ofUncounted = (
  payment: Payment,
  attempt: Payment['attempts'][number] | undefined,
  toss: TossPayment,
  now: Date,
): Difference | undefined => {
  const held = heldKrw(toss)
  const isElsewhere = payment.paymentKey !== undefined
  if (held > 0) {
    if (attempt !== undefined)
      return different('state', `Toss took the money, here the attempt ${attempt.outcome ?? 'is open'}`)
    return isElsewhere
      ? different('duplicate', `Toss holds ${held} KRW beside the order's own payment`)
      : different('missing-here', `Toss holds ${held} KRW under a paymentKey that is not known here`)
  }
  // Here a canceled account stays canceled: money that came and went afterwards is nobody's any more.
  if (toss.approvedAt !== undefined && payment.status !== 'CANCELED') {
    return attempt === undefined
      ? different('missing-here', 'it was paid and given back under a paymentKey that is not known here')
      : different('state', `it was paid and given back, here the attempt ${attempt.outcome ?? 'is open'}`)
  }
  const isDead = toss.status === 'ABORTED' || toss.status === 'EXPIRED' || toss.status === 'CANCELED'
  if (attempt !== undefined && attempt.outcome === undefined && isDead)
    return different('state', `Toss says ${toss.status}`)
  if (toss.status !== 'WAITING_FOR_DEPOSIT' || attempt === undefined) return undefined
  // An account past its due date has lapsed for both; one that still waits can still be paid.
  const { virtualAccount } = toss
  const isWaiting =
    virtualAccount?.isExpired === false && (virtualAccount.dueAt === undefined || now < virtualAccount.dueAt)
  return isWaiting && !isElsewhere && payment.status !== 'CANCELED'
    ? different('state', `Toss waits for a deposit, here the attempt ${attempt.outcome ?? 'is open'}`)
    : undefined
}
