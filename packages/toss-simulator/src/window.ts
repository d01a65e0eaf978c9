import { z } from 'zod'
import { jsonOf, parseAs } from './body.ts'
import { messageOf, TossError } from './errors.ts'
import * as fields from './fields.ts'
import { clientKeySchema, isWidgetKey } from './keys.ts'
import { currencies, isPayable } from './money.ts'
import { type Pages, sendPage } from './pages.ts'
import { type Change, methods, type PaymentRecord } from './payment.ts'
import { webAddress, withParameters } from './redirects.ts'
import type { Routes } from './routes.ts'
import { sendJson } from './serve.ts'
import { abort, authenticate, closeWindow } from './transitions.ts'
import type { World } from './world.ts'

const windowRequest = z
  .object({
    orderId: fields.orderId,
    amount: z.string().regex(/^(?!0+(\.0+)?$)\d{1,12}(\.\d{1,2})?$/, 'expected a sum of money'),
    currency: z.enum(currencies).optional(),
    successUrl: webAddress,
    failUrl: webAddress,
    orderName: fields.orderName.optional(),
    customerName: fields.customerName.optional(),
    method: z.enum(methods).optional(),
    clientKey: clientKeySchema.optional(),
  })
  .refine(
    ({ amount, currency = 'KRW' }) => isPayable(Number(amount), currency),
    'amount: expected what can be paid in the currency',
  )

/** The customer registers a card for billing. */
const registerRequest = z.object({
  customerKey: fields.customerKey.max(300),
  successUrl: webAddress,
  failUrl: webAddress,
})

/** The buyer comes back to pay into the account that the shop has told. */
const accountRequest = z.object({ paymentKey: z.string().min(1).max(200) })

const urls = { successUrl: webAddress, failUrl: webAddress }
const leaveRequest = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('success'), declineCode: fields.errorCode.optional(), ...urls }),
  z.strictObject({ outcome: z.literal('decline'), code: fields.errorCode, ...urls }),
  z.strictObject({ outcome: z.literal('close'), ...urls }),
])
type Leave = z.infer<typeof leaveRequest>

/** The pages for a browser: the console, and the payment window that a shop sends its buyer to. */
export function addWindow(routes: Routes, world: World, pages: Pages): void {
  const { books, clock, effects } = world

  routes.add('GET', '/simulator', ({ res }) => sendPage(res, pages.console))
  routes.add('GET', '/simulator/window', ({ res, query }) => {
    if (query.paymentKey !== undefined) parseAs(accountRequest, query)
    else if (query.customerKey !== undefined) parseAs(registerRequest, query)
    else parseAs(windowRequest, query)
    sendPage(res, pages.window)
  })

  routes.add('POST', '/simulator/payments/:paymentKey/leave', async ({ res, params: { paymentKey }, body }) => {
    const leave = parseAs(leaveRequest, jsonOf(body))
    const record = books.payments.get(paymentKey)
    if (!record) throw new TossError('NOT_FOUND_PAYMENT')
    effects.commit(changeOf(record, leave, clock.now()))
    await books.durable()
    sendJson(res, { status: 200, body: { redirectTo: redirectOf(record, leave) } })
  })
}

function changeOf(record: PaymentRecord, leave: Leave, nowMs: number): Change {
  switch (leave.outcome) {
    case 'success': {
      const change = authenticate(record, nowMs)
      return { ...change, record: { ...change.record, declineCode: leave.declineCode ?? record.declineCode } }
    }
    case 'decline':
      return abort(record, leave.code)
    case 'close':
      return closeWindow(record)
  }
}

/** Toss: a GET with unsigned parameters, which is why a shop compares them with its order before it confirms. */
function redirectOf({ payment, clientKey }: PaymentRecord, leave: Leave): string {
  const { paymentKey, orderId, totalAmount } = payment
  switch (leave.outcome) {
    case 'success':
      return withParameters(leave.successUrl, {
        paymentKey,
        orderId,
        amount: String(totalAmount),
        ...(isWidgetKey(clientKey) ? { paymentType: payment.type } : {}),
      })
    case 'decline':
      return withParameters(leave.failUrl, { code: leave.code, message: messageOf(leave.code), orderId })
    case 'close':
      // Toss: of a window that the buyer closed the shop is not told the order.
      return withParameters(leave.failUrl, {
        code: 'PAY_PROCESS_CANCELED',
        message: messageOf('PAY_PROCESS_CANCELED'),
      })
  }
}
