import { cloudEvent, type TossWebhookReceived } from '@checkout/contracts/events'
import type { Bus } from '@checkout/messaging/bus'
import { messageKey } from './domain/webhook.ts'

/** While Kafka is away, deliveries that nobody waits for any more pile up behind it; beyond this many, new ones are refused at once. */
const MAX_PENDING = 2_000

/** Resolves once Kafka has the event; rejects when that is not certain within `timeoutMs`. */
export type PublishWebhook = (event: TossWebhookReceived, timeoutMs: number) => Promise<void>

export const createPublisher = (bus: Pick<Bus, 'publish'>): PublishWebhook => {
  let pending = 0
  return async (event, timeoutMs) => {
    if (pending >= MAX_PENDING) throw new Error('too many webhooks wait for Kafka')
    const key = messageKey(event)
    const value = cloudEvent('toss.webhook-received', {
      id: event.bodyHash,
      service: 'webhook-gateway',
      subject: key,
      time: new Date(event.receivedAt),
      data: event,
    })
    pending += 1
    const publishing = bus
      .publish('toss.webhook-received', [
        { key, value: JSON.stringify(value), headers: { 'content-type': 'application/cloudevents+json' } },
      ])
      .finally(() => {
        pending -= 1
      })
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('Kafka did not acknowledge in time')), Math.max(0, timeoutMs))
    })
    try {
      await Promise.race([publishing, late])
    } finally {
      clearTimeout(timer)
    }
  }
}
