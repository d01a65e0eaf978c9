import { join } from 'node:path'
import { fixedPorts, type PortPlan, portVariable, tossOf, type Variables, withoutEmpty } from './environment.ts'
import type { ProcessEntry } from './fleet.ts'
import { isPortTaken } from './ports.ts'
import { stackFolder } from './repository.ts'
import { type Servers, startServers } from './servers/start-servers.ts'
import { StackError } from './stack-error.ts'
import { createStateRecorder, endLeftovers, type ReadyStack, readState } from './state-file.ts'
import { type System, startProcesses } from './system.ts'
import { processNames } from './topology.ts'
import { untilInterrupted } from './until-interrupted.ts'
import { welcome } from './welcome.ts'

/** A stack that was brought up by `bringUp`. */
export interface Stack extends ReadyStack {
  readonly processes: () => readonly ProcessEntry[]
  readonly stop: () => Promise<void>
}

/** `npm start`: everything up, until Ctrl-C or SIGTERM. Resolves with the exit code. */
export async function start(): Promise<number> {
  const startedAt = performance.now()
  const aborting = new AbortController()
  const interrupted = untilInterrupted()
  const booting = bringUp(aborting.signal)
  const outcome = await Promise.race([booting, interrupted])
  if (typeof outcome === 'string') {
    console.log(`\n${outcome}: ending what was started`)
    aborting.abort()
    await booting.then((stack) => stack.stop()).catch(() => undefined)
    return 130
  }
  console.log(welcome(outcome, outcome.processes(), (performance.now() - startedAt) / 1000))
  const signal = await interrupted
  console.log(`\n${signal}: draining, then ending everything`)
  await outcome.stop()
  console.log('everything has ended')
  return 0
}

/** Starts servers and services and keeps `.stack/state.json` true until `stop`. */
export async function bringUp(signal?: AbortSignal): Promise<Stack> {
  const report = console.log
  const given = withoutEmpty(process.env)
  const found = readState()
  if (found?.isRunning === true) {
    throw new StackError(
      `it is running already (pid ${found.state.stack.pid}); Ctrl-C there, or kill ${found.state.stack.pid}, ends it`,
    )
  }
  tossOf(given)
  const ports = fixedPorts(given)
  if (found !== undefined) await endLeftovers(found.state, report)
  await refuseTakenPorts(ports, given)

  const state = createStateRecorder()
  let servers: Servers | undefined
  let system: System | undefined
  const stop = async () => {
    await system?.stop()
    await servers?.stop()
    state.remove()
  }
  const dataDir = join(stackFolder, 'data')
  const logDir = join(stackFolder, 'logs')
  const common = { report, restarts: 'with-backoff', dataDir, logDir, ...(signal && { signal }) } as const
  try {
    servers = await startServers({ ...common, data: 'kept', told: given, onChange: state.servers })
    report('services: starting')
    system = await startProcesses({ ...common, given, servers: servers.env, ports, onChange: state.services })
  } catch (error) {
    await stop()
    throw error
  }
  const addresses = { urls: system.urls, servers: servers.env, namespace: given.NAMESPACE ?? '', ops: system.ops }
  state.ready(addresses)
  return { ...addresses, processes: state.entries, stop }
}

async function refuseTakenPorts(ports: PortPlan, given: Variables): Promise<void> {
  const names = processNames.filter((name) => name !== 'toss-simulator' || tossOf(given) === 'simulator')
  const problems: string[] = []
  for (const name of names) {
    for (const [door, port] of [
      ['HTTP', ports[name].http],
      ['GRPC', ports[name].grpc],
    ] as const) {
      if (port !== undefined && (await isPortTaken(port, given.HOST))) {
        problems.push(`port ${port} of ${name} is taken; ${portVariable(name, door)}=<port> moves it`)
      }
    }
  }
  if (problems.length > 0) throw new StackError(problems.join('\n'))
}
