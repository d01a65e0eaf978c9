import { InvalidMessage, type Subscription } from '@checkout/messaging/bus'
import { readEvent } from '@checkout/messaging/read-event'
import { projectPaymentStatus } from './project-payment.ts'
import type { OrderStore } from './store.ts'

/** What this service hears from the payment service. */
export const paymentEvents = (store: OrderStore): Subscription => ({
  group: 'order',
  topics: ['payment.status-changed'],
  handle: async (message) => {
    const { data } = readEvent('payment.status-changed', message)
    const effect = await projectPaymentStatus({ store }, data)
    if (effect.kind === 'refused') throw new InvalidMessage(effect.why)
  },
})
