import { setTimeout as delay } from 'node:timers/promises'
import { type Driven, drive } from './drive.ts'
import { bodyOf } from './http-client.ts'
import type { Bench } from './line-makers.ts'
import { type Line, measureLine } from './measure.ts'
import { untilQuiet } from './process-usage.ts'
import { countExpiring, seedExpiring, seedOrders } from './seed-orders.ts'

const CLIENTS = 16
/** Whose order pages are read: the same people with the same orders before and after. */
const READERS = Array.from({ length: 20 }, (_, i) => `bench-reader-${i}`)
const ORDERS_PER_READER = 40
/** Everybody else has as many orders as a regular customer has in a year. */
const ORDERS_PER_CUSTOMER = 50
const EXPIRING = 500
/** Between their writing and their end, so that the writing is not in the figures. */
const EXPIRE_AFTER_MS = 8_000
const POLL_MS = 500

/**
 * The same three operations with an almost empty database and with so many orders and payments in it: a checkout, a customer's
 * page of orders with one order read, and the end of orders that nobody paid.
 */
export async function* manyOrders(bench: Bench, count: number, write: (line: string) => void): AsyncGenerator<Line> {
  const { target } = bench
  await seedOrders(target, READERS.length * ORDERS_PER_READER, READERS)
  yield* operations(bench, 'few')
  write(`    writing ${count} orders and payments …`)
  const startedAt = performance.now()
  const customers = Array.from({ length: Math.ceil(count / ORDERS_PER_CUSTOMER) }, (_, i) => `bench-customer-${i}`)
  await seedOrders(target, count, customers)
  write(`    written in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
  await untilQuiet(bench.meter, bench.rest)
  yield* operations(bench, String(count))
}

async function* operations(bench: Bench, orders: string): AsyncGenerator<Line> {
  const { meter, rest, options, shop } = bench
  const measure = (name: string, work: () => Promise<Driven>) =>
    measureLine({ name: `${name}, ${orders}`, clients: CLIENTS }, meter, rest, work)
  // Twice as long as other lines: a tenth more or less must be seen.
  const forMs = 2 * options.lineMs
  await drive(CLIENTS, options.lineMs, readPage(bench))
  yield await measure('order page', () => drive(CLIENTS, forMs, readPage(bench)))
  yield await measure('checkout', () => drive(CLIENTS, forMs, shop.checkout))
  const dueAt = new Date(Date.now() + EXPIRE_AFTER_MS)
  await seedExpiring(bench.target, EXPIRING, dueAt)
  await untilQuiet(meter, rest)
  yield await measure('expiry', () => untilExpired(bench, dueAt))
}

const readPage = ({ http, urls: { gateway } }: Bench) => {
  let next = 0
  return async (): Promise<'done'> => {
    const userId = READERS[next % READERS.length] ?? ''
    next += 1
    const page = await http.get(`${gateway}/api/orders/me?userId=${userId}`)
    const [order] = bodyOf<readonly { orderId: string }[]>('orders/me', page)
    bodyOf('order', await http.get(`${gateway}/api/orders/${order?.orderId ?? ''}?userId=${userId}`))
    return 'done'
  }
}

async function untilExpired({ target }: Bench, dueAt: Date): Promise<Driven> {
  const startedAt = performance.now()
  while (Date.now() < dueAt.getTime() || (await countExpiring(target, dueAt)) > 0) await delay(POLL_MS)
  return { ok: EXPIRING, errors: {}, seconds: (performance.now() - startedAt) / 1000, latenciesMs: [] }
}

/** What each operation costs with many orders, as a multiple of what it costs with few. */
export function growth(lines: readonly Line[]): { what: string; times: number }[] {
  return lines.flatMap((many) => {
    const [name, orders] = many.name.split(', ')
    const few = lines.find((line) => line.name === `${name}, few`)
    return few === undefined || orders === 'few' ? [] : [{ what: name ?? '', times: many.cpuMs / few.cpuMs }]
  })
}
