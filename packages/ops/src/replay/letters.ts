import { isTopic, type Topic, topics } from '@checkout/contracts/events'
import { deadLetterTopic, readDeadLetter } from '@checkout/messaging/dead-letter'
import type { KafkaLog, LoggedMessage } from '@checkout/messaging/log-reader'
import type { Connections, Group } from '../connect.ts'
import { inBatches } from './in-batches.ts'

/** One dead letter: its newest occurrence in the log, and what is on record of it. */
export type Letter = {
  /** `<group>:<id>`: what commands take. */
  readonly letter: string
  readonly id: string
  readonly topic: Topic
  readonly group: Group
  readonly key: string | null
  readonly cause: string
  readonly attempts: number
  /** Where the message was published first. */
  readonly original: { readonly partition: number; readonly offset: string }
  /** Where its newest occurrence is. */
  readonly partition: number
  readonly offset: string
  readonly diedAt: string
  readonly occurrences: number
  readonly replays: number
  /** OPEN until somebody has dealt with it, and again when it died once more. */
  readonly state: 'OPEN' | 'REDRIVEN' | 'DISCARDED'
  readonly by?: string
  readonly reason?: string
}

export type LetterFilter = {
  readonly topic?: Topic | undefined
  readonly group?: Group | undefined
  /** Part of the cause, in any case. */
  readonly cause?: string | undefined
  readonly key?: string | undefined
  readonly letters?: readonly string[] | undefined
  readonly olderThan?: Date | undefined
  readonly newerThan?: Date | undefined
  /** Also those that were dealt with. */
  readonly all?: boolean | undefined
}

/** More than anybody reads; what is left out is counted. */
const MAX_LETTERS = 10_000
const STATES_AT_A_TIME = 500

/** Every topic with each group that consumes it. */
const pairs: readonly { topic: Topic; group: Group }[] = Object.keys(topics)
  .filter(isTopic)
  .flatMap((topic) => topics[topic].consumers.map((group) => ({ topic, group })))

/** The dead letters that fit, oldest first. A letter that died several times is one. */
export const findLetters = async (
  connect: Connections,
  log: KafkaLog,
  filter: LetterFilter,
): Promise<{ letters: readonly Letter[]; isCut: boolean }> => {
  const found: Letter[] = []
  let isCut = false
  for (const { topic, group } of pairs) {
    if (filter.topic !== undefined && filter.topic !== topic) continue
    if (filter.group !== undefined && filter.group !== group) continue
    const newest = new Map<string, Letter>()
    for await (const message of deadLettersIn(log, topic, group)) {
      const letter = toLetter(message, topic, group)
      const known = newest.get(letter.id)
      if (known === undefined && newest.size >= MAX_LETTERS) isCut = true
      else newest.set(letter.id, { ...letter, occurrences: (known?.occurrences ?? 0) + 1 })
    }
    const client = connect.replay(group)
    for await (const batch of inBatches([...newest.values()], STATES_AT_A_TIME)) {
      const { letters } = await client.GetLetters({ ids: batch.map(({ id }) => id) }, connect.call())
      const records = new Map(letters.map((record) => [record.id, record]))
      for (const letter of batch) {
        const record = records.get(letter.id)
        const isClosed = record?.closedAt !== undefined && letter.diedAt <= record.closedAt
        const state = !isClosed ? 'OPEN' : record.fate === 'DISCARDED' ? 'DISCARDED' : 'REDRIVEN'
        found.push({
          ...letter,
          replays: record?.replays ?? 0,
          state,
          ...(isClosed && record.operator !== undefined ? { by: record.operator } : {}),
          ...(isClosed && record.reason !== undefined ? { reason: record.reason } : {}),
        })
      }
    }
  }
  const wanted = found.filter((letter) => fits(letter, filter))
  return { letters: wanted.toSorted((a, b) => a.diedAt.localeCompare(b.diedAt)), isCut }
}

const fits = (letter: Letter, filter: LetterFilter): boolean =>
  (filter.all === true || letter.state === 'OPEN') &&
  (filter.letters === undefined || filter.letters.includes(letter.letter)) &&
  (filter.key === undefined || filter.key === letter.key) &&
  (filter.cause === undefined || letter.cause.toLowerCase().includes(filter.cause.toLowerCase())) &&
  (filter.olderThan === undefined || letter.diedAt <= filter.olderThan.toISOString()) &&
  (filter.newerThan === undefined || letter.diedAt >= filter.newerThan.toISOString())

/** The messages of one topic's dead letters for one group, or the one at a place; none where nothing has ever died. */
export async function* deadLettersIn(
  log: KafkaLog,
  topic: Topic,
  group: Group,
  at?: { readonly partition: number; readonly offset: number },
): AsyncGenerator<LoggedMessage> {
  const name = deadLetterTopic(topic, group)
  if (!(await log.topics()).includes(name)) return
  const place = at && [{ partition: at.partition, from: at.offset, to: at.offset + 1 }]
  yield* log.read(name, place ?? (await log.ranges(name)))
}

const toLetter = (message: LoggedMessage, topic: Topic, group: Group): Letter => {
  const { id, cause, attempts, partition, offset } = readDeadLetter(message)
  return {
    letter: `${group}:${id}`,
    id,
    topic,
    group,
    key: message.key,
    cause,
    attempts,
    original: { partition, offset },
    partition: message.partition,
    offset: message.offset,
    diedAt: message.at.toISOString(),
    occurrences: 1,
    replays: 0,
    state: 'OPEN',
  }
}
