import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** CPU milliseconds by the process's name. */
export type CpuMs = ReadonlyMap<string, number>

export interface Watched {
  readonly name: string
  readonly pid: number
}

/** Reads what processes use from Linux's /proc. Several processes of one name count together. */
export interface Meter {
  /** Since each process was started, its children not included. */
  readonly cpu: () => CpuMs
  readonly rssMb: () => ReadonlyMap<string, number>
}

export function createMeter(watched: () => readonly Watched[]): Meter {
  const msPerTick = 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  return {
    cpu: () => sumByName(watched(), (pid) => cpuTicks(pid) * msPerTick),
    rssMb: () => sumByName(watched(), residentMb),
  }
}

function sumByName(watched: readonly Watched[], read: (pid: number) => number): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { name, pid } of watched) sums.set(name, (sums.get(name) ?? 0) + read(pid))
  return sums
}

/** utime and stime of all threads of the process. */
export function cpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The command stands in brackets and may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

function residentMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kb ?? 0) / 1024
}

/** What was used between two readings; processes that were not there before count from zero. */
export function used(before: CpuMs, after: CpuMs): CpuMs {
  return new Map([...after].map(([name, ms]) => [name, ms - (before.get(name) ?? 0)]))
}

export function total(cpu: CpuMs): number {
  return [...cpu.values()].reduce((sum, ms) => sum + ms, 0)
}

const SAMPLE_MS = 250
const LONGEST_DRAIN_MS = 20_000

/**
 * Waits until what the requests have set going is done too (events, webhooks, looks): until hardly more CPU is used than at
 * rest, twice in a row.
 */
export async function untilQuiet(meter: Meter, idleMsPerSecond: number): Promise<void> {
  const deadline = performance.now() + LONGEST_DRAIN_MS
  let before = total(meter.cpu())
  let at = performance.now()
  for (let quiet = 0; quiet < 2 && performance.now() < deadline; ) {
    await delay(SAMPLE_MS)
    const now = total(meter.cpu())
    const msPerSecond = ((now - before) * 1000) / (performance.now() - at)
    // A tick of the clock is 10 ms, so a short sample is coarse.
    quiet = msPerSecond <= idleMsPerSecond * 1.5 + 80 ? quiet + 1 : 0
    before = now
    at = performance.now()
  }
}
