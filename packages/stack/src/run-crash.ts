import { parseArgs } from 'node:util'
import { startCrashWorld } from './crash/crash-world.ts'
import { checkReach, planTrials, runTrials, type Trial, titleOf } from './crash/matrix.ts'
import { findCrashPoints, keyOf } from './crash/points.ts'
import type { CrashResult } from './crash/result.ts'
import { startRecorder } from './proof/run-report.ts'
import { versionsOf } from './proof/versions.ts'
import { StackError } from './stack-error.ts'
import { withServers } from './with-servers.ts'

/** Two systems side by side: each trial waits most of its time. */
const LANES = 2

/**
 * `npm run crash`: has every flow meet its death at every crash point that it passes, on servers of its own, and compares the
 * books after each. `--once`: each point with one flow; `--point` and `--flow`: only those whose name contains it; `--reach`: only
 * whether the flows pass the points that they should; `--list` runs nothing; `--keep` keeps the report for docs/guarantees.md.
 */
export async function runCrash(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      reach: { type: 'boolean', default: false },
      point: { type: 'string', default: '' },
      flow: { type: 'string', default: '' },
      keep: { type: 'boolean', default: false },
    },
  })
  const trials = planTrials({ isOnce: values.once }).filter(
    ({ point, flow }) => keyOf(point).includes(values.point) && flow.name.includes(values.flow),
  )
  // A run of nothing would be a green one.
  if (trials.length === 0) throw new StackError('no crash point and flow of these names; --list shows all')
  if (values.list) {
    for (const trial of trials) console.log(titleOf(trial))
    return 0
  }
  const recorder = startRecorder('crash', args)
  return withServers('crash', async ({ servers, signal }) => {
    const checksReach = values.reach || (values.point === '' && values.flow === '')
    const queue = untilAborted(values.reach ? [] : trials, signal)
    const lanes = Array.from({ length: values.reach ? 1 : LANES }, async (_, lane) => {
      const world = await startCrashWorld({ ...process.env, ...servers.env })
      try {
        const reach = lane === 0 && checksReach ? await checkReach(world, console.log) : []
        const tally = await runTrials(world, queue, console.log)
        return { ...tally, problems: [...reach, ...tally.problems] }
      } finally {
        await world.stop()
      }
    })
    // Each lane takes down what it has started, also when the other could not start.
    const ended = await Promise.allSettled(lanes)
    const tallies = ended.map((lane) => {
      if (lane.status === 'rejected') throw lane.reason
      return lane.value
    })
    const problems = tallies.flatMap((tally) => tally.problems)
    const hit = tallies.flatMap((tally) => tally.hit)
    const result: CrashResult = {
      points: findCrashPoints().length,
      hit: new Set(hit).size,
      crashes: hit.length,
      spared: tallies.reduce((total, tally) => total + tally.spared, 0),
      isReachChecked: checksReach,
      problems,
    }
    if (signal.aborted) return 1
    for (const problem of problems) console.log(`\n${problem}`)
    const spared = result.spared === 0 ? '' : `, ${result.spared} spared by their timing`
    console.log(`\n${result.crashes} crashes at ${result.hit} points${spared}, ${problems.length} problems`)
    const file = recorder.write('crash', result, { versions: await versionsOf(servers.env), isKept: values.keep })
    console.log(file)
    return problems.length === 0 ? 0 : 1
  })
}

function* untilAborted(trials: readonly Trial[], signal: AbortSignal): Generator<Trial, void> {
  for (const trial of trials) {
    if (signal.aborted) return
    yield trial
  }
}
