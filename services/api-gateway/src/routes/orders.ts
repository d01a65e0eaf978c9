import { krw } from '@checkout/contracts/money'
import { z } from 'zod'
import { whoAsks } from '../auth.ts'
import { isSettled, orderState } from '../live-order.ts'
import { nextPage } from '../next-page.ts'
import { presentOrder, presentOrderSummary } from '../present-order.ts'
import { readOrder } from '../read-order.ts'
import { defineRoute } from '../route.ts'
import {
  commandedOrder,
  createdOrder,
  createOrderBody,
  limit,
  order,
  orderCommandBody,
  orderId,
  orderSummaries,
  userIdParameter,
} from '../schemas.ts'

const replayed = (isReplayed: boolean) => (isReplayed ? { 'Idempotent-Replayed': 'true' } : {})

const createOrder = defineRoute({
  method: 'post',
  path: '/api/orders',
  tag: 'orders',
  summary: 'Order an amount',
  body: createOrderBody,
  response: createdOrder,
  takesIdempotencyKey: true,
  makesOrder: true,
  refusals: ['USER_NOT_FOUND'],
  handle: async ({ body }, { clients, call, idempotency, newOrderId }) => {
    const asker = whoAsks(body.userId)
    const created = await clients.order.CreateOrder(
      { ...asker, orderId: newOrderId(), amountKrw: body.amount, idempotency: idempotency(asker, body) ?? null },
      call,
    )
    return {
      headers: replayed(created.isReplayed),
      body: { orderId: created.orderId, amount: krw(created.amountKrw) },
    }
  },
})

const commandOrder = defineRoute({
  method: 'post',
  path: '/api/order-commands',
  tag: 'orders',
  summary: 'Order products at their present prices',
  body: orderCommandBody,
  response: commandedOrder,
  takesIdempotencyKey: true,
  makesOrder: true,
  refusals: ['USER_NOT_FOUND', 'PRODUCT_NOT_FOUND'],
  handle: async ({ body }, { clients, call, idempotency, newOrderId }) => {
    const asker = whoAsks(body.userId)
    const created = await clients.order.CreateOrder(
      { ...asker, orderId: newOrderId(), items: body.items, idempotency: idempotency(asker, body) ?? null },
      call,
    )
    return {
      headers: replayed(created.isReplayed),
      body: { orderId: created.orderId, totalAmountKrw: krw(created.amountKrw), currency: 'KRW' as const },
    }
  },
})

const listOrders = defineRoute({
  method: 'get',
  path: '/api/orders/me',
  tag: 'orders',
  summary: "A user's orders, newest first",
  description: 'May lag behind a payment by a moment; the single order does not.',
  query: z.strictObject({ userId: userIdParameter, limit: limit(20), before: orderId.optional() }),
  response: orderSummaries,
  headers: ['Link'],
  refusals: ['USER_NOT_FOUND'],
  handle: async ({ query: { userId, limit: pageSize = 20, before } }, { clients, call }) => {
    const page = await clients.order.ListOrders(
      { userId, limit: pageSize, ...(before === undefined ? {} : { beforeOrderId: before }) },
      call,
    )
    const last = page.hasMore ? page.orders.at(-1) : undefined
    return {
      headers: nextPage('/api/orders/me', last && { userId, limit: pageSize, before: last.orderId }),
      body: page.orders.map(presentOrderSummary),
    }
  },
})

const getOrder = defineRoute({
  method: 'get',
  path: '/api/orders/{orderId}',
  tag: 'orders',
  summary: 'One order with its payment',
  description: 'An order of a user is shown to that user only; an order of a guest to whoever knows its id.',
  params: z.strictObject({ orderId }),
  query: z.strictObject({ userId: userIdParameter.optional() }),
  response: order,
  refusals: ['ORDER_NOT_FOUND'],
  handle: async ({ params, query }, { clients, call }) => {
    const found = await readOrder(clients, params.orderId, whoAsks(query.userId), call)
    return { body: presentOrder(found.order, found.payment) }
  },
})

const streamOrder = defineRoute({
  method: 'get',
  path: '/api/orders/{orderId}/events',
  tag: 'orders',
  summary: 'One order, now and whenever it changes',
  description:
    'Server-sent events: the order as GET /api/orders/{orderId} shows it, at once and after each change, with the version of its payment as `id`. A comment keeps the connection alive. The stream ends with the event `end` once the order is settled: PAID with no refund under way, CANCELED, or FAILED after expiresAt (until then it may be paid with another card). It also ends without it, after some minutes or when this server stops: come back with Last-Event-ID, as EventSource does by itself, and hear only what is new; 204 says that nothing more will come.',
  isStream: true,
  params: z.strictObject({ orderId }),
  query: z.strictObject({ userId: userIdParameter.optional() }),
  response: order,
  refusals: ['ORDER_NOT_FOUND', 'RATE_LIMITED'],
  handle: async ({ params, query }, { clients, call, liveOrders, seenVersion }) => {
    const found = await readOrder(clients, params.orderId, whoAsks(query.userId), call)
    const { version, body } = orderState(found.order, found.payment)
    // EventSource comes back to a stream that has ended, until it hears this.
    if (seenVersion !== undefined && version <= seenVersion && isSettled(body, Date.now())) return { status: 204 }
    return {
      stream: (response) => liveOrders.stream(response, { ...found, seenVersion, requestId: call.requestId }),
    }
  },
})

// "me" before the parameter that would match it.
export const orderRoutes = [createOrder, commandOrder, listOrders, getOrder, streamOrder]
