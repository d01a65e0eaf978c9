import { setTimeout as delay } from 'node:timers/promises'
import { type Driven, quantile } from './drive.ts'
import { type Meter, total, untilQuiet, used } from './process-usage.ts'

/** One measured line. Milliseconds of CPU are per operation that succeeded. */
export interface Line {
  readonly name: string
  readonly clients: number
  /** Undefined where Toss plays no part. */
  readonly tossDelayMs?: number
  readonly ok: number
  readonly errors: Readonly<Record<string, number>>
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of all processes, from the first request until what it has set going is done, background work included. */
  readonly cpuMs: number
  /** The same less what the processes use at rest in that time. */
  readonly cpuAboveRestMs: number
  readonly cpuMsByProcess: Readonly<Record<string, number>>
  /** At the end of the line. */
  readonly rssMb: Readonly<Record<string, number>>
}

/** CPU milliseconds per second of processes that nobody asks anything. */
export type Rest = number

const MAX_REST_SAMPLES = 6

/** Measured once the start and the warm-up have died away: in samples, until one is not much below the one before. */
export async function measureRest(meter: Meter, sampleMs: number): Promise<Rest> {
  let before = Number.POSITIVE_INFINITY
  for (let samples = 0; samples < MAX_REST_SAMPLES; samples += 1) {
    const startedMs = total(meter.cpu())
    const startedAt = performance.now()
    await delay(sampleMs)
    const msPerSecond = ((total(meter.cpu()) - startedMs) * 1000) / (performance.now() - startedAt)
    if (msPerSecond > before * 0.9) return Math.min(before, msPerSecond)
    before = msPerSecond
  }
  return before
}

/** Runs the work and counts the CPU until everything is quiet again. */
export async function measureLine(
  what: { readonly name: string; readonly clients: number; readonly tossDelayMs?: number },
  meter: Meter,
  rest: Rest,
  work: () => Promise<Driven>,
): Promise<Line> {
  const before = meter.cpu()
  const startedAt = performance.now()
  const { ok, errors, seconds, latenciesMs } = await work()
  await untilQuiet(meter, rest)
  const elapsedS = (performance.now() - startedAt) / 1000
  const cpu = used(before, meter.cpu())
  const per = (ms: number) => (ok === 0 ? Number.NaN : ms / ok)
  return {
    ...what,
    ok,
    errors,
    perSecond: ok / seconds,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    cpuMs: per(total(cpu)),
    cpuAboveRestMs: per(Math.max(0, total(cpu) - rest * elapsedS)),
    cpuMsByProcess: Object.fromEntries([...cpu].map(([name, ms]) => [name, per(ms)])),
    rssMb: Object.fromEntries(meter.rssMb()),
  }
}
