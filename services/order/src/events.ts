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
    const isKnown = await projectPaymentStatus({ store }, data)
    // An order is durable before its payment can exist, so waiting would not make it appear.
    if (!isKnown) throw new InvalidMessage(`there is no order ${data.orderId}`)
  },
})
