import { type CloudEvent, parseEvent } from '@checkout/contracts/events'
import { type IncomingMessage, InvalidMessage, type Subscription } from '@checkout/messaging/bus'
import { projectPaymentStatus } from './project-payment.ts'
import type { OrderStore } from './store.ts'

/** What this service hears from the payment service. */
export const paymentEvents = (store: OrderStore): Subscription => ({
  group: 'order',
  topics: ['payment.status-changed'],
  handle: async (message) => {
    const { data } = parse(message)
    const isKnown = await projectPaymentStatus({ store }, data)
    // An order is durable before its payment can exist, so waiting would not make it appear.
    if (!isKnown) throw new InvalidMessage(`there is no order ${data.orderId}`)
  },
})

const parse = ({ value }: IncomingMessage): CloudEvent<'payment.status-changed'> => {
  try {
    return parseEvent('payment.status-changed', value?.toString() ?? '')
  } catch (error) {
    throw new InvalidMessage('it is no payment.status-changed event', { cause: error })
  }
}
