import { randomUUID } from 'node:crypto'
import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { createDedupe } from '../src/dedupe.ts'
import { testConfig } from './webhook-gateway.ts'

const redis = new Redis(testConfig({}).REDIS_URL)
const prefix = namespace()
const options = { namespace: prefix, leaseMs: 60_000, seenMs: 60_000 }
const dedupe = createDedupe(redis, options)

afterAll(async () => {
  const keys = await redis.keys(`${prefix}*`)
  if (keys.length > 0) await redis.del(...keys)
  redis.disconnect()
})

const taken = async (hash: string) => {
  const seen = await dedupe.take(hash)
  if (seen.state !== 'ours') throw new Error(`the lease is ${seen.state}`)
  return seen.token
}

it('one of many gets the lease', async () => {
  const hash = randomUUID()
  const states = await Promise.all(Array.from({ length: 20 }, async () => (await dedupe.take(hash)).state))
  expect(states.filter((state) => state === 'ours')).toHaveLength(1)
  expect(states.filter((state) => state === 'in-flight')).toHaveLength(19)
})

it('a withdrawn lease is free for the next', async () => {
  const hash = randomUUID()
  await dedupe.withdraw(hash, await taken(hash))
  expect(await dedupe.look(hash)).toEqual({ state: 'free' })
  await taken(hash)
})

it('a lease that ran out is taken by another, and is not withdrawn by its first owner', async () => {
  const hash = randomUUID()
  const late = createDedupe(redis, { ...options, leaseMs: 1 })
  const first = await late.take(hash)
  if (first.state !== 'ours') throw new Error('the lease was not free')
  while ((await dedupe.look(hash)).state !== 'free') {
    // It runs out by itself within a millisecond or so.
  }
  await taken(hash)
  await dedupe.withdraw(hash, first.token)
  expect(await dedupe.look(hash)).toEqual({ state: 'in-flight' })
})

it('what is done stays done', async () => {
  const hash = randomUUID()
  const token = await taken(hash)
  await dedupe.markDone(hash)
  await dedupe.withdraw(hash, token)
  expect(await dedupe.take(hash)).toEqual({ state: 'done' })
})
