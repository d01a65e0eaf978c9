import { randomUUID } from 'node:crypto'
import type { Clock } from '@checkout/runtime/clock'
import { type Connection, mongo } from 'mongoose'

/** A letter that three replays did not help needs another remedy than a fourth. */
export const MAX_REPLAYS = 3
/** As long as what operators did is on record. */
const KEEP_RUNS_S = 400 * 24 * 3_600

/** One replay, from its record before the first message to its outcome. */
export type ReplayRun = {
  readonly _id: string
  readonly operator: string
  readonly reason: string
  readonly topic: string
  /** Which messages, and how far the run is: the command line's own notes, as JSON. */
  readonly selection: string
  readonly cursor: string
  readonly planned: number
  readonly sent: number
  readonly startedAt: Date
  readonly endedAt?: Date
  readonly outcome?: string
}

/** What became of a dead letter. Dead letters themselves stay in Kafka, whose log nobody edits. */
export type LetterRecord = {
  readonly _id: string
  /** The runs that replayed it. */
  readonly runs?: readonly string[]
  /** Its occurrences up to then (the broker's time) are dealt with; a later one says that it died again. */
  readonly closedAt?: Date
  readonly fate?: 'REDRIVEN' | 'DISCARDED'
  readonly operator?: string
  readonly reason?: string
}

export type ReplayRecords = ReturnType<typeof createReplayRecords>

/** The records of replays to one service's group, in that service's database: `replayRuns` and `deadLetters`. */
export const createReplayRecords = (connection: Connection, clock: Pick<Clock, 'now'>, group: string) => {
  const database = connection.getClient().db(connection.name)
  const runs = database.collection<ReplayRun>('replayRuns')
  const letters = database.collection<LetterRecord>('deadLetters')

  /** Later occurrences of a letter are never closed by an earlier one. */
  const close = async (
    closed: readonly { readonly id: string; readonly at: Date }[],
    fate: Pick<LetterRecord, 'fate' | 'operator' | 'reason'>,
  ): Promise<void> => {
    if (closed.length === 0) return
    await letters.bulkWrite(
      closed.map(({ id, at }) => ({
        updateOne: { filter: { _id: id }, update: { $max: { closedAt: at }, $set: fate }, upsert: true },
      })),
    )
  }

  return {
    createIndexes: async (): Promise<void> => {
      await runs.createIndex({ startedAt: 1 }, { name: 'ttl', expireAfterSeconds: KEEP_RUNS_S })
    },
    begin: async (
      run: Pick<ReplayRun, 'operator' | 'reason' | 'topic' | 'selection' | 'planned'>,
    ): Promise<ReplayRun> => {
      // The group is in the id, so that a run that is to go on is found by its id alone.
      const begun = { _id: `${group}-${randomUUID()}`, ...run, cursor: '', sent: 0, startedAt: clock.now() }
      await runs.insertOne(begun)
      return begun
    },
    find: async (id: string): Promise<ReplayRun | undefined> => (await runs.findOne({ _id: id })) ?? undefined,
    /** Two who go on with one run send some messages twice, which harms nobody; the cursor never goes back. */
    saveCursor: async (id: string, cursor: string, sent: number): Promise<void> => {
      await runs.updateOne({ _id: id, sent: { $lte: sent } }, { $set: { cursor, sent } })
    },
    end: async (id: string, outcome: string): Promise<void> => {
      await runs.updateOne({ _id: id }, { $set: { outcome, endedAt: clock.now() } })
    },
    lettersOf: async (ids: readonly string[]): Promise<readonly LetterRecord[]> =>
      letters.find({ _id: { $in: [...ids] } }).toArray(),
    /**
     * Counts one replay of a letter by a run. Taken again by the same run, which goes on where it was killed, it counts once.
     * @returns false when it has had its last
     */
    take: async (id: string, run: string): Promise<boolean> => {
      try {
        await letters.updateOne(
          { _id: id, $or: [{ runs: run }, { [`runs.${MAX_REPLAYS - 1}`]: { $exists: false } }] },
          { $addToSet: { runs: run } },
          { upsert: true },
        )
        return true
      } catch (error) {
        // The letter is there, but does not fit the filter: the upsert met itself.
        if (error instanceof mongo.MongoServerError && error.code === 11000) return false
        throw error
      }
    },
    close,
  }
}
