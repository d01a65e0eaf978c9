import { parseArgs } from 'node:util'
import { installSchemathesis, runSchemathesis } from './fuzz/schemathesis.ts'
import { integerOption } from './number-option.ts'
import { startRecorder } from './proof/run-report.ts'
import { versionsOf } from './proof/versions.ts'
import { StackError } from './stack-error.ts'
import { namespace } from './testing/namespace.ts'
import { startSystem } from './testing/system.ts'
import { withServers } from './with-servers.ts'

const usage = `npm run fuzz [-- --seed=N] [--max-examples=N] [--keep]

Runs schemathesis, fetched once with pip, against a system of its own. Exit code 1 when it finds something.
  --seed=N          repeats an earlier run; random without it
  --max-examples=N  of each operation and phase (100)
  --keep            keeps the report for docs/guarantees.md`

/** What `npm run fuzz` reports. */
export interface FuzzResult {
  readonly seed: number
  /** Requests that were made. */
  readonly cases: number
  readonly problems: readonly string[]
}

/** `npm run fuzz`. Resolves with the exit code. */
export async function runFuzz(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
      'max-examples': { type: 'string', default: '100' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const seed = integerOption('seed', values.seed, 0, Number.MAX_SAFE_INTEGER)
  const maxExamples = integerOption('max-examples', values['max-examples'], 1, 1_000_000)
  const python = await installSchemathesis(console.log).catch((error: unknown) => {
    throw new StackError(`schemathesis cannot be had: ${error instanceof Error ? error.message : String(error)}`)
  })
  const recorder = startRecorder('fuzz', args)
  return withServers('fuzz', async ({ servers, signal }) => {
    const system = await startSystem({ namespace: namespace(), env: servers.env })
    try {
      const run = { python, gateway: system.urls.gateway, seed, maxExamples, signal }
      let output = ''
      const code = await runSchemathesis(run, (text) => {
        output += text
        process.stdout.write(text)
      })
      const cases = Number(/(\d+) generated/.exec(output)?.[1] ?? 0)
      const problems = code === 0 ? [] : [`schemathesis ended with ${code}; its output tells what it found`]
      const result: FuzzResult = { seed, cases, problems }
      const of = { versions: await versionsOf(servers.env), isKept: values.keep }
      console.log(recorder.write('fuzz', result, of))
      return code
    } finally {
      await system.stop()
    }
  })
}
