import { operatorEnv, runOps } from './ops-program.ts'
import type { TestSystem } from './system.ts'

/** What `npm run ops -- audit --json` prints; only this much is read of it. */
interface Audit {
  readonly invariants: readonly {
    readonly id: string
    readonly violations: readonly { readonly subject: string; readonly detail: string }[]
  }[]
}

/** What is under way has this long to come to rest on a busy machine; nothing is waited for when all is well. */
const waitSeconds = 120

/**
 * Audits the system as an operator would, by `npm run ops -- audit`: from Toss's books, MongoDB and Kafka. It runs the built files,
 * and needs the payment service and the simulator.
 * @throws Error listing every contradiction that stays
 */
export async function audited(system: Pick<TestSystem, 'ops'>): Promise<void> {
  const args = ['audit', '--wait', String(waitSeconds), '--json']
  const { code, stdout, stderr } = await runOps(args, operatorEnv(system))
  if (code === 0) return
  if (code !== 1) throw new Error(`the audit ended with ${code}:\n${stderr}`)
  const { invariants } = JSON.parse(stdout) as Audit
  const lines = invariants.flatMap(({ id, violations }) =>
    violations.map(({ subject, detail }) => `${id} ${subject}: ${detail}`),
  )
  throw new Error(['the audit is red:', ...lines].join('\n  '))
}

/** The end of a suite: the audit of everything that it left behind, then the stop, whatever the audit says. */
export async function stopAudited(system: TestSystem): Promise<void> {
  try {
    await audited(system)
  } finally {
    await system.stop()
  }
}
