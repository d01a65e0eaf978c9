import { mongo } from 'mongoose'
import { gather, type Outcome } from './gather.ts'

/** A bulk of this size is still one message and milliseconds of a server's time. */
const MAX_WRITES = 200
const MAX_READS = 200
const DUPLICATE_KEY = 11000

/** A unique index refused the write. */
export class DuplicateKey extends Error {
  override readonly name = 'DuplicateKey'
  readonly index: string
  constructor(index: string, message: string) {
    super(message)
    this.index = index
  }
}

export type GatheredWrites<Document extends { _id: string }> = {
  /**
   * One conditional write of a document that exists. False when it is not as the filter says: a lost race. The filter must not be on
   * `_id` alone.
   * @throws DuplicateKey when what it writes belongs to another document
   */
  update(filter: mongo.Filter<Document> & { _id: string }, change: mongo.UpdateFilter<Document>): Promise<boolean>
  /** A write whose caller need not know whether the filter matched. Nothing happens where there is no such document. */
  touch(filter: mongo.Filter<Document> & { _id: string }, change: mongo.UpdateFilter<Document>): Promise<void>
  /** @throws DuplicateKey also for the `_id`, whose index is `_id_` */
  insert(document: mongo.OptionalUnlessRequiredId<Document>): Promise<void>
}

type Write<Document extends mongo.Document> =
  | {
      readonly kind: 'update' | 'touch'
      readonly filter: mongo.Filter<Document>
      readonly change: mongo.UpdateFilter<Document>
    }
  | { readonly kind: 'insert'; readonly document: mongo.OptionalUnlessRequiredId<Document> }

/**
 * Writes of one collection that come while others are under way go together in the next unordered bulk: one message, one flush of
 * the journal. Each resolves only when its own bulk is acknowledged, so it promises what a single write does.
 *
 * A bulk tells how many filters matched, not which. So a conditional update is sent as an upsert: on a document that exists and is
 * not as the filter says, it tries to insert, and the `_id` that is taken already refuses it, at its own index in the bulk.
 */
export const gatherWrites = <Document extends { _id: string }>(
  collection: mongo.Collection<Document>,
): GatheredWrites<Document> => {
  const write = gather<Write<Document>, boolean>(async (writes) => {
    try {
      const done = await collection.bulkWrite(writes.map(toOperation), { ordered: false, ignoreUndefined: true })
      // It would have become a document with nothing in it but the change: whoever called did not know that the document exists.
      if (done.upsertedCount > 0) throw new Error(`an update of ${collection.collectionName} found no document`)
      return writes.map(() => ({ result: true }))
    } catch (error) {
      return outcomesOf(writes, error)
    }
  }, MAX_WRITES)
  return {
    update: (filter, change) => write({ kind: 'update', filter, change }),
    touch: async (filter, change) => {
      await write({ kind: 'touch', filter, change })
    },
    insert: async (document) => {
      await write({ kind: 'insert', document })
    },
  }
}

const toOperation = <Document extends mongo.Document>(write: Write<Document>): mongo.AnyBulkWriteOperation<Document> =>
  write.kind === 'insert'
    ? { insertOne: { document: write.document as mongo.OptionalId<Document> } }
    : { updateOne: { filter: write.filter, update: write.change, upsert: write.kind === 'update' } }

/**
 * Which writes failed, and how. Only an answer that speaks of single writes and of nothing else tells that the others are done and
 * durable; after any other error nobody can know, and all of them get it.
 */
const outcomesOf = <Document extends mongo.Document>(
  writes: readonly Write<Document>[],
  error: unknown,
): Outcome<boolean>[] => {
  if (!(error instanceof mongo.MongoBulkWriteError)) throw error
  const failures = [error.writeErrors].flat()
  const isCertain = failures.length > 0 && error.result.isOk() && error.result.getWriteConcernError() === undefined
  if (!isCertain) throw error
  const failureAt = new Map(failures.map((failure) => [failure.index, failure]))
  return writes.map((write, i) => {
    const failure = failureAt.get(i)
    if (failure === undefined) return { result: true }
    const message = failure.errmsg ?? ''
    if (failure.code !== DUPLICATE_KEY) return { error: new mongo.MongoServerError({ message, code: failure.code }) }
    const index = /index: (\S+) dup key/.exec(message)?.[1] ?? 'unknown'
    if (write.kind === 'update' && index === '_id_') return { result: false }
    return { error: new DuplicateKey(index, message) }
  })
}

/**
 * Reads of single documents by a unique text that come while others are under way share one `$in`. A read never joins one that was
 * sent before it, so it sees whatever its caller knows to be written.
 */
export const gatherReads = <Document extends mongo.Document>(
  collection: mongo.Collection<Document>,
  field: '_id' | (keyof Document & string),
  projection: Readonly<Record<string, 0 | 1>>,
): ((key: string) => Promise<Document | undefined>) =>
  gather(async (keys: readonly string[]) => {
    const found = await collection
      .find({ [field]: keys.length === 1 ? keys[0] : { $in: [...new Set(keys)] } } as mongo.Filter<Document>, {
        projection,
      })
      .toArray()
    const byKey = new Map(found.map((document) => [document[field] as string, document as Document]))
    return keys.map((key) => ({ result: byKey.get(key) }))
  }, MAX_READS)
