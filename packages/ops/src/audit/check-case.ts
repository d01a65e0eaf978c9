import { type OrderProjection, projectPayment } from '@checkout/contracts/order-status'
import { historyViolations, logViolations } from './check-log.ts'
import { moneyViolations } from './check-money.ts'
import type { AuditedPayment, Case, Say, Violation } from './records.ts'

/** The expiry is found by a sweep and settled like all work; with this much delay something is wrong. */
const EXPIRY_GRACE_MS = 10 * 60_000
/** What is due or unsent for longer than this is not being worked on. */
export const REST_MS = 60_000

/** Every way in which what is known of one order contradicts itself. `at` is when it was read, by the database's clock. */
export const checkCase = (one: Case, at: Date): Violation[] => {
  const found: Violation[] = []
  const say: Say = (invariant, detail) => found.push({ invariant, subject: one.orderId, key: one.orderId, detail })
  moneyViolations(one, say)
  historyViolations(one, say)
  logViolations(one, say)
  consumerViolations(one, say)
  for (const payment of one.payments) timeViolations(payment, at, say)
  restViolations(one, at, say)
  return found
}

/** I14: the order as the log makes it, by the very function that its consumer uses. */
const consumerViolations = ({ order, payments, facts }: Case, say: Say): void => {
  const created = facts.find(({ topic }) => topic === 'order.created')
  const [payment] = payments
  if (created !== undefined && payment !== undefined && created.amountKrw !== payment.amountKrw) {
    say('I14', `the payment is of ${payment.amountKrw} KRW, order.created of ${created.amountKrw}`)
  }
  const changes = facts.filter(({ topic }) => topic === 'payment.status-changed')
  const newest = changes.find(({ version }) => version === payment?.version)
  if (payment !== undefined && newest !== undefined) {
    if (newest.status !== payment.status || newest.refundedKrw !== payment.refundedKrw) {
      say(
        'I14',
        `version ${payment.version} of the payment is ${payment.status} (${payment.refundedKrw} KRW refunded), its event says ${newest.status} (${newest.refundedKrw})`,
      )
    }
  }
  if (order === undefined) return
  let folded: OrderProjection = { status: 'PENDING', paymentVersion: 0 }
  for (const { status, version, isConsumed } of changes) {
    if (status !== undefined && isConsumed) folded = projectPayment(folded, { status, version }) ?? folded
  }
  // Ahead of what is committed is no contradiction: the offset follows the effect.
  if (order.paymentVersion > folded.paymentVersion) {
    const effect = changes.find(({ version }) => version === order.paymentVersion)
    if (effect?.status !== undefined) folded = projectPayment(folded, { ...effect, status: effect.status }) ?? folded
  }
  if (order.status !== folded.status || order.paymentVersion !== folded.paymentVersion) {
    say(
      'I14',
      `the order is ${order.status} at version ${order.paymentVersion}, the log makes it ${folded.status} at ${folded.paymentVersion}`,
    )
  }
}

/** I18 and I20: what time does, and that nothing open is known to Redis alone. */
const timeViolations = (payment: AuditedPayment, at: Date, say: Say): void => {
  const { status, due, expiresAt, failure } = payment
  const open = payment.attempts.filter(({ outcome }) => outcome === undefined)
  if (status === 'PENDING' && open.length === 0 && at.getTime() > expiresAt.getTime() + EXPIRY_GRACE_MS) {
    say('I18', `nobody pays it, and it is PENDING since ${expiresAt.toISOString()}, when it expired`)
  }
  if (status === 'FAILED' && failure?.code === 'ORDER_EXPIRED' && open.length > 0) {
    say('I18', `it expired although attempt ${open[0]?.id} is open`)
  }
  const work = [
    ...open.map(({ id }) => `attempt ${id}`),
    ...payment.refunds.filter((refund) => refund.status === 'REQUESTED').map(({ id }) => `refund ${id}`),
    ...payment.attempts.filter((attempt) => attempt.void?.status === 'REQUESTED').map(({ id }) => `the void of ${id}`),
    ...(status === 'PENDING' ? ['the expiry'] : []),
  ]
  if (due === undefined && work.length > 0 && payment.lease === undefined) {
    say('I20', `${work.join(', ')} is open, and nothing in MongoDB says when to go on`)
  }
}

/** I12 and I19: events that were not sent, and work that nobody does. */
const restViolations = ({ order, payments }: Case, at: Date, say: Say): void => {
  const isOld = (since: Date | undefined) => since !== undefined && at.getTime() - since.getTime() > REST_MS
  for (const document of [...(order === undefined ? [] : [order]), ...payments]) {
    const [unsent] = document.outbox
    if (unsent !== undefined) say('I12', `${unsent.id} is not sent`)
    if (isOld(unsent?.at)) say('I19', `${unsent?.id} waits to be sent since ${unsent?.at.toISOString()}`)
  }
  for (const { due, lease } of payments) {
    const isWorkedOn = lease !== undefined && lease.until > at
    if (isOld(due) && !isWorkedOn) say('I19', `its work is due since ${due?.toISOString()}`)
  }
}
