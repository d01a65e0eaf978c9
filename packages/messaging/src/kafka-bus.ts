import { setTimeout as sleep } from 'node:timers/promises'
import { topics as contractTopics } from '@checkout/contracts/events'
import type { Logger } from '@checkout/runtime/log'
import type { Metrics } from '@checkout/runtime/metrics'
import { createAcknowledgements } from './acknowledgements.ts'
import type { Bus, OutgoingMessage, Subscription } from './bus.ts'
import { deadLetterTopic } from './dead-letter.ts'
import { startConsumer } from './kafka-consumer.ts'
import { type Admin, Kafka, logLevel, Partitioners, type Producer } from './kafkajs.ts'
import { replayTopic } from './replay.ts'
import { replicasFor, topicProblems } from './topic-settings.ts'
import { tracePublish } from './trace-publish.ts'

const PARTITIONS = 6
/** Long enough for a consumer to come back from any outage; what was missed can be replayed again. */
const REPLAY_RETENTION_MS = 30 * 24 * 3_600_000
/** One request of this size takes a broker milliseconds; larger ones only hold up what comes behind. */
const MAX_BATCH_MESSAGES = 500
const METADATA_MAX_AGE_MS = 5_000

export type KafkaBus = Bus & {
  /** Rejects when the broker does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

export type KafkaBusOptions = {
  /** Comma list of host:port. */
  readonly brokers: string
  readonly namespace: string
  readonly service: string
  readonly log: Logger
  readonly metrics: Metrics
  /** Called when a consumer had to be recreated three times within ten minutes: the process should end and be started again. */
  readonly onFatal: (error: Error) => void
  /** Contract topics that this service uses. */
  readonly topics: readonly (keyof typeof contractTopics)[]
  /** Consumer group of this service, for its dead-letter and replay topics. */
  readonly group?: string
}

type Pending = { messages: readonly OutgoingMessage[]; resolve: () => void; reject: (error: unknown) => void }

/**
 * The bus over kafkajs. The producer is plain (`idempotent: false`): kafkajs's idempotent one was seen to lose acknowledged
 * messages when a broker was killed; duplicates are the consumers' business anyway. Kafka may be away, also at start: then
 * publish rejects and consumers wait.
 */
export const connectKafkaBus = (options: KafkaBusOptions): KafkaBus => {
  const { log, metrics, namespace } = options
  const kafka = new Kafka({
    clientId: options.service,
    brokers: options.brokers.split(','),
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => log.debug({ kafka: entry.log, namespace: entry.namespace }, 'kafkajs'),
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
  })
  const acknowledgements = createAcknowledgements(Partitioners.DefaultPartitioner)
  const producer = kafka.producer({
    createPartitioner: acknowledgements.createPartitioner,
    // A partition that was given another leader is refused by its old one, and asking costs next to nothing.
    metadataMaxAge: METADATA_MAX_AGE_MS,
    allowAutoTopicCreation: false,
    idempotent: false,
  })
  const admin = kafka.admin()
  const full = (topic: string) => namespace + topic
  const closing = new AbortController()
  const ready = prepare(kafka.admin(), producer, options, full, closing.signal)
  // Whoever needs the topics awaits `ready`; nobody else should die of it.
  ready.catch(() => undefined)

  const publisher = (topic: string) => {
    let queue: Pending[] = []
    let isSending = false
    const drain = async () => {
      isSending = true
      while (queue.length > 0) {
        const batch: Pending[] = []
        let size = 0
        while (queue[0] !== undefined && (size === 0 || size + queue[0].messages.length <= MAX_BATCH_MESSAGES)) {
          const next = queue[0]
          queue = queue.slice(1)
          batch.push(next)
          size += next.messages.length
        }
        const messages = batch.flatMap((pending) => pending.messages)
        const end = metrics.publish.startTimer({ topic })
        try {
          // One ordered batch at a time, awaited: parallel sends of one key were seen reordered.
          acknowledgements.begin(full(topic))
          const answers = await producer.send({
            topic: full(topic),
            acks: -1,
            messages: messages.map((m) => ({ ...m, headers: { ...m.headers } })),
          })
          acknowledgements.assertAll(full(topic), answers)
          end({ outcome: 'ok' })
          metrics.published.inc({ topic }, messages.length)
          for (const pending of batch) pending.resolve()
        } catch (error) {
          end({ outcome: 'failed' })
          for (const pending of batch) pending.reject(error)
        }
      }
      isSending = false
    }
    return async (messages: readonly OutgoingMessage[]): Promise<void> => {
      if (messages.length === 0) return
      await new Promise<void>((resolve, reject) => {
        queue.push({ messages, resolve, reject })
        if (!isSending) void drain()
      })
    }
  }
  const publishers = new Map<string, (messages: readonly OutgoingMessage[]) => Promise<void>>()
  const consumers = new Set<{ close(): Promise<void> }>()

  const bus: KafkaBus = {
    publish: async (topic, messages) => {
      let publish = publishers.get(topic)
      if (publish === undefined) {
        publish = publisher(topic)
        publishers.set(topic, publish)
      }
      await tracePublish(topic, messages, publish)
    },
    consume: (subscription: Subscription) => {
      const consumer = startConsumer({
        kafka,
        admin,
        subscription,
        // Only these are there to be read: of what others consume in passing, nothing is replayed.
        replayed: subscription.group === options.group ? options.topics : [],
        ready,
        full,
        bus,
        log,
        metrics,
        onFatal: options.onFatal,
      })
      consumers.add(consumer)
      return consumer
    },
    ping: async () => {
      await ready
      await admin.fetchTopicMetadata({ topics: options.topics.map(full) })
    },
    close: async () => {
      closing.abort()
      await Promise.all([...consumers].map((consumer) => consumer.close()))
      await Promise.race([
        Promise.allSettled([producer.disconnect(), admin.disconnect()]),
        sleep(3_000, undefined, { ref: false }),
      ])
    },
  }
  // The admin connection of ping and the watchdogs follows the topics' one.
  ready.then(() => admin.connect()).catch(() => undefined)
  return bus
}

/** Creates what is missing of our topics and connects the producer, as often as it takes. */
const prepare = async (
  admin: Admin,
  producer: Producer,
  options: KafkaBusOptions,
  full: (topic: string) => string,
  signal: AbortSignal,
): Promise<void> => {
  const { group } = options
  const wanted = options.topics.flatMap((topic) => [
    { topic: full(topic), retentionMs: contractTopics[topic].retentionMs },
    // A dead letter waits for a person, however long that takes.
    ...(group === undefined
      ? []
      : [
          { topic: full(deadLetterTopic(topic, group)), retentionMs: -1 },
          { topic: full(replayTopic(topic, group)), retentionMs: REPLAY_RETENTION_MS },
        ]),
  ])
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    try {
      await admin.connect()
      const { brokers } = await admin.describeCluster()
      const { replicationFactor, minInSync } = replicasFor({
        alive: brokers.length,
        told: options.brokers.split(',').length,
      })
      const existing = new Set(await admin.listTopics())
      const missing = wanted.filter(({ topic }) => !existing.has(topic))
      if (missing.length > 0) {
        await admin
          .createTopics({
            topics: missing.map(({ topic, retentionMs }) => ({
              topic,
              numPartitions: PARTITIONS,
              replicationFactor,
              configEntries: [
                { name: 'retention.ms', value: String(retentionMs) },
                { name: 'min.insync.replicas', value: String(minInSync) },
                { name: 'unclean.leader.election.enable', value: 'false' },
              ],
            })),
          })
          // Two services that start together both create; the loser's error says that the work is done.
          .catch((error: unknown) => {
            if (!isTopicExists(error)) throw error
          })
      }
      await assertDurable(admin, wanted, minInSync, options)
      await producer.connect()
      await admin.disconnect()
      return
    } catch (error) {
      if (isFirst) options.log.warn({ err: error }, 'Kafka is away, waiting for it')
      await sleep(500, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }
  throw new Error('closed before Kafka answered')
}

const isTopicExists = (error: unknown): boolean =>
  error instanceof Error &&
  (/already exists/i.test(error.message) ||
    ('errors' in error && Array.isArray(error.errors) && error.errors.every(isTopicExists)))

const assertDurable = async (
  admin: Admin,
  wanted: readonly { topic: string; retentionMs: number }[],
  minInSync: number,
  { onFatal }: KafkaBusOptions,
): Promise<void> => {
  const topicResource = 2
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: wanted.map(({ topic }) => ({ type: topicResource, name: topic })),
  })
  const problems: string[] = []
  for (const resource of resources) {
    const config = new Map(resource.configEntries.map((entry) => [entry.configName, entry.configValue]))
    const retentionMs = wanted.find(({ topic }) => topic === resource.resourceName)?.retentionMs ?? -1
    const found = topicProblems(config, { retentionMs, minInSync })
    problems.push(...found.map((problem) => `${resource.resourceName}: ${problem}`))
  }
  if (problems.length > 0)
    onFatal(new Error(`KAFKA_BROKERS: these topics could lose acknowledged messages: ${problems.join('; ')}`))
}
