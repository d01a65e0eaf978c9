import { effectOnOrder } from '@checkout/contracts/effects'
import { type OrderProjection, projectOrderStatus } from '@checkout/contracts/order-status'
import type { TossBooks } from '@checkout/stack/testing/book-records'
import { refundTag } from '../../src/domain/apply-cancels.ts'
import type { Payment } from '../../src/domain/payment.ts'
import { type Sale, statusOf, sum } from './ledger.ts'

type Stored = Payment & { readonly outbox: readonly { readonly event: { readonly data: unknown } }[] }

/** Everything in which the ledger, Toss's books and our document differ at rest, as text. */
export const differences = (sale: Sale, payment: Stored | undefined, toss: TossBooks): string[] => {
  const found: string[] = []
  const must = (holds: boolean, text: string) => {
    if (!holds) found.push(text)
  }
  const taken = (paymentKey: string, kind: 'approve' | 'cancel') =>
    toss.transactions.filter((entry) => entry.paymentKey === paymentKey && entry.kind === kind)
  const heldKrw = (paymentKey: string) =>
    sum(taken(paymentKey, 'approve').map(({ amount }) => amount)) -
    sum(taken(paymentKey, 'cancel').map(({ amount }) => amount))

  for (const window of sale.windows) {
    const { paymentKey, told, asked, asksAgain, isApprovedElsewhere } = window
    const approvals = taken(paymentKey, 'approve')
    must(approvals.length <= 1 || sale.means === 'account', `${paymentKey} was approved ${approvals.length} times`)
    must(
      approvals.every(({ amount }) => amount === sale.amountKrw),
      `${paymentKey} took another amount`,
    )
    must(asked === 'yes' || isApprovedElsewhere || approvals.length === 0, `${paymentKey} was approved unasked`)
    must(
      told !== 'refused' || isApprovedElsewhere || heldKrw(paymentKey) === 0,
      `${paymentKey} was refused, and Toss holds its money`,
    )
    must(told !== 'open' || asked !== 'yes' || !asksAgain, `${paymentKey} is still open`)
    must(told !== 'paid' || approvals.length > 0, `${paymentKey} was told paid, and Toss took nothing`)
    must(told !== 'paid' || sale.isReversed || payment?.paymentKey === paymentKey, `${paymentKey} was told paid`)
  }
  const holding = sale.windows.filter(({ paymentKey }) => heldKrw(paymentKey) > 0)
  must(holding.length <= 1, `${holding.length} windows hold money`)
  if (payment === undefined) {
    must(holding.length === 0, 'Toss holds money, and there is no payment')
    return found
  }
  must(
    holding.every(({ paymentKey }) => paymentKey === payment.paymentKey),
    'the money is in another window',
  )

  const paying = toss.payments.find(({ paymentKey }) => paymentKey === payment.paymentKey)
  const takenKrw = paying === undefined || paying.approvedAt === null ? 0 : paying.totalAmount
  const backKrw = takenKrw === 0 ? 0 : sum((paying?.cancels ?? []).map(({ cancelAmount }) => cancelAmount))
  const statuses = statusOf(sale, {
    takenKrw,
    backKrw,
    isWaiting: paying?.status === 'WAITING_FOR_DEPOSIT',
    isCanceledUnpaid: paying?.status === 'CANCELED',
  })
  must(statuses.includes(payment.status), `the payment is ${payment.status}, and not ${statuses.join(' or ')}`)
  must(payment.refundedKrw === backKrw, `${payment.refundedKrw} refunded, and Toss gave back ${backKrw}`)
  must(
    payment.status !== 'CONFIRMING' && payment.attempts.every(({ outcome }) => outcome !== undefined),
    'a confirm is still open',
  )
  must(payment.needsAttention === undefined, `it needs attention: ${payment.needsAttention?.reason}`)
  must(payment.reservedKrw === 0, `${payment.reservedKrw} still reserved`)
  must(backKrw <= sale.amountKrw, 'more went back than was paid')

  for (const { key, told, refundId, amountKrw } of sale.refunds) {
    const done = (paying?.cancels ?? []).filter(
      ({ cancelReason }) => refundId !== undefined && cancelReason.endsWith(refundTag(refundId)),
    )
    must(done.length <= 1, `refund ${key} was done ${done.length} times`)
    // Before a deposit there is nothing to give back: the account is closed, whoever has closed it.
    const isDone = takenKrw === 0 ? paying?.status === 'CANCELED' : done[0]?.cancelAmount === amountKrw
    must(told !== 'done' || isDone, `refund ${key} was told done`)
    must(told !== 'refused' || done.length === 0, `refund ${key} was refused, and is done`)
  }
  const consoleKrw = sale.consoleKrw.get(payment.paymentKey ?? '') ?? 0
  const ours = payment.refunds.filter(({ status, origin }) => status === 'DONE' && origin === 'API')
  must(
    takenKrw === 0 || backKrw === consoleKrw + sum(ours.map((refund) => refund.amountKrw)),
    'money went back unasked',
  )
  const transactionKeys = ours.map(({ transactionKey }) => transactionKey)
  must(new Set(transactionKeys).size === ours.length || takenKrw === 0, 'two refunds for one cancel')
  return [...found, ...oneKeyEach(toss), ...eventProblems(sale, payment)].map((text) => `${sale.orderId}: ${text}`)
}

/** A call that was not answered may have had its effect: whoever repeats it must do so under its key. */
const oneKeyEach = ({ calls }: TossBooks): string[] =>
  calls.flatMap(({ idempotencyKey, status }, i) => {
    if (idempotencyKey === undefined || status !== null) return []
    const intent = intentOf(idempotencyKey)
    const next = calls.slice(i + 1).find((call) => intentOf(call.idempotencyKey ?? '') === intent)
    return next === undefined || next.idempotencyKey === idempotencyKey
      ? []
      : [`${idempotencyKey} was not answered, and sent again as ${next.idempotencyKey}`]
  })

const intentOf = (key: string): string => key.replace(/-\d+$/, '')

/** Every version was announced once, and whoever hears of them in any order, twice, knows what the payment knows. */
const eventProblems = (sale: Sale, { version, status, outbox }: Stored): string[] => {
  const events = outbox.map(
    ({ event }) => event.data as { orderId: string; version: number; status: Payment['status'] },
  )
  const versions = events.map((event) => event.version)
  const missing = versions.length !== version || versions.some((number, i) => number !== i + 1)
  const start: OrderProjection = { status: 'PENDING', paymentVersion: 0 }
  const fold = (heard: typeof events) =>
    heard.reduce((known, event) => {
      const effect = effectOnOrder(known, event)
      return effect.kind === 'change' ? effect.after : known
    }, start)
  const expected = JSON.stringify({ status: projectOrderStatus(status), paymentVersion: version })
  const orders = [events, events.toReversed(), [...events, ...events], [...events.slice(1), ...events.slice(0, 1)]]
  const differs = version > 0 && orders.some((heard) => JSON.stringify(fold(heard)) !== expected)
  return [
    ...(missing ? [`versions ${versions.join(', ')} were announced of ${version} for ${sale.orderId}`] : []),
    ...(differs ? ['the order of its events makes another order'] : []),
  ]
}
