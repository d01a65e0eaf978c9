import { Redis } from 'ioredis'
import { mongo } from 'mongoose'
import { version as kafkaVersion } from '../servers/kafka.ts'
import type { ServerVariable } from '../servers/server.ts'

/** Of what a run was on, by name. */
export async function versionsOf(servers: Readonly<Record<ServerVariable, string>>): Promise<Record<string, string>> {
  const client = new mongo.MongoClient(servers.MONGO_URL)
  const redis = new Redis(servers.REDIS_URL)
  try {
    const { version: mongod } = await client.db('admin').command({ buildInfo: 1 })
    const redisVersion = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1]
    return {
      node: process.versions.node,
      mongod: String(mongod),
      kafka: kafkaVersion,
      redis: redisVersion ?? 'unknown',
    }
  } finally {
    redis.disconnect()
    await client.close()
  }
}
