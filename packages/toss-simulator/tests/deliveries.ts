import { expect } from '@jest/globals'
import { type Delivery, eventually, type Order, type Receiver } from './merchant.ts'

/** The deliveries for the order, once there are as many. */
export function received(receiver: Receiver, order: Order, count: number): Promise<Delivery[]> {
  return eventually(() => {
    const deliveries = receiver.of(order.orderId)
    expect(deliveries.length).toBeGreaterThanOrEqual(count)
    return deliveries
  })
}

/** The statuses that were told of the order, in the order of arrival. */
export function statusesTold(
  receiver: Receiver,
  order: Order,
  eventType: 'PAYMENT_STATUS_CHANGED' | 'DEPOSIT_CALLBACK',
): unknown[] {
  return receiver.of(order.orderId, eventType).map(({ body }) => {
    const { data } = body
    return typeof data === 'object' && data !== null && 'status' in data ? data.status : body.status
  })
}
