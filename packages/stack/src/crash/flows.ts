import { randomUUID } from 'node:crypto'
import type { PaymentStatus } from '@checkout/contracts/order-status'
import { Kafka, logLevel } from 'kafkajs'
import { mongo } from 'mongoose'
import { readBooks } from '../testing/books.ts'
import { eventually } from '../testing/eventually.ts'
import type { CancelOrder, ConfirmOrder, Reply, Window } from '../testing/shop-bodies.ts'
import type { CrashWorld } from './crash-world.ts'

/** What a flow does to the system; which crash points it passes follows from it. */
export type Feature =
  | 'orders'
  | 'prices'
  | 'confirms'
  | 'is declined'
  | 'refunds'
  | 'voids'
  | 'browser fails'
  | 'is told by Toss'
  | 'parks'
  | 'poisons order'
  | 'poisons payment'
  | 'is swept'

/** A story of one order, played as clients play it: whoever gets no final answer asks again. It ends when its outcome is there. */
export interface Flow {
  readonly name: string
  readonly features: readonly Feature[]
  readonly play: (world: CrashWorld) => Promise<void>
}

/** Long enough for leases, looks and a restart on a busy machine; only spent by a trial that fails. */
const PATIENCE_MS = 90_000
const AMOUNT_KRW = 9_000

/** No client is told of a failure while the outcome is open: only that it is not known, or what it is. */
const NOT_FINAL = [202, 503, 504]

/** Repeats a request until its answer is final, as a client does that was told nothing final. */
const answered = async <T>(act: () => Promise<Reply<T>>, wanted: number): Promise<Reply<T>> => {
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
const expectKeys = async ({ shop }: CrashWorld, orderId: string, operation: string, count: number): Promise<void> => {
  const { calls } = (await shop.books(orderId)).body
  const keys = new Set(calls.filter((call) => call.operation === operation).map((call) => call.idempotencyKey))
  if (keys.size !== count) throw new Error(`${orderId}: ${operation} was sent with ${keys.size} keys, not ${count}`)
}

const ordered = async ({ shop }: CrashWorld): Promise<string> => {
  const key = randomUUID()
  const { body } = await answered(() => shop.createOrder(AMOUNT_KRW, { key }), 200)
  return body.orderId ?? ''
}

const withWindow = async (world: CrashWorld, window: Partial<Window> = {}): Promise<ConfirmOrder> => {
  const orderId = await ordered(world)
  const opened = await world.shop.openWindow({ amount: AMOUNT_KRW, ...window, orderId })
  return { orderId, amount: AMOUNT_KRW, paymentKey: opened.body.paymentKey }
}

const confirmed = async (world: CrashWorld, order: ConfirmOrder, wanted: PaymentStatus = 'PAID'): Promise<void> => {
  const { body } = await answered(() => world.shop.confirm(order), 200)
  if (body.status !== wanted) throw new Error(`confirm: ${JSON.stringify(body)}`)
}

const refunded = async ({ shop }: CrashWorld, cancel: CancelOrder): Promise<void> => {
  const key = randomUUID()
  await answered(() => shop.cancel(cancel, key), 200)
}

/** Until the buyer sees this; Toss's deliveries that met a dead gateway come again with its clock. */
const shown = async ({ shop }: CrashWorld, orderId: string, status: PaymentStatus): Promise<void> => {
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

/** Puts a message on a topic and waits until the group has moved it to its dead letters. */
const poison = async (world: CrashWorld, topic: string, group: string): Promise<void> => {
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
    const before = await letters()
    await producer.send({ topic: `${system.namespace}${topic}`, messages: [{ key: 'poison', value: 'no event' }] })
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
const agePayment = async ({ system }: CrashWorld, orderId: string): Promise<void> => {
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

export const flows: readonly Flow[] = [
  {
    name: 'products, paid',
    features: ['orders', 'prices', 'confirms', 'is told by Toss'],
    play: async (world) => {
      const key = randomUUID()
      const items = [{ productId: 1, quantity: 2 }]
      const { body } = await answered(() => world.shop.orderProducts(items, { key }), 200)
      const { orderId = '', totalAmountKrw: amount = 0 } = body
      const { paymentKey } = (await world.shop.openWindow({ orderId, amount })).body
      await confirmed(world, { orderId, amount, paymentKey })
      await expectKeys(world, orderId, 'confirm', 1)
    },
  },
  {
    name: 'declined, then paid with another card',
    features: ['orders', 'confirms', 'is declined', 'is told by Toss'],
    play: async (world) => {
      const order = await withWindow(world, { declineCode: 'REJECT_CARD_PAYMENT' })
      await answered(() => world.shop.confirm(order), 403)
      const { orderId, amount } = order
      const { paymentKey } = (await world.shop.openWindow({ orderId, amount })).body
      await confirmed(world, { orderId, amount, paymentKey })
    },
  },
  {
    name: 'paid, refunded in two parts',
    features: ['orders', 'confirms', 'refunds', 'is told by Toss'],
    play: async (world) => {
      const order = await withWindow(world)
      await confirmed(world, order)
      await refunded(world, { orderId: order.orderId, amount: 2_000 })
      await refunded(world, { orderId: order.orderId })
      await shown(world, order.orderId, 'REFUNDED')
      await expectKeys(world, order.orderId, 'cancel', 2)
    },
  },
  {
    name: 'the answer to the confirm is lost',
    features: ['orders', 'confirms', 'is told by Toss'],
    play: async (world) => {
      const order = await withWindow(world)
      const match = { operation: 'confirm', orderId: order.orderId } as const
      await world.shop.fault({ match, fault: { kind: 'drop-after' } })
      await confirmed(world, order)
    },
  },
  {
    name: 'a deposit, told by a webhook',
    features: ['orders', 'confirms', 'is told by Toss'],
    play: async (world) => {
      const order = await withWindow(world, { method: 'VIRTUAL_ACCOUNT' })
      await confirmed(world, order, 'WAITING_FOR_DEPOSIT')
      await world.shop.happen(order.paymentKey, 'deposit')
      await shown(world, order.orderId, 'PAID')
    },
  },
  {
    name: "a refund in Toss's console",
    features: ['orders', 'confirms', 'is told by Toss'],
    play: async (world) => {
      const order = await withWindow(world)
      await confirmed(world, order)
      await world.shop.happen(order.paymentKey, 'cancel', { amount: 4_000, reason: 'console' })
      await shown(world, order.orderId, 'PARTIAL_REFUND')
    },
  },
  {
    name: 'a second approval, which goes back',
    features: ['orders', 'confirms', 'voids', 'is told by Toss'],
    play: async (world) => {
      const first = await withWindow(world)
      const { orderId, amount } = first
      await confirmed(world, first)
      const { paymentKey } = (await world.shop.openWindow({ orderId, amount })).body
      await world.shop.confirmAtToss({ orderId, amount, paymentKey })
      await eventually(
        async () => {
          const toss = (await world.shop.books(orderId)).body.payments.find((book) => book.paymentKey === paymentKey)
          if (toss?.status === 'CANCELED') return
          await world.shop.advanceClock(60_000)
          throw new Error(`the second approval is ${toss?.status}`)
        },
        { timeoutMs: PATIENCE_MS, intervalMs: 500 },
      )
    },
  },
  {
    name: 'the buyer closes the window',
    features: ['orders', 'browser fails'],
    play: async (world) => {
      const orderId = await ordered(world)
      await answered(() => world.shop.fail({ orderId, code: 'PAY_PROCESS_CANCELED', message: 'closed' }), 200)
    },
  },
  {
    name: 'an order that nobody pays',
    features: ['orders', 'is swept'],
    play: async (world) => {
      const orderId = await ordered(world)
      await agePayment(world, orderId)
      await eventually(
        async () => {
          const { body } = await world.shop.order(orderId)
          if (body.status !== 'FAILED') throw new Error(`${orderId} is ${body.status}`)
        },
        { timeoutMs: PATIENCE_MS },
      )
    },
  },
  {
    name: 'a webhook about an order that does not exist',
    features: ['parks'],
    play: async (world) => {
      const orderId = `ORD-${randomUUID()}`
      const data = { orderId, paymentKey: `tgen_${randomUUID()}`, status: 'DONE' }
      const body = { eventType: 'PAYMENT_STATUS_CHANGED', createdAt: '2026-01-02T14:46:59.65327', data }
      await answered(() => world.shop.deliver(body), 200)
      await eventually(
        async () => {
          const row = (await readBooks(world.system)).webhookEvents.find((event) => event.orderId === orderId)
          if (row?.outcome !== 'PARKED') throw new Error(`the webhook is ${row?.outcome}`)
        },
        { timeoutMs: PATIENCE_MS, intervalMs: 200 },
      )
    },
  },
  {
    name: 'a message that the order service cannot read',
    features: ['poisons order'],
    play: (world) => poison(world, 'payment.status-changed', 'order'),
  },
  {
    name: 'a message that the payment service cannot read',
    features: ['poisons payment'],
    play: (world) => poison(world, 'order.created', 'payment'),
  },
]
