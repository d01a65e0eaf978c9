/** Every status of a payment, the source of truth of an order's money. */
export const paymentStatuses = [
  'PENDING',
  'CONFIRMING',
  'WAITING_FOR_DEPOSIT',
  'PAID',
  'PARTIAL_REFUND',
  'REFUNDED',
  'CANCELED',
  'FAILED',
] as const
export type PaymentStatus = (typeof paymentStatuses)[number]

export const orderStatuses = ['PENDING', 'PAID', 'CANCELED', 'FAILED'] as const
export type OrderStatus = (typeof orderStatuses)[number]

/** An order's status is nothing but a projection of its payment's. */
export const projectOrderStatus = (status: PaymentStatus): OrderStatus => {
  switch (status) {
    case 'PENDING':
    case 'CONFIRMING':
    case 'WAITING_FOR_DEPOSIT':
      return 'PENDING'
    case 'PAID':
    case 'PARTIAL_REFUND':
      return 'PAID'
    case 'REFUNDED':
    case 'CANCELED':
      return 'CANCELED'
    case 'FAILED':
      return 'FAILED'
  }
}

/** What the order service keeps of a payment: the status and the version that it came from. */
export type OrderProjection = { readonly status: OrderStatus; readonly paymentVersion: number }

/**
 * The order's projection after a payment event, or undefined when the event is a duplicate or older than what is known.
 * The newest event alone is enough, because each carries the whole state. At the same version the event is right: whoever knows
 * something else of this version was spoiled, and is healed by hearing it again.
 */
export const projectPayment = (
  known: OrderProjection,
  event: { readonly status: PaymentStatus; readonly version: number },
): OrderProjection | undefined => {
  const status = projectOrderStatus(event.status)
  const isNews =
    event.version > known.paymentVersion || (event.version === known.paymentVersion && status !== known.status)
  return isNews ? { status, paymentVersion: event.version } : undefined
}
