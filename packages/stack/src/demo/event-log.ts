import { randomBytes } from 'node:crypto'
import { type CloudEvent, parseEvent, type Topic } from '@checkout/contracts/events'
import { Kafka, logLevel } from 'kafkajs'

/** An event where it lies in Kafka. */
export interface SeenEvent<T extends Topic = Topic> {
  readonly topic: T
  readonly partition: number
  readonly offset: string
  readonly event: CloudEvent<T>
}

/** What appears in Kafka while the story is played. */
export interface EventLog {
  /** The events of one order, in the order of each topic. */
  readonly of: (orderId: string) => readonly SeenEvent[]
  readonly close: () => Promise<void>
}

const topics: readonly Topic[] = ['order.created', 'payment.status-changed', 'toss.webhook-received']

/** Reads along from the present end of each topic, whatever lies there from earlier days. */
export async function openEventLog({ brokers, namespace }: { brokers: string; namespace: string }): Promise<EventLog> {
  const kafka = new Kafka({
    clientId: 'demo',
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 3000,
    retry: { retries: 5 },
  })
  const admin = kafka.admin()
  await admin.connect()
  const ends = await Promise.all(
    topics.map(async (topic) => ({ topic, partitions: await admin.fetchTopicOffsets(namespace + topic) })),
  )
  // A group of its own sees every message and takes none from the services; it commits nothing and is removed at the end.
  const groupId = `${namespace}demo-${randomBytes(6).toString('hex')}`
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 200 })
  const seen: SeenEvent[] = []
  await consumer.connect()
  await consumer.subscribe({ topics: topics.map((topic) => namespace + topic), fromBeginning: false })
  await consumer.run({
    autoCommit: false,
    eachMessage: ({ topic: fullName, partition, message }) => {
      const topic = topics.find((name) => namespace + name === fullName)
      if (topic !== undefined) {
        seen.push({
          topic,
          partition,
          offset: message.offset,
          event: parseEvent(topic, message.value?.toString() ?? ''),
        })
      }
      return Promise.resolve()
    },
  })
  for (const { topic, partitions } of ends) {
    for (const { partition, high } of partitions) consumer.seek({ topic: namespace + topic, partition, offset: high })
  }
  return {
    of: (orderId) => seen.filter(({ event }) => event.subject === orderId),
    close: async () => {
      await consumer.disconnect()
      await admin.deleteGroups([groupId]).catch(() => undefined)
      await admin.disconnect()
    },
  }
}
