import type { Row } from './judge.ts'

/** What `npm run soak` reports. */
export interface SoakResult {
  readonly minutes: number
  /** Purchases a second. */
  readonly rate: number
  readonly purchases: number
  /** Those that Toss was told to spoil. */
  readonly faulty: number
  readonly failures: number
  readonly rows: readonly Row[]
  readonly problems: readonly string[]
}
