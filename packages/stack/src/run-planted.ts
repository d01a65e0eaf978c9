import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { withoutEmpty } from './environment.ts'
import { applyPatch } from './planted/apply-patch.ts'
import { copyTree } from './planted/copy-tree.ts'
import { type PlantedBug, readPlantedBugs } from './planted/planted-bugs.ts'
import { soundAlarm } from './planted/sound-alarm.ts'
import { stackFolder } from './repository.ts'
import { startServers } from './servers/start-servers.ts'
import { untilInterrupted } from './until-interrupted.ts'

/** What of an alarm's output is shown when it says something else. */
const SHOWN_LINES = 40

/**
 * `npm run planted`: tests the tests. Plants one bug after the other into a copy of the tree and sees whether what must notice it
 * turns red in its time, and says why. `--bug`: only those whose name contains it; `--list` runs nothing.
 */
export async function runPlanted(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { bug: { type: 'string', default: '' }, list: { type: 'boolean', default: false } },
  })
  const bugs = readPlantedBugs().filter(({ name }) => name.includes(values.bug))
  if (values.list) {
    for (const { name, bug } of bugs) console.log(`${name}: ${bug}`)
    return 0
  }
  const aborting = new AbortController()
  void untilInterrupted().then(() => aborting.abort())
  const tree = mkdtempSync(join(tmpdir(), 'planted-'))
  const folder = join(stackFolder, `planted-${process.pid}`)
  const servers = await startServers({
    dataDir: join(folder, 'data'),
    logDir: join(folder, 'logs'),
    data: 'fresh',
    told: withoutEmpty(process.env),
    report: console.log,
    signal: aborting.signal,
  })
  try {
    copyTree(tree)
    let caught = 0
    for (const bug of bugs) {
      if (aborting.signal.aborted) return 130
      if (await isCaught(bug, tree, servers.env)) caught += 1
    }
    console.log(`\n${caught} of ${bugs.length} planted bugs caught`)
    return caught === bugs.length && caught > 0 ? 0 : 1
  } finally {
    await servers.stop()
    rmSync(tree, { recursive: true, force: true })
  }
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
