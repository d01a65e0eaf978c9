import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { repositoryRoot } from '../repository.ts'
import type { TestSystem } from './system.ts'

/** The program as `npm run ops` runs it, without the check that everything is built. */
const main = pathToFileURL(join(repositoryRoot, 'packages/ops/dist/main.js')).href
const program = `
  const { runOps } = await import(${JSON.stringify(main)})
  process.exit(await runOps(process.argv.slice(1)))`
/** A busy machine takes seconds to start Node, and the longest command waits for a minute; one that takes longer hangs. */
const runTimeoutMs = 180_000

export interface OpsRun<Code = number> {
  /** The exit code, or the name of the signal that ended it. */
  readonly code: Code
  readonly stdout: string
  readonly stderr: string
}

/** What a command gets told by this operator of the system. */
export const operatorEnv = ({ ops }: Pick<TestSystem, 'ops'>, as = 'operator-1'): Record<string, string> => ({
  ...ops.env,
  OPERATOR_TOKEN: ops.operators.find(({ name }) => name === as)?.token ?? '',
})

/** Starts one command of the operators in a process of its own, with `env` and nothing else of this one's but the path. */
export const beginOps = (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcessByStdio<null, Readable, Readable> =>
  spawn(process.execPath, ['--input-type=module', '--eval', program, '--', ...args], {
    cwd: repositoryRoot,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: runTimeoutMs,
  })

/** Waits until it has ended. */
export const endOf = (child: ReturnType<typeof beginOps>): Promise<OpsRun<number | string>> =>
  new Promise((resolve, reject) => {
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code: code ?? signal ?? 'unknown', stdout, stderr }))
  })

/** Runs it to its end, whatever the exit code. @throws Error when it was ended by a signal */
export const runOps = async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<OpsRun> => {
  const { code, stdout, stderr } = await endOf(beginOps(args, env))
  if (typeof code === 'string') throw new Error(`ops ${args.join(' ')} was ended by ${code}:\n${stdout}\n${stderr}`)
  return { code, stdout, stderr }
}

/** The same with `--json`, read, whatever the exit code. @throws Error when it printed no JSON */
export const runOpsJson = async <T>(args: readonly string[], env: Readonly<Record<string, string>>): Promise<T> => {
  const { code, stdout, stderr } = await runOps([...args, '--json'], env)
  try {
    return JSON.parse(stdout) as T
  } catch (error) {
    throw new Error(`ops ${args.join(' ')} ended with ${code}:\n${stdout}\n${stderr}`, { cause: error })
  }
}
