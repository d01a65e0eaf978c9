import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { addresses, environmentOf, type PortPlan, tossOf, type Variables } from './environment.ts'
import { createFleet, type ProcessEntry, type Unit } from './fleet.ts'
import { type LocalOperator, makeOperators, operatorTokens } from './operators.ts'
import { reasonsOf } from './reasons-of.ts'
import { repositoryRoot } from './repository.ts'
import { runCommand } from './servers/run-command.ts'
import type { ServerVariable } from './servers/server.ts'
import { StackError } from './stack-error.ts'
import { type ProcessName, processNames, seededBy, topology } from './topology.ts'

export interface SystemOptions {
  /** Reaches the processes: `<PROCESS>_<VAR>` as `<VAR>` that process alone, `<VAR>` all of them. */
  readonly given: Variables
  readonly servers: Readonly<Record<ServerVariable, string>>
  readonly ports: PortPlan
  readonly dataDir: string
  readonly logDir: string
  /** All of them, unless named. */
  readonly names?: readonly ProcessName[]
  readonly restarts: 'never' | 'with-backoff'
  readonly report: (line: string) => void
  readonly onChange?: (entries: readonly ProcessEntry[]) => void
  /** Ends what was started so far; the start then rejects. */
  readonly signal?: AbortSignal
}

/** Where the doors of a running system are. */
export interface Urls {
  readonly gateway: string
  readonly webhookGateway: string
  /** Empty when a Toss was given and there is no simulator. */
  readonly simulator: string
  /** Of each process: `/healthz`, `/readyz` and `/metrics` are below it. */
  readonly health: Readonly<Partial<Record<ProcessName, string>>>
}

/** What a client of the services' own doors has to be told: the operators' command line, above all. */
export interface OpsAccess {
  /** Addresses of the services and the servers, and the namespace, by the names that programs read them. */
  readonly env: Readonly<Record<string, string>>
  /** Empty when OPERATOR_TOKENS was given: then whoever gave it has the tokens. */
  readonly operators: readonly LocalOperator[]
}

/** The services and the simulator, each in a process of its own, ready and seeded. */
export interface System {
  readonly urls: Urls
  readonly ops: OpsAccess
  readonly processes: () => readonly ProcessEntry[]
  /** SIGKILL (the default) and SIGTERM wait until the process has ended. */
  readonly kill: (name: ProcessName, signal?: NodeJS.Signals) => Promise<void>
  /** Starts it again on the same ports and waits until it is ready; `env` is laid over its environment. */
  readonly start: (name: ProcessName, env?: Readonly<Record<string, string>>) => Promise<void>
  /** Resolves when the process has ended by itself, with the signal's name or the exit code. */
  readonly ended: (name: ProcessName) => Promise<string>
  /** The file that holds the process's output. */
  readonly logs: (name: ProcessName) => string
  readonly stop: () => Promise<void>
}

/** A service drains for at most 10 s and ends itself after 15; one that does not is stuck. */
const graceMs = 16_000
/** A limit against hanging: on a starved machine the packages alone took a minute to load. */
const seedTimeoutMs = 180_000

export async function startProcesses(options: SystemOptions): Promise<System> {
  const { given, servers, ports, dataDir, logDir, restarts, report, onChange, signal } = options
  const isSimulated = tossOf(given) === 'simulator'
  const names = (options.names ?? processNames).filter((name) => isSimulated || name !== 'toss-simulator')
  const operators = given.OPERATOR_TOKENS === undefined ? makeOperators() : []
  const surroundings = {
    given,
    ports,
    servers,
    serviceToken: given.SERVICE_TOKEN ?? randomBytes(24).toString('hex'),
    operatorTokens: operatorTokens(operators),
    simulatorDataDir: join(dataDir, 'toss-simulator'),
  }
  const envOf = (name: ProcessName) => environmentOf(name, surroundings)
  const units = new Map(
    names.map((name) => [name, unitOf(name, ports[name].http, join(logDir, `${name}.log`), envOf(name))]),
  )
  const fleet = createFleet({ report, restarts, ...(onChange === undefined ? {} : { onChange }) })
  signal?.addEventListener('abort', () => void fleet.stop())

  const started = await Promise.allSettled([
    ...[...units.values()].map((unit) => fleet.start(unit)),
    ...names.filter((name) => seededBy.includes(name)).map((name) => seed(name, envOf(name))),
  ])
  const failures = reasonsOf(started)
  if (failures.length > 0) {
    await fleet.stop()
    throw new StackError(failures.join('\n\n'))
  }

  const find = (name: ProcessName) => {
    const unit = units.get(name)
    if (unit === undefined) throw new Error(`${name} is not part of this system`)
    return unit
  }
  const urlOf = (name: ProcessName) => `http://127.0.0.1:${ports[name].http}`
  return {
    urls: {
      gateway: urlOf('api-gateway'),
      webhookGateway: urlOf('webhook-gateway'),
      simulator: isSimulated ? urlOf('toss-simulator') : '',
      health: Object.fromEntries(names.map((name) => [name, urlOf(name)])),
    },
    ops: {
      env: {
        ...addresses(ports),
        API_GATEWAY_URL: urlOf('api-gateway'),
        WEBHOOK_GATEWAY_URL: urlOf('webhook-gateway'),
        ...servers,
        NAMESPACE: given.NAMESPACE ?? '',
      },
      operators,
    },
    processes: fleet.entries,
    kill: fleet.kill,
    start: (name, env) => fleet.start(find(name), env),
    ended: fleet.ended,
    logs: (name) => find(name).log,
    // The gateways first: nobody new comes in while the services finish what they have.
    stop: () =>
      fleet.stop([
        ['api-gateway', 'webhook-gateway'],
        ['order', 'catalog', 'payment'],
      ]),
  }
}

/** A process of the system as a fleet starts it. */
export function unitOf(name: ProcessName, port: number, log: string, env: Record<string, string>): Unit {
  const { folder, readyPath } = topology[name]
  const main = join(repositoryRoot, folder, 'dist/main.js')
  if (!existsSync(main)) throw new StackError(`${name} is not built: ${folder}/dist/main.js is missing`)
  return {
    name,
    port,
    log,
    graceMs,
    launch: () => ({ command: process.execPath, args: [main], env }),
    async ready() {
      const response = await fetch(`http://127.0.0.1:${port}${readyPath}`, { signal: AbortSignal.timeout(2000) })
      const body = await response.text()
      if (response.status !== 200) throw new Error(`${readyPath} answers ${response.status} ${body.slice(0, 200)}`)
    },
  }
}

/** Writes the products or customers of the local stack. */
export async function seed(name: ProcessName, env: Record<string, string>): Promise<void> {
  const program = join(repositoryRoot, topology[name].folder, 'dist/seed.js')
  if (!existsSync(program)) return
  try {
    await runCommand(process.execPath, [program], { env, timeoutMs: seedTimeoutMs })
  } catch (error) {
    throw new StackError(`seeding ${name} failed: ${String(error)}`, { cause: error })
  }
}
