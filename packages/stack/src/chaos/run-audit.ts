import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { repositoryRoot } from '../repository.ts'
import type { Problem } from './check-history.ts'

/** What `npm run ops -- audit --json` prints; only this much is read of it. */
interface Audit {
  readonly orders: number
  readonly messages: number
  readonly invariants: readonly {
    readonly id: string
    readonly title: string
    readonly checked: number
    readonly violations: readonly { readonly subject: string; readonly detail: string }[]
  }[]
}

export interface AuditReport {
  readonly orders: number
  readonly messages: number
  /** Invariants that were looked at, each with how many cases. */
  readonly checked: Readonly<Record<string, number>>
  readonly problems: readonly Problem[]
}

/** The operators' program, as a process of its own, like an operator would run it. */
const runner = `
  const { runOps } = await import(${JSON.stringify(join(repositoryRoot, 'packages/ops/dist/main.js'))})
  process.exit(await runOps(process.argv.slice(1)))`
/** More than the minute that the audit itself gives a system to come to rest. */
const TIMEOUT_MS = 180_000

/**
 * Runs the operators' audit against a system at rest: Toss's books, MongoDB and the whole Kafka log.
 * @throws Error when it could not be run
 */
export async function runAudit(env: Readonly<Record<string, string>>): Promise<AuditReport> {
  const { code, stdout, stderr } = await run(['audit', '--deep', '--json', '--wait', '30'], env)
  let audit: Audit
  try {
    audit = JSON.parse(stdout) as Audit
  } catch (error) {
    throw new Error(`the audit ended with ${code}:\n${stdout}\n${stderr}`, { cause: error })
  }
  return {
    orders: audit.orders,
    messages: audit.messages,
    checked: Object.fromEntries(audit.invariants.map(({ id, checked }) => [id, checked])),
    problems: audit.invariants.flatMap(({ id, violations }) =>
      violations.map(({ subject, detail }) => ({ invariant: id, text: `audit: ${subject}: ${detail}` })),
    ),
  }
}

const run = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', runner, '--', ...args], {
      cwd: repositoryRoot,
      // kafkajs sets timers in the past, and newer versions of Node warn about each.
      env: { PATH: process.env.PATH ?? '', NODE_OPTIONS: '--disable-warning=TimeoutNegativeWarning', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TIMEOUT_MS,
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
