import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { withoutEmpty } from './environment.ts'
import { installSchemathesis, runSchemathesis } from './fuzz/schemathesis.ts'
import { stackFolder } from './repository.ts'
import { startServers } from './servers/start-servers.ts'
import { StackError } from './stack-error.ts'
import { namespace } from './testing/namespace.ts'
import { startSystem } from './testing/system.ts'
import { untilInterrupted } from './until-interrupted.ts'

const usage = `npm run fuzz [-- --seed=N] [--max-examples=N]

Runs schemathesis, fetched once with pip, against a system of its own. Exit code 1 when it finds something.
  --seed=N          repeats an earlier run; random without it
  --max-examples=N  of each operation and phase (100)`

/** `npm run fuzz`. Resolves with the exit code. */
export async function runFuzz(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
      'max-examples': { type: 'string', default: '100' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const [seed, maxExamples] = [Number(values.seed), Number(values['max-examples'])]
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(maxExamples) || maxExamples < 1) throw new StackError(usage)
  const python = await installSchemathesis(console.log).catch((error: unknown) => {
    throw new StackError(`schemathesis cannot be had: ${error instanceof Error ? error.message : String(error)}`)
  })
  const aborting = new AbortController()
  const { signal } = aborting
  void untilInterrupted().then(() => aborting.abort())
  const folder = join(stackFolder, `fuzz-${process.pid}`)
  const servers = await startServers({
    dataDir: join(folder, 'data'),
    logDir: join(folder, 'logs'),
    data: 'fresh',
    told: withoutEmpty(process.env),
    report: console.log,
    signal,
  })
  try {
    const system = await startSystem({ namespace: namespace(), env: servers.env })
    try {
      const run = { python, gateway: system.urls.gateway, seed, maxExamples, signal }
      return await runSchemathesis(run, (text) => process.stdout.write(text))
    } catch (error) {
      if (signal.aborted) return 130
      throw error
    } finally {
      await system.stop()
    }
  } finally {
    await servers.stop()
  }
}
