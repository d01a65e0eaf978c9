import { type PaymentStatus, projectOrderStatus } from '@checkout/contracts/order-status'
import type { Books, OurOrder, OurPayment, OurWebhookEvent, TossBookPayment, TossBooks } from './book-records.ts'

/** The payment document keeps the newest of its history only. */
const historyKept = 200

/** What still goes on, as text: as long as there is any, the books may differ without anything being wrong. */
export const unrest = ({ toss, payments, orders, webhookEvents, at }: Books): string[] => {
  const opened = new Map(payments.map((payment) => [payment.orderId, payment]))
  return [
    ...toss.webhooks
      .filter(({ state, attempts }) => state === 'PENDING' && attempts.length === 0)
      .map(({ orderId, status }) => `${orderId}: the webhook that tells ${status} is not sent yet`),
    ...payments.flatMap((payment) => [
      ...(payment.due !== undefined && payment.due <= at ? [`${payment.orderId}: work is due`] : []),
      ...(payment.lease !== undefined && payment.lease.until > at ? [`${payment.orderId}: settle runs`] : []),
      ...openWork(payment),
    ]),
    ...[...payments, ...orders].flatMap(({ _id, outbox }) => (outbox.length > 0 ? [`${_id}: the outbox is full`] : [])),
    ...orders.flatMap(({ _id, paymentVersion }) => {
      const payment = opened.get(_id)
      if (payment === undefined) return [`${_id}: its payment is not opened yet`]
      return paymentVersion < payment.version ? [`${_id}: the order lags behind its payment`] : []
    }),
    ...unstored(toss, webhookEvents),
    ...webhookEvents.flatMap(({ _id, lookAt }) =>
      lookAt !== undefined && lookAt <= at ? [`webhook ${_id}: a look is due`] : [],
    ),
  ]
}

/** Every way in which our books contradict Toss's or themselves, as text. Meaningful at rest. */
export const violations = (books: Books): string[] => {
  const { toss, payments, orders, webhookEvents, at } = books
  return [
    ...violationsAtToss(toss),
    ...orphans(toss, payments),
    ...payments.flatMap((payment) => violationsOfPayment(payment, toss)),
    ...violationsOfOrders(orders, payments),
    ...unstored(toss, webhookEvents),
    ...webhookEvents.flatMap(({ _id, outcome, lookAt }) =>
      outcome === undefined && (lookAt === undefined || lookAt <= at)
        ? [`webhook ${_id} has neither an outcome nor a look to come`]
        : [],
    ),
  ]
}

const openWork = ({ orderId, status, attempts, refunds }: OurPayment): string[] => [
  ...(status === 'CONFIRMING' ? [`${orderId}: the payment is CONFIRMING`] : []),
  ...attempts.flatMap(({ id, outcome, void: cancel }) => [
    ...(outcome === undefined ? [`${orderId}: attempt ${id} is open`] : []),
    ...(cancel?.status === 'REQUESTED' ? [`${orderId}: attempt ${id} is not canceled yet`] : []),
  ]),
  ...refunds.filter(({ status: of }) => of === 'REQUESTED').map(({ id }) => `${orderId}: refund ${id} is REQUESTED`),
]

/** A 200 to a webhook promises that it was stored. */
const unstored = ({ webhooks }: TossBooks, events: readonly OurWebhookEvent[]): string[] => {
  const stored = new Set(events.map(({ transmissionId }) => transmissionId))
  return webhooks
    .filter(({ delivered, transmissionId }) => delivered && !stored.has(transmissionId))
    .map(({ orderId, status }) => `${orderId}: the webhook that told ${status} was answered 200 and is not stored`)
}

const heldKrw = ({ transactions }: TossBooks, paymentKey: string): number =>
  transactions
    .filter((transaction) => transaction.paymentKey === paymentKey)
    .reduce((sum, { kind, amount }) => sum + (kind === 'approve' ? amount : -amount), 0)

const violationsAtToss = (toss: TossBooks): string[] => {
  const holding = groupBy(
    toss.payments.filter(({ paymentKey }) => heldKrw(toss, paymentKey) > 0),
    ({ orderId }) => orderId,
  )
  return [
    ...toss.payments.flatMap(({ paymentKey, approvals }) => {
      // A deposit that the bank took back may be made again.
      const reversals = reversalsOf(toss, paymentKey)
      return approvals - reversals > 1 ? [`paymentKey ${paymentKey} was approved ${approvals} times`] : []
    }),
    ...[...holding].flatMap(([orderId, kept]) =>
      kept.length > 1 ? [`${orderId}: ${kept.length} approvals still hold money`] : [],
    ),
  ]
}

const reversalsOf = ({ payments, transactions }: TossBooks, paymentKey: string): number => {
  const cancels = new Set(
    payments.find((payment) => payment.paymentKey === paymentKey)?.cancels?.map(({ transactionKey }) => transactionKey),
  )
  return transactions.filter(
    (transaction) =>
      transaction.kind === 'cancel' &&
      transaction.paymentKey === paymentKey &&
      !cancels.has(transaction.transactionKey),
  ).length
}

/** Money that Toss holds and no order of ours has. */
const orphans = (toss: TossBooks, payments: readonly OurPayment[]): string[] =>
  toss.payments.flatMap(({ paymentKey, orderId, totalAmount }) => {
    if (heldKrw(toss, paymentKey) <= 0) return []
    const paid = payments.filter(
      (payment) =>
        payment.paymentKey === paymentKey &&
        payment.orderId === orderId &&
        (payment.status === 'PAID' || payment.status === 'PARTIAL_REFUND'),
    )
    if (paid.length !== 1)
      return [`${orderId}: Toss holds money for ${paymentKey}, and ${paid.length} payments are PAID`]
    return paid[0]?.amountKrw === totalAmount ? [] : [`${orderId}: Toss took ${totalAmount}, not ${paid[0]?.amountKrw}`]
  })

const violationsOfPayment = (payment: OurPayment, toss: TossBooks): string[] => {
  const { orderId, status, paymentKey, refundedKrw, reservedKrw, amountKrw } = payment
  const paying = toss.payments.find((candidate) => paymentKey !== undefined && candidate.paymentKey === paymentKey)
  const expected = paying === undefined ? undefined : statusOf(paying)
  const hasMoneyHistory = status === 'PAID' || status === 'PARTIAL_REFUND' || status === 'REFUNDED'
  return [
    ...openWork(payment),
    ...(paying === undefined && (hasMoneyHistory || status === 'WAITING_FOR_DEPOSIT' || status === 'CANCELED')
      ? [`${orderId}: the payment is ${status}, and Toss does not know its paymentKey ${paymentKey}`]
      : []),
    ...(paying !== undefined && expected !== status
      ? [`${orderId}: the payment is ${status}, and Toss says ${paying.status} (${paying.balanceAmount} left)`]
      : []),
    ...(reservedKrw === 0 ? [] : [`${orderId}: ${reservedKrw} KRW are still reserved`]),
    ...(refundedKrw + reservedKrw > amountKrw || refundedKrw < 0 || reservedKrw < 0
      ? [`${orderId}: ${refundedKrw} refunded and ${reservedKrw} reserved of ${amountKrw}`]
      : []),
    ...(paying !== undefined && hasMoneyHistory && refundedKrw !== paying.totalAmount - paying.balanceAmount
      ? [`${orderId}: ${refundedKrw} KRW refunded, and Toss gave back ${paying.totalAmount - paying.balanceAmount}`]
      : []),
    ...(paying !== undefined && hasMoneyHistory ? violationsOfRefunds(payment, paying, toss) : []),
    ...payment.attempts.flatMap(({ id, outcome, paymentKey: key }) =>
      outcome === 'VOID' && key !== undefined && heldKrw(toss, key) !== 0
        ? [`${orderId}: attempt ${id} is VOID, and Toss still holds ${heldKrw(toss, key)} KRW for it`]
        : [],
    ),
    ...violationsOfHistory(payment),
    ...(payment.outbox.length > 0 ? [`${orderId}: the payment has ${payment.outbox.length} unsent events`] : []),
  ]
}

/** What our status must be where Toss has this for the paymentKey that paid; undefined where none fits. */
const statusOf = ({ status, approvedAt, balanceAmount }: TossBookPayment): PaymentStatus | undefined => {
  switch (status) {
    case 'DONE':
      return 'PAID'
    case 'PARTIAL_CANCELED':
      return balanceAmount === 0 ? 'REFUNDED' : 'PARTIAL_REFUND'
    case 'CANCELED':
      return approvedAt === null ? 'CANCELED' : 'REFUNDED'
    case 'WAITING_FOR_DEPOSIT':
      return 'WAITING_FOR_DEPOSIT'
    default:
      return undefined
  }
}

/** Refunds that are DONE and Toss's cancels must match one to one, each with its amount and its origin. */
const violationsOfRefunds = ({ orderId, refunds }: OurPayment, paying: TossBookPayment, toss: TossBooks): string[] => {
  const done = refunds.filter(({ status }) => status === 'DONE')
  const cancels = paying.cancels ?? []
  return [
    ...done.flatMap(({ id, transactionKey, amountKrw, origin }) => {
      const cancel = cancels.find((candidate) => candidate.transactionKey === transactionKey)
      if (cancel === undefined) return [`${orderId}: refund ${id} is DONE, and Toss has no such cancel`]
      const made = toss.transactions.find((candidate) => candidate.transactionKey === transactionKey)?.origin
      return [
        ...(cancel.cancelAmount === amountKrw
          ? []
          : [`${orderId}: refund ${id} is of ${amountKrw} KRW, and Toss canceled ${cancel.cancelAmount}`]),
        ...((origin === 'CONSOLE') === (made === 'console')
          ? []
          : [`${orderId}: refund ${id} has origin ${origin}, and Toss says ${made}`]),
      ]
    }),
    ...cancels.flatMap(({ transactionKey }) => {
      const matching = done.filter((refund) => refund.transactionKey === transactionKey).length
      return matching === 1 ? [] : [`${orderId}: Toss's cancel ${transactionKey} is ${matching} refunds of ours`]
    }),
  ]
}

const violationsOfHistory = ({ orderId, history, version, status }: OurPayment): string[] => {
  const first = Math.max(1, version - historyKept + 1)
  const isWhole = history.length === version - first + 1
  const isInSteps = history.every((entry, index) => entry.version === first + index)
  const isCurrent = version === 0 || history.at(-1)?.status === status
  return isWhole && isInSteps && isCurrent
    ? []
    : [`${orderId}: version ${version} ${status} does not follow from ${history.map((entry) => entry.version).join()}`]
}

const violationsOfOrders = (orders: readonly OurOrder[], payments: readonly OurPayment[]): string[] => {
  const byOrder = groupBy(payments, ({ orderId }) => orderId)
  const known = new Set(orders.map(({ _id }) => _id))
  return [
    ...payments
      .filter(({ orderId }) => !known.has(orderId))
      .map(({ orderId, _id }) => `payment ${_id} is of the order ${orderId}, which does not exist`),
    ...orders.flatMap((order) => {
      const [payment, ...more] = byOrder.get(order._id) ?? []
      if (payment === undefined || more.length > 0) return [`${order._id}: ${more.length + (payment ? 1 : 0)} payments`]
      return violationsOfOrder(order, payment)
    }),
  ]
}

const violationsOfOrder = (order: OurOrder, payment: OurPayment): string[] => {
  const { _id, amountKrw, lines, status, paymentVersion, outbox } = order
  const sumKrw = lines.reduce((sum, { unitPriceKrw, quantity }) => sum + unitPriceKrw * quantity, 0)
  return [
    ...(status === projectOrderStatus(payment.status)
      ? []
      : [`${_id}: the order is ${status}, its payment ${payment.status}`]),
    ...(paymentVersion === payment.version
      ? []
      : [`${_id}: the order is at version ${paymentVersion}, its payment at ${payment.version}`]),
    ...(amountKrw === payment.amountKrw
      ? []
      : [`${_id}: the order is of ${amountKrw}, its payment ${payment.amountKrw}`]),
    ...(lines.length === 0 || sumKrw === amountKrw ? [] : [`${_id}: the lines make ${sumKrw}, the order ${amountKrw}`]),
    ...(outbox.length > 0 ? [`${_id}: the order has ${outbox.length} unsent events`] : []),
  ]
}

const groupBy = <T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}
