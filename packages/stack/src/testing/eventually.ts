import { setTimeout as delay } from 'node:timers/promises'

/** How long and how often `eventually` tries. */
export interface Patience {
  readonly timeoutMs?: number
  readonly intervalMs?: number
  /** Stops trying at once, for instance when the process that is waited for has ended. */
  readonly signal?: AbortSignal
}

/**
 * Runs the assertion until it passes and returns its value; rejects with the assertion's last error once the deadline
 * is over. The default deadline is generous, because it is only ever spent by a test that fails.
 */
export async function eventually<T>(assertion: () => T | Promise<T>, patience: Patience = {}): Promise<T> {
  const { timeoutMs = 90_000, intervalMs = 50, signal } = patience
  const deadline = performance.now() + timeoutMs
  for (;;) {
    try {
      return await assertion()
    } catch (error) {
      if (performance.now() >= deadline || signal?.aborted === true) throw error
    }
    await delay(intervalMs)
  }
}
