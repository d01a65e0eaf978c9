import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runChaos as run } from './chaos/chaos.ts'
import { inWords } from './chaos/report.ts'
import { withoutEmpty } from './environment.ts'
import { numberOption } from './number-option.ts'
import { startRecorder } from './proof/run-report.ts'
import { stackFolder } from './repository.ts'
import { countNodes } from './servers/start-servers.ts'
import { untilInterrupted } from './until-interrupted.ts'

/** What is promised: when everything works again, nothing is undecided or unsent after a minute. */
const REST_MS = 60_000

/**
 * `npm run chaos`: breaks everything for `--minutes`, on servers of its own, and checks that nothing was lost, doubled or wrong.
 * `--seed` repeats a run, `--clients` says how many buy, `--only` takes faults whose names contain one of these. The exit code
 * is 1 when anything does not hold. `STACK_NODES=3` gives MongoDB and Kafka three nodes; `--keep` keeps the report for
 * docs/guarantees.md.
 */
export async function runChaos(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      clients: { type: 'string', default: '8' },
      only: { type: 'string', default: '' },
      keep: { type: 'boolean', default: false },
    },
  })
  const aborting = new AbortController()
  void untilInterrupted().then(() => aborting.abort())
  const seed = numberOption('seed', values.seed, 0, 2 ** 31)
  const parts = values.only.split(',').filter((part) => part !== '')
  const folder = join(stackFolder, `chaos-${seed}`)
  const nodes = countNodes(process.env.STACK_NODES)
  console.log(`seed ${seed}`)
  const recorder = startRecorder('chaos', args)
  const played = await run({
    seed,
    minutes: numberOption('minutes', values.minutes, 0.1, 120),
    clients: numberOption('clients', values.clients, 1, 64),
    nodes,
    isWanted: ({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)),
    restMs: REST_MS,
    folder,
    told: withoutEmpty(process.env),
    report: console.log,
    signal: aborting.signal,
  })
  for (const line of inWords(played)) console.log(line)
  const name = `chaos-${nodes === 1 ? '' : 'three-nodes-'}${seed}`
  const { versions, ...result } = played
  const file = recorder.write(name, result, { versions, isKept: values.keep })
  console.log(`\nhistory and logs: ${folder}\nreport: ${file}`)
  return result.problems.length === 0 ? 0 : 1
}
