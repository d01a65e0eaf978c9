import { runOpsJson } from '../testing/ops-program.ts'
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

/** What is under way gets this long to come to rest before it is told, as an operator would give it. */
const WAIT_S = 60

/**
 * Runs the operators' audit against a system at rest: Toss's books, MongoDB and the whole Kafka log.
 * @throws Error when it could not be run
 */
export async function runAudit(env: Readonly<Record<string, string>>): Promise<AuditReport> {
  const audit = await runOpsJson<Audit>(['audit', '--deep', '--wait', String(WAIT_S)], env)
  return {
    orders: audit.orders,
    messages: audit.messages,
    checked: Object.fromEntries(audit.invariants.map(({ id, checked }) => [id, checked])),
    problems: audit.invariants.flatMap(({ id, violations }) =>
      violations.map(({ subject, detail }) => ({ invariant: id, text: `audit: ${subject}: ${detail}` })),
    ),
  }
}
