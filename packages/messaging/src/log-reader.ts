import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@checkout/runtime/log'
import type { IncomingMessage } from './bus.ts'
import { createHandover } from './handover.ts'
import { incoming } from './incoming.ts'
import { type Admin, type Consumer, type EachBatchPayload, Kafka, type KafkaMessage, logLevel } from './kafkajs.ts'

/** A message as it lies in the log. `at` is when the broker was handed it. */
export type LoggedMessage = IncomingMessage & { readonly at: Date }

/** A place in every partition: the same offset, or the first message that is not older. */
export type LogPosition = { readonly offset: number } | { readonly at: Date }

/** Offsets `from` (in) to `to` (out) of one partition. */
export type PartitionRange = { readonly partition: number; readonly from: number; readonly to: number }

export type KafkaLog = {
  /** Topics that exist, without the namespace. With an empty namespace these are all there are. */
  topics(): Promise<readonly string[]>
  /**
   * What a topic holds between two places (`from` in, `to` out), and never more than it holds now: whoever reads these ranges comes
   * to an end, however much is written meanwhile. Every partition has its range, if an empty one.
   */
  ranges(
    topic: string,
    between?: { readonly from?: LogPosition | undefined; readonly to?: LogPosition | undefined },
  ): Promise<readonly PartitionRange[]>
  /**
   * The messages of these ranges, in order within a partition; of these keys alone when some are given. Reads ahead a few MiB and no
   * more, so the reader may take its time. Commits nothing and leaves no consumer group behind.
   * @throws Error when Kafka gives nothing more for a minute although something is missing
   */
  read(
    topic: string,
    ranges: readonly PartitionRange[],
    only?: { readonly keys?: ReadonlySet<string> | undefined },
  ): AsyncGenerator<LoggedMessage, void, undefined>
  /** Per partition the offset up to which a group has handled the topic; partitions that it has never committed are left out. */
  committed(group: string, topic: string): Promise<ReadonlyMap<number, number>>
  close(): Promise<void>
}

const MAX_BYTES_AHEAD = 2 * 1024 * 1024
/** A broker that was killed is back within seconds, and its partitions' leaders are elected sooner. */
const GIVE_UP_AFTER_MS = 60_000
const LOOK_EVERY_MS = 5_000
const HEARTBEAT_EVERY_MS = 3_000

/**
 * Reads Kafka as the log that it is, for those who look back: from any place, up to where it ends now.
 * kafkajs fetches as a member of a group only, so each reading is a group of its own that commits nothing and is deleted; the broker
 * forgets one whose reader was killed by itself.
 */
export const openKafkaLog = async (options: {
  /** Comma list of host:port. */
  readonly brokers: string
  readonly namespace: string
  readonly log: Logger
}): Promise<KafkaLog> => {
  const { namespace, log } = options
  const kafka = new Kafka({
    clientId: 'log-reader',
    brokers: options.brokers.split(','),
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => log.debug({ kafka: entry.log, namespace: entry.namespace }, 'kafkajs'),
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
  })
  const full = (topic: string) => namespace + topic
  const admin = kafka.admin()
  await admin.connect()

  return {
    topics: async () =>
      (await admin.listTopics())
        .filter((name) => name.startsWith(namespace) && !name.startsWith('__'))
        .map((name) => name.slice(namespace.length)),
    ranges: async (topic, { from, to } = {}) => {
      const held = await heldBy(admin, full(topic))
      const [begin, end] = await Promise.all([
        from === undefined ? undefined : placeOf(admin, full(topic), from),
        to === undefined ? undefined : placeOf(admin, full(topic), to),
      ])
      return held.map(({ partition, low, high }) => {
        const start = Math.min(high, Math.max(low, begin?.(partition) ?? low))
        return { partition, from: start, to: Math.max(start, Math.min(high, end?.(partition) ?? high)) }
      })
    },
    read: (topic, ranges, { keys } = {}) => readRanges(kafka, admin, { topic, full: full(topic), ranges, keys }),
    committed: async (group, topic) => {
      const [of] = await admin.fetchOffsets({ groupId: full(group), topics: [full(topic)] })
      const known = of?.partitions.filter(({ offset }) => Number(offset) >= 0) ?? []
      return new Map(known.map(({ partition, offset }) => [partition, Number(offset)]))
    },
    close: () => admin.disconnect(),
  }
}

/** What each partition holds: the offset of the oldest message and the one that the next will have. */
const heldBy = async (admin: Admin, topic: string) =>
  (await admin.fetchTopicOffsets(topic))
    .map(({ partition, low, high }) => ({ partition, low: Number(low), high: Number(high) }))
    .toSorted((a, b) => a.partition - b.partition)

const placeOf = async (admin: Admin, topic: string, position: LogPosition) => {
  if ('offset' in position) return () => position.offset
  const found = await admin.fetchTopicOffsetsByTimestamp(topic, position.at.getTime())
  const offsets = new Map(found.map(({ partition, offset }) => [partition, Number(offset)]))
  return (partition: number) => offsets.get(partition)
}

type Reading = {
  readonly topic: string
  readonly full: string
  readonly ranges: readonly PartitionRange[]
  readonly keys: ReadonlySet<string> | undefined
}

async function* readRanges(
  kafka: Kafka,
  admin: Admin,
  { topic, full, ranges, keys }: Reading,
): AsyncGenerator<LoggedMessage, void, undefined> {
  /** Where each partition that is not read to its end stands. */
  const open = new Map(
    ranges.filter(({ from, to }) => from < to).map(({ partition, from, to }) => [partition, { next: from, to }]),
  )
  if (open.size === 0) return
  const handover = createHandover<readonly LoggedMessage[]>()
  const groupId = `${full}.reader-${randomUUID()}`
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: 30_000,
    heartbeatInterval: HEARTBEAT_EVERY_MS,
    maxBytes: MAX_BYTES_AHEAD,
    maxBytesPerPartition: MAX_BYTES_AHEAD / 2,
    maxWaitTimeInMs: 200,
    allowAutoTopicCreation: false,
    retry: { retries: 8, restartOnFailure: () => Promise.resolve(false) },
  })
  const eachBatch = async ({ batch, heartbeat, resolveOffset, pause, isStale }: EachBatchPayload): Promise<void> => {
    const at = open.get(batch.partition)
    if (at === undefined) {
      pause()
      return
    }
    // Fetched before the seek had its effect: it comes again from the right place.
    if (isStale()) return
    const taken = batch.messages.filter(({ offset }) => Number(offset) >= at.next && Number(offset) < at.to)
    await handover.put(
      taken
        .map((message) => logged(topic, batch.partition, message))
        .filter(({ key }) => keys === undefined || (key !== null && keys.has(key))),
      heartbeat,
    )
    at.next = Math.max(at.next, Number(batch.lastOffset()) + 1)
    resolveOffset(batch.lastOffset())
    if (at.next < at.to) return
    open.delete(batch.partition)
    pause()
    if (open.size === 0) handover.end()
  }
  try {
    await consumer.connect()
    consumer.on(consumer.events.CRASH, ({ payload }) => handover.fail(payload.error))
    await consumer.subscribe({ topics: [full], fromBeginning: true })
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch })
    for (const [partition, { next }] of open) consumer.seek({ topic: full, partition, offset: String(next) })
    for (let idleMs = 0; ; ) {
      const messages = await handover.take(LOOK_EVERY_MS)
      if (messages === 'ended') return
      if (messages === 'nothing yet') {
        idleMs += LOOK_EVERY_MS
        if (await isGone(admin, full, open)) return
        if (idleMs >= GIVE_UP_AFTER_MS) throw new Error(`Kafka gives nothing more of ${full}: ${missing(open)}`)
        continue
      }
      idleMs = 0
      yield* messages
    }
  } finally {
    handover.end()
    await leave(consumer, admin, groupId)
  }
}

const logged = (topic: string, partition: number, message: KafkaMessage): LoggedMessage => ({
  ...incoming(topic, partition, message),
  at: new Date(Number(message.timestamp)),
})

/** Whether the broker has meanwhile dropped all that was still to come, because it was older than the topic keeps. */
const isGone = async (admin: Admin, topic: string, open: ReadonlyMap<number, { to: number }>): Promise<boolean> => {
  const lows = new Map((await heldBy(admin, topic)).map(({ partition, low }) => [partition, low]))
  return [...open].every(([partition, { to }]) => (lows.get(partition) ?? 0) >= to)
}

const missing = (open: ReadonlyMap<number, { next: number; to: number }>): string =>
  [...open].map(([partition, { next, to }]) => `partition ${partition} from ${next} to ${to}`).join(', ')

/** kafkajs's stop was seen to hang; a member that vanishes is forgotten by the broker. */
const STOP_TIMEOUT_MS = 5_000

const leave = async (consumer: Consumer, admin: Admin, groupId: string): Promise<void> => {
  const ending = consumer
    .disconnect()
    .then(() => admin.deleteGroups([groupId]))
    .catch(() => undefined)
  await Promise.race([ending, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })])
}
