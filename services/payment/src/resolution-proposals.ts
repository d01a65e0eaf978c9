import type { Clock } from '@checkout/runtime/clock'
import type { Collection, Connection } from 'mongoose'
import type { Resolution } from './domain/resolution.ts'

/** What one operator wants decided about a payment, until a second one agrees. */
export type ResolutionProposal = {
  /** The payment's: there is one proposal at a time. */
  readonly _id: string
  readonly resolution: Resolution
  readonly reason: string
  readonly operator: string
  /** It holds for the payment as it was seen, and for no other version. */
  readonly version: number
  readonly proposedAt: Date
  readonly expireAt: Date
}

export type ResolutionProposals = ReturnType<typeof createResolutionProposals>

/** Proposals that still hold. MongoDB removes expired ones within a minute or so; until then they are not seen. */
export const createResolutionProposals = (connection: Connection, clock: Pick<Clock, 'now'>) => {
  const collection: Collection<ResolutionProposal> = connection.collection<ResolutionProposal>('resolutionProposals')
  const holding = (ids: readonly string[]) => ({ _id: { $in: [...ids] }, expireAt: { $gt: clock.now() } })
  return {
    createIndexes: async (): Promise<void> => {
      await collection.createIndex({ expireAt: 1 }, { name: 'ttl', expireAfterSeconds: 0 })
    },
    find: async (paymentId: string): Promise<ResolutionProposal | undefined> =>
      (await collection.findOne(holding([paymentId]))) ?? undefined,
    findAll: async (paymentIds: readonly string[]): Promise<ResolutionProposal[]> =>
      collection.find(holding(paymentIds)).toArray(),
    /** In the place of any other for the same payment. */
    save: async (proposal: ResolutionProposal): Promise<void> => {
      await collection.replaceOne({ _id: proposal._id }, proposal, { upsert: true })
    },
    remove: async (paymentId: string): Promise<void> => {
      await collection.deleteOne({ _id: paymentId })
    },
  }
}
