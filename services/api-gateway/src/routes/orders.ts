import { krw } from '@checkout/contracts/money'
import { z } from 'zod'
import { whoAsks } from '../auth.ts'
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
  refusals: ['USER_NOT_FOUND'],
  handle: async ({ body }, { clients, call, idempotency }) => {
    const asker = whoAsks(body.userId)
    const created = await clients.order.CreateOrder(
      { ...asker, amountKrw: body.amount, idempotency: idempotency(asker, body) ?? null },
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
  refusals: ['USER_NOT_FOUND', 'PRODUCT_NOT_FOUND'],
  handle: async ({ body }, { clients, call, idempotency }) => {
    const asker = whoAsks(body.userId)
    const created = await clients.order.CreateOrder(
      { ...asker, items: body.items, idempotency: idempotency(asker, body) ?? null },
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

// "me" before the parameter that would match it.
export const orderRoutes = [createOrder, commandOrder, listOrders, getOrder]
