import { orderStatuses, paymentStatuses } from '@checkout/contracts/order-status'
import { z } from 'zod'

// These schemas validate what comes in, type what goes out, and are the OpenAPI document.

/**
 * A string of so many characters, counted as code points, none of which is in the ranges. Ranges and not the names of Unicode's
 * classes: \p{Cc} means nothing to the pattern language of many who read the document. Half of a surrogate pair is no character
 * and refused as well; the document's pattern must neither say so, because few pattern languages can, nor carry the flag.
 */
const without = (ranges: string, min: number, max: number, error: string) =>
  z
    .string()
    .regex(new RegExp(`^[^${ranges}\\ud800-\\udfff]{${min},${max}}$`, 'u'), error)
    .meta({ pattern: `^[^${ranges}]{${min},${max}}$` })

const text = (min: number, max: number) =>
  without(
    '\\u0000-\\u001f\\u007f-\\u009f',
    min,
    max,
    `must be ${min} to ${max} characters, none of them a control character`,
  )

/** JavaScript counts no further. An int of Zod's is refused beyond, but does not tell the document. */
const maximum = Number.MAX_SAFE_INTEGER

const amountKrw = z.int().min(1).meta({ description: 'Whole KRW', maximum })

export const orderId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{6,64}$/, 'must be 6 to 64 of A-Z a-z 0-9 _ -')
  .meta({ example: 'ORD-01JD7Z0K8QW3V5N2M4C6X8B0AF' })

/** It goes into a path at Toss. */
const paymentKey = z.string().regex(/^[A-Za-z0-9_-]{1,200}$/, 'must be 1 to 200 of A-Z a-z 0-9 _ -')

const userIdText = z.string().regex(/^[A-Za-z0-9_.@-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ - . @')

export const userIdParameter = userIdText.meta({ description: 'Who asks; a guest leaves it out', example: '1' })

/** 1 and "1" are the same user. */
const userId = z
  .union([z.int().meta({ minimum: -maximum, maximum }), userIdText], {
    error: 'must be an integer or 1 to 64 of A-Z a-z 0-9 _ - . @',
  })
  .transform(String)
  .meta({ description: 'Whose order it is; a guest leaves it out', example: 1 })

/** A positive safe integer as it stands in a URL. */
const positiveInUrl = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, 'must be a positive whole number')
  .transform(Number)
  .refine(Number.isSafeInteger, 'must be a positive whole number below 2^53')

export const productIdParameter = positiveInUrl.meta({ description: 'Id of the product', example: '1' })

export const afterProductId = z
  .string()
  .regex(/^\d{1,15}$/, 'must be the id of a product')
  .transform(Number)
  .meta({ description: 'Only products with a higher id: the last one of the page before' })

export const limit = (byDefault: number) =>
  z
    .string()
    .regex(/^(?:[1-9]\d?|100)$/, 'must be a whole number from 1 to 100')
    .transform(Number)
    .optional()
    .meta({ description: `Size of the page, 1 to 100; ${byDefault} without it` })

export const createOrderBody = z
  .strictObject({ userId: userId.optional(), amount: amountKrw })
  .meta({ id: 'CreateOrder' })

const item = z.strictObject({ productId: z.int().min(1).meta({ maximum }), quantity: z.int().min(1).max(999) })

export const orderCommandBody = z
  .strictObject({
    userId: userId.optional(),
    items: z
      .array(item)
      .min(1)
      .max(100)
      .check(({ value: items, issues }) => {
        const seen = new Set<number>()
        for (const [index, { productId }] of items.entries()) {
          if (seen.has(productId)) {
            issues.push({
              code: 'custom',
              input: productId,
              path: [index, 'productId'],
              message: 'must stand only once among the items',
            })
          }
          seen.add(productId)
        }
      })
      .meta({ description: 'Each product once' }),
  })
  .meta({ id: 'OrderCommand' })

export const confirmBody = z
  .strictObject({
    paymentKey,
    orderId,
    amount: amountKrw,
    // Toss appends it to the success address, and shops pass the whole query on.
    paymentType: z.string().nullish().meta({ description: 'Let through, not used' }),
  })
  .meta({ id: 'ConfirmPayment' })

export const failBody = z
  .strictObject({
    orderId: orderId.optional().meta({ description: 'Toss sends none when the buyer closed the window' }),
    code: text(1, 100),
    // It may have several lines: other people's prose, stored and shown as data.
    message: without(
      '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f',
      0,
      500,
      'must be at most 500 characters, none of them a control character but tabs and line ends',
    ),
  })
  .meta({ id: 'FailPayment' })

export const cancelBody = z
  .strictObject({
    orderId,
    // Any number passes here: one that cannot be refunded has a code of its own.
    amount: z.number().optional().meta({ description: 'Whole KRW, 1 or more; all that remains without it' }),
    reason: text(1, 200),
    refundReceiveAccount: z
      .strictObject({
        bank: text(1, 30),
        accountNumber: z.string().regex(/^\d{1,20}$/, 'must be 1 to 20 digits'),
        holderName: text(1, 60),
      })
      .optional()
      .meta({ description: 'Needed for a virtual account that the buyer has paid into' }),
  })
  .meta({ id: 'CancelPayment' })

// What goes out.

const amountOut = z.int().min(0)
const instant = z.iso.datetime()
const currency = z.literal('KRW')

export const product = z
  .strictObject({
    id: z.int(),
    sku: z.string(),
    name: z.string(),
    description: z.string(),
    listPriceKrw: amountOut,
  })
  .meta({ id: 'Product' })

export const products = z.array(product)

export const createdOrder = z.strictObject({ orderId, amount: amountOut }).meta({ id: 'CreatedOrder' })

export const commandedOrder = z
  .strictObject({ orderId, totalAmountKrw: amountOut, currency })
  .meta({ id: 'CommandedOrder' })

const orderSummary = z
  .strictObject({
    orderId,
    amount: amountOut,
    currency,
    status: z.enum(orderStatuses),
    createdAt: instant,
  })
  .meta({ id: 'OrderSummary' })

export const orderSummaries = z.array(orderSummary)

export const refund = z
  .strictObject({
    refundId: z.string(),
    amountKrw: amountOut,
    reason: z.string(),
    status: z.enum(['REQUESTED', 'DONE', 'FAILED']),
    requestedAt: instant,
    refundedAt: instant.nullable(),
  })
  .meta({ id: 'Refund' })

export const payment = z
  .strictObject({
    paymentId: z.string(),
    provider: z.literal('TOSS'),
    method: z.string().nullable(),
    amountKrw: amountOut,
    refundedAmountKrw: amountOut,
    remainingAmountKrw: amountOut.meta({
      description: 'What can still be refunded: neither refunded nor being refunded',
    }),
    status: z.enum(paymentStatuses),
    approvedAt: instant.nullable(),
    failure: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
    receiptUrl: z.string().nullable(),
    virtualAccount: z
      .strictObject({
        bankCode: z.string(),
        accountNumber: z.string(),
        customerName: z.string(),
        dueDate: z.string(),
      })
      .nullable(),
    refunds: z.array(refund),
  })
  .meta({ id: 'Payment' })

export const order = z
  .strictObject({
    orderId,
    amount: amountOut,
    currency,
    status: z.enum(orderStatuses),
    createdAt: instant,
    expiresAt: instant,
    lines: z
      .array(z.strictObject({ productId: z.int(), name: z.string(), unitPriceKrw: amountOut, quantity: z.int() }))
      .meta({ description: 'Empty for an order that is only an amount' }),
    // null until a first attempt to pay.
    payment: payment.nullable(),
  })
  .meta({ id: 'Order' })

export const confirmedPayment = z
  .strictObject({ paymentId: z.string(), orderId, amount: amountOut, status: z.enum(paymentStatuses) })
  .meta({ id: 'ConfirmedPayment' })

export const failedPayment = z.strictObject({ orderId: orderId.optional() }).meta({ id: 'FailedPayment' })

export const canceledPayment = z
  .strictObject({
    paymentId: z.string(),
    orderId,
    canceledAmount: amountOut.meta({ description: 'What this request refunds' }),
    status: z.enum(paymentStatuses),
    refundId: z.string(),
  })
  .meta({ id: 'CanceledPayment' })

export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.string(),
    message: z.string().meta({ description: 'For a person, in Korean' }),
    timestamp: instant,
    requestId: z.string(),
    errors: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
    tossCode: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' })
