import { Schedule } from './schedule.ts'

export type Task = { cancel: () => void }

/** Node fires a longer timer at once, so long waits are cut into pieces of this length. */
const LONGEST_TIMER_MS = 2_147_483_647

/**
 * The simulator's time: the machine's, plus what was skipped through the control API. Sessions, due dates, idempotency
 * records and webhook resends follow it, so that a test needs no days to see fifteen of them pass. One timer, for the
 * soonest task, serves them all.
 */
export class Clock {
  #skippedMs: number
  readonly #schedule = new Schedule()
  #timer: NodeJS.Timeout | undefined
  /** What the timer waits for; later tasks leave it alone. */
  #timerDueAtMs = Number.POSITIVE_INFINITY
  #isStopped = false

  constructor(skippedMs: number) {
    this.#skippedMs = skippedMs
  }

  get skippedMs(): number {
    return this.#skippedMs
  }

  now(): number {
    return Date.now() + this.#skippedMs
  }

  /** Runs once when the time has come; also when that is because the clock was advanced. */
  at(dueAtMs: number, run: () => void): Task {
    const entry = this.#schedule.add(dueAtMs, run)
    if (dueAtMs < this.#timerDueAtMs) this.#arm()
    // The timer may now wake up for nothing once; taking it down each time would cost more.
    return { cancel: () => this.#schedule.remove(entry) }
  }

  /** What became due runs before this returns, oldest first. */
  advance(ms: number): void {
    this.#skippedMs += ms
    this.#wake()
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  #wake(): void {
    try {
      for (let next = this.#schedule.first(); next && next.dueAtMs <= this.now(); next = this.#schedule.first()) {
        this.#schedule.remove(next)
        next.run()
        if (this.#isStopped) return
      }
    } finally {
      this.#arm()
    }
  }

  #arm(): void {
    clearTimeout(this.#timer)
    const next = this.#schedule.first()
    this.#timerDueAtMs = next?.dueAtMs ?? Number.POSITIVE_INFINITY
    if (!next || this.#isStopped) return
    const waitMs = Math.min(Math.max(next.dueAtMs - this.now(), 0), LONGEST_TIMER_MS)
    this.#timer = setTimeout(() => this.#wake(), waitMs)
  }
}
