import { setTimeout as sleep } from 'node:timers/promises'
import { booksEqual } from '../testing/books.ts'
import type { CrashWorld } from './crash-world.ts'
import type { Flow } from './flow.ts'
import type { CrashPoint } from './points.ts'

/** What came of one flow with one process dying at one point. */
export interface TrialResult {
  /** Whether the process died there. */
  readonly isHit: boolean
  /** What is not as it must be, as text; nothing when the outcome is the one without a crash. */
  readonly problem?: string
  readonly seconds: number
}

/** Behind the answer a point may lie that is passed a little later. */
const HIT_PATIENCE_MS = 15_000

/**
 * Plays the flow while a process dies at the point, starts the process again, and compares both sides' books once everything
 * is at rest. Never rejects. Where nobody need die there, that is not waited for.
 */
export async function tryCrash(
  world: CrashWorld,
  point: CrashPoint,
  flow: Flow,
  { waitsForHit = true } = {},
): Promise<TrialResult> {
  const startedAt = performance.now()
  let isHit = false
  let problem: string | undefined
  const isOver = new AbortController()
  world.arm(point)
  const revival = world.reviveAfterDeath(point.process, isOver.signal).then(
    () => {
      isHit = !isOver.signal.aborted
    },
    (error: unknown) => {
      problem = String(error)
    },
  )
  try {
    await flow.play(world)
    if (waitsForHit) await Promise.race([revival, sleep(HIT_PATIENCE_MS, undefined, { ref: false })])
    world.disarm()
    await booksEqual(world.system)
  } catch (error) {
    problem ??= error instanceof Error ? error.message : String(error)
  }
  isOver.abort()
  await revival
  return {
    isHit,
    ...(problem === undefined ? {} : { problem }),
    seconds: (performance.now() - startedAt) / 1000,
  }
}
