import { spawn } from 'node:child_process'
import type { Alarm } from './planted-bugs.ts'

/** What an alarm did in its time. */
export interface Sound {
  readonly isRed: boolean
  readonly isOver: boolean
  readonly output: string
}

/** As many walks as there is time for, behind those that ask for one mistake each. */
const MODEL_RUNS = 5_000
const MODEL_SECONDS = 60
const MODEL_SUITE = 'services/payment/tests/model.int.test.ts'

/** Runs the alarm in the tree, on the servers that `env` names; it is ended when its time is over. */
export async function soundAlarm(alarm: Alarm, tree: string, env: NodeJS.ProcessEnv, withinMs: number): Promise<Sound> {
  const until = performance.now() + withinMs
  let output = ''
  for (const args of commandsOf(alarm)) {
    const ended = await run(tree, args, env, until - performance.now())
    output += ended.output
    if (ended.code === undefined) return { isRed: false, isOver: true, output }
    if (ended.code !== 0) return { isRed: true, isOver: false, output }
  }
  return { isRed: false, isOver: false, output }
}

function commandsOf(alarm: Alarm): string[][] {
  const jest = (path: string) => ['node_modules/jest/bin/jest.js', '--runInBand', '--runTestsByPath', path]
  const build = ['node_modules/turbo/bin/turbo', 'run', 'build', '--output-logs=errors-only']
  switch (alarm.kind) {
    case 'model':
      return [jest(MODEL_SUITE)]
    case 'test':
      // Processes run what was built; everything else is read as it is.
      return alarm.path.endsWith('.e2e.test.ts') ? [build, jest(alarm.path)] : [jest(alarm.path)]
    case 'crash':
      return [['packages/stack/bootstrap.mjs', 'crash', '--point', alarm.point, '--flow', alarm.flow]]
  }
}

function run(
  cwd: string,
  args: readonly string[],
  servers: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<{ code: number | undefined; output: string }> {
  return new Promise((resolve, reject) => {
    const env = {
      ...process.env,
      ...servers,
      MODEL_RUNS: String(MODEL_RUNS),
      MODEL_SECONDS: String(MODEL_SECONDS),
      MODEL_SHRINKS: 'false',
      NO_COLOR: '1',
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
      TURBO_TELEMETRY_DISABLED: '1',
    }
    const child = spawn(process.execPath, [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let isOver = false
    const timer = setTimeout(() => {
      isOver = true
      child.kill('SIGTERM')
    }, timeoutMs)
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
      })
    }
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ code: isOver ? undefined : (code ?? 1), output })
    })
  })
}
