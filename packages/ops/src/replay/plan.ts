import type { Topic } from '@checkout/contracts/events'
import type { KafkaLog } from '@checkout/messaging/log-reader'
import type { Connections, Group } from '../connect.ts'
import type { Report } from '../progress.ts'
import { inBatches } from './in-batches.ts'
import { type Selected, type Selection, select } from './selection.ts'
import { aboutOf, describe, type Known, type Verdict, verdictOn } from './verdict.ts'

/** What the messages of one order (or about one webhook) would do together. */
export type PlanRow = {
  readonly id: string
  readonly key: string | null
  readonly messages: number
  readonly before: string
  readonly after: string
  readonly effect: 'change' | 'no-op' | 'refused'
  readonly why?: string
}

export type Plan = {
  readonly messages: number
  readonly changes: number
  readonly noOps: number
  readonly refused: number
  /** Where the messages lie, per partition. */
  readonly partitions: readonly {
    readonly partition: number
    readonly first: string
    readonly last: string
    readonly messages: number
    readonly firstAt: string
    readonly lastAt: string
  }[]
  readonly rows: readonly PlanRow[]
  /** Messages that are counted, but whose orders are not among the rows, because there are too many to be read. */
  readonly messagesNotListed: number
}

const BATCH = 500
/** More than anybody reads. Their messages count all the same. */
const MAX_ROWS = 10_000

type Partition = { first: string; last: string; messages: number; firstAt: string; lastAt: string }
type Row = {
  key: string | null
  messages: number
  before: string
  known: Known | undefined
  last: Verdict
  hasChange: boolean
  hasRefusal: boolean
}

/**
 * Reads what a selection holds and what it would do, message by message, beginning with what the group's service knows now.
 * Nothing is written anywhere.
 */
export const makePlan = async (
  connect: Connections,
  log: KafkaLog,
  { topic, group, selection }: { topic: Topic; group: Group; selection: Selection },
  report: Report,
): Promise<Plan> => {
  const partitions = new Map<number, Partition>()
  const rows = new Map<string, Row>()
  const counts = { change: 0, none: 0, refused: 0 }
  let messages = 0
  let messagesNotListed = 0
  for await (const batch of inBatches(limited(select(log, topic, group, selection), selection.limit), BATCH)) {
    const known = await statesOf(connect, { topic, group }, batch, rows)
    for (const { message } of batch) {
      messages += 1
      const { offset } = message
      const at = message.at.toISOString()
      const seen = partitions.get(message.partition) ?? {
        first: offset,
        last: offset,
        messages: 0,
        firstAt: at,
        lastAt: at,
      }
      partitions.set(message.partition, { ...seen, last: offset, messages: seen.messages + 1, lastAt: at })
      const about = aboutOf(topic, message)
      const id = 'id' in about ? about.id : `${message.key ?? ''} (${message.partition}/${offset})`
      const row = rows.get(id)
      const verdict = verdictOn(topic, message, row === undefined ? known.get(id) : row.known)
      counts[verdict.kind] += 1
      if (row === undefined && rows.size >= MAX_ROWS) {
        messagesNotListed += 1
        continue
      }
      rows.set(id, {
        key: message.key,
        messages: (row?.messages ?? 0) + 1,
        before: row?.before ?? verdict.before,
        known: verdict.next,
        last: verdict,
        hasChange: (row?.hasChange ?? false) || verdict.kind === 'change',
        hasRefusal: (row?.hasRefusal ?? false) || verdict.kind === 'refused',
      })
    }
    report(messages)
  }
  return {
    messages,
    changes: counts.change,
    noOps: counts.none,
    refused: counts.refused,
    partitions: [...partitions].toSorted(([a], [b]) => a - b).map(([partition, place]) => ({ partition, ...place })),
    rows: [...rows].map(([id, row]) => toRow(id, row)),
    messagesNotListed,
  }
}

/** What the service knows of what a batch is about, but for what the plan itself has changed already. */
const statesOf = async (
  connect: Connections,
  { topic, group }: { topic: Topic; group: Group },
  batch: readonly Selected[],
  rows: ReadonlyMap<string, unknown>,
): Promise<ReadonlyMap<string, Known>> => {
  const abouts = batch.map(({ message }) => aboutOf(topic, message))
  const ids = new Set(abouts.flatMap((about) => ('id' in about && !rows.has(about.id) ? [about.id] : [])))
  if (ids.size === 0) return new Map()
  const { states } = await connect.replay(group).GetStates({ topic, ids: [...ids] }, connect.call())
  return new Map(
    states.map(({ id, status, version, outcome }) => [
      id,
      { id, status, version: version === undefined ? undefined : Number(version), outcome },
    ]),
  )
}

const toRow = (id: string, { key, messages, before, known, last, hasChange, hasRefusal }: Row): PlanRow => ({
  id,
  key,
  messages,
  before,
  after: last.kind === 'change' && last.after !== undefined ? last.after : describe(known),
  effect: hasChange ? 'change' : hasRefusal ? 'refused' : 'no-op',
  ...(last.why === undefined ? {} : { why: last.why }),
})

export async function* limited<T>(items: AsyncIterable<T>, limit: number | undefined): AsyncGenerator<T, void> {
  let left = limit ?? Number.POSITIVE_INFINITY
  if (left <= 0) return
  for await (const item of items) {
    yield item
    left -= 1
    if (left <= 0) return
  }
}
