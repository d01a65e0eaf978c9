import { z } from 'zod'
import type { TossPayment } from './domain/evidence.ts'

const text = z.string().nullish()
const sum = z.number().nonnegative()

/** Toss may add fields and enum values at any time, so only what is needed is read and no status is refused. */
const payment = z.object({
  paymentKey: z.string().min(1),
  orderId: z.string().min(1),
  status: z.string().min(1),
  totalAmount: sum,
  balanceAmount: sum,
  currency: z.string().default('KRW'),
  mId: text,
  method: text,
  approvedAt: text,
  lastTransactionKey: text,
  receipt: z.object({ url: text }).nullish(),
  cancels: z
    .array(
      z.object({
        transactionKey: z.string().min(1),
        cancelAmount: sum,
        cancelReason: z.string().nullish(),
        cancelStatus: text,
        canceledAt: text,
      }),
    )
    .nullish(),
  virtualAccount: z
    .object({ bankCode: text, accountNumber: text, customerName: text, dueDate: text, expired: z.boolean().nullish() })
    .nullish(),
  failure: z.object({ code: text, message: text }).nullish(),
})

/** Toss: other currencies have parts, won are whole; a payment in dollars is no order's, and has to be told as what it is. */
const schema = payment.refine(
  ({ currency, totalAmount, balanceAmount, cancels }) =>
    currency !== 'KRW' ||
    [totalAmount, balanceAmount, ...(cancels ?? []).map(({ cancelAmount }) => cancelAmount)].every(
      Number.isSafeInteger,
    ),
)

/** Toss: instants carry an offset in most places and are Korean local time without one in some. */
export const instant = (value: string | null | undefined): Date | undefined => {
  if (value === null || value === undefined) return undefined
  const hasOffset = /(Z|[+-]\d\d:?\d\d)$/.test(value)
  const date = new Date(hasOffset ? value : `${value}+09:00`)
  return Number.isNaN(date.getTime()) ? undefined : date
}

const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Toss's Payment object, or undefined when the body is none: then nothing is known. */
export const parseTossPayment = (body: string): TossPayment | undefined => {
  const result = schema.safeParse(parseJson(body))
  if (!result.success) return undefined
  const { receipt, cancels, virtualAccount, failure, ...rest } = result.data
  return {
    paymentKey: rest.paymentKey,
    orderId: rest.orderId,
    status: rest.status,
    totalAmount: rest.totalAmount,
    balanceAmount: rest.balanceAmount,
    currency: rest.currency,
    mId: rest.mId ?? undefined,
    method: rest.method ?? undefined,
    approvedAt: instant(rest.approvedAt),
    lastTransactionKey: rest.lastTransactionKey ?? undefined,
    receiptUrl: receipt?.url ?? undefined,
    cancels: (cancels ?? []).map((cancel) => ({
      transactionKey: cancel.transactionKey,
      cancelAmount: cancel.cancelAmount,
      cancelReason: cancel.cancelReason ?? '',
      // Older API versions have no cancelStatus: a cancel that is listed is done.
      cancelStatus: cancel.cancelStatus ?? 'DONE',
      canceledAt: instant(cancel.canceledAt) ?? new Date(0),
    })),
    virtualAccount:
      virtualAccount === null || virtualAccount === undefined
        ? undefined
        : {
            bankCode: virtualAccount.bankCode ?? '',
            accountNumber: virtualAccount.accountNumber ?? '',
            customerName: virtualAccount.customerName ?? '',
            dueAt: instant(virtualAccount.dueDate),
            isExpired: virtualAccount.expired === true,
          },
    failure: failure?.code ? { code: failure.code, message: failure.message ?? '' } : undefined,
  }
}

const errorSchema = z.object({ code: z.string().max(100), message: z.string().catch('') })

/** The code and message of an error answer. A body that is none has a code that no table knows, and so decides nothing. */
export const parseTossError = (body: string): { code: string; message: string } => {
  const result = errorSchema.safeParse(parseJson(body))
  return result.success
    ? { code: result.data.code, message: result.data.message.slice(0, 500) }
    : { code: 'UNREADABLE_ANSWER', message: '' }
}
