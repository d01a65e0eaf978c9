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

const assertDurable = async (redis: Redis): Promise<void> => {
  const read = async (name: string): Promise<string> => {
    const reply: unknown = await redis.config('GET', name)
    // RESP3 answers a map, RESP2 a flat list.
    if (Array.isArray(reply)) return String(reply[1])
    return reply instanceof Map ? String(reply.get(name)) : String((reply as Record<string, string>)[name])
  }
  const problems: string[] = []
  if ((await read('appendonly')) !== 'yes') problems.push('appendonly is not yes')
  if ((await read('maxmemory-policy')) !== 'noeviction') problems.push('maxmemory-policy is not noeviction')
  if (problems.length > 0)
    throw new ConfigError(`REDIS_URL: this Redis could lose what it acknowledged: ${problems.join('; ')}`)
}
