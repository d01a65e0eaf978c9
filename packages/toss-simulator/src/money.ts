export const currencies = ['KRW', 'USD', 'JPY'] as const
export type Currency = (typeof currencies)[number]

/** Toss: won are whole. Dollars have cents. */
const PARTS: Record<Currency, number> = { KRW: 1, USD: 100, JPY: 1 }

/** To the smallest coin of the currency, which also takes away what floating point left over. */
export function rounded(amount: number, currency: Currency): number {
  return Math.round(amount * PARTS[currency]) / PARTS[currency]
}

/** Whether the amount can be paid in coins of the currency. */
export function isPayable(amount: number, currency: Currency): boolean {
  return rounded(amount, currency) === amount
}
