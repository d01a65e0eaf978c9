import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { openShop, type Shop } from '@checkout/stack/testing/shop'
import { startSystem, type TestSystem, type TestSystemOptions } from '@checkout/stack/testing/system'

/** The program as `npm run ops` runs it, without the check that everything is built. */
const runner = `
  const { runOps } = await import(${JSON.stringify(new URL('../dist/main.js', import.meta.url).href)})
  process.exit(await runOps(process.argv.slice(1)))`
/** A busy machine takes seconds to start Node; one that takes longer than this hangs. */
const runTimeoutMs = 120_000

type OpsRun = { readonly code: number; readonly stdout: string; readonly stderr: string }
type As = 'operator-1' | 'operator-2' | 'viewer-1'

/** A system in processes, its clients, and the operators' command line against it. */
export type OpsSystem = {
  readonly system: TestSystem
  readonly shop: Shop
  /** Runs one command in a process of its own, as `operator-1` unless said; `env` is laid over its environment. */
  readonly ops: (
    args: readonly string[],
    options?: { as?: As; env?: Readonly<Record<string, string>> },
  ) => Promise<OpsRun>
  /** Starts one command as `operator-1`, for a test that ends it in the middle; `stderr` is what it has said so far. */
  readonly opsStart: (args: readonly string[]) => { readonly child: ChildProcess; readonly stderr: () => string }
  /** The same with `--json`, read; whatever the exit code. */
  readonly opsJson: <T>(args: readonly string[], options?: { as?: As }) => Promise<T>
}

export const startOpsSystem = async (options: TestSystemOptions): Promise<OpsSystem> => {
  const system = await startSystem(options)
  const tokenOf = (name: As) => system.ops.operators.find((operator) => operator.name === name)?.token ?? ''
  const ops: OpsSystem['ops'] = (args, { as = 'operator-1', env = {} } = {}) =>
    run(args, { ...system.ops.env, OPERATOR_TOKEN: tokenOf(as), ...env })
  return {
    system,
    shop: openShop(system.urls),
    ops,
    opsStart: (args) => {
      const child = begin(args, { ...system.ops.env, OPERATOR_TOKEN: tokenOf('operator-1') })
      let stderr = ''
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      return { child, stderr: () => stderr }
    },
    opsJson: async <T>(args: readonly string[], given?: { as?: As }) => {
      const { stdout, stderr, code } = await ops([...args, '--json'], given)
      try {
        return JSON.parse(stdout) as T
      } catch (error) {
        throw new Error(`ops ${args.join(' ')} ended with ${code}:\n${stdout}\n${stderr}`, { cause: error })
      }
    },
  }
}

const begin = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  spawn(process.execPath, ['--input-type=module', '--eval', runner, '--', ...args], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    // kafkajs sets timers in the past, and newer versions of Node warn about each.
    env: { PATH: process.env.PATH ?? '', NODE_OPTIONS: '--disable-warning=TimeoutNegativeWarning', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: runTimeoutMs,
  })

const run = (args: readonly string[], env: Readonly<Record<string, string>>): Promise<OpsRun> =>
  new Promise((resolve, reject) => {
    const child = begin(args, env)
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === null) reject(new Error(`ops ${args.join(' ')} was ended by ${signal}:\n${stdout}\n${stderr}`))
      else resolve({ code, stdout, stderr })
    })
  })
