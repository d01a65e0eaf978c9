import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { Kafka, logLevel } from 'kafkajs'
import { mongo } from 'mongoose'
import { eventually } from '../src/testing/eventually.ts'
import type { TestSystem } from '../src/testing/system.ts'
import { processNames } from '../src/topology.ts'

/** One place that could hold what it must not: its name, and everything in it as text. */
export interface Sink {
  readonly name: string
  readonly text: string
}

export interface TopicMessage {
  /** Without the namespace. */
  readonly topic: string
  readonly partition: number
  readonly offset: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, string>>
  /** The headers to the byte, each value in hex; of a name that stands several times all values. */
  readonly headerBytes: Readonly<Record<string, string>>
}

export const connectKafka = (): Kafka =>
  new Kafka({
    clientId: 'bad-input',
    brokers: (process.env.KAFKA_BROKERS ?? '').split(','),
    logLevel: logLevel.NOTHING,
    retry: { retries: 5 },
  })

/** Topic and partition → the offset behind its last message, of all topics of the namespace that hold any. */
export const topicEnds = async (kafka: Kafka, namespace: string): Promise<ReadonlyMap<string, number>> => {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const ends = new Map<string, number>()
    for (const topic of (await admin.listTopics()).filter((name) => name.startsWith(namespace)).toSorted()) {
      for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
        if (Number(high) > 0) ends.set(`${topic} ${partition}`, Number(high))
      }
    }
    return new Map([...ends].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  } finally {
    await admin.disconnect()
  }
}

/** Every message that lies in a topic of the namespace now. */
export const readTopics = async (kafka: Kafka, namespace: string): Promise<readonly TopicMessage[]> => {
  const ends = new Map(await topicEnds(kafka, namespace))
  const topics = [...new Set([...ends.keys()].map((end) => end.split(' ')[0] ?? ''))]
  if (topics.length === 0) return []
  const groupId = `${namespace}sinks-${process.hrtime.bigint()}`
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 100 })
  const found: TopicMessage[] = []
  await consumer.connect()
  await consumer.subscribe({ topics, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: ({ topic, partition, message }) => {
      found.push({
        topic: topic.slice(namespace.length),
        partition,
        offset: message.offset,
        key: message.key,
        value: message.value,
        headers: Object.fromEntries(
          Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
        ),
        headerBytes: Object.fromEntries(
          Object.entries(message.headers ?? {}).map(([name, value]) => [
            name,
            [value]
              .flat()
              .map((one) => Buffer.from(one ?? '').toString('hex'))
              .join(' '),
          ]),
        ),
      })
      if (ends.get(`${topic} ${partition}`) === Number(message.offset) + 1) ends.delete(`${topic} ${partition}`)
      return Promise.resolve()
    },
  })
  try {
    await eventually(() => {
      if (ends.size > 0) throw new Error(`not read to the end: ${[...ends.keys()].join(', ')}`)
    })
  } finally {
    await consumer.disconnect()
    const admin = kafka.admin()
    await admin.connect()
    await admin.deleteGroups([groupId]).catch(() => undefined)
    await admin.disconnect()
  }
  return found
}

/** Every key of the namespace with everything in it. */
export const readRedis = async (namespace: string): Promise<readonly Sink[]> => {
  const redis = new Redis(process.env.REDIS_URL ?? '')
  try {
    const keys: string[] = []
    for await (const batch of redis.scanStream({ match: `*${namespace}*`, count: 1000 })) {
      if (Array.isArray(batch)) keys.push(...batch.map(String))
    }
    return await Promise.all(
      keys.map(async (key) => ({ name: `Redis ${key}`, text: `${key} ${JSON.stringify(await valueOf(redis, key))}` })),
    )
  } finally {
    redis.disconnect()
  }
}

const valueOf = async (redis: Redis, key: string): Promise<unknown> => {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key)
    case 'hash':
      return redis.hgetall(key)
    case 'list':
      return redis.lrange(key, 0, -1)
    case 'set':
      return redis.smembers(key)
    case 'zset':
      return redis.zrange(key, '0', '-1')
    case 'stream':
      return redis.xrange(key, '-', '+')
    default:
      return undefined
  }
}

export const readLogs = (system: TestSystem): readonly Sink[] =>
  processNames.map((name) => ({ name: `log of ${name}`, text: readFileSync(system.logs(name), 'utf8') }))

/** Every document of one service's database. */
export const readDatabase = async (
  system: TestSystem,
  service: 'catalog' | 'order' | 'payment',
): Promise<readonly Sink[]> => {
  const client = new mongo.MongoClient(system.mongoUrl)
  try {
    const database = client.db(`${system.namespace}${service}`)
    const collections = await database.listCollections().toArray()
    return await Promise.all(
      collections.map(async ({ name }) => ({
        name: `MongoDB ${service}.${name}`,
        text: JSON.stringify(await database.collection(name).find().toArray()),
      })),
    )
  } finally {
    await client.close()
  }
}
