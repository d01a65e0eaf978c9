import type { ChaosResult } from '../chaos/report.ts'
import type { Reports } from './read-reports.ts'
import type { Report } from './run-report.ts'

export const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((all, item) => all + of(item), 0)

/** Of counts by name. */
export const total = (counts: Readonly<Record<string, number>>): number => sum(Object.values(counts), (count) => count)

/** By kind of fault: how often, and how long it took until somebody could buy again. */
export function faultRows(chaos: readonly Report<ChaosResult>[]): string[][] {
  const kinds = [...new Set(chaos.flatMap(({ figures }) => Object.keys(figures.faults)))].toSorted()
  return kinds.map((kind) => {
    const spreads = chaos.flatMap(({ figures }) => figures.recoverySeconds[kind] ?? [])
    const times = sum(chaos, ({ figures }) => figures.faults[kind] ?? 0)
    const worst = (of: 'p50' | 'max') =>
      spreads.length === 0 ? '-' : Math.max(...spreads.map((spread) => spread[of])).toFixed(1)
    return [kind, String(times), worst('p50'), worst('max')]
  })
}

/** Every kept run, so that it can be made again. */
export function runRows({ chaos, crash, model, planted, fuzz, soak }: Reports): string[][] {
  const all = [crash, model, planted, fuzz, ...chaos, soak].filter((report) => report !== undefined)
  return all.map(({ run, problems }) => [
    `\`${run.command}\``,
    run.finishedAt.slice(0, 16).replace('T', ' '),
    String(run.seconds),
    run.commit,
    Object.entries(run.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    String(problems.length),
  ])
}
