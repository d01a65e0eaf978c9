import { type CloudEvent, cloudEvent, type EventData, type Topic } from '@checkout/contracts/events'
import type { Clock } from '@checkout/runtime/clock'
import { crashPoint } from '@checkout/runtime/crash-point'
import type { Logger } from '@checkout/runtime/log'
import type { Metrics } from '@checkout/runtime/metrics'
import { detached, orderTraceparent } from '@checkout/runtime/trace'
import type { mongo } from 'mongoose'
import type { Bus } from './bus.ts'

/** An event that waits inside the document whose change it announces: written with it or not at all. */
export type OutboxEntry = {
  readonly id: string
  readonly topic: Topic
  readonly key: string
  readonly at: Date
  readonly event: CloudEvent
  /** What caused it, within its order's trace; only where traces are kept. */
  readonly traceparent?: string
}

export const outboxEntry = <T extends Topic>(
  topic: T,
  event: { id: string; service: string; key: string; at: Date; data: EventData<T> },
): OutboxEntry => {
  const traceparent = orderTraceparent(event.key)
  return {
    id: event.id,
    topic,
    key: event.key,
    at: event.at,
    event: cloudEvent(topic, {
      id: event.id,
      service: event.service,
      subject: event.key,
      time: event.at,
      data: event.data,
    }),
    ...(traceparent === undefined ? {} : { traceparent }),
  }
}

/** The index that the sweep walks: only documents with something to send are in it. */
export const outboxIndex = {
  key: { 'outbox.at': 1 },
  options: { name: 'outbox', partialFilterExpression: { 'outbox.at': { $exists: true } } },
} as const

/** The part of a document that the relay knows. */
export type WithOutbox = { _id: string; outbox: OutboxEntry[] }

export type OutboxRelay = {
  /** Publishes this document's outbox soon; called right after the write. Never throws: what fails is found by the sweep. */
  nudge(id: string): void
  close(): Promise<void>
}

/** What a crash left behind is published within about this time after the restart. */
const SWEEP_EVERY_MS = 2_000
const BATCH_DOCUMENTS = 200

/**
 * Moves events from the documents to Kafka. It always sends a document's whole outbox, oldest first, and takes out only what
 * Kafka acknowledged; so a second relay at work gives duplicates and never a hole or a reordering of first occurrences.
 */
export const startOutboxRelay = (options: {
  collection: mongo.Collection<WithOutbox>
  bus: Bus
  clock: Clock
  log: Logger
  metrics: Metrics
}): OutboxRelay => {
  const { collection, bus, clock, log, metrics } = options
  const waiting = new Set<string>()
  let running: Promise<void> | undefined
  let isClosed = false

  const publish = async (ids: readonly string[]): Promise<void> => {
    const documents = await collection
      .find({ _id: { $in: [...ids] }, 'outbox.at': { $exists: true } }, { projection: { outbox: 1 } })
      .toArray()
    const entries = documents.flatMap((document) => document.outbox)
    if (entries.length === 0) return
    crashPoint('outbox.before-send')
    const byTopic = groupByTopic(entries)
    for (const [topic, group] of byTopic) {
      const messages = group.map((entry) => ({
        key: entry.key,
        value: JSON.stringify(entry.event),
        headers: {
          'content-type': 'application/cloudevents+json',
          ...(entry.traceparent === undefined ? {} : { traceparent: entry.traceparent }),
        },
      }))
      // One after the other, so that what is said of one key stays in order.
      for (const chunk of chunksOf(messages)) await bus.publish(topic, chunk)
    }
    crashPoint('outbox.after-send')
    await collection.bulkWrite(
      documents.map((document) => ({
        updateOne: {
          filter: { _id: document._id },
          update: { $pull: { outbox: { id: { $in: document.outbox.map((entry) => entry.id) } } } },
        },
      })),
      { ordered: false },
    )
    crashPoint('outbox.after-removal')
  }

  const drain = async (): Promise<void> => {
    while (waiting.size > 0) {
      const ids = [...waiting].slice(0, BATCH_DOCUMENTS)
      for (const id of ids) waiting.delete(id)
      try {
        await publish(ids)
      } catch (error) {
        log.warn({ err: error, documents: ids.length }, 'events could not be published, the sweep tries again')
      }
    }
  }
  const kick = () => {
    running ??= detached(drain).finally(() => {
      running = undefined
      if (waiting.size > 0 && !isClosed) kick()
    })
  }

  const sweep = async (): Promise<void> => {
    const olderThan = new Date(clock.now().getTime() - 1_000)
    const documents = await collection
      .find({ 'outbox.at': { $lte: olderThan } }, { projection: { _id: 1 } })
      .sort({ 'outbox.at': 1 })
      .limit(BATCH_DOCUMENTS)
      .toArray()
    for (const { _id } of documents) waiting.add(_id)
    if (waiting.size > 0) kick()
  }
  const timer = setInterval(
    () => void sweep().catch((error: unknown) => log.warn({ err: error }, 'the outbox sweep failed')),
    SWEEP_EVERY_MS,
  )
  timer.unref()

  metrics.gauge('outbox_documents', 'Documents with events not yet published', async (gauge) => {
    gauge.set(await collection.countDocuments({ 'outbox.at': { $exists: true } }))
  })
  metrics.gauge('outbox_oldest_age_seconds', 'Age of the oldest event not yet published', async (gauge) => {
    const oldest = await collection
      .find({ 'outbox.at': { $exists: true } })
      .sort({ 'outbox.at': 1 })
      .limit(1)
      .next()
    const at = oldest?.outbox[0]?.at
    gauge.set(at === undefined ? 0 : Math.max(0, (clock.now().getTime() - at.getTime()) / 1000))
  })

  return {
    nudge: (id) => {
      waiting.add(id)
      if (!isClosed) kick()
    },
    close: async () => {
      isClosed = true
      clearInterval(timer)
      await running
    },
  }
}

/** Brokers refuse a batch of more than 1 MiB for good; what piled up in a long outage must not be refused as a whole for ever. */
const MAX_CHUNK_CHARACTERS = 200_000

const chunksOf = <M extends { readonly value: string }>(messages: readonly M[]): M[][] => {
  const chunks: M[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const message of messages) {
    if (size + message.value.length > MAX_CHUNK_CHARACTERS) {
      chunks.push([])
      size = 0
    }
    chunks.at(-1)?.push(message)
    size += message.value.length
  }
  return chunks
}

const groupByTopic = (entries: readonly OutboxEntry[]): Map<Topic, OutboxEntry[]> => {
  const groups = new Map<Topic, OutboxEntry[]>()
  for (const entry of entries) groups.set(entry.topic, [...(groups.get(entry.topic) ?? []), entry])
  return groups
}
