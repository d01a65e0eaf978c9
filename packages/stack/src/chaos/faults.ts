import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { mongo } from 'mongoose'
import type { ServerName, ServerNode } from '../servers/server.ts'
import type { Servers } from '../servers/start-servers.ts'
import type { Shop } from '../testing/shop.ts'
import type { FaultOrder } from '../testing/shop-bodies.ts'
import type { Cluster, Replica } from './cluster.ts'
import type { Link } from './link.ts'
import type { Random } from './random.ts'
import type { SmallDisk } from './small-disk.ts'

export interface World {
  readonly cluster: Cluster
  readonly servers: Servers
  /** Where all servers have their data; none when this machine does not allow it. */
  readonly disk: SmallDisk | undefined
  readonly toss: Shop
  readonly random: Random
}

/** Something that is broken now. */
interface Broken {
  /** What exactly, for people. */
  readonly what: string
  readonly heal: () => unknown
}

export interface Fault {
  readonly name: string
  /** Faults of different lanes happen at the same time; of one lane one after the other. */
  readonly lane: 'services' | 'surroundings'
  /** How long it lasts. */
  readonly seconds: readonly [low: number, high: number]
  readonly inject: (world: World) => Promise<Broken>
}

const names = (replicas: readonly Replica[]): string => replicas.map(({ id }) => id).join(', ')

const some = ({ cluster, random }: World, count: number): Replica[] => {
  const left = cluster.replicas.filter(({ id }) => cluster.isRunning(id))
  const picked: Replica[] = []
  while (picked.length < count && left.length > 0) picked.push(...left.splice(random.int(0, left.length - 1), 1))
  return picked
}

const killed = async ({ cluster }: World, replicas: readonly Replica[], signal: NodeJS.Signals): Promise<Broken> => {
  await Promise.all(replicas.map(({ id }) => cluster.signal(id, signal)))
  return { what: names(replicas), heal: () => Promise.all(replicas.map(({ id }) => cluster.start(id))) }
}

const stopped = async ({ cluster }: World, replicas: readonly Replica[]): Promise<Broken> => {
  await Promise.all(replicas.map(({ id }) => cluster.signal(id, 'SIGSTOP')))
  return { what: names(replicas), heal: () => Promise.all(replicas.map(({ id }) => cluster.signal(id, 'SIGCONT'))) }
}

const wholeService = ({ cluster, random }: World): Replica[] => {
  const { service } = random.pick(cluster.replicas)
  return cluster.replicas.filter((replica) => replica.service === service && cluster.isRunning(replica.id))
}

const onServices: readonly Omit<Fault, 'lane'>[] = [
  { name: 'kill a replica', seconds: [0, 5], inject: (world) => killed(world, some(world, 1), 'SIGKILL') },
  {
    name: 'kill several replicas',
    seconds: [0, 5],
    inject: (world) => killed(world, some(world, world.random.int(2, 6)), 'SIGKILL'),
  },
  { name: 'kill a whole service', seconds: [0, 5], inject: (world) => killed(world, wholeService(world), 'SIGKILL') },
  // Longer than a lease, so that what it held is taken over while it sleeps.
  { name: 'stop a replica', seconds: [3, 12], inject: (world) => stopped(world, some(world, 1)) },
  { name: 'stop several replicas', seconds: [3, 12], inject: (world) => stopped(world, some(world, 3)) },
  { name: 'restart a replica in peace', seconds: [0, 1], inject: (world) => killed(world, some(world, 1), 'SIGTERM') },
  {
    name: 'a consumer joins and leaves',
    seconds: [2, 8],
    inject: async ({ cluster, random }) => {
      const waiting = cluster.replicas.filter(({ id }) => !cluster.isRunning(id))
      if (waiting.length === 0) return { what: 'nobody was left', heal: () => undefined }
      const { id } = random.pick(waiting)
      await cluster.start(id)
      return { what: id, heal: () => cluster.signal(id, 'SIGTERM') }
    },
  },
]

const serverNames: readonly ServerName[] = ['mongod', 'kafka', 'redis']

/** Of several nodes of MongoDB the primary, whose loss is felt; of Kafka any, since each leads some partitions. */
const nodeOf = async (name: ServerName, { servers, random }: World): Promise<ServerNode> => {
  const nodes = servers.nodesOf(name)
  if (name !== 'mongod' || nodes.length === 1) return random.pick(nodes).name
  const primary = await withAdmin(servers, async (admin) => String((await admin.command({ hello: 1 })).primary))
  return random.pick(nodes.filter(({ port }) => primary.endsWith(`:${port}`))).name
}

const withAdmin = async <T>({ env }: Servers, use: (admin: mongo.Db) => Promise<T>): Promise<T> => {
  const client = new mongo.MongoClient(env.MONGO_URL)
  try {
    return await use(client.db('admin'))
  } finally {
    await client.close()
  }
}

const serverKilled = (name: ServerName): Omit<Fault, 'lane'> => ({
  name: `kill ${name}`,
  seconds: [1, 8],
  inject: async (world) => {
    const node = await nodeOf(name, world)
    await world.servers.kill(node, 'SIGKILL')
    return { what: node, heal: () => world.servers.start(node) }
  },
})

const serverStopped = (name: ServerName): Omit<Fault, 'lane'> => ({
  name: `stop ${name}`,
  seconds: [2, 12],
  inject: async (world) => {
    const node = await nodeOf(name, world)
    await world.servers.kill(node, 'SIGSTOP')
    return { what: node, heal: () => world.servers.kill(node, 'SIGCONT') }
  },
})

const STEPPED_DOWN_S = 5

const steppedDown: Omit<Fault, 'lane'> = {
  name: 'step down the primary of MongoDB',
  seconds: [STEPPED_DOWN_S, STEPPED_DOWN_S + 3],
  inject: async ({ servers }) => {
    await withAdmin(servers, (admin) => admin.command({ replSetStepDown: STEPPED_DOWN_S, force: true }))
    return { what: 'the primary', heal: () => undefined }
  },
}

const linkBroken = (name: string, breakIt: (link: Link, random: Random) => void): Omit<Fault, 'lane'> => ({
  name,
  seconds: [2, 10],
  inject: ({ cluster, random }) => {
    const [what, link] = random.pick([...cluster.links])
    breakIt(link, random)
    return Promise.resolve({ what, heal: () => link.heal() })
  },
})

/** Its name, for those who must know whether it can be tried. */
export const FULL_DISK = 'fill the disk of all servers'

/** Who found no room to write is gone by then. */
const DYING_MS = 1_000

/** What ends because it cannot write is started again when there is room, as an operator would. */
const diskFull: Omit<Fault, 'lane'> = {
  name: FULL_DISK,
  seconds: [3, 8],
  inject: async ({ servers, disk }) => {
    await disk?.fill()
    return {
      what: 'no byte is left',
      heal: async () => {
        await disk?.clear()
        await sleep(DYING_MS)
        const nodes = serverNames.flatMap((name) => servers.nodesOf(name))
        const running = servers.processes().map(({ name }) => name)
        await Promise.all(nodes.filter(({ name }) => !running.includes(name)).map(({ name }) => servers.start(name)))
      },
    }
  },
}

/** For the next calls, whoever makes them; what is not used up is taken back. */
const tossDoes = (name: string, fault: FaultOrder['fault'], isWebhook = false): Omit<Fault, 'lane'> => ({
  name: `Toss ${name}`,
  seconds: [2, 5],
  inject: async ({ toss, random }) => {
    const times = random.int(3, 15)
    await toss.fault({ times, fault, ...(isWebhook ? { match: { operation: 'webhook' } } : {}) })
    return { what: `at most ${times} times`, heal: () => toss.clearFaults() }
  },
})

const internal = { status: 500, code: 'FAILED_INTERNAL_SYSTEM_PROCESSING' }

const onSurroundings: readonly Omit<Fault, 'lane'>[] = [
  diskFull,
  serverKilled('mongod'),
  serverKilled('kafka'),
  serverKilled('redis'),
  serverStopped('mongod'),
  serverStopped('kafka'),
  serverStopped('redis'),
  steppedDown,
  {
    name: 'flush Redis',
    seconds: [0, 0],
    inject: async ({ servers }) => {
      const redis = new Redis(servers.env.REDIS_URL)
      try {
        await redis.flushall()
      } finally {
        redis.disconnect()
      }
      return { what: 'all keys', heal: () => undefined }
    },
  },
  linkBroken('cut a link', (link) => link.cut()),
  linkBroken('slow a link', (link, random) => link.delay(random.int(50, 2_000))),
  tossDoes('is slow', { kind: 'delay', ms: 1_500 }),
  tossDoes('loses requests', { kind: 'drop-before' }),
  tossDoes('loses answers', { kind: 'drop-after' }),
  tossDoes('hangs after the effect', { kind: 'hang-after', ms: 12_000 }),
  tossDoes('answers 500 before the effect', { kind: 'error-before', ...internal }),
  tossDoes('answers 500 after the effect', { kind: 'error-after', ...internal }),
  tossDoes('answers 429', { kind: 'error-before', status: 429, code: 'TOO_MANY_REQUESTS' }),
  tossDoes('answers garbage', { kind: 'garbage' }),
  tossDoes('loses webhooks', { kind: 'lose' }, true),
  tossDoes('sends webhooks twice', { kind: 'double' }, true),
  tossDoes('sends webhooks late', { kind: 'late', ms: 4_000 }, true),
  tossDoes('sends webhooks out of order', { kind: 'reorder' }, true),
]

/** Every kind of fault. */
export const faults: readonly Fault[] = [
  ...onServices.map((fault) => ({ ...fault, lane: 'services' as const })),
  ...onSurroundings.map((fault) => ({ ...fault, lane: 'surroundings' as const })),
]
