import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { integerOption } from './number-option.ts'
import { startRecorder } from './proof/run-report.ts'
import { versionsOf } from './proof/versions.ts'
import { repositoryRoot } from './repository.ts'
import { withServers } from './with-servers.ts'

/** What `npm run model` reports. */
export interface ModelResult {
  readonly seed: number
  readonly walks: number
  readonly problems: readonly string[]
}

/** Whoever asks for so many walks has the time. */
const LONGEST_S = 24 * 3_600
/** The suite that plays the walks. */
const SUITE = 'services/payment/tests/model.int.test.ts'

/**
 * `npm run model`: has walks of buyers, shop, bank, Toss and crashes played against the payment service, and compares at the end of
 * each. `--runs` says how many (500), `--seed` which (else new ones); `--path` and `--replay-path` with a seed play one that failed.
 * What fails tells its seed, both paths and its commands. `--keep` keeps the report for docs/guarantees.md.
 */
export async function runModel(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
      runs: { type: 'string', default: '500' },
      path: { type: 'string' },
      'replay-path': { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  })
  const seed = integerOption('seed', values.seed, -(2 ** 31), 2 ** 31 - 1)
  const runs = integerOption('runs', values.runs, 1, 1_000_000)
  const recorder = startRecorder('model', args)
  return withServers('model', async ({ servers, signal }) => {
    console.log(`${runs} walks with seed ${seed}`)
    const env = {
      ...process.env,
      ...servers.env,
      MODEL_SEED: String(seed),
      MODEL_RUNS: String(runs),
      MODEL_SECONDS: String(LONGEST_S),
      ...(values.path === undefined ? {} : { MODEL_PATH: values.path }),
      ...(values['replay-path'] === undefined ? {} : { MODEL_REPLAY_PATH: values['replay-path'] }),
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`,
    }
    const code = await runSuite(env, signal)
    const problems = code === 0 ? [] : ['a walk failed, or the suite did; its output tells the seed and the path']
    const result: ModelResult = { seed, walks: runs, problems }
    const of = { versions: await versionsOf(servers.env), isKept: values.keep }
    if (!signal.aborted) console.log(recorder.write('model', result, of))
    return code
  })
}

function runSuite(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const jest = [join(repositoryRoot, 'node_modules/jest/bin/jest.js'), '--runInBand', '--runTestsByPath', SUITE]
    const child = spawn(process.execPath, jest, { cwd: repositoryRoot, env, stdio: 'inherit' })
    signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
