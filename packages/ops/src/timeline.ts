import type { EventData } from '@checkout/contracts/events'
import { projectOrderStatus } from '@checkout/contracts/order-status'
import { scrub } from '@checkout/contracts/personal-data'
import type { OrderEvent } from './read-order-events.ts'

/** One line. `at` is an ISO instant; `text` is for a person. */
export type Line = {
  readonly at: string
  readonly from: 'order' | 'payment' | 'kafka'
  readonly kind: string
  readonly text: string
  readonly version?: number
  readonly status?: string
  readonly requestId?: string
  readonly topic?: string
  readonly partition?: number
  readonly offset?: string
}

/** As a service answers it. */
type Entry = {
  readonly at: string
  readonly kind: string
  readonly text: string
  readonly version?: string
  readonly status?: string
  readonly requestId?: string
}

/** How an order stood at a moment. */
export type StateAsOf = {
  readonly at: string
  readonly order: { readonly status: string; readonly paymentVersion: number } | undefined
  readonly payment:
    | { readonly status: string; readonly version: number; readonly refundedKrw?: number; readonly failure?: string }
    | undefined
}

export type Sources = {
  readonly order: readonly Entry[]
  readonly payment: readonly Entry[]
  readonly events: readonly OrderEvent[]
}

/** Everything that happened up to `at`, oldest first, and how the order stood then. */
export const mergeTimeline = (sources: Sources, at: Date): { lines: readonly Line[]; state: StateAsOf } => {
  const all: readonly Line[] = [
    ...sources.order.map((entry) => lineOf('order', entry)),
    ...sources.payment.map((entry) => lineOf('payment', entry)),
    ...sources.events.map(eventLine),
  ]
  const lines = all
    .filter((line) => Date.parse(line.at) <= at.getTime())
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
  return { lines, state: stateAsOf(lines, sources.events, at) }
}

// What the services tell has no secrets. This is the second wall, as in the logs.
const lineOf = (from: 'order' | 'payment', { at, kind, text, version, status, requestId }: Entry): Line => ({
  at,
  from,
  kind,
  text: scrub(text),
  ...(version === undefined ? {} : { version: Number(version) }),
  ...(status === undefined ? {} : { status }),
  ...(requestId === undefined ? {} : { requestId: scrub(requestId) }),
})

const eventLine = ({ at, topic, partition, offset, text, payment }: OrderEvent): Line => ({
  at: at.toISOString(),
  from: 'kafka',
  kind: 'event',
  text: `${topic} ${partition}/${offset}: ${scrub(text)}`,
  ...(payment === undefined ? {} : { version: payment.version, status: payment.status }),
  topic,
  partition,
  offset,
})

const stateAsOf = (lines: readonly Line[], events: readonly OrderEvent[], at: Date): StateAsOf => {
  const order = newest(lines.filter(({ kind }) => kind === 'order'))
  const state = newest(lines.filter(({ kind }) => kind === 'state'))
  // The log is kept for ever, the payment's own history is not, and amounts stand in the log alone.
  const event = events
    .flatMap(({ payment }) =>
      payment !== undefined && Date.parse(payment.occurredAt) <= at.getTime() ? [payment] : [],
    )
    .reduce<EventData<'payment.status-changed'> | undefined>(
      (best, next) => (best === undefined || next.version > best.version ? next : best),
      undefined,
    )
  const version = Math.max(state?.version ?? -1, event?.version ?? -1)
  const status = event?.version === version ? event.status : state?.status
  return {
    at: at.toISOString(),
    order: order && { status: order.status ?? '', paymentVersion: order.version ?? 0 },
    payment:
      status === undefined
        ? undefined
        : {
            status,
            version,
            ...(event?.version === version ? { refundedKrw: event.refundedKrw } : {}),
            ...(event?.version === version && event.failure !== undefined ? { failure: event.failure.code } : {}),
          },
  }
}

const newest = (lines: readonly Line[]): Line | undefined =>
  lines.reduce<Line | undefined>(
    (best, line) => (line.version !== undefined && line.version >= (best?.version ?? -1) ? line : best),
    undefined,
  )

/** For a person: what a client that asked at that moment would have been told. */
export const shownStatus = ({ order, payment }: StateAsOf): string => {
  if (order === undefined) return 'there was no such order yet'
  if (payment === undefined || payment.version < order.paymentVersion) return order.status
  return projectOrderStatus(payment.status as Parameters<typeof projectOrderStatus>[0])
}
