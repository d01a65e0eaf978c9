import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createFleet, type ProcessEntry, type Unit } from '../fleet.ts'
import { freePort, isPortTaken } from '../ports.ts'
import { reasonsOf } from '../reasons-of.ts'
import { StackError } from '../stack-error.ts'
import { composeUp, isDockerAnswering } from './docker.ts'
import { kafka } from './kafka.ts'
import { mongod } from './mongod.ts'
import { redis } from './redis.ts'
import type { Door, Place, Server, ServerName, ServerNode, ServerVariable } from './server.ts'

const servers: readonly Server[] = [mongod, kafka, redis]

export interface ServersOptions {
  /** Each server has a folder of its own in it. */
  readonly dataDir: string
  readonly logDir: string
  /** `fresh`: the data is removed before the start and after the end. */
  readonly data: 'kept' | 'fresh'
  /** Servers that run elsewhere: nothing is started for them. Usually `process.env`. */
  readonly told: Readonly<Partial<Record<string, string>>>
  /** Fixed ports; the others are free ones. `MONGOD_PORT`, `KAFKA_PORT` and `REDIS_PORT` of `told` fix them too. */
  readonly ports?: Readonly<Partial<Record<ServerName, number>>>
  /** Of MongoDB and of Kafka. Unless given, `STACK_NODES` of `told` says it; else it is one. */
  readonly nodes?: 1 | 3
  /** Of each node of Kafka: ways to it besides the one of `KAFKA_BROKERS`. */
  readonly kafkaDoors?: readonly (readonly Door[])[]
  readonly report?: (line: string) => void
  readonly restarts?: 'never' | 'with-backoff'
  readonly onChange?: (entries: readonly ProcessEntry[]) => void
  /** Ends what was started so far; the start then rejects. */
  readonly signal?: AbortSignal
}

/** The three backing servers, up and ready. */
export interface Servers {
  readonly env: Readonly<Record<ServerVariable, string>>
  /** The nodes of a server that were started as processes here, also those that do not run now. */
  readonly nodesOf: (name: ServerName) => readonly Place[]
  /** Those that run as processes started here. */
  readonly processes: () => readonly ProcessEntry[]
  /** Only for servers started as processes here. SIGKILL and SIGTERM wait until it has ended. */
  readonly kill: (name: ServerNode, signal?: NodeJS.Signals) => Promise<void>
  /** Starts it again after `kill`: same port, same data. */
  readonly start: (name: ServerNode) => Promise<void>
  readonly stop: () => Promise<void>
}

type Way = { readonly way: 'process'; readonly program: string } | { readonly way: 'docker' }

/**
 * Finds each server in this order: told by the environment, installed on this machine, Docker, fetched once. `STACK`
 * set to `local` or `docker` forces one way. Rejects with one message that names every server that cannot be had.
 */
export async function startServers(options: ServersOptions): Promise<Servers> {
  const { dataDir, logDir, data, told, report = () => undefined, restarts = 'never', onChange, signal } = options
  if (data === 'fresh') rmSync(dataDir, { recursive: true, force: true })

  const wanted = servers.filter(({ variable, name }) => {
    const address = told[variable]
    if (address !== undefined) report(`${name}: using ${variable} from the environment`)
    return address === undefined
  })
  const ways = await chooseWays(wanted, report)
  const nodes = options.nodes ?? countNodes(told.STACK_NODES)
  const places = new Map<ServerName, readonly Place[]>()
  for (const server of wanted) {
    const more = await Promise.all(Array.from({ length: server.isClustered ? nodes - 1 : 0 }, freePort))
    const ports = [await choosePort(server, options), ...more]
    const placeOf = (port: number, index: number): Place => {
      const name: ServerNode = ports.length === 1 ? server.name : `${server.name}-${index + 1}`
      const doors = server === kafka ? (options.kafkaDoors?.[index] ?? []) : []
      return { name, port, dataDir: join(dataDir, name), log: join(logDir, `${name}.log`), doors }
    }
    places.set(server.name, ports.map(placeOf))
  }
  const portsOf = (name: ServerName) => (places.get(name) ?? []).map(({ port }) => port)

  const fleet = createFleet({ report, restarts, ...(onChange === undefined ? {} : { onChange }) })
  signal?.addEventListener('abort', () => void fleet.stop())
  const units = new Map<string, Unit>()
  let composeDown: (() => Promise<void>) | undefined
  const stop = async () => {
    await Promise.all([fleet.stop(), composeDown?.()])
    if (data === 'fresh') rmSync(dataDir, { recursive: true, force: true })
  }

  const startProcess = async (server: Server, program: string) => {
    const { name } = server
    const startedAt = performance.now()
    const members = await server.units(program, places.get(name) ?? [])
    for (const unit of members) units.set(unit.name, unit)
    await Promise.all(members.map((unit) => fleet.start(unit)))
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    report(`${name}: ready on port ${portsOf(name).join(', ')} after ${seconds} s (${program})`)
  }
  const startContainers = async () => {
    const inDocker = wanted.filter(({ name }) => ways.get(name)?.way === 'docker')
    if (inDocker.length === 0) return
    if (nodes > 1) throw new StackError('STACK_NODES=3 starts processes, and none in Docker; STACK=local says so')
    const published = Object.fromEntries(inDocker.map(({ name }) => [name, portsOf(name)[0]]))
    composeDown = await composeUp(published, { dataDir, data, report })
  }

  const started = await Promise.allSettled([
    startContainers(),
    ...wanted.map(async (server) => {
      const chosen = ways.get(server.name)
      if (chosen?.way === 'process') await startProcess(server, chosen.program)
    }),
  ])
  const failures = reasonsOf(started)
  if (failures.length > 0) {
    await stop()
    throw new StackError(failures.join('\n\n'))
  }

  const address = (server: Server) => told[server.variable] ?? server.address(portsOf(server.name))
  return {
    env: { MONGO_URL: address(mongod), KAFKA_BROKERS: address(kafka), REDIS_URL: address(redis) },
    nodesOf: (name) => places.get(name)?.filter((place) => units.has(place.name)) ?? [],
    processes: fleet.entries,
    kill: fleet.kill,
    async start(name) {
      const unit = units.get(name)
      if (unit === undefined) throw new Error(`${name} is not a process of this stack`)
      await fleet.start(unit)
    },
    stop,
  }
}

/**
 * `STACK_NODES`: how many nodes MongoDB and Kafka have. Of three, one may be lost: what was acknowledged is on another.
 * @throws StackError unless it is 1, 3 or not set
 */
export function countNodes(told: string | undefined): 1 | 3 {
  if (told === undefined || told === '' || told === '1') return 1
  if (told !== '3') throw new StackError(`STACK_NODES is "${told}"; it may be 1 or 3`)
  return 3
}

async function chooseWays(wanted: readonly Server[], report: (line: string) => void): Promise<Map<ServerName, Way>> {
  const forced = process.env.STACK
  if (forced !== undefined && forced !== 'local' && forced !== 'docker') {
    throw new StackError(`STACK is "${forced}"; it may be "local" or "docker"`)
  }
  const ways = new Map<ServerName, Way>()
  if (forced !== 'docker') {
    for (const server of wanted) {
      const program = await server.find(report)
      if (program !== undefined) ways.set(server.name, { way: 'process', program })
    }
  }
  const missing = () => wanted.filter(({ name }) => !ways.has(name))
  if (missing().length > 0 && forced !== 'local') {
    if (await isDockerAnswering()) for (const { name } of missing()) ways.set(name, { way: 'docker' })
    else if (forced === 'docker') throw new StackError('STACK is "docker", and no Docker engine with compose answers')
  }
  const problems: string[] = []
  await Promise.all(
    missing().map(async (server) => {
      try {
        ways.set(server.name, { way: 'process', program: await server.fetch(report) })
      } catch (error) {
        const cause = String(error).replaceAll('\n', '\n    ')
        problems.push(
          `${server.name} is missing. Any of these helps:\n` +
            `  - set ${server.variable} to one that runs\n  - ${server.advice}\n  - start a Docker engine\n` +
            `  - let it be fetched; that failed with:\n    ${cause}`,
        )
      }
    }),
  )
  if (problems.length > 0) throw new StackError(problems.join('\n'))
  return ways
}

async function choosePort(server: Server, { ports, told }: ServersOptions): Promise<number> {
  const set = told[server.portVariable]
  const port = ports?.[server.name] ?? (set === undefined ? undefined : Number(set))
  if (port === undefined) return freePort()
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new StackError(`${server.portVariable} is not a port`)
  if (await isPortTaken(port)) {
    throw new StackError(`port ${port} for ${server.name} is taken; ${server.portVariable} moves it`)
  }
  return port
}
