import { setTimeout as sleep } from 'node:timers/promises'

/** Full jitter: clients that failed together do not come back together. `attempt` counts from 1. */
export const backoffMs = (attempt: number, baseMs: number, capMs: number, random: () => number = Math.random): number =>
  Math.round(random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt - 1, 20)))

/** Waits in small steps and calls `onStep` (a heartbeat) between them; ends early with false once `isWanted` says no. */
export const waitWithSteps = async (
  totalMs: number,
  onStep: () => Promise<void>,
  isWanted: () => boolean,
): Promise<boolean> => {
  const endAt = performance.now() + totalMs
  while (performance.now() < endAt) {
    if (!isWanted()) return false
    await sleep(Math.min(500, Math.max(1, endAt - performance.now())))
    await onStep()
  }
  return isWanted()
}
