import { AppError } from '@checkout/contracts/errors'
import { oldestFirst, type TimelineEntry } from '@checkout/contracts/timeline'
import { describeAction, type OperatorAction, type OperatorActions } from '@checkout/runtime/operator-actions'
import type { Attempt, Payment, Refund } from './domain/payment.ts'
import type { CallLine, Journal, JournalOf, RunLine, TakeOverLine } from './journal.ts'
import type { PaymentStore } from './store.ts'
import type { WebhookEvent, WebhookEventStore } from './webhook-events.ts'

/** Toss resends a webhook eight times, and statuses are few: more of them are a flood. */
const MAX_WEBHOOKS = 100
const MAX_ACTIONS = 100

export type TimelineDeps = {
  readonly store: Pick<PaymentStore, 'findByOrder'>
  readonly journal: Pick<Journal, 'of'>
  readonly webhookEvents: Pick<WebhookEventStore, 'ofPayment'>
  readonly actions: Pick<OperatorActions, 'actsOn'>
}

/** @throws AppError PAYMENT_NOT_FOUND */
export const readTimeline = async (
  { store, journal, webhookEvents, actions }: TimelineDeps,
  orderId: string,
): Promise<{ payment: Payment; entries: readonly TimelineEntry[] }> => {
  const payment = await store.findByOrder(orderId)
  if (payment === undefined) throw new AppError('PAYMENT_NOT_FOUND')
  const [lines, webhooks, acts] = await Promise.all([
    journal.of(orderId),
    webhookEvents.ofPayment(payment._id, MAX_WEBHOOKS),
    actions.actsOn(orderId, MAX_ACTIONS),
  ])
  return { payment, entries: timelineOf(payment, lines, webhooks, acts) }
}

/** What this service knows of how a payment came to be as it is, oldest first. */
export const timelineOf = (
  payment: Payment,
  journal: JournalOf,
  webhooks: readonly WebhookEvent[],
  acts: readonly OperatorAction[],
): readonly TimelineEntry[] => {
  // What happened in the same millisecond stands in the order in which one leads to the other.
  return oldestFirst([
    ...requestsOf(payment, journal),
    ...acts.map((act) => ({ at: act.at, kind: 'operator' as const, text: describeAction(act) })),
    ...journal.takeOvers.map(takeOverEntry),
    ...statesOf(payment),
    ...journal.runs.map(runEntry),
    ...lostCallsOf(payment, journal),
    ...journal.calls.map(callEntry),
    ...webhooks.flatMap(webhookEntries),
  ])
}

const takeOverEntry = ({ at, from, endedAt, to }: TakeOverLine): TimelineEntry => ({
  at,
  kind: 'lease',
  text: `run ${from} is dead, its lease ended at ${endedAt.toISOString()}; ${to} goes on`,
})

const runEntry = ({ at, ms, by, owner, end }: RunLine): TimelineEntry => ({
  at,
  kind: 'job',
  text: `settle, run by the ${by} (${owner}): ${end} after ${ms} ms`,
})

const callEntry = ({ at, ms, call, key, answer }: CallLine): TimelineEntry => ({
  at,
  kind: 'toss',
  text: `${call === 'look' ? 'GET' : `POST ${call}`} (${key}) → ${answer}, after ${ms} ms`,
})

const statesOf = ({ createdAt, history, version }: Payment): TimelineEntry[] => {
  const opened = { at: createdAt, kind: 'state', text: 'opened', version: 0, status: 'PENDING' } as const
  const first = history[0]?.version ?? version + 1
  const gap = first - 1
  return [
    opened,
    ...(gap > 0
      ? [
          {
            at: history[0]?.at ?? createdAt,
            kind: 'state' as const,
            text: `versions 1 to ${gap} are not kept any more`,
          },
        ]
      : []),
    ...history.map(({ at, cause, version: reached, status, requestId }) => ({
      at,
      kind: 'state' as const,
      text: cause,
      version: reached,
      status,
      ...(requestId === undefined ? {} : { requestId }),
    })),
  ]
}

/** Those that were answered, and those that wrote something and then died with their process. */
const requestsOf = ({ history }: Payment, { requests }: JournalOf): TimelineEntry[] => {
  const answered = new Set(requests.map(({ requestId }) => requestId))
  return [
    ...requests.map(({ at, ms, method, requestId, outcome }) => ({
      at,
      kind: 'request' as const,
      text: `${method} → ${outcome}, after ${ms} ms`,
      requestId,
    })),
    ...history.flatMap(({ at, cause, requestId }) =>
      requestId === undefined || answered.has(requestId)
        ? []
        : [{ at, kind: 'request' as const, text: `${cause}; its answer is not on record`, requestId }],
    ),
  ]
}

/** Calls that were announced in the payment and never answered here: their process died. */
const lostCallsOf = ({ attempts, refunds }: Payment, { calls }: JournalOf): TimelineEntry[] => {
  const lost = (what: string, { id, lastPostAt }: Pick<Attempt | Refund, 'id' | 'lastPostAt'>): TimelineEntry[] =>
    lastPostAt === undefined || calls.some(({ at, key }) => key.startsWith(id) && at >= lastPostAt)
      ? []
      : [{ at: lastPostAt, kind: 'toss', text: `POST ${what} (${id}) was about to be sent; no answer is on record` }]
  return [
    ...attempts.flatMap((attempt) => lost('confirm', attempt)),
    ...refunds.flatMap((refund) => lost('cancel', refund)),
  ]
}

const webhookEntries = (event: WebhookEvent): TimelineEntry[] => {
  const name = `${event.eventType}${event.status === undefined ? '' : ` ${event.status}`} (${event._id.slice(0, 12)})`
  const { outcome, justifiedBy, reason } = event
  const why = reason === undefined ? '' : `: ${reason}`
  const seen = justifiedBy === undefined ? '' : `, Toss said ${justifiedBy.status}`
  return [
    { at: event.storedAt, kind: 'webhook', text: `${name} came` },
    ...(outcome === undefined
      ? []
      : [
          {
            at: justifiedBy?.at ?? event.storedAt,
            kind: 'webhook' as const,
            text: `${name} is ${outcome}${why}${seen}`,
          },
        ]),
  ]
}
