import type { Books, OurPayment } from '../testing/book-records.ts'
import type { Operation } from './history.ts'

/** What does not hold, with the invariant that it breaks. */
export interface Problem {
  readonly invariant: string
  readonly text: string
}

/** Statuses that the HTTP contract gives to something that is wrong or away; anything else from 500 on is a bug. */
const KNOWN_FAILURES = [502, 503, 504]

/** No client asks for an order that it was not told of. Toss has 404s of its own: a window that was open for too long. */
const LOST = ['ORDER_NOT_FOUND', 'PAYMENT_NOT_FOUND']

/** What the clients were told and the books do not hold. Meaningful at rest. */
export function checkHistory(operations: readonly Operation[], books: Books): Problem[] {
  const known = indexOf(books)
  return [
    ...operations.flatMap((operation) => problemsOf(operation, known)),
    ...[...groupBy(operations, ({ kind, intent }) => `${kind} ${intent}`).values()].flatMap((same) => {
      const [first] = same
      if (first.kind === 'create') return problemsOfCreate(same)
      if (first.kind === 'confirm') return problemsOfConfirm(same, known)
      return first.kind === 'cancel' ? problemsOfCancel(same, known) : []
    }),
    ...problemsOfReads(operations),
    ...problemsOfForgeries(operations, known),
  ]
}

type Index = ReturnType<typeof indexOf>

const indexOf = ({ orders, payments, toss }: Books) => ({
  orders: new Map(orders.map((order) => [order._id, order])),
  payments: new Map(payments.map((payment) => [payment.orderId, payment])),
  tossByKey: new Map(toss.payments.map((payment) => [payment.paymentKey, payment])),
  approvedOrders: new Set(toss.payments.filter(({ approvals }) => approvals > 0).map(({ orderId }) => orderId)),
  cancelReasons: toss.payments.flatMap(({ cancels }) => (cancels ?? []).map(({ cancelReason }) => cancelReason)),
})

const told = (invariant: string, { id, kind, orderId }: Operation, text: string): Problem => ({
  invariant,
  text: `operation ${id}, ${kind}${orderId === undefined ? '' : ` of ${orderId}`}: ${text}`,
})

const problemsOf = (operation: Operation, { orders, payments }: Index): Problem[] => {
  const { kind, outcome, status, orderId = '', amountKrw, paymentId, refundId, code } = operation
  const problems: Problem[] = []
  const add = (invariant: string, text: string) => problems.push(told(invariant, operation, text))
  if (status !== undefined && status >= 500 && !KNOWN_FAILURES.includes(status)) add('I24', `answered ${status}`)
  if (kind === 'malformed' && status !== undefined && status < 400) add('I24', `answered ${status}`)
  if (kind === 'foreign read' && outcome === 'ok') add('I21', 'a stranger was shown it')
  if (kind !== 'foreign read' && kind !== 'malformed' && LOST.includes(code ?? '')) add('I8', `answered ${code}`)
  if (kind === 'create' && outcome === 'ok') {
    const order = orders.get(orderId)
    if (order === undefined) add('I8', 'the order is lost')
    else if (order.amountKrw !== amountKrw) add('I8', `was told ${amountKrw} KRW, the order is of ${order.amountKrw}`)
  }
  const payment = payments.get(orderId)
  if (kind === 'confirm' && paymentId !== undefined && payment?._id !== paymentId)
    add('I8', `payment ${paymentId} is lost`)
  if (kind === 'cancel' && refundId !== undefined) {
    const refund = payment?.refunds.find(({ id }) => id === refundId)
    if (refund === undefined) add('I8', `refund ${refundId} is lost`)
    else if (outcome === 'ok' && refund.status !== 'DONE')
      add('I8', `was told that ${refundId} is done, it is ${refund.status}`)
    else if (outcome === 'ok' && refund.amountKrw !== amountKrw)
      add('I8', `was told ${amountKrw} KRW, refund ${refundId} is of ${refund.amountKrw}`)
  }
  return problems
}

type Same = readonly [Operation, ...Operation[]]

const problemsOfCreate = (same: Same): Problem[] => {
  const ids = new Set(same.flatMap(({ outcome, orderId }) => (outcome === 'ok' ? [orderId] : [])))
  return ids.size > 1 ? [told('I8', same[0], `one idempotency key made ${[...ids].join(', ')}`)] : []
}

const isPaid = ({ status }: OurPayment): boolean => ['PAID', 'PARTIAL_REFUND', 'REFUNDED'].includes(status)

const problemsOfConfirm = (same: Same, { payments, tossByKey }: Index): Problem[] => {
  const [first] = same
  const approvals = tossByKey.get(first.intent)?.approvals ?? 0
  const payment = payments.get(first.orderId ?? '')
  if (same.some(({ outcome }) => outcome === 'ok')) {
    if (approvals !== 1) return [told('I1', first, `was told paid, and Toss approved ${approvals} times`)]
    return payment !== undefined && isPaid(payment) ? [] : [told('I8', first, `was told paid, is ${payment?.status}`)]
  }
  const isRefused = same.every(({ outcome }) => outcome === 'fail')
  return isRefused && approvals > 0 ? [told('I9', first, 'was refused, and Toss has approved it')] : []
}

/** The reason begins with the intent, so Toss's own books tell how often it was carried out. */
const problemsOfCancel = (same: Same, { cancelReasons }: Index): Problem[] => {
  const [first] = same
  const made = cancelReasons.filter((reason) => reason.startsWith(first.intent)).length
  if (made > 1) return [told('I5', first, `Toss gave back ${made} times`)]
  if (same.some(({ outcome }) => outcome === 'ok'))
    return made === 1 ? [] : [told('I8', first, 'was told refunded, and Toss has no such cancel')]
  const isRefused = same.every(({ outcome }) => outcome === 'fail')
  return isRefused && made > 0 ? [told('I9', first, 'was refused, and Toss has given back')] : []
}

/** Whoever was told "paid" never reads afterwards that it is not. */
const problemsOfReads = (operations: readonly Operation[]): Problem[] => {
  const paidAt = new Map<string, number>()
  for (const { kind, outcome, orderId, endedAt } of operations) {
    if (kind !== 'confirm' || outcome !== 'ok' || orderId === undefined) continue
    paidAt.set(orderId, Math.min(endedAt, paidAt.get(orderId) ?? endedAt))
  }
  return operations
    .filter(
      ({ kind, told: status, orderId = '', invokedAt }) =>
        kind === 'read' &&
        (status === 'PENDING' || status === 'FAILED') &&
        invokedAt > (paidAt.get(orderId) ?? Infinity),
    )
    .map((read) => told('I8', read, `reads ${read.told} after it was told paid`))
}

/** Nobody pays by saying so. */
const problemsOfForgeries = (operations: readonly Operation[], { payments, approvedOrders }: Index): Problem[] =>
  operations
    .filter(({ kind }) => kind === 'forged webhook')
    .flatMap((forged) => {
      const payment = payments.get(forged.orderId ?? '')
      if (payment === undefined || !isPaid(payment) || approvedOrders.has(payment.orderId)) return []
      return [told('I11', forged, `made it ${payment.status}`)]
    })

const groupBy = <T>(items: readonly T[], keyOf: (item: T) => string): Map<string, [T, ...T[]]> => {
  const groups = new Map<string, [T, ...T[]]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}
