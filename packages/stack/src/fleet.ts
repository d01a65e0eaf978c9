import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { identityOf } from './process-identity.ts'
import { type Child, createSupervisor, type Launch } from './supervisor.ts'
import { eventually } from './testing/eventually.ts'

/** One process of the stack: how to start it and how to see that it is ready. It keeps its port over restarts. */
export interface Unit {
  readonly name: string
  readonly port: number
  readonly log: string
  /** How long it may take to end by itself after SIGTERM. */
  readonly graceMs: number
  launch(): Omit<Launch, 'log'>
  /** One look; rejects while the process is not ready yet. Called again until it resolves. */
  ready(): Promise<void>
}

/** One line of `.stack/state.json`. */
export interface ProcessEntry {
  readonly name: string
  readonly pid: number
  readonly port: number
  readonly log: string
  /** Tells the process from a later one that was given the same pid. */
  readonly identity: string
}

export interface FleetOptions {
  readonly report: (line: string) => void
  /** `with-backoff` is what an orchestrator does; tests that kill processes start them again themselves. */
  readonly restarts: 'never' | 'with-backoff'
  /** Called whenever a process started or ended. */
  readonly onChange?: (entries: readonly ProcessEntry[]) => void
}

/** Processes that are started, killed and ended together. */
export interface Fleet {
  readonly entries: () => readonly ProcessEntry[]
  /** Starts the unit and waits until it is ready. `env` is laid over what the unit is launched with. */
  readonly start: (unit: Unit, env?: Readonly<Record<string, string>>) => Promise<void>
  /** Sends the signal; for one that ends the process it also waits for the end. It is not restarted. */
  readonly kill: (name: string, signal?: NodeJS.Signals) => Promise<void>
  /** Resolves when the process has ended by itself, with the signal's name or the exit code. */
  readonly ended: (name: string) => Promise<string>
  /** Ends everything, group by group: what is named first ends first. */
  readonly stop: (groups?: readonly (readonly string[])[]) => Promise<void>
}

/** A starved machine took a minute for three nodes of Kafka at once; a limit that is reached means that something is wrong. */
const readyTimeoutMs = 180_000
/** A process that ran this long is healthy, and its next restart is immediate again. */
const healthyAfterMs = 60_000
const maxBackoffMs = 10_000
const endingSignals: ReadonlySet<NodeJS.Signals> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGABRT'])

interface Member {
  readonly unit: Unit
  readonly child: Child
  readonly entry: ProcessEntry
  /** Its end is wanted, so nobody restarts it. */
  expected: boolean
}

export function createFleet({ report, restarts, onChange }: FleetOptions): Fleet {
  const supervisor = createSupervisor()
  const members = new Map<string, Member>()
  let isStopping = false

  const entries = () => [...members.values()].filter(({ child }) => child.isRunning()).map(({ entry }) => entry)
  const find = (name: string) => {
    const member = members.get(name)
    if (member === undefined) throw new Error(`${name} was not started here (told by the environment, or in Docker)`)
    return member
  }

  async function start(unit: Unit, env: Readonly<Record<string, string>> = {}): Promise<Member> {
    if (members.get(unit.name)?.child.isRunning() === true) throw new Error(`${unit.name} is running already`)
    if (isStopping) throw new Error(`${unit.name} is not started, because the stack is stopping`)
    const launch = unit.launch()
    const child = await supervisor.spawn({ ...launch, env: { ...launch.env, ...env }, log: unit.log })
    const { name, port, log } = unit
    const entry = { name, pid: child.pid, port, log, identity: identityOf(child.pid) ?? '' }
    const member: Member = { unit, child, entry, expected: false }
    members.set(name, member)
    onChange?.(entries())
    const death = new AbortController()
    void child.ended.then(() => {
      death.abort()
      onChange?.(entries())
    })
    try {
      await eventually(() => unit.ready(), { timeoutMs: readyTimeoutMs, intervalMs: 100, signal: death.signal })
      if (!child.isRunning()) throw new Error('it ended')
    } catch (error) {
      const isDead = !child.isRunning()
      const why = isDead
        ? `ended with ${await child.ended}`
        : `is not ready after ${readyTimeoutMs / 1000} s (${String(error)})`
      member.expected = true
      if (!isDead) await child.end(unit.graceMs)
      throw new Error(`${name} ${why}\n${lastLines(log)}`, { cause: error })
    }
    return member
  }

  async function keepRunning(first: Member): Promise<void> {
    let member = first
    let backoffMs = 0
    for (;;) {
      const startedAt = performance.now()
      const how = await member.child.ended
      if (member.expected || isStopping) return
      if (performance.now() - startedAt > healthyAfterMs) backoffMs = 0
      for (;;) {
        report(
          `${member.unit.name} ended unexpectedly (${how}); starting it again${backoffMs > 0 ? ` in ${backoffMs / 1000} s` : ''}`,
        )
        await delay(backoffMs, undefined, { ref: false })
        if (isStopping || member.expected) return
        backoffMs = Math.min(maxBackoffMs, backoffMs === 0 ? 500 : backoffMs * 2)
        try {
          member = await start(member.unit)
          report(`${member.unit.name} is back (pid ${member.child.pid})`)
          break
        } catch (error) {
          if (isStopping) return
          report(String(error))
        }
      }
    }
  }

  return {
    entries,
    async start(unit, env) {
      const member = await start(unit, env)
      if (restarts === 'with-backoff') void keepRunning(member)
    },
    async kill(name, signal = 'SIGKILL') {
      const member = find(name)
      if (endingSignals.has(signal)) member.expected = true
      member.child.signal(signal)
      if (endingSignals.has(signal)) await member.child.ended
    },
    ended: (name) => find(name).child.ended,
    async stop(groups = []) {
      isStopping = true
      const rest = [...members.keys()].filter((name) => !groups.flat().includes(name))
      for (const group of [...groups, rest]) {
        await Promise.all(
          group.map(async (name) => {
            const member = members.get(name)
            if (member === undefined) return
            member.expected = true
            await member.child.end(member.unit.graceMs)
          }),
        )
      }
      supervisor.close()
    },
  }
}

/** The end of a log, indented, for the message about a process that would not start. */
export function lastLines(log: string, count = 15): string {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-count)
  return [`last lines of ${log}:`, ...lines.map((line) => `  ${line}`)].join('\n')
}
