import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { jsonOf, parseAs } from './body.ts'
import { cancel } from './cancel.ts'
import { TossError } from './errors.ts'
import { faultRequest } from './faults.ts'
import { errorCode, sum } from './fields.ts'
import { newTransactionKey } from './ids.ts'
import { openPayment } from './open-payment.ts'
import { readOpenRequest } from './open-request.ts'
import { isSigned, otherEventRequest } from './other-events.ts'
import { type Change, type PaymentRecord, refundStatuses } from './payment.ts'
import type { Routes } from './routes.ts'
import { sendJson } from './serve.ts'
import { type Settled, settleCancel } from './settle-cancel.ts'
import { showBooks } from './show-books.ts'
import { abort, authenticate, closeWindow, deposit, reverse, tellRefund } from './transitions.ts'
import type { World } from './world.ts'

/** A year at a time is more than any rule of Toss needs, and far from the end of what a date can hold. */
const LONGEST_ADVANCE_MS = 366 * 24 * 60 * 60 * 1000
const LATEST_MS = Date.parse('9000-01-01T00:00:00Z')

const nothing = z.strictObject({}).default({})
const cancelRequest = z
  .strictObject({ amount: sum.optional(), reason: z.string().min(1).max(200).default('상점관리자 취소') })
  .default({ reason: '상점관리자 취소' })
const refundRequest = z.strictObject({ refundStatus: z.enum(refundStatuses) })
const settleRequest = z.strictObject({
  outcome: z.enum(['DONE', 'ABORTED']),
  cancelRequestId: z.string().max(200).optional(),
})
const failRequest = z
  .strictObject({ code: errorCode.default('PAY_PROCESS_ABORTED') })
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
const keyRequest = z.strictObject({ kind: z.enum(['secret', 'security']) })
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
  const { books, clock, effects, faults, webhooks, keys } = world

  routes.add('POST', '/simulator/payments', async ({ res, body }) => {
    const open = readOpenRequest(jsonOf(body), clock.now())
    if (books.payments.has(open.paymentKey)) throw new TossError('INVALID_REQUEST', 'paymentKey: there is one already')
    await happen(res, openPayment(open, clock.now()))
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
    const asked = { cancelReason: body.reason, cancelAmount: body.amount, taxFreeAmount: 0, currency: undefined }
    const circumstances = { nowMs: clock.now(), transactionKey: newTransactionKey(), origin: 'console' as const }
    return cancel(record, { ...asked, refundableAmount: undefined, refundReceiveAccount: undefined }, circumstances)
  })

  act('refund-status', refundRequest, (record, { refundStatus }) => tellRefund(record, refundStatus))
  act('settle-cancel', settleRequest, (record, { outcome, cancelRequestId }) =>
    settleCancel(record, outcome, clock.now(), cancelRequestId),
  )

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
    if (isSigned(eventType) && keys.securityKeys().length === 0) {
      throw new TossError('INVALID_REQUEST', 'eventType: this one is signed, and there is no security key')
    }
    const announced = webhooks.announceOther({ eventType, data })
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

  routes.add('POST', '/simulator/keys', async ({ res, body }) => {
    const { kind } = parseAs(keyRequest, jsonOf(body))
    await tell(res, { key: kind === 'secret' ? keys.reissueSecretKey() : keys.reissueSecurityKey() })
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
    change: (record: PaymentRecord, body: Body) => Change | Settled,
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

  async function happen(res: ServerResponse, change: Change | Settled): Promise<void> {
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
