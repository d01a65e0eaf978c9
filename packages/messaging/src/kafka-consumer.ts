import { setTimeout as sleep } from 'node:timers/promises'
import { crashPoint } from '@checkout/runtime/crash-point'
import type { Logger } from '@checkout/runtime/log'
import type { Metrics } from '@checkout/runtime/metrics'
import { inSpan, SpanKind, type SpanOptions } from '@checkout/runtime/trace'
import type { Admin, Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs'
import type { Bus, IncomingMessage, Subscription } from './bus.ts'
import { type Delivery, deliver, type Outcome } from './consume.ts'
import { deadLetterTopic, toDeadLetter } from './dead-letter.ts'
import { chunksOf, inOrderOfKey } from './in-order-of-key.ts'
import { incoming } from './incoming.ts'
import { createProgress } from './progress.ts'
import { replayTopic } from './replay.ts'

const WATCH_EVERY_MS = 5_000
const MAX_RECREATIONS = 3
const RECREATION_WINDOW_MS = 600_000
/** Enough that their writes gather into bulks, few enough that a partition taken away is let go of soon. */
const MESSAGES_AT_A_TIME = 64
/** kafkajs's stop can hang during a join; the group gets over a member that vanishes. */
const STOP_TIMEOUT_MS = 5_000

type Options = {
  readonly kafka: Kafka
  readonly admin: Admin
  readonly subscription: Subscription
  /** Those of its topics that have a replay topic for its group. */
  readonly replayed: readonly string[]
  readonly ready: Promise<void>
  readonly full: (topic: string) => string
  readonly bus: Bus
  readonly log: Logger
  readonly metrics: Metrics
  readonly onFatal: (error: Error) => void
}

/**
 * Keeps one consumer of a group alive. kafkajs ends a consumer for good on errors that it takes for final, and was seen to stand
 * still after a broker's restart without saying anything; so its crash event and a watchdog both recreate it.
 */
export const startConsumer = (options: Options): { close(): Promise<void> } => {
  const { kafka, admin, subscription, full, log, metrics } = options
  const group = full(subscription.group)
  const replays = subscription.topics.filter((topic) => options.replayed.includes(topic))
  /** What is read, and which topic it is to the handler: to it, what is replayed comes from the topic itself. */
  const logical = new Map([
    ...subscription.topics.map((topic) => [full(topic), topic] as const),
    ...replays.map((topic) => [full(replayTopic(topic, subscription.group)), topic] as const),
  ])
  const progress = createProgress()
  const recreations: number[] = []
  // Shown as 0 before they first count: nobody sees a step from nothing to 1.
  for (const topic of subscription.topics) metrics.deadLetters.inc({ topic, group: subscription.group }, 0)
  metrics.consumerRestarts.inc({ group: subscription.group }, 0)
  let isClosed = false
  let consumer: Consumer | undefined
  let isRecreating = false

  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { batch, heartbeat, isRunning, isStale, resolveOffset, commitOffsetsIfNecessary } = payload
    const topic = logical.get(batch.topic) ?? batch.topic
    const alive = async () => {
      progress.mark(batch.topic, batch.partition)
      await heartbeat()
    }
    const one = async (raw: KafkaMessage): Promise<Outcome> => {
      const message = incoming(topic, batch.partition, raw)
      const end = metrics.consume.startTimer({ topic, group: subscription.group })
      const delivery: Delivery = {
        handle: subscription.handle,
        deadLetter: async (letter, cause, attempts) => {
          await options.bus.publish(deadLetterTopic(topic, subscription.group), [toDeadLetter(letter, cause, attempts)])
          metrics.deadLetters.inc({ topic, group: subscription.group })
        },
        heartbeat: alive,
        isWanted: () => isRunning() && !isStale() && !isClosed,
        log,
      }
      const outcome = await inSpan(`process ${topic}`, describeProcess(message, subscription.group), async (span) => {
        const ended = await deliver(message, delivery)
        span?.setAttribute('outcome', ended)
        return ended
      })
      end({ outcome })
      return outcome
    }
    for (const chunk of chunksOf(batch.messages, MESSAGES_AT_A_TIME)) {
      const outcomes = await inOrderOfKey(chunk, (raw) => raw.key?.toString() ?? null, one)
      // Only what has no unfinished message before it: the next one to read this partition begins after it.
      const firstLeft = outcomes.indexOf('abandoned')
      const last = chunk[(firstLeft === -1 ? chunk.length : firstLeft) - 1]
      if (last !== undefined) resolveOffset(last.offset)
      if (firstLeft !== -1) return
      await alive()
      await commitOffsetsIfNecessary()
      crashPoint('consumer.after-resolve')
    }
  }

  const create = async (): Promise<void> => {
    await options.ready
    if (isClosed) return
    const next = kafka.consumer({
      groupId: group,
      // Three missed heartbeats: what a killed process held is read by its successor soon after.
      sessionTimeout: 10_000,
      rebalanceTimeout: 30_000,
      heartbeatInterval: 3_000,
      maxWaitTimeInMs: 1_000,
      metadataMaxAge: 30_000,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 200, maxRetryTime: 3_000, retries: 10, restartOnFailure: () => Promise.resolve(true) },
    })
    consumer = next
    next.on(next.events.CRASH, ({ payload }) => {
      // A consumer that is being stopped may stumble over its own connection's end.
      if (isClosed) return
      log.error({ err: payload.error, group, willRestart: payload.restart }, 'the consumer crashed')
      if (!payload.restart && consumer === next) void recreate('crash')
    })
    next.on(next.events.GROUP_JOIN, ({ payload }) => progress.assigned(payload.memberAssignment))
    await next.connect()
    // fromBeginning: a new group would otherwise skip what came before its first commit.
    await next.subscribe({ topics: [...logical.keys()], fromBeginning: true })
    await next.run({
      eachBatchAutoResolve: false,
      autoCommitInterval: 1_000,
      autoCommitThreshold: 100,
      partitionsConsumedConcurrently: 6,
      eachBatch,
    })
  }

  const createUntilItWorks = async (): Promise<void> => {
    while (!isClosed) {
      try {
        await create()
        return
      } catch (error) {
        log.warn({ err: error, group }, 'the consumer could not start, trying again')
        await stop(consumer)
        await sleep(1_000, undefined, { ref: false })
      }
    }
  }

  const recreate = async (reason: string): Promise<void> => {
    if (isRecreating || isClosed) return
    isRecreating = true
    metrics.consumerRestarts.inc({ group: subscription.group })
    const now = performance.now()
    recreations.push(now)
    const recent = recreations.filter((at) => now - at < RECREATION_WINDOW_MS)
    log.error({ group, reason, recent: recent.length }, 'recreating the consumer')
    if (recent.length >= MAX_RECREATIONS) {
      options.onFatal(
        new Error(`the consumer of ${group} had to be recreated ${recent.length} times within ten minutes`),
      )
      return
    }
    await stop(consumer)
    progress.reset()
    await createUntilItWorks()
    isRecreating = false
  }

  const watch = async (): Promise<void> => {
    if (isRecreating) return
    const offsets = await admin.fetchOffsets({ groupId: group, topics: [...logical.keys()] })
    for (const { topic, partitions } of offsets) {
      const ends = new Map((await admin.fetchTopicOffsets(topic)).map((end) => [end.partition, Number(end.high)]))
      let lagSum = 0
      for (const { partition, offset } of partitions) {
        const lag = (ends.get(partition) ?? 0) - Math.max(0, Number(offset))
        lagSum += Math.max(0, lag)
        if (progress.isStalled(topic, partition, offset, lag)) void recreate(`no progress on ${topic}/${partition}`)
      }
      const name = topic.slice(full('').length)
      metrics.consumerLag.set({ topic: name, group: subscription.group }, lagSum)
    }
  }
  // An admin call that fails says that Kafka is away, and waiting for Kafka is no stall.
  const timer = setInterval(() => void watch().catch(() => progress.reset()), WATCH_EVERY_MS).unref()
  const started = createUntilItWorks()

  return {
    close: async () => {
      isClosed = true
      clearInterval(timer)
      // A consumer that still waits for Kafka's first answer has nothing to stop.
      if (consumer === undefined) return
      await Promise.race([started.catch(() => undefined), sleep(STOP_TIMEOUT_MS, undefined, { ref: false })])
      await stop(consumer)
    },
  }
}

const stop = async (consumer: Consumer | undefined): Promise<void> => {
  if (consumer === undefined) return
  const ending = consumer
    .stop()
    .then(() => consumer.disconnect())
    .catch(() => undefined)
  await Promise.race([ending, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })])
}

const describeProcess = (message: IncomingMessage, group: string): SpanOptions => ({
  kind: SpanKind.CONSUMER,
  traceparent: message.headers.traceparent,
  attributes: {
    'messaging.system': 'kafka',
    'messaging.destination.name': message.topic,
    'messaging.consumer.group.name': group,
    'messaging.destination.partition.id': String(message.partition),
    'messaging.kafka.offset': message.offset,
  },
})
