export type Task = { cancel: () => void }

type Scheduled = { dueAtMs: number; run: () => void; timer: NodeJS.Timeout }

/** Node fires a longer timer at once, so long waits are cut into pieces of this length. */
const LONGEST_TIMER_MS = 2_147_483_647

/**
 * The simulator's time: the machine's, plus what was skipped through the control API. Sessions, due dates, idempotency
 * records and webhook resends follow it, so that a test needs no days to see fifteen of them pass.
 */
export class Clock {
  #skippedMs: number
  readonly #tasks = new Set<Scheduled>()

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
    const task: Scheduled = { dueAtMs, run, timer: this.#timer(dueAtMs, () => this.#wake(task)) }
    this.#tasks.add(task)
    return {
      cancel: () => {
        this.#tasks.delete(task)
        clearTimeout(task.timer)
      },
    }
  }

  /** What became due runs before this returns, oldest first. */
  advance(ms: number): void {
    this.#skippedMs += ms
    for (const task of [...this.#tasks].toSorted((a, b) => a.dueAtMs - b.dueAtMs)) {
      clearTimeout(task.timer)
      if (this.#tasks.has(task)) this.#wake(task)
    }
  }

  stop(): void {
    for (const task of this.#tasks) clearTimeout(task.timer)
    this.#tasks.clear()
  }

  #wake(task: Scheduled): void {
    if (this.now() < task.dueAtMs) {
      task.timer = this.#timer(task.dueAtMs, () => this.#wake(task))
      return
    }
    this.#tasks.delete(task)
    task.run()
  }

  #timer(dueAtMs: number, wake: () => void): NodeJS.Timeout {
    return setTimeout(wake, Math.min(Math.max(dueAtMs - this.now(), 0), LONGEST_TIMER_MS))
  }
}
