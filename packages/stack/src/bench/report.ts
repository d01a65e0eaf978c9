import { growth } from './many-orders.ts'
import type { Line } from './measure.ts'

/** One target of the system, and how this run did. */
export interface Target {
  readonly what: string
  readonly limit: string
  readonly seen: string
  readonly isReached: boolean
}

/** The short names of the processes, in the order of the table. */
const shortNames: Readonly<Record<string, string>> = {
  'api-gateway': 'gw',
  catalog: 'cat',
  order: 'ord',
  payment: 'pay',
  'webhook-gateway': 'whg',
  'toss-simulator': 'sim',
  mongod: 'mongo',
  kafka: 'kafka',
  redis: 'redis',
}

export function header(): string {
  const processes = Object.values(shortNames).map((name) => name.padStart(6))
  return [
    'operation'.padEnd(20),
    ...['clients', 'Toss ms', 'ok', 'errors', 'per s', 'p50 ms', 'p99 ms', 'CPU ms', 'no rest'].map((name) =>
      name.padStart(8),
    ),
    ' |',
    ...processes,
  ].join('')
}

export function row(line: Line): string {
  const errors = Object.values(line.errors).reduce((sum, count) => sum + count, 0)
  const cell = (value: number, digits: number) => (Number.isFinite(value) ? value.toFixed(digits) : '-').padStart(8)
  return [
    line.name.padEnd(20),
    cell(line.clients, 0),
    line.tossDelayMs === undefined ? '-'.padStart(8) : cell(line.tossDelayMs, 0),
    cell(line.ok, 0),
    cell(errors, 0),
    cell(line.perSecond, 0),
    cell(line.p50Ms, 1),
    cell(line.p99Ms, 1),
    cell(line.cpuMs, 2),
    cell(line.cpuAboveRestMs, 2),
    ' |',
    ...Object.keys(shortNames).map((name) => shareOf(line.cpuMsByProcess[name]).padStart(6)),
  ].join('')
}

function shareOf(ms = 0): string {
  return Number.isFinite(ms) && ms >= 0.005 ? ms.toFixed(ms < 10 ? 1 : 0) : '·'
}

/** The largest RSS of each process over all lines. */
export function peaks(lines: readonly Line[]): Record<string, number> {
  const peak: Record<string, number> = {}
  for (const { rssMb } of lines) {
    for (const [name, mb] of Object.entries(rssMb)) peak[name] = Math.max(peak[name] ?? 0, mb)
  }
  return peak
}

const services = ['api-gateway', 'catalog', 'order', 'payment', 'webhook-gateway']

/** What the design asks for, as far as this run has measured it. */
export function targets(lines: readonly Line[]): Target[] {
  const at64 = lines.filter(({ clients }) => clients === 64)
  const found: Target[] = []
  for (const line of at64.filter(({ name }) => name === 'checkout')) {
    const delayMs = line.tossDelayMs ?? 0
    found.push(below(`CPU per checkout, 64 clients, Toss ${delayMs} ms`, line.cpuMs, 8, 'ms'))
    if (delayMs > 0)
      found.push(below(`p99 of a checkout, 64 clients, Toss ${delayMs} ms`, line.p99Ms, 12 * delayMs + 500, 'ms'))
  }
  const products = at64.find(({ name }) => name === 'products')
  const express = at64.find(({ name }) => name === 'bare Express')
  if (products !== undefined && express !== undefined) {
    const share = products.perSecond / express.perSecond
    const seen = `${(share * 100).toFixed(0)} % (${(products.cpuMs / express.cpuMs).toFixed(2)} × its CPU)`
    found.push({
      what: 'products per second, 64 clients',
      limit: '≥ 60 % of bare Express',
      seen,
      isReached: share >= 0.6,
    })
  }
  for (const line of lines.filter(({ name }) => name === 'products, Toss hangs'))
    found.push(below(`p99 of products while Toss hangs, ${line.clients} clients`, line.p99Ms, 50, 'ms'))
  for (const { what, times } of growth(lines))
    found.push(below(`CPU of ${what} with many orders, of few`, times, 1.1, '×'))
  const rss = peaks(lines)
  for (const name of services) {
    const mb = rss[name]
    if (mb !== undefined) found.push(below(`RSS of ${name}`, mb, 150, 'MB'))
  }
  return found
}

function below(what: string, value: number, limit: number, unit: string): Target {
  return {
    what,
    limit: `≤ ${limit} ${unit}`,
    seen: `${value.toFixed(value < 10 ? 2 : 1)} ${unit}`,
    isReached: value <= limit,
  }
}

export function showTargets(found: readonly Target[]): string {
  const lines = found.map(
    ({ what, limit, seen, isReached }) => `  ${isReached ? '✓' : '✗'} ${what.padEnd(48)} ${limit.padEnd(24)} ${seen}`,
  )
  return ['Targets:', ...lines].join('\n')
}

/** What an operation costs in terms of the bare parts at the same number of clients. */
export function ratios(lines: readonly Line[]): string {
  const rows: string[] = []
  for (const line of lines.filter(({ name }) => !name.startsWith('bare '))) {
    const parts = lines.filter(({ name, clients }) => name.startsWith('bare ') && clients === line.clients)
    if (parts.length === 0) continue
    const inParts = parts.map(({ name, cpuMs }) => `${(line.cpuMs / cpuMs).toFixed(1)} × ${name.slice(5)}`)
    const delay = line.tossDelayMs === undefined ? '' : `, Toss ${line.tossDelayMs} ms`
    rows.push(`  ${`${line.name}, ${line.clients} clients${delay}`.padEnd(40)} ${inParts.join(' · ')}`)
  }
  return rows.length === 0 ? '' : ['CPU as multiples of the bare parts:', ...rows].join('\n')
}
