import { z } from 'zod'
import { parseAs } from './body.ts'
import { TossError } from './errors.ts'
import type { PaymentRecord } from './payment.ts'
import { instantOfSeoul } from './seoul-time.ts'
import type { Outcome } from './serve.ts'
import type { Row } from './timeline.ts'
import type { World } from './world.ts'

const date = z.string().transform((text, context) => {
  const instant = instantOfSeoul(text)
  if (instant) return instant
  context.addIssue({ code: 'custom', message: 'expected yyyy-MM-ddTHH:mm:ss' })
  return z.NEVER
})

/** Toss: 100 rows unless asked otherwise, 5,000 at most. */
const listRequest = z.object({
  startDate: date,
  endDate: date,
  startingAfter: z.string().min(1).max(64).optional(),
  limit: z
    .string()
    .regex(/^\d{1,4}$/, 'expected 1 to 5000')
    .transform(Number)
    .pipe(z.number().min(1).max(5_000))
    .default(100),
})

/** `GET /v1/transactions`: one row for each approve and each cancel, oldest first; a page begins behind `startingAfter`. */
export function listTransactions({ books }: World, query: unknown): Outcome {
  const { startDate, endDate, startingAfter: after, limit } = parseAs(listRequest, query)
  const fromMs = startDate.firstMs
  const toMs = endDate.lastMs
  if (fromMs > toMs) throw new TossError('INVALID_REQUEST', 'endDate: expected a time not before startDate')
  if (after !== undefined && !books.timeline.has(after)) {
    throw new TossError('INVALID_REQUEST', 'startingAfter: there is no such transaction')
  }
  const rows = books.timeline.page({ fromMs, toMs, after, limit })
  return { status: 200, body: rows.map((row) => shown(row, books.payments.get(row.transaction.paymentKey))) }
}

function shown({ transaction, status }: Row, record: PaymentRecord | undefined): unknown {
  const payment = record?.payment
  return {
    mId: payment?.mId,
    transactionKey: transaction.transactionKey,
    paymentKey: transaction.paymentKey,
    orderId: transaction.orderId,
    method: payment?.method,
    // Only billing payments have a customer whom Toss knows.
    customerKey: record?.customerKey ?? null,
    useEscrow: payment?.useEscrow,
    receiptUrl: payment?.receipt?.url ?? null,
    status,
    transactionAt: transaction.at,
    currency: payment?.currency,
    amount: transaction.amount,
  }
}
