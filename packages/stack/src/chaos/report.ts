import type { Problem } from './check-history.ts'
import type { Figures, Spread } from './measure.ts'

/** What a run of chaos came to. */
export interface ChaosResult {
  readonly seed: number
  readonly minutes: number
  readonly clients: number
  /** Of MongoDB and of Kafka. */
  readonly nodes: 1 | 3
  readonly figures: Figures & {
    /** From the end of the last fault until nothing was under way any more. */
    readonly restSeconds: number
    readonly orders: number
    /** Messages in the log that were accounted for. */
    readonly messages: number
    readonly intentsSentAgain: number
    /** Payments that differed because all deliveries of a webhook were lost, healed by the comparison that each night makes. */
    readonly reconciled: number
    /** Acknowledged and not there, or not as it was told. */
    readonly lostWrites: number
    /** Payments that a forged webhook changed. */
    readonly forgeryEffects: number
  }
  /** Faults that were not tried, with the reason. */
  readonly skipped: readonly string[]
  /** What does not hold. Empty: passed. */
  readonly problems: readonly Problem[]
}

/** The report for people. */
export function inWords({ seed, figures, skipped, problems }: ChaosResult): string[] {
  const { operations, faults, unknownSeconds } = figures
  const injected = Object.values(faults).reduce((sum, count) => sum + count, 0)
  return [
    '',
    ...Object.entries(operations).map(
      ([kind, { ok, fail, info }]) => `${kind.padEnd(16)} ${ok} done, ${fail} refused, ${info} left open`,
    ),
    '',
    `${injected} faults of ${Object.keys(faults).length} kinds; at rest ${figures.restSeconds.toFixed(1)} s after the last`,
    `${figures.acknowledgedWrites} acknowledged writes checked, ${figures.intentsSentAgain} intents sent again at the end`,
    `${figures.approvals} approvals and ${figures.refunds} refunds at Toss, difference ${figures.differenceKrw} KRW`,
    `${figures.reconciled} payments that Toss had told of in vain, found by reconciliation`,
    `${figures.orders} orders and ${figures.messages} messages of the log accounted for`,
    `payments of unknown outcome, in seconds until decided: ${inSeconds(unknownSeconds)}`,
    'until the next purchase, in seconds from the beginning of the repair:',
    ...Object.entries(figures.recoverySeconds).map(([kind, spread]) => `  ${kind.padEnd(36)} ${inSeconds(spread)}`),
    ...skipped.map((line) => `SKIPPED ${line}`),
    ...problems.map(({ invariant, text }) => `\nFAILED ${invariant}: ${text}`),
    '',
    problems.length === 0 ? `passed (seed ${seed})` : `${problems.length} problems (seed ${seed})`,
  ]
}

const inSeconds = ({ count, p50, p99, max }: Spread): string =>
  `${count} times, p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, longest ${max.toFixed(1)}`
