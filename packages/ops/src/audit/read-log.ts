import { createHash } from 'node:crypto'
import type { Topic } from '@checkout/contracts/events'
import { deadLetterTopic } from '@checkout/messaging/dead-letter'
import type { LoggedMessage } from '@checkout/messaging/log-reader'
import { readEvent } from '@checkout/messaging/read-event'
import { createSorter, type Sorter } from './external-sort.ts'
import type { LoggedFact } from './records.ts'
import { isIn, type Scope, type Sources } from './sources.ts'

/** Who consumes what. */
const consumers = [
  { topic: 'order.created', group: 'payment' },
  { topic: 'payment.status-changed', group: 'order' },
  { topic: 'toss.webhook-received', group: 'payment' },
] as const satisfies readonly { topic: Topic; group: string }[]
type Consumer = (typeof consumers)[number]

/** Where a message lies; `hash` is of its key and value. */
export type Place = {
  readonly topic: string
  readonly group: string
  readonly partition: number
  readonly offset: number
  readonly key: string
  readonly hash: string
}
type LoggedWebhook = Place & { readonly bodyHash: string }

type Lag = { readonly topic: string; readonly group: string; readonly messages: number }

export type LogRead = {
  readonly facts: Sorter<LoggedFact>
  readonly webhooks: Sorter<LoggedWebhook>
  /** Consumed messages without an effect that can be seen: each must be among the dead letters. */
  readonly unaccounted: Sorter<Place>
  readonly lags: readonly Lag[]
  consumed: number
  close(): Promise<void>
}

export const placeName = ({ topic, partition, offset }: Pick<Place, 'topic' | 'partition' | 'offset'>): string =>
  `${topic}/${partition}/${offset}`

/** Reads the log up to where it ends now, and what its consumers have committed before that. */
export const readLog = async (sources: Sources, scope: Scope, onMessage: () => void): Promise<LogRead> => {
  const read: LogRead = {
    facts: createSorter(({ orderId }) => orderId),
    webhooks: createSorter(({ bodyHash }) => bodyHash),
    unaccounted: createSorter<Place>(placeName),
    lags: [],
    consumed: 0,
    close: async () => {
      await Promise.all([read.facts.close(), read.webhooks.close(), read.unaccounted.close()])
    },
  }
  try {
    const lags: Lag[] = []
    const known = new Set(await sources.topics())
    for (const consumer of consumers) {
      if (known.has(consumer.topic)) lags.push(await readTopic(sources, scope, consumer, read, onMessage))
    }
    return Object.assign(read, { lags })
  } catch (error) {
    await read.close()
    throw error
  }
}

const readTopic = async (
  sources: Sources,
  scope: Scope,
  { topic, group }: Consumer,
  read: LogRead,
  onMessage: () => void,
): Promise<Lag> => {
  // Before anything of its effects is read: what is committed now had its effect before.
  const committed = await sources.committed(group, topic)
  const ends = await sources.ranges(topic, undefined)
  const messages = ends.reduce(
    (sum, { partition, from, to }) => sum + to - Math.max(from, committed.get(partition) ?? 0),
    0,
  )
  const ranges = scope.since === undefined ? ends : await sources.ranges(topic, scope.since)
  for await (const message of sources.messages(topic, ranges, scope.only)) {
    onMessage()
    const offset = Number(message.offset)
    const isConsumed = offset < (committed.get(message.partition) ?? 0)
    if (isConsumed) read.consumed += 1
    const place = placeOf(message, group)
    const parsed = parse(topic, message)
    if (parsed === undefined) {
      if (isConsumed) await read.unaccounted.add(place)
    } else if (parsed.type === 'toss.webhook-received.v1') {
      if (isConsumed) await read.webhooks.add({ ...place, bodyHash: parsed.bodyHash })
    } else if (isIn(scope, parsed.fact.orderId)) {
      await read.facts.add({ ...parsed.fact, partition: message.partition, offset, isConsumed, hash: place.hash })
    }
  }
  return { topic, group, messages }
}

const placeOf = ({ topic, partition, offset, key, value }: LoggedMessage, group: string): Place => ({
  topic,
  group,
  partition,
  offset: Number(offset),
  key: key ?? '',
  hash: hashOf(key, value),
})

const hashOf = (key: string | null, value: Buffer | null): string =>
  createHash('sha256')
    .update(key ?? '')
    .update('\0')
    .update(value ?? '')
    .digest('base64')

type Fact = Omit<LoggedFact, 'partition' | 'offset' | 'isConsumed' | 'hash'>
type Parsed = { type: 'toss.webhook-received.v1'; bodyHash: string } | { type: 'fact'; fact: Fact }

/** As the consumers read it, by the very function that they use; undefined for what they refuse. */
const parse = (topic: Topic, message: LoggedMessage): Parsed | undefined => {
  try {
    if (topic === 'toss.webhook-received')
      return { type: 'toss.webhook-received.v1', bodyHash: readEvent(topic, message).data.bodyHash }
    if (topic === 'order.created') {
      const { id, data } = readEvent(topic, message)
      const { orderId, amountKrw } = data
      return { type: 'fact', fact: { topic, id, orderId, version: 1, amountKrw } }
    }
    const { id, data } = readEvent(topic, message)
    const { orderId, version, amountKrw, status, refundedKrw } = data
    return { type: 'fact', fact: { topic, id, orderId, version, amountKrw, status, refundedKrw } }
  } catch {
    return undefined
  }
}

/** Dead letters by the place that they came from, with the hash of their bytes. */
export const readDeadLetters = async (sources: Sources): Promise<Sorter<{ place: string; hash: string }>> => {
  const sorter = createSorter<{ place: string; hash: string }>(({ place }) => place)
  const known = new Set(await sources.topics())
  for (const { topic, group } of consumers) {
    const name = deadLetterTopic(topic, group)
    if (!known.has(name)) continue
    for await (const { key, value, headers } of sources.messages(
      name,
      await sources.ranges(name, undefined),
      undefined,
    )) {
      const from = headers['dead-letter-topic'] ?? ''
      const place = `${from}/${headers['dead-letter-partition'] ?? ''}/${headers['dead-letter-offset'] ?? ''}`
      await sorter.add({ place, hash: hashOf(key, value) })
    }
  }
  return sorter
}
