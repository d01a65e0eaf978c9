import { fc } from '@fast-check/jest'
import { type Book, type Command, order, webhookOf } from './acts.ts'
import { confirm, refund } from './clients.ts'
import { differences } from './compare.ts'
import type { World } from './world.ts'

/**
 * Plays the commands from one fresh order on, lets everything come to rest, and compares. The only chance in a walk is the jitter
 * of backoffs, which `seed` decides.
 * @throws Error telling everything that differs
 */
export const playWalk = async (world: World, commands: Iterable<Command>, seed: number): Promise<void> => {
  const restore = seedRandom(seed)
  try {
    await world.reset()
    const book: Book = { sales: [], heard: [], news: new Set() }
    await order(10_000, 'card', false).run(book, world)
    await fc.asyncModelRun(() => ({ model: book, real: world }), commands)
    await world.rest(() => isOpen(world, book))
    await tellAgain(world, book)
    await compare(world, book)
  } finally {
    restore()
  }
}

/** Toss delivers what it has to tell, who waits for an answer asks again; then whether anything is left that time must end. */
const isOpen = async (world: World, { sales, news }: Book): Promise<boolean> => {
  for (const sale of sales) {
    for (const { paymentKey } of sale.windows.filter((window) => news.has(window.paymentKey))) {
      await world.hear(await webhookOf(world, sale, paymentKey))
      news.delete(paymentKey)
    }
    for (const window of sale.windows)
      if (window.told === 'open' && window.asksAgain) await confirm(world, sale, window)
    for (const asked of sale.refunds) if (asked.told === 'open' && asked.asksAgain) await refund(world, sale, asked)
  }
  await world.idle()
  const isAwaited = sales.some(({ windows, refunds }) =>
    [...windows, ...refunds].some(({ told, asksAgain }) => told === 'open' && asksAgain),
  )
  const payments = await world.payments()
  return (
    isAwaited ||
    payments.some(
      ({ refunds, attempts }) =>
        refunds.some(({ status }) => status === 'REQUESTED') ||
        attempts.some((attempt) => attempt.outcome === undefined || attempt.void?.status === 'REQUESTED'),
    )
  )
}

/** Whoever asks for what was decided must be told the same. */
const tellAgain = async (world: World, { sales }: Book): Promise<void> => {
  for (const sale of sales) {
    for (const window of sale.windows)
      if (['paid', 'waiting'].includes(window.told) || window.isRefusalKept) await confirm(world, sale, window)
    for (const asked of sale.refunds) if (asked.told === 'done' || asked.isRefusalKept) await refund(world, sale, asked)
  }
  await world.idle()
}

const compare = async (world: World, { sales }: Book): Promise<void> => {
  const payments = await world.payments()
  const found = await Promise.all(
    sales.map(async (sale) =>
      differences(
        sale,
        payments.find(({ orderId }) => orderId === sale.orderId),
        await world.toss.books(sale.orderId),
      ),
    ),
  )
  const all = [...world.problems, ...found.flat()]
  if (all.length > 0) throw new Error(all.join('\n'))
}

const seedRandom = (seed: number): (() => void) => {
  const original = Math.random
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1
  Math.random = () => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 2 ** 32
  }
  return () => {
    Math.random = original
  }
}
