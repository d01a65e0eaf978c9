import { AppError } from '@checkout/contracts/errors'
import { echo } from '@checkout/contracts/personal-data'
import type { CallContext } from '@checkout/contracts/rpc'
import { crashPoint } from '@checkout/runtime/crash-point'
import { beginOrder } from '@checkout/runtime/trace'
import {
  type Idempotency,
  isMadeBy,
  type Order,
  type OrderItem,
  type OrderLine,
  openOrder,
  type Product,
  type Purchase,
  totalKrw,
} from './domain/order.ts'

type Dependencies = {
  readonly store: {
    isCustomer(userId: string): Promise<boolean>
    findByIdempotencyKey(key: string): Promise<Order | undefined>
    /** Writes the order and its event in one; false when an order with its idempotency key exists. */
    insert(order: Order): Promise<boolean>
  }
  readonly catalog: {
    getProducts(ids: readonly number[], context: CallContext): Promise<ReadonlyMap<number, Product>>
  }
  readonly clock: { now(): Date }
  readonly newOrderId: () => string
  readonly ttlMs: number
}

export type CreateOrder = {
  /** As the caller chose it. */
  readonly orderId?: string | undefined
  readonly userId?: string | undefined
  readonly purchase: Purchase
  readonly idempotency?: Idempotency | undefined
}

/** Makes an order, or finds the one that the same request made before. */
export const createOrder = async (
  { store, catalog, clock, newOrderId, ttlMs }: Dependencies,
  { orderId = newOrderId(), userId, purchase, idempotency }: CreateOrder,
  context: CallContext,
): Promise<{ order: Order; isReplayed: boolean }> => {
  // Before anything else: a repeated request gets its order also when prices have changed or the catalog is away.
  const earlier = idempotency && (await store.findByIdempotencyKey(idempotency.key))
  if (idempotency && earlier) return replay(earlier, idempotency)

  if (userId !== undefined && !(await store.isCustomer(userId))) throw new AppError('USER_NOT_FOUND')
  const lines = purchase.kind === 'amount' ? [] : await priceLines(catalog, purchase.items, context)
  const amountKrw = purchase.kind === 'amount' ? purchase.amountKrw : totalKrw(lines)
  const order = openOrder({
    orderId,
    userId,
    amountKrw,
    lines,
    createdAt: clock.now(),
    ttlMs,
    idempotency,
    requestId: context.requestId,
  })
  crashPoint('create.before-insert')
  if (await beginOrder(orderId, () => store.insert(order))) {
    crashPoint('create.after-insert')
    return { order, isReplayed: false }
  }

  // Another request with this key was faster by so little that the look above did not see it; the unique index did.
  const winner = idempotency && (await store.findByIdempotencyKey(idempotency.key))
  if (!idempotency || !winner) throw new AppError('SERVICE_UNAVAILABLE', { retryAfterSeconds: 1 })
  return replay(winner, idempotency)
}

const replay = (order: Order, idempotency: Idempotency): { order: Order; isReplayed: boolean } => {
  if (!isMadeBy(order, idempotency)) throw new AppError('IDEMPOTENCY_KEY_REUSED')
  return { order, isReplayed: true }
}

const priceLines = async (
  catalog: Dependencies['catalog'],
  items: readonly OrderItem[],
  context: CallContext,
): Promise<OrderLine[]> => {
  const products = await catalog.getProducts(
    items.map(({ productId }) => productId),
    context,
  )
  return items.map(({ productId, quantity }) => {
    const product = products.get(productId)
    if (!product?.isActive) {
      throw new AppError('PRODUCT_NOT_FOUND', {
        detail: `product ${echo(String(productId))} does not exist or is not for sale`,
      })
    }
    return { productId, name: product.name, unitPriceKrw: product.listPriceKrw, quantity }
  })
}
