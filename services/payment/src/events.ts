import { parseEvent } from '@checkout/contracts/events'
import { type Bus, type IncomingMessage, InvalidMessage } from '@checkout/messaging/bus'
import { openPayment } from './open-payment.ts'
import { receiveWebhook, type WebhookDeps } from './receive-webhook.ts'

/** Consumes what concerns payments. Handlers store, ring and return; none calls Toss. */
export const consumeEvents = (bus: Bus, deps: WebhookDeps): { close(): Promise<void> } =>
  bus.consume({
    group: 'payment',
    topics: ['order.created', 'toss.webhook-received'],
    handle: async (message) => {
      if (message.topic === 'order.created') await openPayment(deps, parse('order.created', message).data)
      else await receiveWebhook(deps, parse('toss.webhook-received', message).data)
    },
  })

const parse = <T extends 'order.created' | 'toss.webhook-received'>(topic: T, message: IncomingMessage) => {
  try {
    return parseEvent(topic, message.value?.toString() ?? '')
  } catch (error) {
    throw new InvalidMessage(error instanceof Error ? error.message : String(error), { cause: error })
  }
}
