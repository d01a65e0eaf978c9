import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { mongo } from 'mongoose'
import type { ProcessEntry } from '../fleet.ts'
import type { ServerVariable } from '../servers/server.ts'

/** What everything takes at one moment. */
export interface Sizes {
  /** Seconds since the run began. */
  readonly at: number
  readonly orders: number
  /** By process. */
  readonly rssMb: Readonly<Record<string, number>>
  readonly handles: Readonly<Record<string, number>>
  /** What is kept for good, in bytes: by collection before compression, by topic of the segments, and keys of Redis. */
  readonly kept: Readonly<Record<string, number>>
}

const databases = ['catalog', 'order', 'payment'] as const

export async function readSizes(options: {
  at: number
  processes: readonly ProcessEntry[]
  servers: Readonly<Record<ServerVariable, string>>
  namespace: string
  /** Where Kafka has its log. */
  kafkaFolder: string
}): Promise<Sizes> {
  const { at, processes, servers, namespace, kafkaFolder } = options
  const client = new mongo.MongoClient(servers.MONGO_URL)
  const redis = new Redis(servers.REDIS_URL)
  try {
    const kept: Record<string, number> = { 'Redis, keys': await redis.dbsize() }
    for (const name of databases) Object.assign(kept, await collectionBytes(client.db(namespace + name), name))
    return {
      at,
      orders: await client.db(`${namespace}order`).collection('orders').estimatedDocumentCount(),
      rssMb: byName(processes, rssMb),
      handles: byName(processes, ({ pid }) => readdirSync(`/proc/${pid}/fd`).length),
      kept: { ...kept, ...topicBytes(kafkaFolder, namespace) },
    }
  } finally {
    redis.disconnect()
    await client.close()
  }
}

async function collectionBytes(database: mongo.Db, name: string): Promise<Record<string, number>> {
  const bytes: Record<string, number> = {}
  for (const { name: collection } of await database.listCollections({}, { nameOnly: true }).toArray()) {
    const [stats] = await database
      .collection(collection)
      .aggregate<{ storageStats: { size: number } }>([{ $collStats: { storageStats: {} } }])
      .toArray()
    bytes[`MongoDB, ${name}.${collection}`] = Number(stats?.storageStats.size ?? 0)
  }
  return bytes
}

/** Of the segments alone: indexes are laid out in advance. */
function topicBytes(folder: string, namespace: string): Record<string, number> {
  const bytes: Record<string, number> = {}
  for (const partition of readdirSync(folder).filter((name) => name.startsWith(namespace))) {
    const topic = `Kafka, ${partition.slice(namespace.length).replace(/-\d+$/, '')}`
    for (const file of readdirSync(join(folder, partition)).filter((name) => name.endsWith('.log')))
      bytes[topic] = (bytes[topic] ?? 0) + statSync(join(folder, partition, file)).size
  }
  return bytes
}

const byName = (processes: readonly ProcessEntry[], read: (entry: ProcessEntry) => number): Record<string, number> =>
  Object.fromEntries(processes.map((entry) => [entry.name, read(entry)]))

const rssMb = ({ pid }: ProcessEntry): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
