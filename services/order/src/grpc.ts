import { AppError, invalidInput } from '@checkout/contracts/errors'
import { isOrderId } from '@checkout/contracts/order-id'
import type { orderService, RpcHandlers } from '@checkout/contracts/rpc'
import { createOrder } from './create-order.ts'
import { isVisibleTo, type Order, readPurchase } from './domain/order.ts'
import type { OrderStore } from './store.ts'

const DEFAULT_PAGE = 20
const MAX_PAGE = 100

type Dependencies = {
  readonly store: OrderStore
  readonly create: Omit<Parameters<typeof createOrder>[0], 'store'>
  /** Called with each order just made, whose event waits in its outbox. */
  readonly onCreated: (orderId: string) => void
}

const readOrderId = (given: string | undefined): string | undefined => {
  if (given === undefined || isOrderId(given)) return given
  throw invalidInput('orderId', 'is no order id')
}

const toMessage = (order: Order) => ({
  orderId: order.orderId,
  ...(order.userId === undefined ? {} : { userId: order.userId }),
  amountKrw: String(order.amountKrw),
  currency: order.currency,
  status: order.status,
  createdAt: order.createdAt.toISOString(),
  expiresAt: order.expiresAt.toISOString(),
  lines: order.lines.map(({ productId, name, unitPriceKrw, quantity }) => ({
    productId: String(productId),
    name,
    unitPriceKrw: String(unitPriceKrw),
    quantity,
  })),
  paymentVersion: String(order.paymentVersion),
})

export const orderHandlers = ({ store, create, onCreated }: Dependencies): RpcHandlers<typeof orderService> => ({
  CreateOrder: async ({ orderId, userId, amountKrw, items, idempotency }, context) => {
    const { order, isReplayed } = await createOrder(
      { ...create, store },
      {
        orderId: readOrderId(orderId),
        userId,
        purchase: readPurchase({ amountKrw, items }),
        idempotency: idempotency ?? undefined,
      },
      context,
    )
    if (!isReplayed) onCreated(order.orderId)
    return { orderId: order.orderId, amountKrw: String(order.amountKrw), currency: order.currency, isReplayed }
  },
  GetOrder: async ({ orderId, viewer }) => {
    const order = await store.findById(orderId)
    // Somebody else's order looks as if it did not exist, so that ids cannot be probed.
    if (order === undefined || (viewer && !isVisibleTo(order, viewer.userId))) throw new AppError('ORDER_NOT_FOUND')
    return toMessage(order)
  },
  ListOrders: async ({ userId, beforeOrderId, limit: given }) => {
    const limit = given === 0 ? DEFAULT_PAGE : given
    if (limit < 1 || limit > MAX_PAGE) throw invalidInput('limit', `must be 1..${MAX_PAGE}`)
    if (!(await store.isCustomer(userId))) throw new AppError('USER_NOT_FOUND')
    // One more than asked for tells whether another page follows.
    const found = await store.listByUser(userId, { beforeOrderId, limit: limit + 1 })
    return { orders: found.slice(0, limit).map(toMessage), hasMore: found.length > limit }
  },
})
