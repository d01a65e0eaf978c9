import { z } from 'zod'
import { parseAs } from './body.ts'
import { instantOfSeoul } from './seoul-time.ts'
import type { Outcome } from './serve.ts'

const date = z.string().refine((text) => instantOfSeoul(text) !== undefined, 'expected yyyy-MM-dd')
const count = z.string().regex(/^[1-9]\d{0,3}$/, 'expected 1 to 5000')

const listRequest = z.object({
  startDate: date,
  endDate: date,
  dateType: z.enum(['soldDate', 'paidOutDate']).optional(),
  page: count.optional(),
  size: count.refine((text) => Number(text) <= 5_000, 'expected 1 to 5000').optional(),
})

/** `GET /v1/settlements`: nothing that was paid in the sandbox is ever settled. */
export function listSettlements(query: unknown): Outcome {
  parseAs(listRequest, query)
  return { status: 200, body: [] }
}
