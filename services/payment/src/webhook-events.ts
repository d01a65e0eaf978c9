import type { Clock } from '@checkout/runtime/clock'
import { gather } from '@checkout/runtime/gather'
import { DuplicateKey, gatherWrites } from '@checkout/runtime/gathered-collection'
import { type Connection, Schema } from 'mongoose'

/** One webhook as it was received, and what became of it. Open until it has an outcome. */
export type WebhookEvent = {
  /** The hash of the raw body. */
  readonly _id: string
  readonly eventType: string
  readonly orderId?: string
  readonly paymentKey?: string
  readonly status?: string
  readonly transactionKey?: string
  readonly transmissionId?: string
  readonly receivedAt: string
  readonly storedAt: Date
  readonly paymentId?: string
  readonly outcome?: 'APPLIED' | 'NOOP' | 'REJECTED' | 'IGNORED' | 'PARKED'
  readonly reason?: string
  /** The look that justified the outcome. */
  readonly justifiedBy?: { readonly paymentKey: string; readonly at: Date; readonly status: string }
  readonly looks: number
  /** When to look at it (again); absent once it is closed for good. */
  readonly lookAt?: Date
  readonly needsAttention?: boolean
}

const NINETY_DAYS_S = 90 * 24 * 3600

const schema = new Schema<WebhookEvent>(
  {
    _id: { type: String, required: true },
    eventType: { type: String, required: true },
    orderId: String,
    paymentKey: String,
    status: String,
    transactionKey: String,
    transmissionId: String,
    receivedAt: { type: String, required: true },
    storedAt: { type: Date, required: true },
    paymentId: String,
    outcome: String,
    reason: String,
    justifiedBy: Schema.Types.Mixed,
    looks: { type: Number, required: true },
    lookAt: Date,
    needsAttention: Boolean,
  },
  { versionKey: false, strict: 'throw', collection: 'webhookEvents', autoIndex: false },
)
schema.index({ paymentId: 1, lookAt: 1 }, { name: 'open', partialFilterExpression: { lookAt: { $exists: true } } })
schema.index({ lookAt: 1 }, { name: 'lookAt', partialFilterExpression: { lookAt: { $exists: true } } })
schema.index({ orderId: 1, outcome: 1 }, { name: 'parked', partialFilterExpression: { outcome: 'PARKED' } })
// For the gauges: how many are parked, and since when the oldest is.
schema.index({ outcome: 1, storedAt: 1 }, { name: 'parkedSince', partialFilterExpression: { outcome: 'PARKED' } })
// For operators, page by page.
schema.index({ outcome: 1, storedAt: 1, _id: 1 }, { name: 'PARKED', partialFilterExpression: { outcome: 'PARKED' } })
schema.index(
  { outcome: 1, storedAt: 1, _id: 1 },
  { name: 'REJECTED', partialFilterExpression: { outcome: 'REJECTED' } },
)
schema.index(
  { paymentId: 1, storedAt: 1 },
  { name: 'payment', partialFilterExpression: { paymentId: { $exists: true } } },
)
schema.index({ storedAt: 1 }, { name: 'ttl', expireAfterSeconds: NINETY_DAYS_S })

export type WebhookEventStore = ReturnType<typeof createWebhookEventStore>

export const createWebhookEventStore = (connection: Connection, clock: Clock) => {
  const model = connection.model<WebhookEvent>('WebhookEvent', schema)
  // The driver's own collection: what is written is built whole and typed here, and what is read was written so.
  const rows = connection.getClient().db(connection.name).collection<WebhookEvent>('webhookEvents')
  const writes = gatherWrites(rows)
  /** The parked events of several orders at once: nearly always none. What is beyond the limit rings by its ladder. */
  const parkedByOrder = gather(async (orderIds: readonly string[]) => {
    const found = await rows
      .find({ orderId: { $in: [...new Set(orderIds)] }, outcome: 'PARKED' })
      .limit(100 * orderIds.length)
      .toArray()
    return orderIds.map((orderId) => ({ result: found.filter((event) => event.orderId === orderId) }))
  }, 100)
  return {
    createIndexes: async (): Promise<void> => {
      await model.createCollection()
      await model.createIndexes()
    },
    /** Stores the event, or finds it as an earlier delivery of the same body has left it. */
    insert: async (event: Omit<WebhookEvent, 'storedAt' | 'looks'>): Promise<WebhookEvent> => {
      const row: WebhookEvent = { ...event, storedAt: clock.now(), looks: 0, lookAt: clock.now() }
      try {
        await writes.insert(row)
        return row
      } catch (error) {
        if (!(error instanceof DuplicateKey)) throw error
        const known = await model.findById(event._id).lean<WebhookEvent>()
        if (known === null) throw error
        return known
      }
    },
    statesOf: async (ids: readonly string[]): Promise<{ id: string; outcome?: string }[]> => {
      const found = await model
        .find({ _id: { $in: [...ids] } }, { outcome: 1 })
        .lean<Pick<WebhookEvent, '_id' | 'outcome'>[]>()
      return found.map(({ _id, outcome }) => ({ id: _id, ...(outcome === undefined ? {} : { outcome }) }))
    },
    /** Opens the event for this payment's looks; one that was parked begins its looks anew. */
    assign: async (id: string, paymentId: string): Promise<void> => {
      const open = { paymentId, lookAt: clock.now() }
      if (await writes.update({ _id: id, outcome: { $exists: false } }, { $set: open })) return
      await writes.touch(
        { _id: id, outcome: 'PARKED' },
        { $set: { ...open, looks: 0 }, $unset: { outcome: 1, reason: 1, needsAttention: 1 } },
      )
    },
    /** Puts the event behind all others that are due, or off until `lookAt`. */
    postpone: async (id: string, lookAt: Date = clock.now()): Promise<void> => {
      await model.updateOne({ _id: id, lookAt: { $exists: true } }, { $set: { lookAt } })
    },
    /** The open events of a payment whose look is due. */
    findOpen: async (paymentId: string): Promise<WebhookEvent[]> =>
      rows
        .find({ paymentId, lookAt: { $lte: clock.now(), $exists: true } })
        .limit(100)
        .toArray(),
    /** What has rung for a payment, the newest first. */
    ofPayment: async (paymentId: string, limit: number): Promise<WebhookEvent[]> =>
      rows
        .find({ paymentId: { $eq: paymentId, $exists: true } })
        .sort({ storedAt: -1 })
        .limit(limit)
        .toArray(),
    nextLookAt: async (paymentId: string): Promise<Date | undefined> => {
      const next = await rows.findOne(
        { paymentId, lookAt: { $exists: true } },
        { projection: { lookAt: 1 }, sort: { lookAt: 1 } },
      )
      return next?.lookAt
    },
    close: async (id: string, end: Pick<WebhookEvent, 'outcome' | 'reason' | 'justifiedBy'>): Promise<void> => {
      await writes.touch({ _id: id, lookAt: { $exists: true } }, { $set: end, $unset: { lookAt: 1 } })
    },
    /** Unless its payment has just appeared. */
    park: async (id: string, reason: string, lookAt: Date | undefined): Promise<void> => {
      await model.updateOne(
        { _id: id, paymentId: { $exists: false } },
        {
          $set: { outcome: 'PARKED', reason, ...(lookAt === undefined ? { needsAttention: true } : { lookAt }) },
          $inc: { looks: 1 },
          ...(lookAt === undefined ? { $unset: { lookAt: 1 } } : {}),
        },
      )
    },
    lookAgain: async (id: string, lookAt: Date): Promise<void> => {
      await writes.touch({ _id: id, lookAt: { $exists: true } }, { $set: { lookAt }, $inc: { looks: 1 } })
    },
    findParkedByOrder: (orderId: string): Promise<WebhookEvent[]> => parkedByOrder(orderId),
    /** Events whose look is overdue: rings that were lost, and parked ones whose turn has come. */
    findDue: async (olderThanMs: number, limit: number): Promise<WebhookEvent[]> =>
      model
        .find({ lookAt: { $lte: new Date(clock.now().getTime() - olderThanMs), $exists: true } })
        .sort({ lookAt: 1 })
        .limit(limit)
        .lean<WebhookEvent[]>(),
    /** At most two of those whose hash begins so. */
    findByPrefix: async (prefix: string): Promise<WebhookEvent[]> =>
      model
        .find({ _id: { $gte: prefix, $lt: `${prefix}g` } })
        .limit(2)
        .lean<WebhookEvent[]>(),
    /** A page of those with this outcome, oldest first, after one of the page before. */
    listByOutcome: async (
      outcome: 'PARKED' | 'REJECTED',
      after: { storedAt: Date; id: string } | undefined,
      limit: number,
    ): Promise<WebhookEvent[]> =>
      model
        .find({
          outcome,
          ...(after === undefined
            ? {}
            : { $or: [{ storedAt: { $gt: after.storedAt } }, { storedAt: after.storedAt, _id: { $gt: after.id } }] }),
        })
        .sort({ storedAt: 1, _id: 1 })
        .hint(outcome)
        .limit(limit)
        .lean<WebhookEvent[]>(),
    /** As if it had just been stored, whatever its end was. */
    reopen: async (id: string): Promise<WebhookEvent> => {
      const opened = await model
        .findOneAndUpdate(
          { _id: id },
          {
            $set: { looks: 0, lookAt: clock.now() },
            $unset: { outcome: 1, reason: 1, justifiedBy: 1, needsAttention: 1, paymentId: 1 },
          },
          { returnDocument: 'after' },
        )
        .lean<WebhookEvent>()
      if (opened === null) throw new Error(`no webhook ${id}`)
      return opened
    },
    parkedStats: async (): Promise<{ count: number; oldestAgeMs: number }> => {
      const oldest = await model
        .findOne({ outcome: 'PARKED' }, { storedAt: 1 })
        .sort({ storedAt: 1 })
        .lean<{ storedAt: Date }>()
      return {
        count: await model.countDocuments({ outcome: 'PARKED' }),
        oldestAgeMs: oldest === null ? 0 : clock.now().getTime() - oldest.storedAt.getTime(),
      }
    },
  }
}
