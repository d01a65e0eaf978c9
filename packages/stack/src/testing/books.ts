import { mongo } from 'mongoose'
import type { Urls } from '../system.ts'
import type { Books, OurOrder, OurPayment, OurWebhookEvent, TossBooks } from './book-records.ts'
import { eventually } from './eventually.ts'
import { unrest, violations } from './violations.ts'

/** Where the two sets of books are. */
export interface BooksOf {
  readonly urls: Pick<Urls, 'simulator'>
  readonly namespace: string
  readonly mongoUrl: string
}

/** After an outage everything must have converged within this time. */
const restTimeoutMs = 60_000

/**
 * Waits until nothing is under way any more, then compares what Toss's books and ours say about every order.
 * @throws Error listing what contradicts, or what still goes on after a minute
 */
export async function booksEqual(system: BooksOf, { timeoutMs = restTimeoutMs } = {}): Promise<void> {
  const client = new mongo.MongoClient(system.mongoUrl)
  try {
    const books = await eventually(
      async () => {
        const read = await compare(client, system)
        const open = unrest(read)
        if (open.length > 0) throw new Error(listed('the system is not at rest', [...open, ...violations(read)]))
        return read
      },
      { timeoutMs, intervalMs: 200 },
    )
    const found = violations(books)
    if (found.length > 0) throw new Error(listed('the books differ', found))
  } finally {
    await client.close()
  }
}

/** Both sets of books as they are now, for a test that looks at one of its own orders. */
export async function readBooks(system: BooksOf): Promise<Books> {
  const client = new mongo.MongoClient(system.mongoUrl)
  try {
    return await eventually(() => compare(client, system))
  } finally {
    await client.close()
  }
}

/** Rejects when Toss's books change while ours are read: two moments cannot be compared. */
async function compare(client: mongo.MongoClient, { urls, namespace }: BooksOf): Promise<Books> {
  const before = await tossBooks(urls.simulator)
  const at = new Date()
  const payments = await client.db(`${namespace}payment`).collection<OurPayment>('payments').find().toArray()
  const webhookEvents = await client
    .db(`${namespace}payment`)
    .collection<OurWebhookEvent>('webhookEvents')
    .find()
    .toArray()
  const orders = await client.db(`${namespace}order`).collection<OurOrder>('orders').find().toArray()
  const toss = await tossBooks(urls.simulator)
  if (moneyIn(before) !== moneyIn(toss)) throw new Error("Toss's books changed while they were compared")
  return { toss, payments, orders, webhookEvents, at }
}

async function tossBooks(simulator: string): Promise<TossBooks> {
  const response = await fetch(`${simulator}/simulator/books`, { signal: AbortSignal.timeout(10_000) })
  if (response.status !== 200) throw new Error(`the simulator's books: ${response.status}`)
  return (await response.json()) as TossBooks
}

const moneyIn = ({ payments, transactions }: TossBooks): string => JSON.stringify([payments, transactions])

const listed = (title: string, lines: readonly string[]): string => [`${title}:`, ...new Set(lines)].join('\n  ')
