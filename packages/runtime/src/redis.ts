import { Redis } from 'ioredis'
import { ConfigError } from './env.ts'
import type { Logger } from './log.ts'

/**
 * A connection that fails fast: while Redis is away a command is refused at once instead of waiting in memory, because every
 * user of Redis here has something better to do then (MongoDB's sweep, the unique index).
 * The first time that Redis answers, its configuration is checked; one that could lose acknowledged writes or evict keys is
 * handed to `onUnsafe`.
 */
export const connectRedis = (options: {
  url: string
  log: Logger
  onUnsafe: (error: ConfigError) => void
  /** A command that takes longer is given up; without it a stopped server would hold its callers. */
  commandTimeoutMs?: number
  /** Workers that block on Redis wait for it without end instead of failing. */
  isBlocking?: boolean
}): Redis => {
  const redis = new Redis(options.url, {
    enableOfflineQueue: options.isBlocking === true,
    maxRetriesPerRequest: options.isBlocking === true ? null : 1,
    connectTimeout: 2_000,
    retryStrategy: (times: number) => Math.min(times * 100, 2_000),
    ...(options.commandTimeoutMs === undefined ? {} : { commandTimeout: options.commandTimeoutMs }),
  })
  let isAway = false
  redis.on('error', (error) => {
    if (!isAway) options.log.warn({ err: error }, 'Redis is away')
    isAway = true
  })
  redis.on('ready', () => {
    if (isAway) options.log.info('Redis is back')
    isAway = false
  })
  redis.once('ready', () => {
    assertDurable(redis).catch((error: unknown) => {
      if (error instanceof ConfigError) options.onUnsafe(error)
      else options.log.warn({ err: error }, 'could not read the configuration of Redis')
    })
  })
  return redis
}

/** The settings by which a Redis could lose what it acknowledged or throw a job away. */
export const redisProblems = async (redis: Redis): Promise<string[]> => {
  const problems: string[] = []
  for (const [name, wanted] of [
    ['appendonly', 'yes'],
    ['maxmemory-policy', 'noeviction'],
  ] as const) {
    const reply: unknown = await redis.config('GET', name)
    // RESP3 answers a map, RESP2 a flat list.
    const value = Array.isArray(reply)
      ? String(reply[1])
      : reply instanceof Map
        ? String(reply.get(name))
        : String((reply as Record<string, string>)[name])
    if (value !== wanted) problems.push(`${name} is ${value}, not ${wanted}`)
  }
  return problems
}

const assertDurable = async (redis: Redis): Promise<void> => {
  const problems = await redisProblems(redis)
  if (problems.length > 0)
    throw new ConfigError(`REDIS_URL: this Redis could lose what it acknowledged: ${problems.join('; ')}`)
}
