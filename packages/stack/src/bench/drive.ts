/** What clients saw. Latencies of the operations that succeeded, in ascending order. */
export interface Driven {
  readonly ok: number
  /** Reason → how often. */
  readonly errors: Readonly<Record<string, number>>
  readonly seconds: number
  readonly latenciesMs: readonly number[]
}

/** One operation of one client; `ended` stops that client, because there is nothing left to work on. */
export type Operation = (client: number) => Promise<'done' | 'ended'>

/** Lets so many clients repeat the operation until the time is over; what was begun is finished and counted. */
export async function drive(clients: number, forMs: number, operation: Operation): Promise<Driven> {
  const latenciesMs: number[] = []
  const errors: Record<string, number> = {}
  const startedAt = performance.now()
  const client = async (number: number) => {
    while (performance.now() - startedAt < forMs) {
      const at = performance.now()
      try {
        if ((await operation(number)) === 'ended') return
        latenciesMs.push(performance.now() - at)
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        errors[reason] = (errors[reason] ?? 0) + 1
      }
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)))
  const seconds = (performance.now() - startedAt) / 1000
  latenciesMs.sort((a, b) => a - b)
  return { ok: latenciesMs.length, errors, seconds, latenciesMs }
}

/** The smallest value that is not exceeded by this share of all; NaN of nothing. */
export function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? Number.NaN
}
