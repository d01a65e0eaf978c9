import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { withoutEmpty } from './environment.ts'
import { repositoryRoot, stackFolder } from './repository.ts'
import { startServers } from './servers/start-servers.ts'
import { untilInterrupted } from './until-interrupted.ts'

/**
 * `npm test`: the checks, then every suite once, on servers with fresh data. With patterns only the suites whose path
 * matches one, and no checks. The last line is `N passed, N failed`; a failed check counts as one failure.
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
  const results = join(folder, 'results.json')
  try {
    const jest = [
      join(repositoryRoot, 'node_modules/jest/bin/jest.js'),
      '--maxWorkers=2',
      '--json',
      `--outputFile=${results}`,
      ...patterns,
    ]
    const options = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`
    const code = await run(jest, { ...process.env, ...servers.env, NODE_OPTIONS: options.trim() }, aborting.signal)
    if (aborting.signal.aborted) return 130
    const { passed, failed, slowest } = summarise(JSON.parse(readFileSync(results, 'utf8')) as JestReport)
    console.log(['\nThe ten slowest tests:', ...slowest].join('\n'))
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

/** The part of jest's JSON report that is read here. */
export interface JestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numRuntimeErrorTestSuites: number
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly fullName: string; readonly duration?: number | null }[]
  }[]
}

/** A suite that could not run at all counts as one failed test. */
export function summarise(report: JestReport): { passed: number; failed: number; slowest: string[] } {
  const tests = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, duration }) => ({
      file: relative(repositoryRoot, name),
      fullName,
      ms: duration ?? 0,
    })),
  )
  const slowest = tests.sort((a, b) => b.ms - a.ms).slice(0, 10)
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
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
