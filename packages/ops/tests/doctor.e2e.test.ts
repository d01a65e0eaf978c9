import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKafkaClient } from '@checkout/messaging/kafka-client'
import { freePort } from '@checkout/stack/ports'
import { redis as redisServer } from '@checkout/stack/servers/redis'
import { eventually } from '@checkout/stack/testing/eventually'
import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { Redis } from 'ioredis'
import { mongo } from 'mongoose'
import { type OpsSystem, startOpsSystem } from './ops-system.ts'

jest.setTimeout(600_000)

type Check = { name: string; state: string; detail: string; advice: string }

const patience = { timeoutMs: 180_000, intervalMs: 1_000 }
const topicResource = 2

describe('doctor', () => {
  let on: OpsSystem
  let client: mongo.MongoClient
  let child: ChildProcess
  let redis: Redis
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'))
  beforeAll(async () => {
    // A Redis of its own: others start while this one is spoiled, and would refuse to.
    const port = await freePort()
    const program = (await redisServer.find(() => undefined)) ?? (await redisServer.fetch(() => undefined))
    if (typeof program !== 'string') throw new Error('no redis-server to run')
    const settings = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--appendonly',
      'yes',
      '--maxmemory-policy',
      'noeviction',
    ]
    child = spawn(program, settings, { stdio: 'ignore', cwd: folder })
    const REDIS_URL = `redis://127.0.0.1:${port}`
    redis = new Redis(REDIS_URL)
    on = await startOpsSystem({ namespace: namespace(), env: { REDIS_URL } })
    client = new mongo.MongoClient(on.system.mongoUrl)
  })
  afterAll(async () => {
    await client.close()
    await on.stop()
    redis.disconnect()
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    rmSync(folder, { recursive: true, force: true })
  })

  const notOk = async () => (await on.opsJson<Check[]>(['doctor'])).filter(({ state }) => state !== 'ok')
  /** Everything is ok; right after a start a group may still be forming. */
  const isGreen = () => eventually(async () => expect(await notOk()).toEqual([]), patience)
  /** Exactly this is wrong, with something to do about it. */
  const isRed = (name: string, detail: RegExp) =>
    eventually(async () => {
      const wrong = { name, state: 'wrong', detail: expect.stringMatching(detail), advice: expect.stringMatching(/\w/) }
      expect(await notOk()).toEqual([wrong])
    }, patience)

  it('finds nothing on a system as it is started, and says what it looked at', async () => {
    await on.shop.paid()
    await isGreen()
    const { code, stdout, stderr } = await on.ops(['doctor'], { as: 'viewer-1' })
    expect({ code, stderr: stderr.trim().split('\n').at(-1) }).toEqual({ code: 0, stderr: 'all is well' })
    const parts = [
      'outbox',
      'Redis',
      'Toss',
      'topics',
      'group order',
      'group payment',
      'webhook-gateway',
      'api-gateway',
    ]
    for (const service of ['catalog', 'order', 'payment'])
      parts.push(...['MongoDB', 'mongod journals', 'indexes'].map((what) => `${service}: ${what}`))
    for (const part of parts) expect(stdout).toMatch(new RegExp(`^ok .*${part}`, 'm'))
  })

  it('finds a topic that keeps too little', async () => {
    const admin = createKafkaClient(on.system.ops.env.KAFKA_BROKERS ?? '', 'test').admin()
    await admin.connect()
    const name = `${on.system.namespace}order.created`
    const keep = (ms: string) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [{ type: topicResource, name, configEntries: [{ name: 'retention.ms', value: ms }] }],
      })
    try {
      await keep('60000')
      await isRed('Kafka: topics and their settings', /order\.created: retention\.ms is 60000, not -1/)
      expect((await on.ops(['doctor'])).code).toBe(1)
      await keep('-1')
    } finally {
      await admin.disconnect()
    }
    await isGreen()
  })

  it('finds a MongoDB whose majority acknowledges what no journal has', async () => {
    const admin = client.db('admin')
    const waitForJournal = async (writeConcernMajorityJournalDefault: boolean) => {
      const { config } = (await admin.command({ replSetGetConfig: 1 })) as { config: { version: number } }
      const version = config.version + 1
      await admin.command({ replSetReconfig: { ...config, version, writeConcernMajorityJournalDefault } })
    }
    await waitForJournal(false)
    try {
      await eventually(async () => {
        const found = (await notOk()).map(({ name, state, detail }) => `${state} ${name}: ${detail}`).sort()
        expect(found).toEqual(
          ['catalog', 'order', 'payment'].map(
            (service) =>
              `wrong ${service}: MongoDB keeps what it acknowledged: a majority acknowledges before its journal has it`,
          ),
        )
      }, patience)
    } finally {
      await waitForJournal(true)
    }
    await isGreen()
  })

  it('finds a gateway that is away, or not ready', async () => {
    await on.system.kill('webhook-gateway')
    await eventually(async () => {
      const gateways = (await notOk()).filter(({ name }) => name.includes('gateway'))
      expect(gateways).toMatchObject([{ name: 'webhook-gateway: ready', state: 'unknown' }])
    }, patience)
    // It is never ready without Kafka, and so it does not end its start.
    const start = on.system.start('webhook-gateway', { KAFKA_BROKERS: '127.0.0.1:1' }).catch(() => undefined)
    await isRed('webhook-gateway: ready', /503/)
    await on.system.kill('webhook-gateway')
    await start
    await on.system.start('webhook-gateway')
    await isGreen()
  })

  it('finds an index that is gone', async () => {
    const payments = client.db(`${on.system.namespace}payment`).collection('payments')
    await payments.dropIndex('due')
    await isRed('payment: indexes', /payments lacks .*due/)
    await payments.createIndex({ due: 1 }, { name: 'due', partialFilterExpression: { due: { $exists: true } } })
    await isGreen()
  })

  it('finds a Redis that throws keys away', async () => {
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
    await isRed('payment: Redis keeps what it acknowledged', /maxmemory-policy is allkeys-lru/)
    await redis.config('SET', 'maxmemory-policy', 'noeviction')
    await isGreen()
  })

  it('finds a consumer that is gone, and does not take a service that is away for healthy', async () => {
    await on.system.kill('order', 'SIGTERM')
    await eventually(async () => {
      const found = await notOk()
      expect(found).toContainEqual(
        expect.objectContaining({ name: 'Kafka: group order moves', detail: 'nobody consumes' }),
      )
      expect(found).toContainEqual(expect.objectContaining({ name: 'order: answers', state: 'unknown' }))
    }, patience)
    await on.system.start('order')
    await isGreen()
  })

  it('finds that Toss refuses our key', async () => {
    await on.system.kill('payment', 'SIGTERM')
    await on.system.start('payment', { TOSS_SECRET_KEY: 'test_sk_of_somebody_else' })
    await isRed('payment: Toss accepts our key', /401|403/)
    await on.system.kill('payment', 'SIGTERM')
    await on.system.start('payment')
    await isGreen()
  })
})
