import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@checkout/stack/ports'
import { mongod } from '@checkout/stack/servers/mongod'
import { redis as redisServer } from '@checkout/stack/servers/redis'
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
