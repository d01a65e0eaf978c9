import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { environmentOf, type PortPlan, planPorts, type Variables } from '../environment.ts'
import { createFleet, type ProcessEntry } from '../fleet.ts'
import { makeOperators, operatorTokens } from '../operators.ts'
import { freePort } from '../ports.ts'
import { repositoryRoot } from '../repository.ts'
import type { ServerVariable } from '../servers/server.ts'
import { seed, type Urls, unitOf } from '../system.ts'
import { type ProcessName, processNames, topology } from '../topology.ts'
import type { KafkaDoors } from './kafka-doors.ts'
import { type Link, openLink } from './link.ts'

export type ServiceName = Exclude<ProcessName, 'toss-simulator'>

/** One process of a service that runs several times. */
export interface Replica {
  /** `payment-2` */
  readonly id: string
  readonly service: ServiceName
  readonly log: string
}

/** Every service several times, and a link between each of its processes and each of those that it talks to. */
export interface Cluster {
  readonly gateways: readonly string[]
  readonly urls: Pick<Urls, 'webhookGateway' | 'simulator'>
  readonly replicas: readonly Replica[]
  /** `payment-1 → toss-simulator` */
  readonly links: ReadonlyMap<string, Link>
  /** What the operators' command line has to be told. */
  readonly opsEnv: Readonly<Record<string, string>>
  readonly processes: () => readonly ProcessEntry[]
  readonly isRunning: (id: string) => boolean
  readonly signal: (id: string, signal: NodeJS.Signals) => Promise<void>
  /** Starts one that was killed or never ran, and waits until it is ready. */
  readonly start: (id: string) => Promise<void>
  readonly stop: () => Promise<void>
}

/** Two of each run from the start; one more of those that consume joins and leaves as it is told. */
const PER_SERVICE = 2
const spare: readonly ServiceName[] = ['order', 'payment']
const services = processNames.filter((name): name is ServiceName => name !== 'toss-simulator')
const allReplicas = services.flatMap((service) =>
  Array.from({ length: PER_SERVICE + (spare.includes(service) ? 1 : 0) }, (_, index) => ({
    id: `${service}-${index + 1}`,
    service,
    index,
  })),
)

/** The clocks of the hosts that the first, the second and the third replica of each service run on are off by so much. */
const WRONG_CLOCKS_MS = [0, 7 * 60_000, -7 * 60_000] as const
const wrongClock = pathToFileURL(join(repositoryRoot, 'packages/stack/dist/chaos/wrong-clock.js')).href

/** Those that talk to Kafka. */
const kafkaClients: readonly ServiceName[] = ['order', 'payment', 'webhook-gateway']
/** Which replicas want a door of their own at Kafka. */
export const kafkaClientIds = allReplicas.filter(({ service }) => kafkaClients.includes(service)).map(({ id }) => id)

/** Whom each service calls over gRPC. */
const callees: Readonly<Record<ServiceName, readonly ServiceName[]>> = {
  'api-gateway': ['catalog', 'order', 'payment'],
  catalog: [],
  order: ['catalog'],
  payment: ['order'],
  'webhook-gateway': [],
}

export async function startCluster(options: {
  servers: Readonly<Record<ServerVariable, string>>
  namespace: string
  folder: string
  env: Variables
  kafkaDoors: KafkaDoors
  /** Called with what is told of a process that ended without being told to; it is started again, as an orchestrator does. */
  onUnexpected: (line: string) => void
}): Promise<Cluster> {
  const { servers, namespace, folder, env, kafkaDoors, onUnexpected } = options
  const given: Variables = { ...env, NAMESPACE: namespace }
  const plans = await Promise.all(Array.from({ length: PER_SERVICE + 1 }, planOf))
  const members = allReplicas.flatMap((replica) => {
    const plan = plans[replica.index]
    return plan === undefined ? [] : [{ ...replica, ports: plan[replica.service], plan }]
  })
  const membersOf = (service: ServiceName) => members.filter((member) => member.service === service)
  const operators = makeOperators()
  const common = {
    given,
    servers,
    serviceToken: randomBytes(24).toString('hex'),
    operatorTokens: operatorTokens(operators),
    simulatorDataDir: join(folder, 'toss-simulator'),
  }
  const [firstPlan] = plans as [PortPlan]
  const simulatorPort = firstPlan['toss-simulator'].http

  const links = new Map<string, Link>()
  const linkTo = async (from: string, to: string, ...targets: readonly number[]): Promise<string> => {
    const link = await openLink(targets)
    links.set(`${from} → ${to}`, link)
    return `127.0.0.1:${link.port}`
  }
  const environmentOfMember = async ({ id, service, plan, index }: (typeof members)[number]) => {
    const own = environmentOf(service, { ...common, ports: plan })
    own.WRONG_CLOCK_MS = String(WRONG_CLOCKS_MS[index] ?? 0)
    own.NODE_OPTIONS = `${own.NODE_OPTIONS ?? ''} --import=${wrongClock}`
    if (kafkaClients.includes(service)) own.KAFKA_BROKERS = kafkaDoors.brokersOf(id)
    // Of several nodes the driver learns the addresses by itself, and goes past any link.
    if (!servers.MONGO_URL.includes(',') && service !== 'api-gateway' && service !== 'webhook-gateway') {
      const mongo = new URL(servers.MONGO_URL)
      mongo.host = await linkTo(id, 'mongod', Number(mongo.port))
      own.MONGO_URL = mongo.href
    }
    if (service === 'payment' || service === 'webhook-gateway')
      own.REDIS_URL = `redis://${await linkTo(id, 'redis', Number(new URL(servers.REDIS_URL).port))}`
    if (service === 'payment') own.TOSS_BASE_URL = `http://${await linkTo(id, 'toss-simulator', simulatorPort)}`
    for (const called of callees[service]) {
      const addresses: string[] = []
      for (const other of membersOf(called)) addresses.push(await linkTo(id, other.id, other.ports.grpc ?? 0))
      own[topology[called].addressVariable ?? ''] = addresses.join(',')
    }
    return own
  }

  const logOf = (id: string) => join(folder, 'logs', `${id}.log`)
  const webhookDoors = membersOf('webhook-gateway').map(({ ports }) => ports.http)
  const webhookGateway = `http://${await linkTo('toss-simulator', 'webhook-gateway', ...webhookDoors)}`
  const simulator = unitOf('toss-simulator', simulatorPort, logOf('toss-simulator'), {
    ...environmentOf('toss-simulator', { ...common, ports: firstPlan }),
    WEBHOOK_URLS: `${webhookGateway}/api/webhooks/toss`,
  })
  const units = new Map(
    await Promise.all(
      members.map(async (member) => {
        const { id, service, ports } = member
        const unit = unitOf(service, ports.http, logOf(id), await environmentOfMember(member))
        return [id, { ...unit, name: id }] as const
      }),
    ),
  )
  const unit = (id: string) => {
    const found = units.get(id)
    if (found === undefined) throw new Error(`there is no ${id}`)
    return found
  }
  const fleet = createFleet({ report: onUnexpected, restarts: 'with-backoff' })
  const stop = async () => {
    const isGateway = (service: ServiceName) => service.endsWith('gateway')
    await fleet.stop([
      members.filter(({ service }) => isGateway(service)).map(({ id }) => id),
      members.filter(({ service }) => !isGateway(service)).map(({ id }) => id),
    ])
    for (const link of links.values()) await link.close()
  }
  try {
    await fleet.start(simulator)
    // Not all at once: so many starting processes would keep each other from becoming ready.
    for (const plan of plans.slice(0, PER_SERVICE))
      await Promise.all(members.filter((member) => member.plan === plan).map(({ id }) => fleet.start(unit(id))))
    for (const name of ['catalog', 'order'] as const)
      await seed(name, environmentOf(name, { ...common, ports: firstPlan }))
  } catch (error) {
    await stop()
    throw error
  }
  const isRunning = (id: string) => fleet.entries().some(({ name }) => name === id)
  const doorsOf = (service: ServiceName) => membersOf(service).map(({ ports }) => `127.0.0.1:${ports.grpc}`)
  return {
    gateways: membersOf('api-gateway').map(({ ports }) => `http://127.0.0.1:${ports.http}`),
    urls: { webhookGateway, simulator: `http://127.0.0.1:${simulatorPort}` },
    replicas: members.map(({ id, service }) => ({ id, service, log: logOf(id) })),
    links: new Map([...kafkaDoors.links, ...links]),
    opsEnv: {
      ...servers,
      NAMESPACE: namespace,
      PAYMENT_ADDR: doorsOf('payment').join(','),
      ORDER_ADDR: doorsOf('order').join(','),
      OPERATOR_TOKEN: operators[0]?.token ?? '',
    },
    processes: fleet.entries,
    isRunning,
    signal: (id, signal) => fleet.kill(id, signal),
    start: async (id) => {
      // One that ended by itself may have been started again already.
      if (!isRunning(id)) await fleet.start(unit(id))
    },
    stop,
  }
}

async function planOf(): Promise<PortPlan> {
  const free = await Promise.all(Array.from({ length: 9 }, freePort))
  return planPorts(() => free.pop() ?? 0)
}
