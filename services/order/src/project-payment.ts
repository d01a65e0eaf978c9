import { type Effect, effectOnOrder } from '@checkout/contracts/effects'
import type { OrderProjection, PaymentStatus } from '@checkout/contracts/order-status'
import { crashPoint } from '@checkout/runtime/crash-point'

type Dependencies = {
  readonly store: {
    findById(orderId: string): Promise<OrderProjection | undefined>
    /** Writes the projection unless the order already has a newer version. */
    project(orderId: string, projection: OrderProjection): Promise<void>
  }
}

/**
 * Brings an order up to what happened to its payment; duplicates and late events change nothing, in whatever order they come.
 * @returns what the event did
 */
export const projectPaymentStatus = async (
  { store }: Dependencies,
  event: { readonly orderId: string; readonly status: PaymentStatus; readonly version: number },
): Promise<Effect<OrderProjection>> => {
  const effect = effectOnOrder(await store.findById(event.orderId), event)
  if (effect.kind !== 'change') return effect
  crashPoint('project.before-write')
  await store.project(event.orderId, effect.after)
  crashPoint('project.after-write')
  return effect
}
