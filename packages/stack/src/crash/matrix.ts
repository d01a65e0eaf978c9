import { booksEqual } from '../testing/books.ts'
import type { CrashWorld } from './crash-world.ts'
import { type Flow, flows } from './flows.ts'
import { type CrashPoint, findCrashPoints, keyOf } from './points.ts'
import { reachOf } from './reach.ts'
import { tryCrash } from './trial.ts'

export interface Trial {
  readonly point: CrashPoint
  readonly flow: Flow
}

/** Every point with every flow that passes it; with `once`, each point with one flow. */
export function planTrials({ isOnce }: { isOnce: boolean }): Trial[] {
  return findCrashPoints().flatMap((point) => {
    const passing = flows.filter((flow) => reachOf(point, flow).kind === 'always')
    if (passing.length === 0) throw new Error(`no flow passes ${keyOf(point)}`)
    return passing.slice(0, isOnce ? 1 : undefined).map((flow) => ({ point, flow }))
  })
}

export const titleOf = ({ point, flow }: Trial): string => `${keyOf(point)}: ${flow.name}`

/** Runs the trials one after the other; a problem for each that did not die where it should, or whose books differ. */
export async function runTrials(
  world: CrashWorld,
  trials: Iterator<Trial>,
  report: (line: string) => void,
): Promise<string[]> {
  const problems: string[] = []
  for (let next = trials.next(); next.done !== true; next = trials.next()) {
    const title = titleOf(next.value)
    const { isHit, problem, seconds } = await tryCrash(world, next.value.point, next.value.flow)
    const found = problem ?? (isHit ? undefined : 'no process died there')
    report(`${found === undefined ? 'ok    ' : 'FAILED'} ${seconds.toFixed(1).padStart(5)} s  ${title}`)
    if (found !== undefined) problems.push(`${title}: ${found}`)
  }
  return problems
}

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
    await booksEqual(world.system)
    const passed = world.passed()
    world.disarm()
    report(`${flow.name}: passes ${passed.size} of ${points.length} points`)
    for (const point of points) {
      const { kind } = reachOf(point, flow)
      const isPassed = passed.has(keyOf(point))
      if (kind === 'always' && !isPassed) problems.push(`${titleOf({ point, flow })}: was not passed`)
      if (kind === 'never' && isPassed)
        problems.push(`${titleOf({ point, flow })}: was passed, and declared impossible`)
    }
  }
  return problems
}
