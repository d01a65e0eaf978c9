import { z } from 'zod'
import { jsonOf, parseAs, textIn } from './body.ts'
import { cancel } from './cancel.ts'
import { messageOf, statusOf, TossError } from './errors.ts'
import * as fields from './fields.ts'
import { newSecret, newTransactionKey } from './ids.ts'
import { issueAccount } from './issue-account.ts'
import { isPair } from './keys.ts'
import { checkLimits } from './limits.ts'
import { listSettlements } from './list-settlements.ts'
import { listTransactions } from './list-transactions.ts'
import type { PaymentRecord } from './payment.ts'
import type { Subject } from './records.ts'
import type { Routes } from './routes.ts'
import { type Outcome, serve } from './serve.ts'
import { abort, approve, checkConfirm, WINDOW_MS } from './transitions.ts'
import type { World } from './world.ts'

/** Toss's own sample sends the amount as the text from the redirect, so digits in a string are taken as a number. */
const confirmAmount = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d{1,12}(\.\d{1,2})?$/)
    .transform(Number),
])

const confirmRequest = z.object({
  paymentKey: z.string().min(1).max(200),
  orderId: z.string().min(6).max(64),
  amount: confirmAmount.pipe(fields.sum),
})

const cancelRequest = z.object({
  cancelReason: z.string().min(1).max(200),
  cancelAmount: fields.sum.optional(),
  refundableAmount: fields.sumOrNone.optional(),
  taxFreeAmount: fields.sumOrNone.default(0),
  currency: z.string().optional(),
  refundReceiveAccount: z
    .object({
      bank: z.string().min(1).max(20),
      accountNumber: z.string().min(1),
      holderName: z.string().min(1).max(60),
    })
    .optional(),
})

/** The imitated API. Unknown fields in a body are passed over, as Toss does. */
export function addApi(routes: Routes, world: World): void {
  const { books, clock } = world

  routes.add('POST', '/v1/payments/confirm', async ({ req, res, body }) => {
    const asked = jsonOf(body)
    const subject = { paymentKey: textIn(asked, 'paymentKey'), orderId: textIn(asked, 'orderId') }
    await serve(world, req, res, {
      operation: 'confirm',
      subject,
      run: (secretKey) => confirm(world, secretKey, asked),
    })
  })

  routes.add('GET', '/v1/payments/orders/:orderId', async ({ req, res, params: { orderId } }) => {
    const subject = { orderId, paymentKey: books.findByOrder(orderId)?.payment.paymentKey }
    await serve(world, req, res, {
      operation: 'getByOrder',
      subject,
      run: () => found(books.findByOrder(orderId), clock.now()),
    })
  })

  routes.add('GET', '/v1/payments/:paymentKey', async ({ req, res, params: { paymentKey } }) => {
    const subject = subjectOf(world, paymentKey)
    await serve(world, req, res, {
      operation: 'get',
      subject,
      run: () => found(books.payments.get(paymentKey), clock.now()),
    })
  })

  routes.add('POST', '/v1/payments/:paymentKey/cancel', async ({ req, res, params: { paymentKey }, body }) => {
    const subject = subjectOf(world, paymentKey)
    const run = () => cancelPayment(world, paymentKey, jsonOf(body))
    await serve(world, req, res, { operation: 'cancel', subject, run })
  })

  routes.add('POST', '/v1/virtual-accounts', async ({ req, res, body }) => {
    const asked = jsonOf(body)
    const subject = { orderId: textIn(asked, 'orderId') }
    await serve(world, req, res, { operation: 'issueAccount', subject, run: () => issueAccount(world, asked) })
  })

  // Toss: settlements exist for live payments only.
  routes.add('GET', '/v1/settlements', async ({ req, res, query }) => {
    const run = () => listSettlements(query)
    await serve(world, req, res, { operation: 'settlements', subject: {}, run })
  })

  routes.add('GET', '/v1/transactions', async ({ req, res, query }) => {
    const run = () => listTransactions(world, query)
    await serve(world, req, res, { operation: 'transactions', subject: {}, run })
  })
}

function confirm({ books, clock, faults }: World, secretKey: string, body: unknown): Outcome {
  const { paymentKey, orderId, amount } = parseAs(confirmRequest, body)
  const record = books.payments.get(paymentKey)
  if (!record) throw new TossError('NOT_FOUND_PAYMENT_SESSION')
  if (record.clientKey !== undefined && !isPair(record.clientKey, secretKey)) throw new TossError('INVALID_API_KEY')
  const nowMs = clock.now()
  checkConfirm(record, { orderId, amount }, nowMs)
  checkLimits(record)
  const declineCode = record.declineCode ?? faults.takeDecline('confirm', { paymentKey, orderId })
  if (declineCode !== undefined) {
    const change = abort(record, declineCode)
    return {
      effect: change,
      status: statusOf(declineCode),
      body: { code: declineCode, message: messageOf(declineCode) },
    }
  }
  const change = approve(record, nowMs, newTransactionKey(), newSecret())
  return { effect: change, status: 200, body: change.record.payment }
}

function cancelPayment({ books, clock }: World, paymentKey: string, body: unknown): Outcome {
  const { cancelAmount, refundableAmount, refundReceiveAccount, currency, ...asked } = parseAs(cancelRequest, body)
  const record = books.payments.get(paymentKey)
  if (!record) throw new TossError('NOT_FOUND_PAYMENT')
  const whole = { ...asked, cancelAmount, refundableAmount, refundReceiveAccount, currency }
  const circumstances = { nowMs: clock.now(), transactionKey: newTransactionKey(), origin: 'api' as const }
  const change = cancel(record, whole, circumstances)
  return { effect: change, status: 200, body: change.record.payment }
}

/** Toss: the secret of an account may be null here, and where to refund to is told for half an hour only. */
function found(record: PaymentRecord | undefined, nowMs: number): Outcome {
  if (!record) throw new TossError('NOT_FOUND_PAYMENT')
  const { payment, hidesSecret, openedAtMs } = record
  const { virtualAccount } = payment
  const isLate = nowMs >= openedAtMs + WINDOW_MS
  const { cashReceipts } = payment
  const hidden = {
    // Toss guarantees no order of them: here the youngest come first in a query and last in other answers.
    ...(cashReceipts ? { cashReceipts: cashReceipts.toReversed() } : {}),
    ...(hidesSecret === true && payment.secret !== null ? { secret: null } : {}),
    ...(virtualAccount?.refundReceiveAccount && isLate
      ? { virtualAccount: { ...virtualAccount, refundReceiveAccount: null } }
      : {}),
  }
  return { status: 200, body: { ...payment, ...hidden } }
}

function subjectOf({ books }: World, paymentKey: string): Subject {
  return { paymentKey, orderId: books.payments.get(paymentKey)?.payment.orderId }
}
