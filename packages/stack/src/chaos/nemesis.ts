import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault, World } from './faults.ts'

/** One thing that was broken. All times are milliseconds since the run began. */
export interface Injected {
  readonly kind: string
  readonly what: string
  readonly at: number
  /** When its repair began; a process that is started again needs some seconds more. */
  readonly healedAt: number
}

const PAUSE_MS = { low: 500, high: 3_000 }

/**
 * Injects the faults of each lane one after the other, each kind before any comes again, until it is aborted. Everything is
 * whole again when it resolves.
 */
export async function runNemesis(options: {
  world: World
  faults: readonly Fault[]
  now: () => number
  report: (line: string) => void
  signal: AbortSignal
}): Promise<Injected[]> {
  const { world, faults, now, report, signal } = options
  const injected: Injected[] = []
  const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined)
  const lane = async (name: Fault['lane']): Promise<void> => {
    const kinds = faults.filter((fault) => fault.lane === name)
    const random = world.random.fork(name)
    let left: Fault[] = []
    while (!signal.aborted && kinds.length > 0) {
      if (left.length === 0) left = [...kinds]
      const fault = random.pick(left)
      left = left.filter((other) => other !== fault)
      const at = now()
      const { what, heal } = await fault.inject({ ...world, random })
      const [low, high] = fault.seconds
      await pause(random.int(low * 1_000, high * 1_000))
      const healedAt = now()
      await heal()
      injected.push({ kind: fault.name, what, at, healedAt })
      report(`${seconds(at)} to ${seconds(healedAt)} s, whole at ${seconds(now())} s: ${fault.name} (${what})`)
      await pause(random.int(PAUSE_MS.low, PAUSE_MS.high))
    }
  }
  await Promise.all([lane('services'), lane('surroundings')])
  return injected.toSorted((a, b) => a.at - b.at)
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1).padStart(6)
