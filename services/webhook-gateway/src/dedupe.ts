import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Seen } from './domain/webhook.ts'

const DONE = 'done'

/** Deletes the lease only while it is still ours: after it ran out, another delivery may hold its own. */
const WITHDRAW = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`

/** What is known of bodies already delivered, under their hash. Every method rejects when Redis is away or slow. */
export type Dedupe = {
  /** Takes the lease if nobody has it and the body is not done. */
  take(bodyHash: string): Promise<Seen>
  look(bodyHash: string): Promise<Exclude<Seen, { state: 'ours' }>>
  markDone(bodyHash: string): Promise<void>
  withdraw(bodyHash: string, token: string): Promise<void>
}

export const createDedupe = (redis: Redis, options: { namespace: string; leaseMs: number; seenMs: number }): Dedupe => {
  const key = (bodyHash: string) => `${options.namespace}webhook-gateway:seen:${bodyHash}`
  const look: Dedupe['look'] = async (bodyHash) => {
    const value = await redis.get(key(bodyHash))
    return { state: value === null ? 'free' : value === DONE ? 'done' : 'in-flight' }
  }
  return {
    look,
    take: async (bodyHash) => {
      const token = randomUUID()
      if ((await redis.set(key(bodyHash), token, 'PX', options.leaseMs, 'NX')) === 'OK') return { state: 'ours', token }
      return look(bodyHash)
    },
    markDone: async (bodyHash) => {
      await redis.set(key(bodyHash), DONE, 'PX', options.seenMs)
    },
    withdraw: async (bodyHash, token) => {
      await redis.eval(WITHDRAW, 1, key(bodyHash), token)
    },
  }
}
