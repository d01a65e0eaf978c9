import { type Effect, effectOfWebhook, effectOnOrder, effectOnPayment } from '@checkout/contracts/effects'
import type { Topic } from '@checkout/contracts/events'
import { type OrderProjection, orderStatuses } from '@checkout/contracts/order-status'
import { type IncomingMessage, InvalidMessage } from '@checkout/messaging/bus'
import { readEvent } from '@checkout/messaging/read-event'

/** What a consumer knows of what an event is about, as its service says. */
export type Known = {
  readonly id: string
  readonly status?: string | undefined
  readonly version?: number | undefined
  readonly outcome?: string | undefined
}

/** What a message would do, and what the consumer would know after it. */
export type Verdict = {
  /** What the event is about: an order, or a webhook by its hash. */
  readonly id: string
  readonly kind: Effect<unknown>['kind']
  readonly before: string
  readonly after?: string
  readonly why?: string
  readonly next: Known | undefined
}

/** What a message is about, or why no consumer can understand it. */
export const aboutOf = (topic: Topic, message: IncomingMessage): { readonly id: string } | { readonly why: string } => {
  try {
    const { data } = readEvent(topic, message)
    return { id: 'bodyHash' in data ? data.bodyHash : data.orderId }
  } catch (error) {
    if (error instanceof InvalidMessage) return { why: error.message }
    throw error
  }
}

/** What a message would do to a consumer that knows `known`, by the functions that the consumer itself acts by. */
export const verdictOn = (topic: Topic, message: IncomingMessage, known: Known | undefined): Verdict => {
  try {
    switch (topic) {
      case 'payment.status-changed': {
        const { data } = readEvent(topic, message)
        const effect = effectOnOrder(projectionOf(known), data)
        const next = (after: OrderProjection): Known => ({
          id: data.orderId,
          status: after.status,
          version: after.paymentVersion,
        })
        return told(data.orderId, known, effect, (after) => ({ next: next(after), text: describe(next(after)) }))
      }
      case 'order.created': {
        const { data } = readEvent(topic, message)
        const open = known && { status: known.status ?? '', version: known.version ?? 0 }
        return told(data.orderId, known, effectOnPayment(open, data), ({ status, version }) => {
          const next = { id: data.orderId, status, version }
          return { next, text: describe(next) }
        })
      }
      case 'toss.webhook-received': {
        const { data } = readEvent(topic, message)
        return told(data.bodyHash, known, effectOfWebhook(known, data), (after) =>
          after.kind === 'ends'
            ? { next: { id: data.bodyHash, outcome: after.outcome }, text: `${after.outcome} (${after.reason})` }
            : { next: { id: data.bodyHash }, text: 'rings its payment: Toss is asked' },
        )
      }
    }
  } catch (error) {
    if (!(error instanceof InvalidMessage)) throw error
    return { id: message.key ?? '', kind: 'refused', before: describe(known), why: error.message, next: known }
  }
}

const told = <State>(
  id: string,
  known: Known | undefined,
  effect: Effect<State>,
  change: (after: State) => { next: Known; text: string },
): Verdict => {
  const before = describe(known)
  if (effect.kind !== 'change') return { id, kind: effect.kind, before, why: effect.why, next: known }
  const { next, text } = change(effect.after)
  return { id, kind: 'change', before, after: text, next }
}

const projectionOf = (known: Known | undefined): OrderProjection | undefined => {
  const status = orderStatuses.find((one) => one === known?.status)
  return status === undefined ? undefined : { status, paymentVersion: known?.version ?? 0 }
}

export const describe = (known: Known | undefined): string => {
  if (known === undefined) return 'unknown'
  if (known.status !== undefined) return `${known.status} version ${known.version ?? 0}`
  return known.outcome ?? 'open'
}
