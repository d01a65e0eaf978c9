const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** The waits of the protocol, in milliseconds. Configuration may shorten them for tests; the defaults carry the reasons. */
export type Durations = {
  readonly sessionMs: number
  readonly undecidedMs: number
  readonly lateLooksMs: readonly number[]
  readonly keyLifeMs: number
  readonly attentionMs: number
  readonly reversalLooksMs: readonly number[]
  readonly depositLookMs: number
  readonly depositLapseMs: number
}

export const defaultDurations: Durations = {
  /** Toss: 10 minutes from the buyer's authentication to confirm; a minute later no POST can do anything but harm. */
  sessionMs: 11 * MINUTE_MS,
  /** Toss: 30 minutes to authenticate plus a margin; what is not there by then will not come by itself. */
  undecidedMs: 31 * MINUTE_MS,
  /** A confirm that was given up is looked at again this long after: money found then is evidence as any other. */
  lateLooksMs: [HOUR_MS, 6 * HOUR_MS, DAY_MS],
  /** Toss forgets a key after 15 days; a day earlier we stop using it. */
  keyLifeMs: 14 * DAY_MS,
  /** After this long a person should know, while settle goes on. */
  attentionMs: HOUR_MS,
  /** A bank's reversal of a deposit usually comes within two minutes; these looks catch one whose webhook was lost. */
  reversalLooksMs: [5 * MINUTE_MS, HOUR_MS],
  /** Toss sends nothing when a virtual account lapses, so from its due date on it is asked this often. */
  depositLookMs: HOUR_MS,
  /** So long past its due date an account that Toss still calls waiting has lapsed. */
  depositLapseMs: DAY_MS,
}
