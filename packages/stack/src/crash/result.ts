/** What `npm run crash` reports. */
export interface CrashResult {
  /** In the code. */
  readonly points: number
  /** At which at least one process died. */
  readonly hit: number
  /** Of points and flows. */
  readonly crashes: number
  /** Flows that passed a point only when the timing has it so, and this time did not. */
  readonly spared: number
  /** Whether each pair of point and flow is either passed or declared impossible. */
  readonly isReachChecked: boolean
  readonly problems: readonly string[]
}
