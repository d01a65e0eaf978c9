import type { ServerVariable } from './servers/server.ts'
import { StackError } from './stack-error.ts'
import { type ProcessName, prefixOf, processNames, topology } from './topology.ts'

/** Variables as a shell has them. */
export type Variables = Readonly<Partial<Record<string, string>>>

export interface Ports {
  readonly http: number
  readonly grpc?: number
}

export type PortPlan = Readonly<Record<ProcessName, Ports>>

/** Without the empty ones: an empty variable means "not set", as it does to the services. */
export function withoutEmpty(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
}

/** Which Toss the payment service talks to: the real one only when both its address and its key are given. */
export function tossOf(given: Variables): 'given' | 'simulator' {
  const { TOSS_BASE_URL, TOSS_SECRET_KEY } = given
  if ((TOSS_BASE_URL === undefined) !== (TOSS_SECRET_KEY === undefined)) {
    const missing = TOSS_BASE_URL === undefined ? 'TOSS_BASE_URL' : 'TOSS_SECRET_KEY'
    throw new StackError(
      `${missing} is not set. Set TOSS_BASE_URL and TOSS_SECRET_KEY to use that Toss, or neither to use the simulator; ` +
        'a key must never go to an address it does not belong to.',
    )
  }
  return TOSS_BASE_URL === undefined ? 'simulator' : 'given'
}

/** The ports of `npm start`: fixed, unless `<PROCESS>_HTTP_PORT` or `<PROCESS>_GRPC_PORT` moves them. */
export function fixedPorts(given: Variables): PortPlan {
  const owners = new Map<number, string>()
  const choose = (variable: string, fallback: number) => {
    const port = Number(given[variable] ?? fallback)
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new StackError(`${variable} is not a port`)
    const owner = owners.get(port)
    if (owner !== undefined) throw new StackError(`port ${port} is wanted twice; ${owner} or ${variable} moves it`)
    owners.set(port, variable)
    return port
  }
  return planPorts((name, door) => {
    const { httpPort, grpcPort = 0 } = topology[name]
    return choose(portVariable(name, door), door === 'HTTP' ? httpPort : grpcPort)
  })
}

/** The variable that moves a port. */
export function portVariable(name: ProcessName, door: 'HTTP' | 'GRPC'): string {
  return `${prefixOf(name)}${door}_PORT`
}

/** Asks `choose` for a port for each door that exists. */
export function planPorts(choose: (name: ProcessName, door: 'HTTP' | 'GRPC') => number): PortPlan {
  const plan = (name: ProcessName): Ports => {
    const http = choose(name, 'HTTP')
    return topology[name].grpcPort === undefined ? { http } : { http, grpc: choose(name, 'GRPC') }
  }
  return {
    'api-gateway': plan('api-gateway'),
    catalog: plan('catalog'),
    order: plan('order'),
    payment: plan('payment'),
    'webhook-gateway': plan('webhook-gateway'),
    'toss-simulator': plan('toss-simulator'),
  }
}

export interface Surroundings {
  /** What the user gave: beats everything below, and `<PROCESS>_<VAR>` beats `<VAR>`. */
  readonly given: Variables
  readonly ports: PortPlan
  readonly servers: Readonly<Record<ServerVariable, string>>
  /** What the services prove to each other that they belong together. */
  readonly serviceToken: string
  /** Who may run `npm run ops`, as the services want it told: `name:role:sha256,…`. */
  readonly operatorTokens: string
  readonly simulatorDataDir: string
}

/** The simulator accepts this key alone. It opens nothing elsewhere. */
export const simulatorKey = 'test_sk_local'

/** The environment of one process. */
export function environmentOf(name: ProcessName, surroundings: Surroundings): Record<string, string> {
  const { given, ports, servers, serviceToken, operatorTokens, simulatorDataDir } = surroundings
  const defaults: Record<string, string> = {
    ...servers,
    ...addresses(ports),
    SERVICE_TOKEN: serviceToken,
    OPERATOR_TOKENS: operatorTokens,
    // The local stack believes whom a request says it comes from; the gateway warns about it in its log.
    AUTH_MODE: 'open',
    NODE_ENV: 'production',
    ...topology[name].env,
    ...(name === 'payment' && tossOf(given) === 'simulator' ? toSimulator(ports) : {}),
    ...(name === 'toss-simulator' ? simulatorDefaults(ports, simulatorDataDir) : {}),
  }
  const env = { ...defaults, ...defined(given), ...defined(ownOf(name, given)) }
  const { http, grpc } = ports[name]
  env.HTTP_PORT = String(http)
  delete env.GRPC_PORT
  if (grpc !== undefined) env.GRPC_PORT = String(grpc)
  // Only the payment service holds the key to real money.
  if (name === 'toss-simulator') env.TOSS_SECRET_KEY = simulatorKey
  else if (name !== 'payment') delete env.TOSS_SECRET_KEY
  // The test runner says "test"; the processes run as they will in production.
  if (env.NODE_ENV === 'test') env.NODE_ENV = 'production'
  return env
}

/** Where each service's gRPC door is, by the variable that tells the others. */
export function addresses(ports: PortPlan): Record<string, string> {
  const known: Record<string, string> = {}
  for (const name of processNames) {
    const { addressVariable } = topology[name]
    if (addressVariable !== undefined) known[addressVariable] = `127.0.0.1:${ports[name].grpc}`
  }
  return known
}

function toSimulator(ports: PortPlan): Record<string, string> {
  return { TOSS_BASE_URL: `http://127.0.0.1:${ports['toss-simulator'].http}`, TOSS_SECRET_KEY: simulatorKey }
}

function simulatorDefaults(ports: PortPlan, dataDir: string): Record<string, string> {
  return {
    DATA_DIR: dataDir,
    WEBHOOK_URLS: `http://127.0.0.1:${ports['webhook-gateway'].http}/api/webhooks/toss`,
  }
}

/** `PAYMENT_LOG_LEVEL` as `LOG_LEVEL`, for the payment service. */
function ownOf(name: ProcessName, given: Variables): Variables {
  const prefix = prefixOf(name)
  const own = Object.entries(given).filter(([key]) => key.startsWith(prefix) && key.length > prefix.length)
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]))
}

function defined(variables: Variables): Record<string, string> {
  const pairs = Object.entries(variables).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  )
  return Object.fromEntries(pairs)
}
