import { TossError } from './errors.ts'
import type { Method, PaymentRecord } from './payment.ts'

/** Toss: 100 won by card, 200 won from an account. */
const SMALLEST: Partial<Record<Method, number>> = { CARD: 100, TRANSFER: 200, VIRTUAL_ACCOUNT: 200 }
/** Toss: ten million won in one transfer. */
const LARGEST: Partial<Record<Method, number>> = { TRANSFER: 10_000_000 }
const SMALLEST_INSTALLMENT = 50_000

/** Throws what Toss answers to a sum that the method does not take; the payment stays as it is. */
export function checkLimits({ method, payment: { totalAmount }, installmentPlanMonths = 0 }: PaymentRecord): void {
  if (totalAmount < (SMALLEST[method] ?? 0)) throw new TossError('BELOW_MINIMUM_AMOUNT')
  if (totalAmount > (LARGEST[method] ?? Number.POSITIVE_INFINITY)) throw new TossError('EXCEED_MAX_AMOUNT')
  if (installmentPlanMonths > 0 && totalAmount < SMALLEST_INSTALLMENT) {
    throw new TossError('NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT')
  }
}
