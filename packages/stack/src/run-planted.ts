import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { applyPatch } from './planted/apply-patch.ts'
import { copyTree } from './planted/copy-tree.ts'
import { type PlantedBug, readPlantedBugs } from './planted/planted-bugs.ts'
import { soundAlarm } from './planted/sound-alarm.ts'
import { startRecorder } from './proof/run-report.ts'
import { versionsOf } from './proof/versions.ts'
import { withServers } from './with-servers.ts'

/** What `npm run planted` reports. */
export interface PlantedResult {
  readonly bugs: readonly { readonly name: string; readonly bug: string }[]
  /** Those that nothing noticed. */
  readonly problems: readonly string[]
}

/** What of an alarm's output is shown when it says something else. */
const SHOWN_LINES = 40

/**
 * `npm run planted`: tests the tests. Plants one bug after the other into a copy of the tree and sees whether what must notice it
 * turns red in its time, and says why. `--bug`: only those whose name contains it; `--list` runs nothing; `--keep` keeps the report for
 * docs/guarantees.md.
 */
export async function runPlanted(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      bug: { type: 'string', default: '' },
      list: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  })
  const bugs = readPlantedBugs().filter(({ name }) => name.includes(values.bug))
  if (values.list) {
    for (const { name, bug } of bugs) console.log(`${name}: ${bug}`)
    return 0
  }
  const recorder = startRecorder('planted', args)
  return withServers('planted', async ({ servers, signal }) => {
    // Outside of this tree: a copy within it would be found by its tools.
    const tree = mkdtempSync(join(tmpdir(), 'planted-'))
    try {
      copyTree(tree)
      const missed: string[] = []
      for (const bug of bugs) {
        if (signal.aborted) return 1
        if (!(await isCaught(bug, tree, servers.env))) missed.push(`${bug.name}: ${bug.bug}`)
      }
      console.log(`\n${bugs.length - missed.length} of ${bugs.length} planted bugs caught`)
      const result: PlantedResult = { bugs: bugs.map(({ name, bug }) => ({ name, bug })), problems: missed }
      console.log(recorder.write('planted', result, { versions: await versionsOf(servers.env), isKept: values.keep }))
      return missed.length === 0 && bugs.length > 0 ? 0 : 1
    } finally {
      rmSync(tree, { recursive: true, force: true })
    }
  })
}

async function isCaught(planted: PlantedBug, tree: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const { name, bug, file, alarm, says, withinMs } = planted
  applyPatch(tree, file, 'apply')
  try {
    const startedAt = performance.now()
    const { isRed, isOver, output } = await soundAlarm(alarm, tree, env, withinMs)
    const seconds = `${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s`
    const isSaid = says.test(output)
    if (isRed && isSaid) console.log(`caught ${seconds}  ${name}: ${bug}`)
    else {
      const why = isRed ? 'red for another reason' : isOver ? `not noticed within ${withinMs / 1000} s` : 'not noticed'
      console.log(`MISSED ${seconds}  ${name}: ${bug}: ${why}`)
      console.log(output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n'))
    }
    return isRed && isSaid
  } finally {
    applyPatch(tree, file, 'reverse')
  }
}
