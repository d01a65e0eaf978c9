import { setTimeout as sleep } from 'node:timers/promises'
import { isInfrastructureError } from '@checkout/runtime/infrastructure'
import type { Logger } from '@checkout/runtime/log'
import type { Metrics } from '@checkout/runtime/metrics'
import type { Connection, mongo } from 'mongoose'

/** One request of a client, as it was answered. */
type RequestLine = {
  readonly at: Date
  readonly ms: number
  readonly method: string
  readonly requestId: string
  /** A status, or the code of the refusal. */
  readonly outcome: string
}
/** One call to Toss and its answer: statuses and codes, never a text of Toss's, a card or an account. */
export type CallLine = {
  readonly at: Date
  readonly ms: number
  readonly call: string
  /** The idempotency key of a POST; of a look the paymentKey that it asked about. */
  readonly key: string
  readonly answer: string
}
/** One run of settle. */
export type RunLine = {
  readonly at: Date
  readonly ms: number
  readonly by: 'request' | 'job'
  readonly owner: string
  readonly end: string
}
/** A run that was found dead: its lease ended and another took over. */
export type TakeOverLine = { readonly at: Date; readonly from: string; readonly endedAt: Date; readonly to: string }

type Lines = {
  readonly requests: RequestLine
  readonly calls: CallLine
  readonly runs: RunLine
  readonly takeOvers: TakeOverLine
}
/** What is kept of an order, oldest first. */
export type JournalOf = { readonly [L in keyof Lines]: readonly Lines[L][] }
type JournalDocument = { readonly _id: string } & JournalOf
type Waiting = { [L in keyof Lines]?: Lines[L][] } & { creates?: boolean }

export type Journal = {
  /** Writes down one line, soon. `creates: false` only adds to what is known already: for orders that may not exist. */
  note<L extends keyof Lines>(orderId: string, list: L, line: Lines[L], options?: { creates: boolean }): void
  of(orderId: string): Promise<JournalOf>
  /** Writes what still waits, if it can be written soon. */
  close(): Promise<void>
}

/** Of each list the last so many: hours of looks at the slowest pace, a few KiB for each order at the most. */
export const MAX_LINES = 100
/** Lines of one order that come within this time are one write, and so are many orders in one round trip. */
const GATHER_MS = 200
/** While MongoDB is away; beyond it lines are dropped, because they are for people and decide nothing. */
const MAX_WAITING_ORDERS = 5_000
/** A stop has its own time, and must not wait for a database that is away. */
const CLOSE_MS = 2_000
/** Nobody waits for it, and a crash that loses the last moment leaves what was decided in the payment itself. */
const writeConcern = { w: 1, j: false } as const

/**
 * What happened around a payment and changes nothing: for the person who has to understand it later. It has a document of its own
 * beside each payment, so that the payment stays small and its writes are not slowed, and is written in batches behind the work.
 */
export const createJournal = (
  connection: Connection,
  { log, metrics }: { log: Pick<Logger, 'warn'>; metrics: Pick<Metrics, 'counter'> },
): Journal => {
  const collection = connection.collection<JournalDocument>('journal')
  const dropped = metrics.counter('payment_journal_dropped_total', 'Orders whose lines could not be written down')
  let waiting = new Map<string, Waiting>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const write = async (batch: ReadonlyMap<string, Waiting>): Promise<void> => {
    if (batch.size === 0) return
    try {
      await collection.bulkWrite([...batch].map(upsertOf), { ordered: false, writeConcern })
    } catch (error) {
      dropped.inc(batch.size)
      log.warn({ err: error, isAway: isInfrastructureError(error) }, 'what happened could not be written down')
    }
  }
  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(() => {
      const batch = waiting
      waiting = new Map()
      return write(batch)
    })
    return writing
  }

  return {
    note: (orderId, list, line, { creates } = { creates: true }) => {
      if (!waiting.has(orderId) && waiting.size >= MAX_WAITING_ORDERS) {
        dropped.inc()
        return
      }
      const own: Waiting = waiting.get(orderId) ?? {}
      waiting.set(orderId, own)
      const lines: (typeof line)[] = (own[list] as (typeof line)[] | undefined) ?? []
      lines.push(line)
      Object.assign(own, { [list]: lines.slice(-MAX_LINES), creates: own.creates === true || creates })
      timer ??= setTimeout(() => void flush(), GATHER_MS).unref()
    },
    of: async (orderId) =>
      (await collection.findOne({ _id: orderId })) ?? { requests: [], calls: [], runs: [], takeOvers: [] },
    close: () => Promise.race([flush(), sleep(CLOSE_MS, undefined, { ref: false })]),
  }
}

const upsertOf = ([orderId, { creates, ...lists }]: [
  string,
  Waiting,
]): mongo.AnyBulkWriteOperation<JournalDocument> => {
  const last = <T>(lines: readonly T[] | undefined) => ({ $each: [...(lines ?? [])], $slice: -MAX_LINES })
  const { requests, calls, runs, takeOvers } = lists
  return {
    updateOne: {
      filter: { _id: orderId },
      // Also of the lists that got nothing: pushing nothing changes nothing, and a document has always all of them.
      update: { $push: { requests: last(requests), calls: last(calls), runs: last(runs), takeOvers: last(takeOvers) } },
      upsert: creates === true,
    },
  }
}
