import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Variables } from '../environment.ts'
import { versionsOf } from '../proof/versions.ts'
import { type Servers, startServers } from '../servers/start-servers.ts'
import { eventually } from '../testing/eventually.ts'
import { namespace } from '../testing/namespace.ts'
import { openShop } from '../testing/shop.ts'
import { checkEverything } from './check.ts'
import { runClients } from './clients.ts'
import { type Cluster, kafkaClientIds, startCluster } from './cluster.ts'
import { type Fault, FULL_DISK, faults, type World } from './faults.ts'
import { createHistory, type History } from './history.ts'
import { openKafkaDoors } from './kafka-doors.ts'
import { runNemesis } from './nemesis.ts'
import { createRandom } from './random.ts'
import type { ChaosResult } from './report.ts'
import { mountSmallDisk, releaseSmallDisk, type SmallDisk } from './small-disk.ts'

export interface ChaosOptions {
  readonly seed: number
  readonly minutes: number
  readonly clients: number
  /** Of MongoDB and of Kafka. */
  readonly nodes: 1 | 3
  /** Which faults; all when it lets all pass. */
  readonly isWanted: (fault: Fault) => boolean
  /** How long everything may take to come to rest once it is whole again. */
  readonly restMs: number
  /** Where data, logs and the history go. It is emptied first. */
  readonly folder: string
  /** Reaches the services. */
  readonly told: Variables
  readonly report: (line: string) => void
  readonly signal?: AbortSignal
}

/** Data and journals of one node of each server take half of it. */
const MEGABYTES_PER_NODE = 1_024

/** What is taken over from a dead process, and what Toss is asked again, within seconds, so that a minute shows much. */
const hurried: Variables = {
  PAYMENT_LEASE_MS: '5000',
  PAYMENT_TOSS_TIMEOUT_MS: '10000',
  PAYMENT_TOSS_BREAKER_RESET_MS: '3000',
  PAYMENT_WEBHOOK_LADDER_MS: '2000,6000',
  // Books are compared at rest, when nothing is on its way any more.
  PAYMENT_RECONCILE_FRESH_MS: '0',
}

/**
 * Two replicas of every service, clients and a nemesis for some minutes; then everything is healed, and what the clients were
 * told is compared with both sides' books. The seed repeats what is broken and what clients want, not how the processes meet.
 */
export async function runChaos(
  options: ChaosOptions,
): Promise<ChaosResult & { readonly versions: Readonly<Record<string, string>> }> {
  const { seed, minutes, nodes, folder, told, report, signal } = options
  const prefix = namespace()
  const skipped =
    nodes === 1 ? [] : ['links to MongoDB: of several nodes its clients learn the addresses, and go past any link']
  const diskFolder = join(folder, 'disk')
  await releaseSmallDisk(diskFolder)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const kafkaDoors = await openKafkaDoors(kafkaClientIds, nodes)
  let disk: SmallDisk | undefined
  try {
    if (faults.some((fault) => fault.name === FULL_DISK && options.isWanted(fault)))
      disk = await mountSmallDisk(diskFolder, nodes * MEGABYTES_PER_NODE)
  } catch (error) {
    skipped.push(`${FULL_DISK}: ${String(error).replaceAll(/\s+/g, ' ')}`)
  }
  const unexpected: string[] = []
  let servers: Servers | undefined
  let cluster: Cluster | undefined
  try {
    servers = await startServers({
      dataDir: join(diskFolder, 'data'),
      logDir: join(folder, 'logs'),
      data: 'fresh',
      told: {},
      nodes,
      kafkaDoors: kafkaDoors.ofBroker,
      report,
      ...(signal ? { signal } : {}),
    })
    cluster = await startCluster({
      servers: servers.env,
      namespace: prefix,
      folder,
      env: { ...withoutServers(told), ...hurried },
      kafkaDoors,
      onUnexpected: (line) => {
        unexpected.push(line)
        report(line)
      },
    })
    const toss = openShop({ ...cluster.urls, gateway: cluster.gateways[0] ?? '' })
    const history = createHistory(join(folder, 'history.jsonl'))
    const { injected, intents } = await play(options, { cluster, servers, disk, toss, history })
    report('everything is whole again; waiting for rest')
    const checking = checkEverything({
      system: {
        namespace: prefix,
        mongoUrl: servers.env.MONGO_URL,
        urls: { simulator: cluster.urls.simulator },
      },
      cluster,
      toss,
      history,
      intents,
      injected,
      unexpected,
      restMs: options.restMs,
      report,
    })
    const checked = await Promise.race([checking, interruption(signal)])
    return {
      seed,
      minutes,
      clients: options.clients,
      nodes,
      versions: await versionsOf(servers.env),
      skipped,
      ...checked,
    }
  } finally {
    await cluster?.stop()
    await servers?.stop()
    await kafkaDoors.close()
    await disk?.unmount()
  }
}

/** A run breaks servers of its own, never those that the environment may name. */
const withoutServers = ({ MONGO_URL: _m, KAFKA_BROKERS: _k, REDIS_URL: _r, ...others }: Variables): Variables => others

/** Rejects when the run is to end early. */
function interruption(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(new Error('interrupted'))
    if (signal?.aborted === true) end()
    else signal?.addEventListener('abort', end, { once: true })
  })
}

/** Clients and nemesis side by side until the time is over. */
async function play(
  { seed, minutes, clients: count, isWanted, report, signal }: ChaosOptions,
  { history, ...broken }: Omit<World, 'random'> & { readonly history: History },
) {
  const { cluster, toss, disk } = broken
  const { gateways, urls } = cluster
  const random = createRandom(seed)
  const over = new AbortController()
  signal?.addEventListener('abort', () => over.abort(), { once: true })
  const end = sleep(minutes * 60_000, undefined, { signal: over.signal }).catch(() => undefined)
  // The first order waits for the consumers, whose groups form; that is no fault.
  await eventually(() => toss.paid(), { timeoutMs: 120_000, ...(signal ? { signal } : {}) })
  const playing = [
    runClients({ gateways, urls, history, random: random.fork('clients'), count, signal: over.signal }),
    runNemesis({
      world: { ...broken, random: random.fork('nemesis') },
      faults: faults.filter((fault) => isWanted(fault) && (fault.name !== FULL_DISK || disk !== undefined)),
      now: history.now,
      report,
      signal: over.signal,
    }),
  ] as const
  // One that fails ends the other.
  for (const part of playing) part.catch(() => over.abort())
  await end
  over.abort()
  const [intents, injected] = await Promise.all(playing)
  if (signal?.aborted === true) throw new Error('interrupted')
  return { intents, injected }
}
