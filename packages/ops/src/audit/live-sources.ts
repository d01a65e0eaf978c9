import { openKafkaLog } from '@checkout/messaging/log-reader'
import { createLogger } from '@checkout/runtime/log'
import { mongo } from 'mongoose'
import { needed } from '../config.ts'
import type { Connections } from '../connect.ts'
import type { AuditedOrder, AuditedPayment, TossRow } from './records.ts'
import type { Scope, Sources, WebhookRow } from './sources.ts'

const ROWS_AT_ONCE = 2_000
const DOCUMENTS_AT_ONCE = 1_000
const MAX_STUCK = 1_000
const DAY_MS = 24 * 3_600_000
const YEAR_MS = 365 * DAY_MS
const TOSS_TIMEOUT_MS = 70_000

/** The running system, read-only: its databases, its log, and Toss through the payment service, which alone has the key. */
export const openLiveSources = async (connect: Connections): Promise<Sources> => {
  const { config } = connect
  const client = new mongo.MongoClient(needed(config, 'MONGO_URL'), { readConcernLevel: 'majority' })
  connect.onClose(() => client.close())
  await client.connect()
  const kafka = await openKafkaLog({
    brokers: needed(config, 'KAFKA_BROKERS'),
    namespace: config.NAMESPACE,
    log: createLogger('ops', 'silent'),
  })
  connect.onClose(() => kafka.close())
  const database = (name: string) => client.db(config.NAMESPACE + name)
  const orders = database('order').collection<AuditedOrder>('orders')
  const payments = database('payment').collection<AuditedPayment>('payments')
  const webhooks = database('payment').collection<WebhookRow>('webhookEvents')
  const payment = connect.payment()

  return {
    now: async () => {
      const hello: { localTime?: Date } = await client.db('admin').command({ hello: 1 })
      return hello.localTime ?? new Date()
    },
    orders: (scope) =>
      orders.find<AuditedOrder>(within('_id', scope), {
        projection: {
          amountKrw: 1,
          lines: 1,
          status: 1,
          paymentVersion: 1,
          expiresAt: 1,
          'outbox.id': 1,
          'outbox.at': 1,
        },
        sort: { _id: 1 },
        batchSize: DOCUMENTS_AT_ONCE,
      }),
    payments: (scope) =>
      payments.find<AuditedPayment>(within('orderId', scope), {
        projection: { ...shown, 'history.version': 1, 'outbox.id': 1, 'outbox.at': 1 },
        sort: { orderId: 1 },
        batchSize: DOCUMENTS_AT_ONCE,
      }),
    webhooks: (ids) => webhooks.find({ _id: { $in: [...ids] } }, { projection: { outcome: 1, lookAt: 1 } }).toArray(),
    stuckWebhooks: (at) =>
      webhooks
        .find(
          {
            $or: [{ lookAt: { $exists: true, $lte: at } }, { lookAt: { $exists: false }, outcome: { $exists: false } }],
          },
          { projection: { outcome: 1, lookAt: 1 }, limit: MAX_STUCK },
        )
        .toArray(),
    beginning: async () => {
      const first = await orders.findOne<{ createdAt: Date }>({}, { sort: { _id: 1 }, projection: { createdAt: 1 } })
      return first === null ? undefined : new Date(first.createdAt.getTime() - DAY_MS)
    },
    async *tossRows(since): AsyncGenerator<TossRow> {
      // Toss's clock is its own, and an end that lies ahead costs nothing.
      const to = new Date(Date.now() + YEAR_MS).toISOString()
      for (let startingAfter = ''; ; ) {
        const { rows } = await payment.ListTossTransactions(
          { from: since.toISOString(), to, startingAfter, limit: ROWS_AT_ONCE },
          connect.call(TOSS_TIMEOUT_MS),
        )
        for (const { amountKrw, at, ...row } of rows) yield { ...row, amountKrw: Number(amountKrw), at: Date.parse(at) }
        const last = rows.at(-1)
        if (last === undefined || rows.length < ROWS_AT_ONCE) return
        startingAfter = last.transactionKey
      }
    },
    tossPayment: async (paymentKey, orderId) => {
      const { payment: found } = await payment.LookAtToss({ paymentKey, orderId }, connect.call(TOSS_TIMEOUT_MS))
      return found ?? undefined
    },
    topics: () => kafka.topics(),
    ranges: (topic, since) => kafka.ranges(topic, since === undefined ? {} : { from: { at: since } }),
    messages: (topic, ranges, keys) => kafka.read(topic, ranges, { keys }),
    committed: (group, topic) => kafka.committed(group, topic),
  }
}

/** What of a payment is audited; the rest, such as the account that a refund goes to, is never read. */
const shown = {
  orderId: 1,
  amountKrw: 1,
  status: 1,
  version: 1,
  expiresAt: 1,
  'attempts.id': 1,
  'attempts.paymentKey': 1,
  'attempts.outcome': 1,
  'attempts.void': 1,
  paymentKey: 1,
  'failure.code': 1,
  refundedKrw: 1,
  reservedKrw: 1,
  'refunds.id': 1,
  'refunds.amountKrw': 1,
  'refunds.status': 1,
  'refunds.origin': 1,
  'refunds.transactionKey': 1,
  due: 1,
  lease: 1,
} as const

const within = (field: string, { fromKey, toKey, only }: Scope): Record<string, object> => {
  const range = {
    ...(fromKey === undefined ? {} : { $gte: fromKey }),
    ...(toKey === undefined ? {} : { $lt: toKey }),
    ...(only === undefined ? {} : { $in: [...only] }),
  }
  return Object.keys(range).length === 0 ? {} : { [field]: range }
}
