import { z } from 'zod'

// The limits that Toss documents for what a merchant or its customer writes, for every call that takes it.

/** Toss documents [A-Za-z0-9_-]; its SDK and error texts also allow "=". */
export const orderId = z.string().regex(/^[A-Za-z0-9_=-]{6,64}$/, 'expected 6 to 64 of A-Z a-z 0-9 _ - =')
export const orderName = z.string().min(1).max(100)
export const customerName = z.string().min(1).max(100)
export const customerEmail = z.string().max(100)
export const customerMobilePhone = z.string().regex(/^\d{8,15}$/, 'expected 8 to 15 digits')
/** Toss documents an alphabet and three different lengths, and its server took any characters, up to 300 of them. */
export const customerKey = z.string().min(2)
/** In any currency. */
export const sum = z.number().positive().max(1_000_000_000_000)
export const sumOrNone = z.number().nonnegative().max(1_000_000_000_000)
/** Won, of which there are no parts. */
export const won = z.number().int().positive().max(1_000_000_000_000)
export const wonOrNone = z.number().int().nonnegative().max(1_000_000_000_000)
/** 0 is a lump sum. */
export const installmentPlanMonths = z.number().int().min(0).max(36)
export const metadata = z
  .record(z.string().min(1).max(40), z.string().max(2_000))
  .refine((pairs) => Object.keys(pairs).length <= 5, 'expected at most 5 pairs')
export const cashReceipt = z.object({
  type: z.enum(['소득공제', '지출증빙']),
  registrationNumber: z
    .string()
    .regex(/^[0-9*]{1,30}$/, 'expected the digits of a phone, a card or a company')
    .default('01012345678'),
})
export const errorCode = z.string().regex(/^[A-Z0-9_]{1,100}$/)
