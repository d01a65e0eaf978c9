import type { Evidence, Verdict } from './evidence.ts'

/** What a webhook says happened. It is never believed; it only tells what a look should be able to explain. */
export type Claim = {
  readonly paymentKey?: string | undefined
  readonly status?: string | undefined
  readonly transactionKey?: string | undefined
}

export type WebhookOutcome = { readonly outcome: 'APPLIED' | 'NOOP' | 'REJECTED'; readonly reason: string }

/** How far a payment has come. A claim of as much as a look shows, or less, is explained by it. */
const ranks: Readonly<Record<string, number>> = {
  READY: 0,
  IN_PROGRESS: 1,
  WAITING_FOR_DEPOSIT: 2,
  ABORTED: 2,
  EXPIRED: 2,
  DONE: 3,
  PARTIAL_CANCELED: 4,
  CANCELED: 5,
}
const CANCELS = new Set(['CANCELED', 'PARTIAL_CANCELED'])

/**
 * Judges a webhook by a look that was begun after it had been stored.
 * @returns its end, or undefined when it claims more than the look shows, so that a later look must decide
 */
export const judge = (
  claim: Claim,
  look: { evidence: Evidence; verdict: Verdict; isChanged: boolean },
): WebhookOutcome | undefined => {
  if (look.verdict === 'foreign') return { outcome: 'REJECTED', reason: 'Toss names another order for this paymentKey' }
  if (look.verdict === 'stale' || look.evidence.kind === 'not-found') return undefined
  const { toss } = look.evidence
  const keys = new Set([toss.lastTransactionKey, ...toss.cancels.map(({ transactionKey }) => transactionKey)])
  const isNamed = claim.transactionKey !== undefined && keys.has(claim.transactionKey)
  const isCancelMissing = claim.transactionKey !== undefined && CANCELS.has(claim.status ?? '') && !isNamed
  const isReached = (ranks[claim.status ?? ''] ?? 0) <= (ranks[toss.status] ?? 0)
  if (!isNamed && (isCancelMissing || !isReached)) return undefined
  return look.isChanged
    ? { outcome: 'APPLIED', reason: `a look shows ${toss.status}` }
    : { outcome: 'NOOP', reason: `a look shows ${toss.status}, as was known` }
}

/** The end of a webhook that no look could explain. */
export const unexplained = (claim: Claim): WebhookOutcome => {
  const claimsMoney = (ranks[claim.status ?? ''] ?? 0) >= 3
  return claimsMoney
    ? { outcome: 'REJECTED', reason: `Toss does not show what it claims (${claim.status})` }
    : { outcome: 'NOOP', reason: 'Toss shows nothing of it' }
}
