import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { mongo } from 'mongoose'
import { identityOf } from '../src/process-identity.ts'
import { repositoryRoot } from '../src/repository.ts'
import { type Servers, startServers } from '../src/servers/start-servers.ts'
import { eventually } from '../src/testing/eventually.ts'

const folder = mkdtempSync(join(tmpdir(), 'checkout-servers-'))
const options = { dataDir: join(folder, 'data'), logDir: join(folder, 'logs'), data: 'kept' } as const
// Kafka is not needed here; told where it is, the stack starts none.
const told = { KAFKA_BROKERS: 'elsewhere:9092' }

async function withMongo<T>(url: string, use: (client: mongo.MongoClient) => Promise<T>): Promise<T> {
  const client = new mongo.MongoClient(url)
  try {
    return await use(client)
  } finally {
    await client.close()
  }
}

describe('the servers of the stack', () => {
  let servers: Servers
  beforeAll(async () => {
    servers = await startServers({ ...options, told })
  })
  afterAll(async () => {
    await servers.stop()
    rmSync(folder, { recursive: true })
  })

  it('are those that were told, and only the others are started', () => {
    expect(servers.env.KAFKA_BROKERS).toBe('elsewhere:9092')
    expect(servers.processes().map(({ name }) => name)).toEqual(expect.arrayContaining(['mongod', 'redis']))
    expect(servers.processes()).toHaveLength(2)
  })

  it('lose nothing that was acknowledged when they are killed, and come back on the same port', async () => {
    const { MONGO_URL, REDIS_URL } = servers.env
    await withMongo(MONGO_URL, (client) => client.db('stack').collection('facts').insertOne({ fact: 'acknowledged' }))
    const redis = new Redis(REDIS_URL)
    redis.on('error', () => undefined)
    await redis.set('fact', 'acknowledged')

    await Promise.all([servers.kill('mongod', 'SIGKILL'), servers.kill('redis', 'SIGKILL')])
    expect(servers.processes()).toEqual([])
    await Promise.all([servers.start('mongod'), servers.start('redis')])

    const found = await withMongo(MONGO_URL, (client) => client.db('stack').collection('facts').countDocuments())
    expect(found).toBe(1)
    expect(await eventually(() => redis.get('fact'))).toBe('acknowledged')
    redis.disconnect()
  })

  it('are configured so that they keep what they acknowledge', async () => {
    const redis = new Redis(servers.env.REDIS_URL)
    expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'yes'])
    expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction'])
    redis.disconnect()
    const { options: settings } = new mongo.MongoClient(servers.env.MONGO_URL)
    expect(settings.writeConcern).toMatchObject({ w: 'majority', journal: true })
  })

  it('find their data again on another port', async () => {
    await servers.stop()
    servers = await startServers({ ...options, told })
    const facts = await withMongo(servers.env.MONGO_URL, (client) =>
      client.db('stack').collection('facts').countDocuments(),
    )
    expect(facts).toBe(1)
  })

  it('do not outlive a process that was killed', async () => {
    const program = `
      import { startServers } from ${JSON.stringify(join(repositoryRoot, 'packages/stack/dist/servers/start-servers.js'))}
      const told = { KAFKA_BROKERS: 'elsewhere:9092', MONGO_URL: 'mongodb://elsewhere' }
      const { processes } = await startServers({ dataDir: ${JSON.stringify(join(folder, 'orphan'))}, logDir: ${JSON.stringify(join(folder, 'orphan'))}, data: 'kept', told })
      console.log(processes()[0].pid)
      setInterval(() => undefined, 1000)`
    const { NODE_OPTIONS: _, ...env } = process.env
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], { env })
    const output: readonly unknown[] = await once(parent.stdout, 'data')
    const pid = Number(String(output[0]))
    expect(identityOf(pid)).toBeDefined()
    parent.kill('SIGKILL')
    await eventually(() => expect(identityOf(pid)).toBeUndefined())
  })
})

describe('a server that cannot be had', () => {
  it('is a port that is taken, named with the variable that moves it', async () => {
    const elsewhere = { KAFKA_BROKERS: 'k:1', MONGO_URL: 'mongodb://m' }
    const dataDir = mkdtempSync(join(tmpdir(), 'checkout-servers-'))
    const first = await startServers({ dataDir, logDir: dataDir, data: 'fresh', told: elsewhere })
    try {
      const port = new URL(first.env.REDIS_URL).port
      const second = startServers({
        dataDir: `${dataDir}-2`,
        logDir: dataDir,
        data: 'fresh',
        told: { ...elsewhere, REDIS_PORT: port },
      })
      await expect(second).rejects.toThrow(`port ${port} for redis is taken; REDIS_PORT moves it`)
    } finally {
      await first.stop()
    }
  })
})
