import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Kafka, logLevel } from 'kafkajs'
import { mongo } from 'mongoose'
import { type Servers, startServers } from '../src/servers/start-servers.ts'
import { eventually } from '../src/testing/eventually.ts'

const folder = mkdtempSync(join(tmpdir(), 'checkout-three-'))
const options = { dataDir: join(folder, 'data'), logDir: join(folder, 'logs'), data: 'kept' } as const
/** Redis is not part of it. */
const told = { REDIS_URL: 'redis://elsewhere' }
/** An election takes seconds, on a busy machine many. */
const patience = { timeoutMs: 90_000 }
const WRITES = 50

let servers: Servers

beforeAll(async () => {
  servers = await startServers({ ...options, told, nodes: 3 })
}, 400_000)
afterAll(async () => {
  await servers.stop()
  rmSync(folder, { recursive: true, force: true })
}, 120_000)

const withMongo = async <T>(use: (client: mongo.MongoClient) => Promise<T>): Promise<T> => {
  const client = new mongo.MongoClient(servers.env.MONGO_URL)
  try {
    return await use(client)
  } finally {
    await client.close()
  }
}
const factsOf = (client: mongo.MongoClient) => client.db('stack').collection<{ _id: number }>('facts')
const primaryOf = async (client: mongo.MongoClient): Promise<string> =>
  String((await client.db('admin').command({ hello: 1 })).primary)

describe('three nodes of MongoDB', () => {
  it('keep every write of a majority when the primary is killed, and another one takes over', async () => {
    await withMongo(async (client) => {
      for (let _id = 0; _id < WRITES; _id += 1) await factsOf(client).insertOne({ _id })
      const killed = await primaryOf(client)
      const node = servers.nodesOf('mongod').find(({ port }) => killed.endsWith(`:${port}`))
      await servers.kill(node?.name ?? 'mongod', 'SIGKILL')
      await eventually(() => factsOf(client).updateOne({ _id: WRITES }, { $set: {} }, { upsert: true }), patience)
      expect(await primaryOf(client)).not.toBe(killed)
      expect(await factsOf(client).countDocuments()).toBe(WRITES + 1)
      await servers.start(node?.name ?? 'mongod')
    })
  }, 240_000)
})

describe('three nodes of Kafka', () => {
  it('keep every message that all in sync have when the leader is killed, and another one takes over', async () => {
    const kafka = new Kafka({ brokers: servers.env.KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING })
    const [admin, producer] = [kafka.admin(), kafka.producer()]
    const topic = 'facts'
    const send = (fact: number) => producer.send({ topic, acks: -1, messages: [{ value: String(fact) }] })
    const leader = async () => (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions[0]
    await Promise.all([admin.connect(), producer.connect()])
    try {
      // The broker that is asked for the leaders may not know of the topic yet.
      await eventually(() => admin.createTopics({ topics: [{ topic, numPartitions: 1 }] }), patience)
      for (let fact = 0; fact < WRITES; fact += 1) await send(fact)
      const before = await leader()
      expect(before?.replicas).toHaveLength(3)
      const node = servers.nodesOf('kafka')[(before?.leader ?? 0) - 1]
      await servers.kill(node?.name ?? 'kafka', 'SIGKILL')
      await eventually(() => send(WRITES), patience)
      expect((await leader())?.leader).not.toBe(before?.leader)
      expect(await readAll(kafka, topic, WRITES + 1)).toEqual(Array.from({ length: WRITES + 1 }, (_, fact) => fact))
      await servers.start(node?.name ?? 'kafka')
    } finally {
      await Promise.all([admin.disconnect(), producer.disconnect()])
    }
  }, 240_000)
})

describe('three nodes that are started again', () => {
  it('find each other and what they hold on other ports', async () => {
    await servers.stop()
    servers = await startServers({ ...options, told, nodes: 3 })
    expect(await withMongo((client) => factsOf(client).countDocuments())).toBe(WRITES + 1)
    const kafka = new Kafka({ brokers: servers.env.KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING })
    expect(await readAll(kafka, 'facts', WRITES + 1)).toHaveLength(WRITES + 1)
  }, 600_000)
})

/** What the topic holds, in its order, each once: a producer that saw no answer sends again. Resolves when there are so many. */
async function readAll(kafka: Kafka, topic: string, count: number): Promise<number[]> {
  const consumer = kafka.consumer({ groupId: `three-nodes-${performance.now()}` })
  const facts = new Set<number>()
  await consumer.connect()
  try {
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({ eachMessage: ({ message }) => Promise.resolve(void facts.add(Number(message.value))) })
    await eventually(() => expect(facts.size).toBe(count), patience)
    return [...facts]
  } finally {
    await consumer.disconnect()
  }
}
