import { z } from 'zod'
import { parseAs } from './body.ts'
import { TossError } from './errors.ts'
import * as fields from './fields.ts'
import { newPaymentKey, newSecret, newTransactionKey } from './ids.ts'
import { checkLimits } from './limits.ts'
import { openPayment } from './open-payment.ts'
import { instantOfSeoul } from './seoul-time.ts'
import type { Outcome } from './serve.ts'
import { approve, LONGEST_DUE_MS } from './transitions.ts'
import type { World } from './world.ts'

const HOUR_MS = 60 * 60 * 1000

const issueRequest = z.object({
  amount: fields.won,
  // Toss documents 6 to 64 characters, but took the number 71 from a live merchant.
  orderId: z.union([z.string().min(1).max(64), z.number().int().nonnegative().transform(String)]),
  orderName: fields.orderName,
  customerName: fields.customerName,
  bank: z.string().min(2).max(20),
  validHours: z.number().int().min(1).max(2_160).optional(),
  dueDate: z.string().max(40).optional(),
  customerEmail: fields.customerEmail.optional(),
  customerMobilePhone: fields.customerMobilePhone.optional(),
  useEscrow: z.boolean().default(false),
  taxFreeAmount: fields.wonOrNone.default(0),
  cashReceipt: fields.cashReceipt.nullish(),
})

/** `POST /v1/virtual-accounts`: an account to pay into without any window; the payment begins WAITING_FOR_DEPOSIT. */
export function issueAccount({ clock }: World, body: unknown): Outcome {
  const asked = parseAs(issueRequest, body)
  const { validHours, dueDate, bank, useEscrow, taxFreeAmount, amount, orderId, orderName, customerName } = asked
  if (taxFreeAmount > amount) throw new TossError('INVALID_REQUEST', 'taxFreeAmount: expected at most the amount')
  const nowMs = clock.now()
  const { record } = openPayment(
    {
      paymentKey: newPaymentKey(),
      orderId,
      amount,
      method: 'VIRTUAL_ACCOUNT',
      orderName,
      customerName,
      customerMobilePhone: asked.customerMobilePhone ?? '',
      bankCode: bank,
      dueAtMs: dueAtOf(validHours, dueDate, nowMs),
      taxFreeAmount,
      useEscrow,
      cashReceipt: asked.cashReceipt ?? null,
    },
    nowMs,
  )
  checkLimits(record)
  const change = approve(record, nowMs, newTransactionKey(), newSecret())
  return { effect: change, status: 200, body: change.record.payment }
}

/** Null leaves it to Toss's 168 hours. */
function dueAtOf(validHours: number | undefined, dueDate: string | undefined, nowMs: number): number | null {
  if (dueDate === undefined) return validHours === undefined ? null : nowMs + validHours * HOUR_MS
  if (validHours !== undefined) throw new TossError('INVALID_REQUEST', 'validHours, dueDate: expected one of them')
  const dueAtMs = instantOfSeoul(dueDate)?.lastMs
  if (dueAtMs === undefined || dueAtMs <= nowMs || dueAtMs > nowMs + LONGEST_DUE_MS) {
    throw new TossError('INVALID_REQUEST', 'dueDate: expected a time within the next 90 days')
  }
  return dueAtMs
}
