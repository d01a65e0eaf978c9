import type { Clock } from './clock.ts'
import type { Operation } from './faults.ts'

/** Toss: the sandbox takes 100 requests a minute for each API. */
const CALLS = 100
const SPAN_MS = 60_000

/** Counts the calls of each API over the last minute of the simulator's clock. One that is turned away does not count. */
export class RateLimit {
  readonly #clock: Clock
  readonly #isOn: boolean
  /** When the last hundred calls came, oldest first. */
  readonly #calls = new Map<Operation, number[]>()

  constructor(clock: Clock, isOn: boolean) {
    this.#clock = clock
    this.#isOn = isOn
  }

  admits(operation: Operation): boolean {
    if (!this.#isOn) return true
    const nowMs = this.#clock.now()
    const calls = this.#calls.get(operation) ?? []
    this.#calls.set(operation, calls)
    const [oldestMs] = calls
    if (calls.length === CALLS && oldestMs !== undefined) {
      if (nowMs - oldestMs < SPAN_MS) return false
      calls.shift()
    }
    calls.push(nowMs)
    return true
  }
}
