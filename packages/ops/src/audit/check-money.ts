import { type AuditedPayment, aggregateOf, type Case, type Say, type TossRow } from './records.ts'

const isApproval = ({ status }: TossRow): boolean => status === 'DONE'
/** A deposit that the bank took back; it is no refund. */
const isReversal = ({ status }: TossRow): boolean => status === 'WAITING_FOR_DEPOSIT'
const isCancel = (row: TossRow): boolean => !isApproval(row) && !isReversal(row)
const sumOf = (rows: readonly TossRow[]): number => rows.reduce((sum, { amountKrw }) => sum + amountKrw, 0)
const heldBy = (rows: readonly TossRow[]): number =>
  sumOf(rows.filter(isApproval)) - sumOf(rows.filter((row) => !isApproval(row)))

const hasMoney = ({ status }: AuditedPayment): boolean =>
  status === 'PAID' || status === 'PARTIAL_REFUND' || status === 'REFUNDED'
const isWholeAndPositive = (krw: number): boolean => Number.isSafeInteger(krw) && krw > 0

/** I1 to I6: the money of one order, as Toss lists it and as we know it. */
export const moneyViolations = (one: Case, say: Say): void => {
  const rowsOf = new Map<string, TossRow[]>()
  for (const row of one.rows) rowsOf.set(row.paymentKey, [...(rowsOf.get(row.paymentKey) ?? []), row])
  approvals(rowsOf, say)
  for (const [paymentKey, rows] of rowsOf) if (heldBy(rows) > 0) belongs(one, paymentKey, rows, say)
  paidAtToss(one, rowsOf, say)
  for (const payment of one.payments) refunds(payment, rowsOf.get(payment.paymentKey ?? '') ?? [], one, say)
  const ours = new Set(one.payments.map(({ _id }) => _id))
  for (const { id, amountKrw, refundedKrw = 0, version } of one.facts) {
    if (ours.has(aggregateOf(id)) && (refundedKrw < 0 || refundedKrw > amountKrw))
      say('I4', `version ${version} says that ${refundedKrw} of ${amountKrw} KRW are refunded`)
  }
  amounts(one, rowsOf, say)
}

const approvals = (rowsOf: ReadonlyMap<string, readonly TossRow[]>, say: Say): void => {
  for (const [paymentKey, rows] of rowsOf) {
    // A deposit that the bank took back may be made again.
    const times = rows.filter(isApproval).length - rows.filter(isReversal).length
    if (times > 1) say('I1', `${paymentKey} was approved ${times} times`)
  }
  const holding = [...rowsOf].filter(([, rows]) => heldBy(rows) > 0)
  if (holding.length > 1) say('I1', `Toss holds money for ${holding.map(([paymentKey]) => paymentKey).join(' and ')}`)
}

const belongs = ({ order, payments }: Case, paymentKey: string, rows: readonly TossRow[], say: Say): void => {
  const held = `Toss holds ${heldBy(rows)} KRW for ${paymentKey}`
  const paid = payments.filter(
    (payment) =>
      payment.paymentKey === paymentKey && (payment.status === 'PAID' || payment.status === 'PARTIAL_REFUND'),
  )
  const [payment] = paid
  if (payment === undefined || paid.length > 1) {
    return say(
      'I2',
      `${held}, and ${payments.length === 0 ? 'there is no payment' : `the payment is ${payments[0]?.status}`}`,
    )
  }
  const taken = rows.find(isApproval)
  if (taken?.amountKrw !== payment.amountKrw || taken.currency !== 'KRW') {
    say('I2', `Toss took ${taken?.amountKrw} ${taken?.currency}, the payment is of ${payment.amountKrw} KRW`)
  }
  if (order === undefined) say('I2', `${held}, and there is no such order`)
  else if (order.status !== 'PAID') say('I2', `${held}, and the order is ${order.status}`)
}

const paidAtToss = ({ order, payments, views }: Case, rowsOf: ReadonlyMap<string, TossRow[]>, say: Say): void => {
  if (order?.status !== 'PAID') return
  const paymentKey = payments[0]?.paymentKey
  const rows = rowsOf.get(paymentKey ?? '') ?? []
  const taken = rows.find(isApproval)
  if (taken === undefined || heldBy(rows) <= 0) return say('I3', `it is PAID, and Toss holds nothing for ${paymentKey}`)
  if (taken.amountKrw !== order.amountKrw) say('I3', `it is PAID with ${order.amountKrw}, Toss took ${taken.amountKrw}`)
  const view = views?.find((candidate) => candidate.paymentKey === paymentKey)
  if (views !== undefined && view?.status !== 'DONE' && view?.status !== 'PARTIAL_CANCELED') {
    say('I3', `it is PAID, and Toss says ${view?.status ?? 'that it does not know it'}`)
  }
}

const refunds = (payment: AuditedPayment, rows: readonly TossRow[], { views }: Case, say: Say): void => {
  const { refundedKrw, reservedKrw, amountKrw } = payment
  const captured = hasMoney(payment) ? amountKrw : 0
  const requested = payment.refunds.filter(({ status }) => status === 'REQUESTED')
  if (refundedKrw < 0 || reservedKrw < 0 || refundedKrw + reservedKrw > captured) {
    say('I4', `${refundedKrw} KRW refunded and ${reservedKrw} reserved of ${captured} taken`)
  }
  const asked = requested.reduce((sum, refund) => sum + refund.amountKrw, 0)
  if (reservedKrw !== asked) say('I4', `${reservedKrw} KRW are reserved, and ${asked} requested`)
  const cancels = rows.filter(isCancel)
  if (!hasMoney(payment)) return
  if (refundedKrw !== sumOf(cancels)) say('I4', `${refundedKrw} KRW refunded, and Toss gave back ${sumOf(cancels)}`)

  const done = payment.refunds.filter(({ status }) => status === 'DONE')
  const used = new Set<string>()
  for (const { id, transactionKey = '', amountKrw: krw } of done) {
    const cancel = cancels.find((row) => row.transactionKey === transactionKey)
    if (cancel === undefined) say('I5', `refund ${id} is DONE, and Toss has no such cancel`)
    else if (cancel.amountKrw !== krw) say('I5', `refund ${id} is of ${krw} KRW, at Toss of ${cancel.amountKrw}`)
    if (used.has(transactionKey)) say('I5', `refund ${id} and another are the same cancel`)
    used.add(transactionKey)
  }
  for (const { transactionKey, amountKrw: krw } of cancels) {
    if (!used.has(transactionKey)) say('I5', `Toss gave back ${krw} KRW (${transactionKey}), and no refund knows`)
  }
  const view = views?.find(({ paymentKey }) => paymentKey === payment.paymentKey)
  for (const { transactionKey, tag } of view?.cancels ?? []) {
    const refund = done.find((candidate) => candidate.transactionKey === transactionKey)
    const isByHand = !payment.refunds.some(({ id }) => id === tag)
    if (refund !== undefined && isByHand !== (refund.origin === 'CONSOLE'))
      say('I5', `refund ${refund.id} is said to be of the ${refund.origin}, its cancel at Toss is not`)
  }
}

const amounts = ({ order, payments, facts }: Case, rowsOf: ReadonlyMap<string, TossRow[]>, say: Say): void => {
  const [payment] = payments
  if (order !== undefined) {
    const sum = order.lines.reduce((total, { unitPriceKrw, quantity }) => total + unitPriceKrw * quantity, 0)
    if (!isWholeAndPositive(order.amountKrw)) say('I6', `the order's amount is ${order.amountKrw}`)
    if (order.lines.length > 0 && sum !== order.amountKrw)
      say('I6', `the lines make ${sum} KRW, the order ${order.amountKrw}`)
    if (payment !== undefined && payment.amountKrw !== order.amountKrw)
      say('I6', `the order is of ${order.amountKrw} KRW, its payment of ${payment.amountKrw}`)
    const created = facts.find(({ topic }) => topic === 'order.created')
    if (created !== undefined && created.amountKrw !== order.amountKrw)
      say('I6', `the order is of ${order.amountKrw} KRW, its order.created of ${created.amountKrw}`)
  }
  const taken = rowsOf.get(payment?.paymentKey ?? '')?.find(isApproval)
  if (payment !== undefined && taken !== undefined && taken.amountKrw !== payment.amountKrw)
    say('I6', `the payment is of ${payment.amountKrw} KRW, Toss took ${taken.amountKrw}`)
}
