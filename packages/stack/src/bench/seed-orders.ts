import { randomBytes, randomUUID } from 'node:crypto'
import { mongo } from 'mongoose'

/** Where the orders go: the databases of one namespace. */
export interface SeedTarget {
  readonly mongoUrl: string
  readonly namespace: string
}

/** Big enough to be one message, small enough for the memory of this process. */
const BATCH = 5_000
const YEAR_MS = 365 * 24 * 3_600_000
/** Crockford's base 32, as in the ids that the order service makes: they sort by time. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * Writes orders with their payments straight into the two databases, as a shop of a year would have left them: paid, refunded,
 * failed, nothing to do. The only place where documents do not come from the services. Toss knows nothing of these payments.
 * @param customers their ids; the orders go round among them
 */
export async function seedOrders(
  target: SeedTarget,
  count: number,
  customers: readonly string[],
  report: (done: number) => void = () => undefined,
): Promise<void> {
  await withCollections(target, async ({ orders, payments, enrolled }) => {
    await enrolled.bulkWrite(
      customers.map((_id) => ({ updateOne: { filter: { _id }, update: { $setOnInsert: { _id } }, upsert: true } })),
      { ordered: false },
    )
    const now = Date.now()
    for (let from = 0; from < count; from += BATCH) {
      const rows = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => {
        const number = from + i
        const at = new Date(now - YEAR_MS * (1 - number / count) - 3_600_000)
        return settled(at, customers[number % customers.length] ?? '', number)
      })
      await insert(orders, payments, rows)
      report(from + rows.length)
    }
  })
  // What was written is on its way to the disk for a long time, and whoever measures now would measure that.
  const client = new mongo.MongoClient(target.mongoUrl)
  try {
    await client.db('admin').command({ fsync: 1 })
  } finally {
    await client.close()
  }
}

/** Orders that nobody has paid and whose time is over at `dueAt`. */
export async function seedExpiring(target: SeedTarget, count: number, dueAt: Date): Promise<void> {
  await withCollections(target, async ({ orders, payments }) => {
    await insert(
      orders,
      payments,
      Array.from({ length: count }, () => pending(dueAt)),
    )
  })
}

/** How many of them still wait for their end. */
export async function countExpiring(target: SeedTarget, dueAt: Date): Promise<number> {
  return withCollections(target, ({ payments }) => payments.countDocuments({ due: { $lte: dueAt, $exists: true } }))
}

interface Row {
  readonly order: Stored
  readonly payment: Stored
}
type Stored = { _id: string } & Record<string, unknown>

function settled(at: Date, customerId: string, number: number): Row {
  const orderId = orderIdAt(at)
  const paymentId = paymentIdAt(at)
  const status = number % 20 === 0 ? 'FAILED' : number % 33 === 0 ? 'REFUNDED' : 'PAID'
  const isPaid = status !== 'FAILED'
  const unitPriceKrw = 1_000 + (number % 50) * 1_000
  const amountKrw = unitPriceKrw * 2
  const refundedKrw = status === 'REFUNDED' ? amountKrw : 0
  const paymentKey = `tgen_${orderId}`
  const common = { amountKrw, createdAt: at, expiresAt: new Date(at.getTime() + 2_400_000), outbox: [] }
  return {
    order: {
      _id: orderId,
      userId: customerId,
      currency: 'KRW',
      lines: [{ productId: 1, name: '상품', unitPriceKrw, quantity: 2 }],
      status: status === 'REFUNDED' ? 'CANCELED' : status,
      paymentVersion: 2,
      ...common,
    },
    payment: {
      _id: paymentId,
      orderId,
      customerId,
      status,
      version: 2,
      attempts: [
        { id: randomUUID(), keyNo: 1, paymentKey, startedAt: at, looks: 0, outcome: isPaid ? 'ACCEPTED' : 'FAILED' },
      ],
      ...(isPaid ? { paymentKey, method: '카드', approvedAt: at } : {}),
      refundedKrw,
      reservedKrw: 0,
      refunds: [],
      cancelKeys: [],
      tries: 0,
      bell: 1,
      scheduledLooks: [],
      history: [
        { version: 1, status: 'CONFIRMING', at, cause: 'confirm requested' },
        { version: 2, status, at, cause: 'confirm: Toss says DONE' },
      ],
      ...common,
    },
  }
}

function pending(expiresAt: Date): Row {
  const orderId = orderIdAt(new Date())
  const common = { amountKrw: 10_000, createdAt: new Date(), expiresAt, status: 'PENDING', outbox: [] }
  return {
    order: { _id: orderId, currency: 'KRW', lines: [], paymentVersion: 0, ...common },
    payment: {
      _id: paymentIdAt(new Date()),
      orderId,
      version: 0,
      attempts: [],
      refundedKrw: 0,
      reservedKrw: 0,
      refunds: [],
      cancelKeys: [],
      due: expiresAt,
      tries: 0,
      bell: 0,
      scheduledLooks: [],
      history: [],
      ...common,
    },
  }
}

/** An id of the shape and the order of those that the order service makes. */
function orderIdAt(at: Date): string {
  let rest = at.getTime()
  let time = ''
  for (let i = 0; i < 10; i += 1) {
    time = (ALPHABET[rest % 32] ?? '') + time
    rest = Math.floor(rest / 32)
  }
  return `ORD-${time}${Array.from(randomBytes(16), (byte) => ALPHABET[byte % 32] ?? '').join('')}`
}

/** A UUID of version 7, which begins with the time: new ones come to the end of the index, as the payment service's do. */
function paymentIdAt(at: Date): string {
  const time = at.getTime().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}

type Rows = mongo.Collection<{ _id: string } & Record<string, unknown>>

async function insert(orders: Rows, payments: Rows, rows: readonly Row[]): Promise<void> {
  await Promise.all([
    orders.insertMany(
      rows.map(({ order }) => order),
      { ordered: false },
    ),
    payments.insertMany(
      rows.map(({ payment }) => payment),
      { ordered: false },
    ),
  ])
}

async function withCollections<T>(
  { mongoUrl, namespace }: SeedTarget,
  work: (rows: { orders: Rows; payments: Rows; enrolled: Rows }) => Promise<T>,
): Promise<T> {
  const client = new mongo.MongoClient(mongoUrl)
  try {
    const rowsOf = (database: string, name: string): Rows => client.db(`${namespace}${database}`).collection(name)
    return await work({
      orders: rowsOf('order', 'orders'),
      payments: rowsOf('payment', 'payments'),
      enrolled: rowsOf('order', 'customers'),
    })
  } finally {
    await client.close()
  }
}
