import type { Clock } from '@checkout/runtime/clock'
import { type Connection, mongo, Schema } from 'mongoose'
import type { DifferenceClass } from './domain/compare-books.ts'
import type { Lease } from './store.ts'

/** A difference that a person is told. */
export type ToldDifference = {
  readonly class: DifferenceClass
  readonly orderId: string
  readonly paymentKey: string
  readonly transactionKey?: string
  readonly detail: string
}

export type Counts = Readonly<Partial<Record<DifferenceClass, number>>>

/** One comparison of Toss's books with ours: what was asked, how far it has come, and what it found. */
export type Reconciliation = {
  /** `nightly-<date>` or a random id: the same night is compared once, whoever begins it. */
  readonly _id: string
  readonly kind: 'NIGHTLY' | 'OPERATOR'
  /** Transactions from this instant on and before that one, by Toss's clock. */
  readonly from: Date
  readonly to: Date
  /** Whether differences are healed; without it they are told only. */
  readonly isApplied: boolean
  readonly status: 'RUNNING' | 'DONE'
  readonly startedAt: Date
  readonly finishedAt?: Date
  readonly lease?: { readonly owner: string; readonly until: Date }
  /** The last transaction of the last page that is done with; a run that takes over begins behind it. */
  readonly cursor?: string
  /** What of ours moved before this instant is compared already. */
  readonly comparedTo: Date
  readonly rows: number
  /** Payments that Toss was asked about because a row or a move of ours did not fit. */
  readonly asked: number
  readonly healed: Counts
  readonly open: Counts
  /** The first thousand that are open; `open` counts all. */
  readonly differences: readonly ToldDifference[]
  /** Why it does not get on, while it does not. */
  readonly trouble?: string
}

export type Progress = Pick<
  Reconciliation,
  'cursor' | 'comparedTo' | 'rows' | 'asked' | 'healed' | 'open' | 'differences'
>

const NINETY_DAYS_S = 90 * 24 * 3600

const schema = new Schema<Reconciliation>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    from: { type: Date, required: true },
    to: { type: Date, required: true },
    isApplied: { type: Boolean, required: true },
    status: { type: String, required: true },
    startedAt: { type: Date, required: true },
    finishedAt: Date,
    lease: Schema.Types.Mixed,
    cursor: String,
    comparedTo: { type: Date, required: true },
    rows: { type: Number, required: true },
    asked: { type: Number, required: true },
    healed: { type: Schema.Types.Mixed, required: true },
    open: { type: Schema.Types.Mixed, required: true },
    differences: { type: [Schema.Types.Mixed], required: true },
    trouble: String,
  },
  { versionKey: false, minimize: false, strict: 'throw', collection: 'reconciliations', autoIndex: false },
)
schema.index({ status: 1 }, { name: 'running', partialFilterExpression: { status: 'RUNNING' } })
schema.index({ kind: 1, to: -1 }, { name: 'kind' })
schema.index({ startedAt: 1 }, { name: 'ttl', expireAfterSeconds: NINETY_DAYS_S })

/** This run's lease went to another replica, which goes on from what is saved. */
export class ReconciliationLost extends Error {
  override readonly name = 'ReconciliationLost'
}

export type ReconciliationStore = ReturnType<typeof createReconciliationStore>

export const createReconciliationStore = (connection: Connection, clock: Pick<Clock, 'now'>) => {
  const model = connection.model<Reconciliation>('Reconciliation', schema)
  return {
    createIndexes: async (): Promise<void> => {
      await model.createCollection()
      await model.createIndexes()
    },
    /** False when there is one with this id. Whichever replica is free takes it up. */
    insert: async (asked: Pick<Reconciliation, '_id' | 'kind' | 'from' | 'to' | 'isApplied'>): Promise<boolean> => {
      const fresh: Reconciliation = {
        ...asked,
        status: 'RUNNING',
        startedAt: clock.now(),
        comparedTo: asked.from,
        rows: 0,
        asked: 0,
        healed: {},
        open: {},
        differences: [],
      }
      try {
        await model.collection.insertOne(fresh as never)
        return true
      } catch (error) {
        if (error instanceof mongo.MongoServerError && error.code === 11000) return false
        throw error
      }
    },
    findNewest: async (): Promise<Reconciliation | undefined> =>
      (await model.findOne().sort({ startedAt: -1 }).lean<Reconciliation>()) ?? undefined,
    find: async (id: string): Promise<Reconciliation | undefined> =>
      (await model.findById(id).lean<Reconciliation>()) ?? undefined,
    /** Takes a run that nobody works on: a new one, or one whose replica has gone. */
    take: async (lease: Lease): Promise<Reconciliation | undefined> => {
      const now = clock.now()
      const until = new Date(now.getTime() + lease.ms)
      const taken = await model
        .findOneAndUpdate(
          { status: 'RUNNING', $or: [{ lease: { $exists: false } }, { 'lease.until': { $lte: now } }] },
          { $set: { lease: { owner: lease.owner, until } } },
          { sort: { startedAt: 1 }, returnDocument: 'after' },
        )
        .lean<Reconciliation>()
      return taken ?? undefined
    },
    renew: async (id: string, lease: Lease): Promise<void> => {
      const until = new Date(clock.now().getTime() + lease.ms)
      await model.updateOne({ _id: id, 'lease.owner': lease.owner }, { $set: { 'lease.until': until } })
    },
    /** Saves a page's end in one write, so that a run that takes over counts nothing twice. @throws ReconciliationLost */
    save: async (id: string, owner: string, progress: Progress): Promise<void> => {
      const result = await model.updateOne(
        { _id: id, 'lease.owner': owner },
        { $set: progress, $unset: { trouble: 1 } },
      )
      if (result.matchedCount === 0) throw new ReconciliationLost()
    },
    finish: async (id: string, owner: string): Promise<void> => {
      await model.updateOne(
        { _id: id, 'lease.owner': owner },
        { $set: { status: 'DONE', finishedAt: clock.now() }, $unset: { lease: 1 } },
      )
    },
    /** It cannot go on now; whoever is free tries again after `ms`. */
    putOff: async (id: string, owner: string, trouble: string, ms: number): Promise<void> => {
      const until = new Date(clock.now().getTime() + ms)
      await model.updateOne({ _id: id, 'lease.owner': owner }, { $set: { trouble, lease: { owner: '', until } } })
    },
    /** The last of this kind that was finished, by the end of its window. */
    findLastDone: async (kind: Reconciliation['kind']): Promise<Reconciliation | undefined> =>
      (await model.findOne({ kind, status: 'DONE' }).sort({ to: -1 }).lean<Reconciliation>()) ?? undefined,
    /** The last that was finished, whoever asked for it. */
    findLast: async (): Promise<Reconciliation | undefined> =>
      (await model.findOne({ status: 'DONE' }).sort({ startedAt: -1 }).lean<Reconciliation>()) ?? undefined,
  }
}
