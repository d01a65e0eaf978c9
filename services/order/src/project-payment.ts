import { type OrderProjection, type PaymentStatus, projectPayment } from '@checkout/contracts/order-status'

type Dependencies = {
  readonly store: {
    findById(orderId: string): Promise<OrderProjection | undefined>
    /** Writes the projection unless the order already has this or a newer version. */
    project(orderId: string, projection: OrderProjection): Promise<void>
  }
}

/**
 * Brings an order up to what happened to its payment; duplicates and late events change nothing, in whatever order they come.
 * False when there is no such order.
 */
export const projectPaymentStatus = async (
  { store }: Dependencies,
  event: { readonly orderId: string; readonly status: PaymentStatus; readonly version: number },
): Promise<boolean> => {
  const order = await store.findById(event.orderId)
  if (order === undefined) return false
  const projection = projectPayment(order, event)
  if (projection !== undefined) await store.project(event.orderId, projection)
  return true
}
