import { z } from 'zod'
import type { TossTransaction } from './domain/compare-books.ts'
import { instant } from './toss-payment.ts'

const row = z.object({
  transactionKey: z.string().min(1),
  paymentKey: z.string().min(1),
  orderId: z.string().min(1),
  status: z.string().min(1),
  transactionAt: z.string(),
  currency: z.string().default('KRW'),
  amount: z.number(),
})

/** A page of Toss's transactions, or undefined when the body is none: a page that is read in part would look like lost money. */
export const parseTossTransactions = (body: string): TossTransaction[] | undefined => {
  let rows: unknown
  try {
    rows = JSON.parse(body)
  } catch {
    return undefined
  }
  if (!Array.isArray(rows)) return undefined
  const parsed: TossTransaction[] = []
  for (const candidate of rows) {
    const result = row.safeParse(candidate)
    const at = result.success ? instant(result.data.transactionAt) : undefined
    if (!result.success || at === undefined) return undefined
    const { transactionKey, paymentKey, orderId, status, currency, amount } = result.data
    parsed.push({ transactionKey, paymentKey, orderId, status, currency, amountKrw: Math.abs(amount), at })
  }
  return parsed
}

/** Seoul's wall clock, as Toss's dates are: it has had no summer time since 1988. */
export const seoulTime = (at: Date): string => new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 19)
