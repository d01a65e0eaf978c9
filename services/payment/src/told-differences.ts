import { type Connection, Schema } from 'mongoose'
import type { Counts, ToldDifference } from './reconciliations.ts'

/** One payment that a comparison tells of. The id has its run and paymentKey in it: it is told once, however many rows name it. */
type Stored = ToldDifference & { readonly _id: string; readonly run: string; readonly at: Date }

/** As long as the report of their run. */
const NINETY_DAYS_S = 90 * 24 * 3600

const schema = new Schema<Stored>(
  {
    _id: { type: String, required: true },
    run: { type: String, required: true },
    at: { type: Date, required: true },
    class: { type: String, required: true },
    orderId: { type: String, required: true },
    paymentKey: { type: String, required: true },
    transactionKey: String,
    detail: { type: String, required: true },
  },
  { versionKey: false, strict: 'throw', collection: 'reconciliationDifferences', autoIndex: false },
)
schema.index({ run: 1, class: 1 }, { name: 'run' })
schema.index({ at: 1 }, { name: 'ttl', expireAfterSeconds: NINETY_DAYS_S })

export type ToldDifferences = ReturnType<typeof createToldDifferences>

/**
 * What each comparison found open. A payment's rows lie on pages hours apart, so only a place that outlives pages, and the process
 * that reads them, can know that it was told already; and there may be too many for the report's own document.
 */
export const createToldDifferences = (connection: Connection) => {
  const model = connection.model<Stored>('ReconciliationDifference', schema)
  return {
    createIndexes: async (): Promise<void> => {
      await model.createCollection()
      await model.createIndexes()
    },
    /** Writes down those that are not yet. Told again is told once. */
    add: async (run: string, differences: readonly ToldDifference[], at: Date): Promise<void> => {
      if (differences.length === 0) return
      await model.collection.bulkWrite(
        differences.map((difference) => ({
          updateOne: {
            filter: { _id: `${run}:${difference.paymentKey}` as never },
            update: { $setOnInsert: { run, at, ...difference } },
            upsert: true,
          },
        })),
        { ordered: false },
      )
    },
    /** How many there are of each class. */
    count: async (run: string): Promise<Counts> => {
      const groups = await model.aggregate<{ _id: keyof Counts; count: number }>([
        { $match: { run } },
        { $group: { _id: '$class', count: { $sum: 1 } } },
      ])
      return Object.fromEntries(groups.map(({ _id, count }) => [_id, count]))
    },
  }
}
