import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@checkout/stack/ports'
import { mongod } from '@checkout/stack/servers/mongod'
import { redis as redisServer } from '@checkout/stack/servers/redis'
import { eventually } from '@checkout/stack/testing/eventually'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ConfigError } from '../src/env.ts'
import { createLogger } from '../src/log.ts'
import { connectMongo } from '../src/mongo.ts'
import { connectRedis } from '../src/redis.ts'

const log = createLogger('durability-test', 'silent')
const folder = mkdtempSync(join(tmpdir(), 'durability-'))
const children: ChildProcess[] = []

const run = async (server: typeof mongod, args: readonly string[]): Promise<void> => {
  const program = (await server.find(() => undefined)) ?? (await server.fetch(() => undefined))
  if (typeof program !== 'string') throw new Error(`no ${server.name} to run`)
  children.push(spawn(program, [...args], { stdio: 'ignore', cwd: folder }))
}

describe('a server that could lose what it acknowledged', () => {
  let mongoPort = 0
  let redisPort = 0
  beforeAll(async () => {
    ;[mongoPort, redisPort] = [await freePort(), await freePort()]
    await run(mongod, ['--port', String(mongoPort), '--dbpath', folder, '--bind_ip', '127.0.0.1'])
    await run(redisServer, [
      '--port',
      String(redisPort),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--maxmemory-policy',
      'allkeys-lru',
    ])
  })
  afterAll(async () => {
    await Promise.all(
      children.map(async (child) => {
        child.kill('SIGKILL')
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      }),
    )
    rmSync(folder, { recursive: true, force: true })
  })

  it('is refused when it is a MongoDB without a replica set, with what is wrong', async () => {
    const url = `mongodb://127.0.0.1:${mongoPort}/?directConnection=true`
    const connecting = connectMongo({ url, namespace: '', database: 'test', log })
    await expect(connecting).rejects.toThrow(ConfigError)
    await expect(connecting).rejects.toThrow(/MONGO_URL.*no replica set/)
  })

  it('is refused when it is a Redis without a log that may evict keys, with both reasons', async () => {
    const refused = new Promise<ConfigError>((resolve) => {
      const redis = connectRedis({
        url: `redis://127.0.0.1:${redisPort}`,
        log,
        onUnsafe: (error) => {
          redis.disconnect()
          resolve(error)
        },
      })
    })
    const { message } = await refused
    expect(message).toMatch(/REDIS_URL.*appendonly is no, not yes; maxmemory-policy is allkeys-lru, not noeviction/)
  })
})

describe('what was acknowledged', () => {
  const WRITERS = 8
  /** So many that the journal is behind those who need not wait for it. */
  const ENOUGH = 400
  const home = mkdtempSync(join(tmpdir(), 'durability-'))
  let child: ChildProcess | undefined

  const startMongod = async (port: number) => {
    const program = (await mongod.find(() => undefined)) ?? (await mongod.fetch(() => undefined))
    if (typeof program !== 'string') throw new Error('no mongod to run')
    const place = { name: 'mongod', port, dataDir: join(home, 'data'), log: join(home, 'log') } as const
    const [unit] = await mongod.units(program, [place])
    if (unit === undefined) throw new Error('a place without its unit')
    const { command, args, env } = unit.launch()
    child = spawn(command, [...args], { stdio: 'ignore', env: { ...process.env, ...env } })
    await eventually(() => unit.ready(), { timeoutMs: 90_000, intervalMs: 100 })
    return child
  }
  const killed = async (process: ChildProcess) => {
    process.kill('SIGKILL')
    if (process.exitCode === null && process.signalCode === null) await once(process, 'exit')
  }
  afterAll(async () => {
    if (child !== undefined) await killed(child)
    rmSync(home, { recursive: true, force: true })
  })

  it('by MongoDB survives kill -9, every single write', async () => {
    const port = await freePort()
    const url = `mongodb://127.0.0.1:${port}/?directConnection=true`
    const first = await startMongod(port)
    const before = await connectMongo({ url, namespace: '', database: 'test', log })
    const collection = before.connection.collection<{ _id: string }>('writes')
    const acknowledged: string[] = []
    let isOver = false
    const write = async (writer: number) => {
      for (let i = 0; !isOver; i += 1) {
        const _id = `${writer}-${i}`
        try {
          await collection.insertOne({ _id })
          acknowledged.push(_id)
        } catch {
          return
        }
      }
    }
    const writing = Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)))
    await eventually(() => expect(acknowledged.length).toBeGreaterThan(ENOUGH), { timeoutMs: 90_000 })
    await killed(first)
    isOver = true
    await writing
    await before.close()

    await startMongod(port)
    const after = await connectMongo({ url, namespace: '', database: 'test', log })
    const there = await after.connection.collection<{ _id: string }>('writes').find().toArray()
    await after.close()
    const kept = new Set(there.map(({ _id }) => _id))
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([])
  })
})
