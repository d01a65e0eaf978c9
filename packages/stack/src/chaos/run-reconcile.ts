import { runOpsJson } from '../testing/ops-program.ts'
import type { Shop } from '../testing/shop.ts'
import type { Problem } from './check-history.ts'

/** What `npm run ops -- reconcile --json` prints; only this much is read of it. */
interface Comparison {
  readonly counts: readonly { readonly class: string; readonly healed: number; readonly open: number }[]
  readonly differences: readonly { readonly class: string; readonly orderId: string; readonly detail: string }[]
}

const DAY_MS = 24 * 3_600_000
const MINUTE_MS = 60_000

/**
 * Compares the books as each night does, and heals. It is the only way to what Toss alone has done and then told in vain, eight times;
 * whatever else it finds should have been known before.
 * @throws Error when it could not be run
 */
export async function runReconcile(
  env: Readonly<Record<string, string>>,
  toss: Shop,
): Promise<{ healed: number; problems: Problem[] }> {
  const { now, webhooks } = (await toss.books()).body
  const toldInVain = new Set(webhooks.filter(({ state }) => state === 'LOST').map(({ orderId }) => orderId))
  const from = new Date(Date.now() - DAY_MS).toISOString()
  const to = new Date(Date.parse(now) + MINUTE_MS).toISOString()
  const reconcile = (...args: string[]) =>
    runOpsJson<Comparison>(['reconcile', '--from', from, '--to', to, ...args], env)
  const found = await reconcile()
  if (found.differences.length === 0) return { healed: 0, problems: [] }
  const healed = await reconcile('--apply', '--reason', 'chaos: webhooks were lost')
  const left = [
    ...found.differences.filter(({ orderId }) => !toldInVain.has(orderId)),
    ...healed.differences.map((difference) => ({ ...difference, detail: `not healed: ${difference.detail}` })),
  ]
  return {
    healed: healed.counts.reduce((sum, count) => sum + count.healed, 0),
    problems: left.map(({ class: name, orderId, detail }) => ({
      invariant: 'I10',
      text: `reconcile: ${orderId}: ${name}: ${detail}`,
    })),
  }
}
