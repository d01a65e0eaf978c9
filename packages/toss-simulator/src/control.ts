import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { jsonOf, parseAs } from './body.ts'
import { cancel } from './cancel.ts'
import { TossError } from './errors.ts'
import { faultRequest } from './faults.ts'
import { newPaymentKey, newTransactionKey } from './ids.ts'
import { clientKeySchema } from './keys.ts'
import { openPayment } from './open-payment.ts'
import { isSigned, otherEventRequest } from './other-events.ts'
import { type Change, methods, type PaymentRecord } from './payment.ts'
import type { Routes } from './routes.ts'
import { sendJson } from './serve.ts'
import { showBooks } from './show-books.ts'
import { abort, authenticate, closeWindow, deposit, LONGEST_DUE_MS, reverse } from './transitions.ts'
import type { World } from './world.ts'

/** A year at a time is more than any rule of Toss needs, and far from the end of what a date can hold. */
const LONGEST_ADVANCE_MS = 366 * 24 * 60 * 60 * 1000
const LATEST_MS = Date.parse('9000-01-01T00:00:00Z')

const code = z.string().regex(/^[A-Z0-9_]{1,100}$/)
const amount = z.number().int().positive().max(1_000_000_000_000)

const openRequest = z.strictObject({
  // Toss documents [A-Za-z0-9_-], its SDK and error texts also allow "=".
  orderId: z.string().regex(/^[A-Za-z0-9_=-]{6,64}$/, 'expected 6 to 64 of A-Z a-z 0-9 _ - ='),
  amount,
  method: z.enum(methods).default('CARD'),
  orderName: z.string().min(1).max(100).default('상품'),
  customerName: z.string().min(1).max(100).default('구매자'),
  // Toss: 8 to 15 digits.
  customerMobilePhone: z
    .string()
    .regex(/^\d{8,15}$/, 'expected 8 to 15 digits')
    .default('01012345678'),
  wallet: z.enum(['CARD', 'MONEY']).default('CARD'),
  paymentKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,200}$/, 'expected 1 to 200 of A-Z a-z 0-9 _ -')
    .optional(),
  status: z.enum(['IN_PROGRESS', 'READY']).default('IN_PROGRESS'),
  isPartialCancelable: z.boolean().default(true),
  hidesSecret: z.boolean().default(true),
  clientKey: clientKeySchema.optional(),
  taxFreeAmount: z.number().int().nonnegative().default(0),
  taxExemptionAmount: z.number().int().nonnegative().default(0),
  discountAmount: z.number().int().nonnegative().default(0),
  useEscrow: z.boolean().default(false),
  installmentPlanMonths: z.number().int().min(0).max(36).default(0),
  // Toss: at most 5 pairs, of 40 and 2,000 characters.
  metadata: z
    .record(z.string().min(1).max(40), z.string().max(2_000))
    .refine((pairs) => Object.keys(pairs).length <= 5, 'expected at most 5 pairs')
    .nullable()
    .default(null),
  refundReceiveAccount: z
    .strictObject({
      bankCode: z.string().min(1).max(20),
      accountNumber: z.string().regex(/^\d{1,20}$/, 'expected at most 20 digits'),
      holderName: z.string().min(1).max(60),
    })
    .nullable()
    .default(null),
  declineCode: code.optional(),
  dueDate: z.iso.datetime({ offset: true }).optional(),
  bank: z.string().min(2).max(20).default('20'),
})
const nothing = z.strictObject({}).default({})
const cancelRequest = z
  .strictObject({ amount: amount.optional(), reason: z.string().min(1).max(200).default('상점관리자 취소') })
  .default({ reason: '상점관리자 취소' })
const failRequest = z
  .strictObject({ code: code.default('PAY_PROCESS_ABORTED') })
  .default({ code: 'PAY_PROCESS_ABORTED' })
const webhookRequest = z
  .strictObject({
    status: z
      .enum([
        'READY',
        'IN_PROGRESS',
        'WAITING_FOR_DEPOSIT',
        'DONE',
        'CANCELED',
        'PARTIAL_CANCELED',
        'ABORTED',
        'EXPIRED',
      ])
      .optional(),
  })
  .default({})
const clockRequest = z.strictObject({ advanceMs: z.number().int().min(0).max(LONGEST_ADVANCE_MS) })

const booksRequest = z.object({
  orderId: z.string().optional(),
  latest: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'expected 1 to 9999')
    .transform(Number)
    .optional(),
})

/** What the buyer, the bank, the merchant's console and the weather do. No key: it is for tests, on loopback. */
export function addControl(routes: Routes, world: World): void {
  const { books, clock, effects, faults, webhooks, securityKeys } = world

  routes.add('POST', '/simulator/payments', async ({ res, body }) => {
    const { paymentKey = newPaymentKey(), dueDate, declineCode, bank, ...wanted } = parseAs(openRequest, jsonOf(body))
    if (books.payments.has(paymentKey)) throw new TossError('INVALID_REQUEST', 'paymentKey: there is one already')
    if (wanted.taxFreeAmount + wanted.taxExemptionAmount > wanted.amount) {
      throw new TossError('INVALID_REQUEST', 'taxFreeAmount, taxExemptionAmount: expected at most the amount')
    }
    const nowMs = clock.now()
    const dueAtMs = dueDate === undefined ? null : Date.parse(dueDate)
    if (dueAtMs !== null && (dueAtMs <= nowMs || dueAtMs > nowMs + LONGEST_DUE_MS)) {
      throw new TossError('INVALID_REQUEST', 'dueDate: expected a time within the next 90 days')
    }
    const open = { ...wanted, paymentKey, declineCode: declineCode ?? null, bankCode: bank, dueAtMs }
    await happen(res, openPayment(open, nowMs))
  })

  routes.add('GET', '/simulator/payments/:paymentKey', async ({ res, params }) => {
    await tell(res, find(params).payment)
  })

  act('authenticate', nothing, (record) => authenticate(record, clock.now()))
  act('close', nothing, closeWindow)
  act('fail', failRequest, (record, body) => abort(record, body.code))
  act('deposit', nothing, (record) => deposit(record, clock.now(), newTransactionKey()))
  act('reverse', nothing, (record) => reverse(record, clock.now(), newTransactionKey()))
  act('cancel', cancelRequest, (record, body) => {
    const asked = { cancelReason: body.reason, cancelAmount: body.amount, taxFreeAmount: 0 }
    const circumstances = { nowMs: clock.now(), transactionKey: newTransactionKey(), origin: 'console' as const }
    return cancel(record, { ...asked, refundableAmount: undefined, refundReceiveAccount: undefined }, circumstances)
  })

  routes.add('POST', '/simulator/payments/:paymentKey/webhook', async ({ res, params, body }) => {
    const { status } = parseAs(webhookRequest, jsonOf(body))
    const record = find(params)
    const again = webhooks.announce(record.payment, status)
    books.commit({ record, webhooks: again })
    webhooks.schedule(again)
    await tell(res, shown(record))
  })

  routes.add('POST', '/simulator/webhooks', async ({ res, body }) => {
    const { eventType, data } = parseAs(otherEventRequest, jsonOf(body))
    if (isSigned(eventType) && securityKeys.length === 0) {
      throw new TossError('INVALID_REQUEST', 'eventType: this one is signed, and SECURITY_KEYS is not set')
    }
    const announced = webhooks.announceOther(eventType, data)
    books.commit({ webhooks: announced })
    webhooks.schedule(announced)
    await tell(res, { transmissionIds: announced.map(({ transmissionId }) => transmissionId) })
  })

  routes.add('POST', '/simulator/webhooks/:transmissionId/retry', async ({ res, params }) => {
    const webhook = books.findWebhook(params.transmissionId)
    if (!webhook) throw new TossError('NOT_FOUND')
    webhooks.retry(webhook)
    await tell(res, {})
  })

  routes.add('POST', '/simulator/faults', ({ res, body }) => {
    sendJson(res, { status: 200, body: { id: faults.add(parseAs(faultRequest, jsonOf(body))).id } })
  })
  routes.add('GET', '/simulator/faults', ({ res }) => sendJson(res, { status: 200, body: faults.list() }))
  routes.add('DELETE', '/simulator/faults/:id', ({ res, params }) => {
    if (!faults.remove(params.id)) throw new TossError('NOT_FOUND')
    sendJson(res, { status: 200, body: {} })
  })
  routes.add('DELETE', '/simulator/faults', ({ res }) => {
    faults.clear()
    sendJson(res, { status: 200, body: {} })
  })

  routes.add('POST', '/simulator/clock', async ({ res, body }) => {
    const { advanceMs } = parseAs(clockRequest, jsonOf(body))
    if (clock.now() + advanceMs > LATEST_MS) throw new TossError('INVALID_REQUEST', 'advanceMs: too far ahead')
    clock.advance(advanceMs)
    books.commit({ skippedMs: clock.skippedMs })
    await tell(res, { now: new Date(clock.now()).toISOString() })
  })
  routes.add('GET', '/simulator/clock', ({ res }) =>
    sendJson(res, { status: 200, body: { now: new Date(clock.now()).toISOString() } }),
  )

  routes.add('GET', '/simulator/books', async ({ res, query }) => {
    await tell(res, showBooks(world, parseAs(booksRequest, query)))
  })

  function act<Body>(
    name: string,
    schema: z.ZodType<Body>,
    change: (record: PaymentRecord, body: Body) => Change,
  ): void {
    routes.add('POST', `/simulator/payments/:paymentKey/${name}`, async ({ res, params, body }) => {
      const asked = parseAs(schema, jsonOf(body))
      await happen(res, change(find(params), asked))
    })
  }

  function find({ paymentKey }: { paymentKey: string }): PaymentRecord {
    const record = books.payments.get(paymentKey)
    if (!record) throw new TossError('NOT_FOUND_PAYMENT')
    return record
  }

  async function happen(res: ServerResponse, change: Change): Promise<void> {
    effects.commit(change)
    await tell(res, shown(change.record))
  }

  async function tell(res: ServerResponse, body: unknown): Promise<void> {
    await books.durable()
    sendJson(res, { status: 200, body })
  }
}

function shown({ payment: { paymentKey, orderId, totalAmount, status } }: PaymentRecord): unknown {
  return { paymentKey, orderId, amount: totalAmount, status }
}
