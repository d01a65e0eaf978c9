import { AppError } from '@checkout/contracts/errors'
import type { EventData } from '@checkout/contracts/events'
import { krw } from '@checkout/contracts/money'
import type { OrderProjection } from '@checkout/contracts/order-status'
import { type OutboxEntry, outboxEntry, outboxIndex, type WithOutbox } from '@checkout/messaging/outbox'
import type { Rewritable } from '@checkout/messaging/replay-handlers'
import type { Clock } from '@checkout/runtime/clock'
import { DuplicateKey, gatherReads, gatherWrites } from '@checkout/runtime/gathered-collection'
import { type Connection, type mongo, Schema } from 'mongoose'
import type { Idempotency, Order, Projected } from './domain/order.ts'

type OrderDocument = Omit<Order, 'orderId'> & {
  readonly _id: string
  readonly outbox: readonly OutboxEntry[]
  readonly projected?: readonly Projected[]
}

/** Of what a payment went through the last so many are kept, for the timeline. */
const MAX_PROJECTED = 50
/** What the relay and the timeline alone read. */
const content = { outbox: 0, projected: 0 } as const

const orderSchema = new Schema<OrderDocument>(
  {
    _id: { type: String, required: true },
    userId: String,
    amountKrw: { type: Number, required: true },
    currency: { type: String, required: true },
    lines: [{ _id: false, productId: Number, name: String, unitPriceKrw: Number, quantity: Number }],
    status: { type: String, required: true },
    paymentVersion: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    idempotency: { type: new Schema<Idempotency>({ key: String, fingerprint: String }, { _id: false }) },
    requestId: String,
    outbox: [Schema.Types.Mixed],
    projected: { type: [Schema.Types.Mixed], default: undefined },
  },
  { collection: 'orders', versionKey: false, autoIndex: false, strict: true },
)
  // One key makes one order, however many requests carry it at once.
  .index({ 'idempotency.key': 1 }, { unique: true, partialFilterExpression: { 'idempotency.key': { $exists: true } } })
  .index({ userId: 1, _id: -1 })
  .index(outboxIndex.key, outboxIndex.options)

/** The name that MongoDB gives to the index above. */
const IDEMPOTENCY_INDEX = 'idempotency.key_1'

type CustomerDocument = { readonly _id: string }

const customerSchema = new Schema<CustomerDocument>(
  { _id: { type: String, required: true } },
  { collection: 'customers', versionKey: false, autoIndex: false, strict: true },
)

const toOrder = ({ _id, outbox: _, projected: __, ...fields }: OrderDocument): Order => ({
  orderId: _id,
  ...fields,
  amountKrw: krw(fields.amountKrw),
})

const orderCreated = (order: Order): EventData<'order.created'> => ({
  orderId: order.orderId,
  ...(order.userId === undefined ? {} : { customerId: order.userId }),
  amountKrw: order.amountKrw,
  currency: order.currency,
  lines: order.lines.map((line) => ({ ...line })),
  createdAt: order.createdAt.toISOString(),
  expiresAt: order.expiresAt.toISOString(),
})

/** The event that announces an order, the same whenever it is made. */
const createdEntry = (order: Order): OutboxEntry =>
  outboxEntry('order.created', {
    id: `${order.orderId}:1`,
    service: 'order',
    key: order.orderId,
    at: order.createdAt,
    data: orderCreated(order),
  })

export type OrderStore = {
  /** For the relay, which alone empties the outboxes. */
  readonly outboxes: mongo.Collection<WithOutbox>
  /** Writes the order and its order.created in one; false when an order with its idempotency key exists. Refuses an id that is taken. */
  insert(order: Order): Promise<boolean>
  findById(orderId: string): Promise<Order | undefined>
  findByIdempotencyKey(key: string): Promise<Order | undefined>
  /** Newest first; only orders older than `beforeOrderId`. */
  listByUser(userId: string, page: { beforeOrderId?: string | undefined; limit: number }): Promise<Order[]>
  /** Writes the projection unless the order already has a newer version. */
  project(orderId: string, projection: OrderProjection): Promise<void>
  /** Sets a projection that still is `seen`, whatever its version; false when it is not. */
  reproject(orderId: string, seen: OrderProjection, to: OrderProjection): Promise<boolean>
  projectionsOf(orderIds: readonly string[]): Promise<{ id: string; status: string; version: number }[]>
  /** Announces orders once more, from their documents. */
  readonly announcements: Rewritable
  /** The last projections, oldest first. */
  projected(orderId: string): Promise<readonly Projected[]>
  isCustomer(userId: string): Promise<boolean>
  enrollCustomers(userIds: readonly string[]): Promise<void>
}

export const createOrderStore = async (connection: Connection, clock: Pick<Clock, 'now'>): Promise<OrderStore> => {
  const orders = connection.model('Order', orderSchema)
  const customers = connection.model('Customer', customerSchema)
  await orders.createIndexes()
  const database = connection.getClient().db(connection.name)
  // The driver's own collection: what is written is built whole and typed here, and what is read was written so.
  const rows = database.collection<OrderDocument>('orders')
  const writes = gatherWrites(rows)
  const byId = gatherReads(rows, '_id', content)
  return {
    outboxes: database.collection<WithOutbox>('orders'),
    insert: async (order) => {
      const { orderId, ...fields } = order
      const created = createdEntry(order)
      try {
        await writes.insert({ _id: orderId, ...fields, outbox: [created] })
        return true
      } catch (error) {
        if (error instanceof DuplicateKey && error.index === IDEMPOTENCY_INDEX) return false
        if (error instanceof DuplicateKey && error.index === '_id_') throw takenId(error)
        throw error
      }
    },
    findById: async (orderId) => {
      const found = await byId(orderId)
      return found === undefined ? undefined : toOrder(found)
    },
    findByIdempotencyKey: async (key) => {
      const found = await orders.findOne({ 'idempotency.key': key }, content).lean<OrderDocument>()
      return found === null ? undefined : toOrder(found)
    },
    listByUser: async (userId, { beforeOrderId, limit }) => {
      const found = await orders
        .find({ userId, ...(beforeOrderId === undefined ? {} : { _id: { $lt: beforeOrderId } }) }, content)
        .sort({ _id: -1 })
        .limit(limit)
        .lean<OrderDocument[]>()
      return found.map(toOrder)
    },
    project: async (orderId, { status, paymentVersion }) => {
      const applied = { status, paymentVersion, at: clock.now() }
      const isNews = await writes.update(
        { _id: orderId, paymentVersion: { $lt: paymentVersion } },
        { $set: { status, paymentVersion }, $push: { projected: { $each: [applied], $slice: -MAX_PROJECTED } } },
      )
      // A spoiled status of this very version is put right; what happened stays told once.
      if (!isNews) await writes.touch({ _id: orderId, paymentVersion }, { $set: { status } })
    },
    reproject: async (orderId, seen, to) => {
      const result = await orders.updateOne(
        { _id: orderId, status: seen.status, paymentVersion: seen.paymentVersion },
        { $set: { status: to.status, paymentVersion: to.paymentVersion } },
      )
      return result.matchedCount === 1
    },
    projectionsOf: async (orderIds) => {
      const found = await orders
        .find({ _id: { $in: [...orderIds] } }, { status: 1, paymentVersion: 1 })
        .lean<Pick<OrderDocument, '_id' | 'status' | 'paymentVersion'>[]>()
      return found.map(({ _id, status, paymentVersion }) => ({ id: _id, status, version: paymentVersion }))
    },
    announcements: {
      count: () => orders.estimatedDocumentCount(),
      announce: async (after, limit) => {
        const page = await orders
          .find({ _id: { $gt: after } }, content)
          .sort({ _id: 1 })
          .limit(limit)
          .lean<OrderDocument[]>()
        const entries = page.map((document) => createdEntry(toOrder(document)))
        // One that waits in the outbox anyway is not put there twice.
        const updates = entries.map((entry) => ({
          updateOne: {
            filter: { _id: entry.key, 'outbox.id': { $ne: entry.id } },
            update: { $push: { outbox: entry } },
          },
        }))
        if (updates.length > 0) await rows.bulkWrite(updates, { ordered: false })
        return { ids: page.map(({ _id }) => _id), count: entries.length }
      },
    },
    projected: async (orderId) =>
      (await orders.findOne({ _id: orderId }, { projected: 1 }).lean<OrderDocument>())?.projected ?? [],
    isCustomer: async (userId) => (await customers.exists({ _id: userId })) !== null,
    enrollCustomers: async (userIds) => {
      await customers.bulkWrite(
        userIds.map((userId) => ({
          updateOne: { filter: { _id: userId }, update: { $setOnInsert: { _id: userId } }, upsert: true },
        })),
      )
    },
  }
}

const takenId = (cause: unknown): AppError =>
  new AppError('INVALID_INPUT_VALUE', { errors: [{ field: 'orderId', message: 'is the id of an order' }] }, { cause })
