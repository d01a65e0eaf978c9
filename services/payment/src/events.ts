import type { Bus } from '@checkout/messaging/bus'
import { readEvent } from '@checkout/messaging/read-event'
import { openPayment } from './open-payment.ts'
import { receiveWebhook, type WebhookDeps } from './receive-webhook.ts'

/** Consumes what concerns payments. Handlers store, ring and return; none calls Toss. */
export const consumeEvents = (bus: Bus, deps: WebhookDeps): { close(): Promise<void> } =>
  bus.consume({
    group: 'payment',
    topics: ['order.created', 'toss.webhook-received'],
    handle: async (message) => {
      if (message.topic === 'order.created') await openPayment(deps, readEvent('order.created', message).data)
      else await receiveWebhook(deps, readEvent('toss.webhook-received', message).data)
    },
  })
