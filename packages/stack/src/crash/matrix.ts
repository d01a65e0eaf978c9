import { booksEqual } from '../testing/books.ts'
import { eventually } from '../testing/eventually.ts'
import type { CrashWorld } from './crash-world.ts'
import type { Flow } from './flow.ts'
import { flows } from './flows.ts'
import { type CrashPoint, findCrashPoints, keyOf } from './points.ts'
import { reachOf } from './reach.ts'
import { tryCrash } from './trial.ts'

export interface Trial {
  readonly point: CrashPoint
  readonly flow: Flow
  /** Why nobody may have died there although all is well; absent where the flow always passes the point. */
  readonly unless?: string
}

/** Every point with every flow that can pass it; with `isOnce`, each point with one flow that always does. */
export function planTrials({ isOnce }: { isOnce: boolean }): Trial[] {
  return findCrashPoints().flatMap((point) => {
    const trials = flows.flatMap((flow): Trial[] => {
      const reach = reachOf(point, flow)
      if (reach.kind === 'never') return []
      return [reach.kind === 'always' ? { point, flow } : { point, flow, unless: reach.reason }]
    })
    const [first] = trials.filter(({ unless }) => unless === undefined)
    if (first === undefined) throw new Error(`no flow passes ${keyOf(point)}`)
    return isOnce ? [first] : trials
  })
}

export const titleOf = ({ point, flow }: Trial): string => `${keyOf(point)}: ${flow.name}`

/** What came of several trials. */
export interface Tally {
  /** The points at which somebody died, by their keys, each as often as it happened. */
  readonly hit: readonly string[]
  /** Trials in which nobody died, as the timing may have it. */
  readonly spared: number
  readonly problems: readonly string[]
}

/** Runs the trials one after the other; a problem for each that did not die where it should, or whose books differ. */
export async function runTrials(
  world: CrashWorld,
  trials: Iterator<Trial>,
  report: (line: string) => void,
): Promise<Tally> {
  const problems: string[] = []
  const hit: string[] = []
  let spared = 0
  for (let next = trials.next(); next.done !== true; next = trials.next()) {
    const { point, flow, unless } = next.value
    const { isHit, problem, seconds } = await tryCrash(world, point, flow, { waitsForHit: unless === undefined })
    const found = problem ?? (isHit || unless !== undefined ? undefined : 'no process died there')
    if (isHit) hit.push(keyOf(point))
    else if (found === undefined) spared += 1
    const verdict = found === undefined ? (isHit ? 'ok    ' : 'spared') : 'FAILED'
    report(`${verdict} ${seconds.toFixed(1).padStart(5)} s  ${titleOf(next.value)}`)
    if (found !== undefined) problems.push(`${titleOf(next.value)}: ${found}`)
  }
  return { hit, spared, problems }
}

/** Behind the flow's end: a webhook, its look and the offset of its message may be on their way still. */
const PASS_PATIENCE_MS = 30_000

/**
 * Plays each flow once with nobody dying and compares the points that were passed with those that the rules say: a pair of point
 * and flow that is neither passed nor declared impossible with a reason is a problem, and so is one that is both.
 */
export async function checkReach(world: CrashWorld, report: (line: string) => void): Promise<string[]> {
  const problems: string[] = []
  const points = findCrashPoints()
  for (const flow of flows) {
    world.trace()
    await flow.play(world)
    const missing = () => {
      const passed = world.passed()
      return points.filter((point) => reachOf(point, flow).kind === 'always' && !passed.has(keyOf(point)))
    }
    // What comes too late is told below.
    await eventually(() => missing().length === 0 || Promise.reject(new Error('not yet')), {
      timeoutMs: PASS_PATIENCE_MS,
      intervalMs: 100,
    }).catch(() => false)
    await booksEqual(world.system)
    const passed = world.passed()
    for (const point of missing()) problems.push(`${titleOf({ point, flow })}: was not passed`)
    for (const point of points) {
      if (reachOf(point, flow).kind === 'never' && passed.has(keyOf(point)))
        problems.push(`${titleOf({ point, flow })}: was passed, and declared impossible`)
    }
    world.disarm()
    report(`${flow.name}: passes ${passed.size} of ${points.length} points`)
  }
  return problems
}
