import { AppError } from '@checkout/contracts/errors'
import type { EventData } from '@checkout/contracts/events'
import { krw } from '@checkout/contracts/money'
import type { OrderProjection } from '@checkout/contracts/order-status'
import { type OutboxEntry, outboxEntry, outboxIndex, type WithOutbox } from '@checkout/messaging/outbox'
import { DuplicateKey, gatherReads, gatherWrites } from '@checkout/runtime/gathered-collection'
import { type Connection, type mongo, Schema } from 'mongoose'
import type { Idempotency, Order } from './domain/order.ts'

type OrderDocument = Omit<Order, 'orderId'> & { readonly _id: string; readonly outbox: readonly OutboxEntry[] }

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
    outbox: [Schema.Types.Mixed],
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

const toOrder = ({ _id, outbox: _, ...fields }: OrderDocument): Order => ({
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
  isCustomer(userId: string): Promise<boolean>
  enrollCustomers(userIds: readonly string[]): Promise<void>
}

export const createOrderStore = async (connection: Connection): Promise<OrderStore> => {
  const orders = connection.model('Order', orderSchema)
  const customers = connection.model('Customer', customerSchema)
  await orders.createIndexes()
  const database = connection.getClient().db(connection.name)
  // The driver's own collection: what is written is built whole and typed here, and what is read was written so.
  const rows = database.collection<OrderDocument>('orders')
  const writes = gatherWrites(rows)
  const byId = gatherReads(rows, '_id', { outbox: 0 })
  return {
    outboxes: database.collection<WithOutbox>('orders'),
    insert: async (order) => {
      const { orderId, ...fields } = order
      const created = outboxEntry('order.created', {
        id: `${orderId}:1`,
        service: 'order',
        key: orderId,
        at: order.createdAt,
        data: orderCreated(order),
      })
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
      const found = await orders.findOne({ 'idempotency.key': key }, { outbox: 0 }).lean<OrderDocument>()
      return found === null ? undefined : toOrder(found)
    },
    listByUser: async (userId, { beforeOrderId, limit }) => {
      const found = await orders
        .find({ userId, ...(beforeOrderId === undefined ? {} : { _id: { $lt: beforeOrderId } }) }, { outbox: 0 })
        .sort({ _id: -1 })
        .limit(limit)
        .lean<OrderDocument[]>()
      return found.map(toOrder)
    },
    project: async (orderId, { status, paymentVersion }) => {
      await writes.touch(
        { _id: orderId, paymentVersion: { $lte: paymentVersion } },
        { $set: { status, paymentVersion } },
      )
    },
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
