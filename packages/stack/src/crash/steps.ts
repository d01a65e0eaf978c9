import { randomUUID } from 'node:crypto'
import type { Topic } from '@checkout/contracts/events'
import type { PaymentStatus } from '@checkout/contracts/order-status'
import { Kafka, logLevel } from 'kafkajs'
import { mongo } from 'mongoose'
import { readBooks } from '../testing/books.ts'
import { eventually } from '../testing/eventually.ts'
import type { CancelOrder, ConfirmOrder, Reply, Window } from '../testing/shop-bodies.ts'
import type { CrashWorld } from './crash-world.ts'

/** Long enough for leases, looks and a restart on a busy machine; only spent by a trial that fails. */
export const PATIENCE_MS = 90_000
export const AMOUNT_KRW = 9_000

/** No client is told of a failure while the outcome is open: only that it is not known, or what it is. */
const NOT_FINAL = [202, 503, 504]

/** Repeats a request until its answer is final, as a client does that was told nothing final. */
export const answered = async <T>(act: () => Promise<Reply<T>>, wanted: number): Promise<Reply<T>> => {
  const reply = await eventually(
    async () => {
      const given = await act()
      if (given.status !== wanted && NOT_FINAL.includes(given.status)) throw new Error(`still ${given.status}`)
      return given
    },
    { timeoutMs: PATIENCE_MS, intervalMs: 100 },
  )
  if (reply.status !== wanted) throw new Error(`${reply.status} ${JSON.stringify(reply.body)}, and not ${wanted}`)
  return reply
}

/** Whoever took over from a dead process went on with its idempotency keys: one for each intent. */
export const expectKeys = async (
  { shop }: CrashWorld,
  orderId: string,
  operation: string,
  count: number,
): Promise<void> => {
  const { calls } = (await shop.books(orderId)).body
  const keys = new Set(calls.filter((call) => call.operation === operation).map((call) => call.idempotencyKey))
  if (keys.size !== count) throw new Error(`${orderId}: ${operation} was sent with ${keys.size} keys, not ${count}`)
}

export const ordered = async ({ shop }: CrashWorld): Promise<string> => {
  const key = randomUUID()
  const { body } = await answered(() => shop.createOrder(AMOUNT_KRW, { key }), 200)
  return body.orderId ?? ''
}

export const withWindow = async (world: CrashWorld, window: Partial<Window> = {}): Promise<ConfirmOrder> => {
  const orderId = await ordered(world)
  const opened = await world.shop.openWindow({ amount: AMOUNT_KRW, ...window, orderId })
  return { orderId, amount: AMOUNT_KRW, paymentKey: opened.body.paymentKey }
}

export const confirmed = async (
  world: CrashWorld,
  order: ConfirmOrder,
  wanted: PaymentStatus = 'PAID',
): Promise<void> => {
  const { body } = await answered(() => world.shop.confirm(order), 200)
  if (body.status !== wanted) throw new Error(`confirm: ${JSON.stringify(body)}`)
}

export const refunded = async ({ shop }: CrashWorld, cancel: CancelOrder): Promise<void> => {
  const key = randomUUID()
  await answered(() => shop.cancel(cancel, key), 200)
}

/** Until the buyer sees this; Toss's deliveries that met a dead gateway come again with its clock. */
export const shown = async ({ shop }: CrashWorld, orderId: string, status: PaymentStatus): Promise<void> => {
  await eventually(
    async () => {
      const { body } = await shop.order(orderId)
      if (body.payment?.status === status) return
      await shop.advanceClock(60_000)
      throw new Error(`${orderId} is ${JSON.stringify(body)}`)
    },
    { timeoutMs: PATIENCE_MS, intervalMs: 500 },
  )
}

/** Puts a message that the group cannot take on a topic, and waits until it lies among the group's dead letters. */
export const poison = async (
  world: CrashWorld,
  topic: Topic,
  group: string,
  message = { key: 'poison', value: 'no event' },
): Promise<void> => {
  const { kafkaBrokers, system } = world
  const kafka = new Kafka({ brokers: kafkaBrokers.split(','), logLevel: logLevel.NOTHING })
  const producer = kafka.producer()
  const admin = kafka.admin()
  const letters = async () => {
    const ends = await admin.fetchTopicOffsets(`${system.namespace}${topic}.${group}.dead-letter`)
    return ends.reduce((sum, { high }) => sum + Number(high), 0)
  }
  await Promise.all([producer.connect(), admin.connect()])
  try {
    // A topic that is new may have no leader yet.
    const before = await eventually(letters, { timeoutMs: PATIENCE_MS, intervalMs: 200 })
    await producer.send({ topic: `${system.namespace}${topic}`, messages: [message] })
    await eventually(
      async () => {
        if ((await letters()) === before) throw new Error(`no dead letter of ${group} on ${topic}`)
      },
      { timeoutMs: PATIENCE_MS, intervalMs: 200 },
    )
  } finally {
    await Promise.all([producer.disconnect(), admin.disconnect()])
  }
}

/** Moves the end of an order's life into the past, as if it had been made forty minutes ago. */
export const agePayment = async ({ system }: CrashWorld, orderId: string): Promise<void> => {
  const client = new mongo.MongoClient(system.mongoUrl)
  try {
    const payments = client.db(`${system.namespace}payment`).collection('payments')
    await eventually(
      async () => {
        const past = new Date(Date.now() - 1_000)
        const { matchedCount } = await payments.updateOne({ orderId }, { $set: { expiresAt: past, due: past } })
        if (matchedCount !== 1) throw new Error(`${orderId} has no payment yet`)
      },
      { timeoutMs: PATIENCE_MS },
    )
  } finally {
    await client.close()
  }
}

/** Until the payment service has heard of the order. */
export const opened = ({ system }: CrashWorld, orderId: string): Promise<void> =>
  eventually(
    async () => {
      const { payments } = await readBooks(system)
      if (!payments.some((payment) => payment.orderId === orderId)) throw new Error(`${orderId} has no payment yet`)
    },
    { timeoutMs: PATIENCE_MS, intervalMs: 200 },
  )
