import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { repositoryRoot } from './repository.ts'
import { untilInterrupted } from './until-interrupted.ts'

/** One command that shows guarantees, and can be run alone. */
interface Step {
  readonly script: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** One that takes longer hangs: several times what it takes on two cores that do nothing else. */
  readonly limitMinutes: number
}

const threeNodes = { STACK_NODES: '3' }

const whole: readonly Step[] = [
  { script: 'crash', args: ['--keep'], limitMinutes: 90 },
  { script: 'model', args: ['--runs=500', '--keep'], limitMinutes: 30 },
  { script: 'planted', args: ['--keep'], limitMinutes: 60 },
  { script: 'fuzz', args: ['--keep'], limitMinutes: 30 },
  {
    script: 'test',
    args: ['packages/stack/tests/bad-input', 'packages/stack/tests/generated-input'],
    limitMinutes: 30,
  },
  { script: 'chaos', args: ['--minutes=3', '--seed=1', '--keep'], limitMinutes: 20 },
  { script: 'chaos', args: ['--minutes=3', '--seed=2', '--keep'], limitMinutes: 20 },
  { script: 'chaos', args: ['--minutes=3', '--seed=3', '--keep'], env: threeNodes, limitMinutes: 25 },
  { script: 'soak', args: ['--minutes=30', '--keep'], limitMinutes: 45 },
]

/** Shows that every part works; the figures are few. */
const quick: readonly Step[] = [
  { script: 'crash', args: ['--once'], limitMinutes: 30 },
  { script: 'model', args: ['--runs=50'], limitMinutes: 10 },
  { script: 'planted', args: ['--bug=01'], limitMinutes: 10 },
  { script: 'fuzz', args: ['--max-examples=10'], limitMinutes: 10 },
  { script: 'chaos', args: ['--minutes=0.5', '--seed=1'], limitMinutes: 10 },
  { script: 'chaos', args: ['--minutes=0.5', '--seed=3'], env: threeNodes, limitMinutes: 15 },
  { script: 'soak', args: ['--minutes=2'], limitMinutes: 10 },
]

const usage = `usage: npm run proof -- [options]
Runs everything that shows what docs/guarantees.md promises, keeps the reports in docs/reports and writes the document anew. Exit
code 1 when any of it was red.
  --quick   a little of each; keeps and writes nothing
  --help    this

${planOf(whole)}`

/** `npm run proof`. Resolves with the exit code. */
export async function runProof(args: readonly string[]): Promise<number> {
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({ args: [...args], options: { quick: flag, help: flag } })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const steps = values.quick ? quick : whole
  console.log(`${planOf(steps)}\n`)
  const aborting = new AbortController()
  void untilInterrupted().then(() => aborting.abort())
  const results: string[] = []
  let isRed = false
  for (const step of steps) {
    console.log(`\n== ${typed(step)}`)
    const startedAt = performance.now()
    const how = await run(step, aborting.signal)
    if (aborting.signal.aborted) return 130
    isRed ||= how !== 'ok'
    const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1)
    results.push(`${how.padEnd(8)} ${minutes.padStart(5)} min  ${typed(step)}`)
  }
  if (!values.quick) {
    const generated = await spawned([join(repositoryRoot, 'packages/stack/generate.mjs')], {}, aborting.signal)
    isRed ||= generated !== 0
  }
  console.log(['', ...results].join('\n'))
  return isRed ? 1 : 0
}

function planOf(steps: readonly Step[]): string {
  const minutes = steps.reduce((sum, { limitMinutes }) => sum + limitMinutes, 0)
  return [
    ...steps.map((step) => `  at most ${String(step.limitMinutes).padStart(3)} min  ${typed(step)}`),
    `  at most ${String(minutes).padStart(3)} min  in all`,
  ].join('\n')
}

function typed({ script, args, env = {} }: Step): string {
  return [...Object.entries(env).map(([name, value]) => `${name}=${value}`), 'npm run', script, '--', ...args].join(' ')
}

async function run({ script, args, env = {}, limitMinutes }: Step, signal: AbortSignal): Promise<string> {
  const limit = AbortSignal.timeout(limitMinutes * 60_000)
  const command = [join(repositoryRoot, 'packages/stack/bootstrap.mjs'), script, ...args]
  const code = await spawned(command, env, AbortSignal.any([signal, limit]))
  if (limit.aborted) return 'TOO LONG'
  return code === 0 ? 'ok' : 'FAILED'
}

function spawned(command: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { cwd: repositoryRoot, env: { ...process.env, ...env }, stdio: 'inherit' } as const
    const child = spawn(process.execPath, command, options)
    // It takes down what it has started, like at Ctrl-C.
    signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
