import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { withoutEmpty } from './environment.ts'
import { repositoryRoot, stackFolder } from './repository.ts'
import { startServers } from './servers/start-servers.ts'
import { untilInterrupted } from './until-interrupted.ts'

/**
 * `npm test`: the checks, then every suite, on servers with fresh data. With patterns only the suites whose path matches
 * one, and no checks. A suite on real servers that was red runs once more, alone: the machine may have been busier than any
 * limit allows for. That it was red stays in sight, because it may also be a race. The last line is `N passed, N failed`; a
 * failed check counts as one failure.
 */
export async function runTests(patterns: readonly string[]): Promise<number> {
  removeAbandoned()
  const aborting = new AbortController()
  void untilInterrupted().then(() => aborting.abort())
  const check = [join(repositoryRoot, 'packages/stack/check.mjs'), '--without=unit']
  const isChecked = patterns.length > 0 || (await run(check, process.env, aborting.signal)) === 0
  if (aborting.signal.aborted) return 130
  const folder = join(stackFolder, `test-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  const servers = await startServers({
    dataDir: join(folder, 'data'),
    logDir: join(stackFolder, 'test-logs', 'servers'),
    data: 'fresh',
    told: withoutEmpty(process.env),
    report: console.log,
    signal: aborting.signal,
  })
  const runJest = async (args: readonly string[]): Promise<{ code: number; report: JestReport }> => {
    const results = join(folder, 'results.json')
    const jest = [join(repositoryRoot, 'node_modules/jest/bin/jest.js'), '--json', `--outputFile=${results}`, ...args]
    const options = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`
    const code = await run(jest, { ...process.env, ...servers.env, NODE_OPTIONS: options.trim() }, aborting.signal)
    if (aborting.signal.aborted) return { code: 130, report: { testResults: [] } }
    return { code, report: JSON.parse(readFileSync(results, 'utf8')) as JestReport }
  }
  try {
    const first = await runJest(['--maxWorkers=2', ...patterns])
    let { code, report } = first
    const red = redOnServers(report)
    if (red.length > 0 && red.length <= MAX_SUITES_AGAIN) {
      console.log(['\nOnce more, alone, because they were red:', ...red].join('\n'))
      // A suite whose start failed may have left something open, which must not keep the run from its end.
      const second = await runJest(['--forceExit', '--runInBand', '--runTestsByPath', ...red])
      report = replaceSuites(report, second.report)
      code = second.code
    }
    if (aborting.signal.aborted) return 130
    const { passed, failed, slowest } = summarise(report)
    console.log(['\nThe ten slowest tests:', ...slowest].join('\n'))
    const unstable = red.filter((name) => !redOnServers(report).includes(name))
    if (unstable.length > 0) console.log(['\nUNSTABLE, red and then green alone:', ...unstable].join('\n'))
    if (!isChecked) console.log('\nThe checks failed; see above.')
    const failures = failed + (isChecked ? 0 : 1)
    console.log(`\n${passed} passed, ${failures} failed`)
    // A jest that failed without a failed test, for instance because no suite matched, is a failure all the same.
    return failures === 0 ? code : 1
  } finally {
    await servers.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** More red suites than this are no accident of a busy machine. */
const MAX_SUITES_AGAIN = 5

interface SuiteReport {
  readonly name: string
  readonly status: string
  readonly assertionResults: readonly {
    readonly fullName: string
    readonly status: string
    readonly duration?: number | null
  }[]
}

/** The part of jest's JSON report that is read here. */
export interface JestReport {
  readonly testResults: readonly SuiteReport[]
}

/** The suites that failed and need servers; one without them has no such excuse. */
export const redOnServers = ({ testResults }: JestReport): string[] =>
  testResults
    .filter(({ name, status }) => status === 'failed' && /\.(int|e2e)\.test\.ts$/.test(name))
    .map(({ name }) => name)

/** The report with the results of a later run in place of the earlier ones. */
export const replaceSuites = (earlier: JestReport, later: JestReport): JestReport => ({
  testResults: earlier.testResults.map((suite) => later.testResults.find(({ name }) => name === suite.name) ?? suite),
})

/** A suite that could not run at all counts as one failed test. */
export function summarise({ testResults }: JestReport): { passed: number; failed: number; slowest: string[] } {
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((result) => ({ ...result, file: relative(repositoryRoot, name), ms: result.duration ?? 0 })),
  )
  const failedTests = tests.filter(({ status }) => status === 'failed').length
  const notRun = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  ).length
  const slowest = tests.toSorted((a, b) => b.ms - a.ms).slice(0, 10)
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: failedTests + notRun,
    slowest: slowest.map(({ file, fullName, ms }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${file} › ${fullName}`),
  }
}

function run(args: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: repositoryRoot, env, stdio: 'inherit' })
    signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

/** Data of test runs that were killed; the folder is named after the pid of the run. */
function removeAbandoned(): void {
  mkdirSync(stackFolder, { recursive: true })
  for (const entry of readdirSync(stackFolder)) {
    const pid = /^test-(\d+)$/.exec(entry)?.[1]
    if (pid === undefined) continue
    try {
      process.kill(Number(pid), 0)
    } catch {
      rmSync(join(stackFolder, entry), { recursive: true, force: true })
    }
  }
}
