import { AppError, type FieldError } from '@checkout/contracts/errors'
import { type Krw, krw } from '@checkout/contracts/money'
import type { OrderProjection } from '@checkout/contracts/order-status'

/** Enough for any basket, few enough for one catalog call and one small document. */
const MAX_ITEMS = 100
const MAX_QUANTITY = 999

export type OrderItem = { readonly productId: number; readonly quantity: number }

/** What the catalog says of a product. */
export type Product = {
  readonly id: number
  readonly name: string
  readonly listPriceKrw: Krw
  readonly isActive: boolean
}

/** What was bought at which price: the catalog of that moment, kept. */
export type OrderLine = OrderItem & { readonly name: string; readonly unitPriceKrw: Krw }

/** The scoped key of the request that made an order, and a hash over what it asked for. */
export type Idempotency = { readonly key: string; readonly fingerprint: string }

/** An order. Its status is the projection of its payment at `paymentVersion`, 0 before any. */
export type Order = OrderProjection & {
  readonly orderId: string
  /** Absent for a guest. */
  readonly userId?: string
  readonly amountKrw: Krw
  readonly currency: 'KRW'
  /** Empty when only an amount was ordered. */
  readonly lines: readonly OrderLine[]
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly idempotency?: Idempotency
  /** Of the HTTP request that made it. */
  readonly requestId?: string
}

/** One change of an order's status: which version of its payment came to be known here, and when. */
export type Projected = OrderProjection & { readonly at: Date }

/** What may be ordered: an amount, or items that the catalog prices. */
export type Purchase =
  | { readonly kind: 'amount'; readonly amountKrw: Krw }
  | { readonly kind: 'items'; readonly items: readonly OrderItem[] }

type GivenItem = { readonly productId: number | string; readonly quantity: number }

const refusal = (errors: readonly [FieldError, ...FieldError[]]): AppError =>
  new AppError('INVALID_INPUT_VALUE', { detail: `${errors[0].field} ${errors[0].message}`, errors })

/**
 * Reads what a request wants to buy.
 * @throws AppError INVALID_INPUT_VALUE naming each field as the HTTP request does.
 */
export const readPurchase = (given: { amountKrw?: string | undefined; items: readonly GivenItem[] }): Purchase => {
  if (given.amountKrw !== undefined) {
    if (given.items.length > 0) throw refusal([{ field: 'amount', message: 'must not be given together with items' }])
    const amountKrw = krw(given.amountKrw)
    if (amountKrw < 1) throw refusal([{ field: 'amount', message: 'must be at least 1' }])
    return { kind: 'amount', amountKrw }
  }
  if (given.items.length < 1 || given.items.length > MAX_ITEMS)
    throw refusal([{ field: 'items', message: `must hold 1..${MAX_ITEMS} items` }])
  const items = given.items.map(({ productId, quantity }) => ({ productId: Number(productId), quantity }))
  const [first, ...others] = items.flatMap((item, i) => itemErrors(item, i, items))
  if (first !== undefined) throw refusal([first, ...others])
  return { kind: 'items', items }
}

const itemErrors = (item: OrderItem, i: number, items: readonly OrderItem[]): FieldError[] => {
  const errors: FieldError[] = []
  if (!Number.isSafeInteger(item.productId) || item.productId < 1)
    errors.push({ field: `items[${i}].productId`, message: 'must be a product id' })
  else if (items.findIndex(({ productId }) => productId === item.productId) < i)
    errors.push({ field: `items[${i}].productId`, message: 'must not name the same product twice' })
  if (!Number.isInteger(item.quantity) || item.quantity < 1 || item.quantity > MAX_QUANTITY)
    errors.push({ field: `items[${i}].quantity`, message: `must be 1..${MAX_QUANTITY}` })
  return errors
}

/**
 * The sum of the lines. A sum or product of safe integers that is not safe is never rounded back into the safe range, so looking
 * at the result is enough.
 * @throws AppError INVALID_INPUT_VALUE when it is 0 or more than 2^53-1 KRW.
 */
export const totalKrw = (lines: readonly OrderLine[]): Krw => {
  let total = 0
  for (const { unitPriceKrw, quantity } of lines) {
    total += unitPriceKrw * quantity
    if (!Number.isSafeInteger(total))
      throw refusal([{ field: 'items', message: 'cost more than can be counted exactly' }])
  }
  if (total < 1) throw refusal([{ field: 'items', message: 'must cost at least 1 KRW together' }])
  return krw(total)
}

/** A new order, waiting for its payment. */
export const openOrder = (given: {
  orderId: string
  userId?: string | undefined
  amountKrw: Krw
  lines: readonly OrderLine[]
  createdAt: Date
  ttlMs: number
  idempotency?: Idempotency | undefined
  requestId: string
}): Order => ({
  orderId: given.orderId,
  ...(given.userId === undefined ? {} : { userId: given.userId }),
  amountKrw: given.amountKrw,
  currency: 'KRW',
  lines: given.lines,
  status: 'PENDING',
  paymentVersion: 0,
  createdAt: given.createdAt,
  expiresAt: new Date(given.createdAt.getTime() + given.ttlMs),
  ...(given.idempotency === undefined ? {} : { idempotency: given.idempotency }),
  requestId: given.requestId,
})

/** Whether the order was made by this very request, and not by another one that used its key. */
export const isMadeBy = (order: Order, idempotency: Idempotency): boolean =>
  order.idempotency?.key === idempotency.key && order.idempotency.fingerprint === idempotency.fingerprint

/** Who may see an order: its owner, and for a guest's order whoever knows its id. */
export const isVisibleTo = (order: Order, userId: string | undefined): boolean =>
  order.userId === undefined || order.userId === userId
