import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { commit } from '../proof/run-report.ts'
import { stackFolder } from '../repository.ts'
import type { Servers } from '../servers/start-servers.ts'
import { StackError } from '../stack-error.ts'
import { namespace } from '../testing/namespace.ts'
import { startSystem } from '../testing/system.ts'
import { withServers } from '../with-servers.ts'
import { drive, type Operation } from './drive.ts'
import { createHttpClient } from './http-client.ts'
import { type Bench, lineMakers } from './line-makers.ts'
import { manyOrders } from './many-orders.ts'
import { type Line, measureRest } from './measure.ts'
import { type BenchOptions, readOptions, usage } from './options.ts'
import { createMeter } from './process-usage.ts'
import { header, peaks, ratios, row, showTargets, targets } from './report.ts'
import { createShopOperations } from './shop-operations.ts'

const folder = join(stackFolder, 'bench')

/**
 * `npm run bench`: measures a system of its own over loopback, prints a table and writes it as JSON into `.stack/bench/`.
 * Resolves with the exit code: 1 when an operation failed.
 */
export async function runBench(args: readonly string[], write: (line: string) => void = console.log): Promise<number> {
  if (args.includes('--help')) {
    write(usage)
    return 0
  }
  const options = readOptions(args)
  if (process.platform !== 'linux') throw new StackError('the bench reads /proc, which only Linux has')
  return withServers('bench', ({ servers }) => measure(options, servers, write), { report: write })
}

async function measure(options: BenchOptions, servers: Servers, write: (line: string) => void): Promise<number> {
  const startedAt = new Date()
  const file = join(folder, `${startedAt.toISOString().replaceAll(':', '-')}.json`)
  mkdirSync(folder, { recursive: true })
  const profiles = file.replace(/json$/, 'profiles')
  const profiler = new URL('profile.js', import.meta.url).href
  const profiling = { NODE_OPTIONS: `--import=${profiler}`, BENCH_PROFILES: profiles }
  const system = await startSystem({
    namespace: namespace(),
    env: { ...servers.env, ...(options.isProfiled ? profiling : {}) },
  })
  const http = createHttpClient()
  try {
    const bench = {
      options,
      http,
      shop: createShopOperations(system.urls, http),
      watched: () => [...servers.processes(), ...system.processes()],
      warmedUp: () => {
        if (options.isProfiled) for (const { pid } of system.processes()) process.kill(pid, 'SIGUSR2')
      },
      servers: servers.env,
      target: { mongoUrl: system.mongoUrl, namespace: system.namespace },
      urls: system.urls,
    }
    const { lines, restMsPerSecond } = await measureAll(bench, write)
    const found = targets(lines)
    const rss = peaks(lines)
    const rssText = Object.entries(rss).map(([name, mb]) => `${name} ${mb.toFixed(0)}`)
    write(`\nRSS at most, MB: ${rssText.join(' · ')}`)
    for (const text of [ratios(lines), found.length === 0 ? '' : showTargets(found)])
      if (text !== '') write(`\n${text}`)
    const result = {
      startedAt,
      commit: commit(),
      machine: machine(),
      options,
      restMsPerSecond,
      lines,
      rss,
      targets: found,
    }
    writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`)
    write(`\nWritten to ${file}${options.isProfiled ? `; profiles in ${profiles}` : ''}`)
    return lines.some(({ errors }) => Object.keys(errors).length > 0) ? 1 : 0
  } finally {
    http.close()
    await system.stop()
  }
}

/** Code is compiled and connections stand before anything is counted: V8 optimises what has run some hundred times. */
const WARM_UP = { clients: 32, operations: 1_000, longestMs: 20_000 }

async function measureAll(
  bench: Omit<Bench, 'meter' | 'rest'> & { readonly warmedUp: () => void },
  write: (line: string) => void,
): Promise<{ lines: Line[]; restMsPerSecond: number }> {
  const { options, shop, watched, warmedUp } = bench
  const meter = createMeter(watched)
  const flows = options.only.includes('products') ? [shop.products] : []
  if (options.orders !== undefined || options.only.some((name) => name !== 'products' && name !== 'parts'))
    flows.push(shop.checkout)
  for (const flow of flows) await warmUp(flow, Math.min(WARM_UP.longestMs, 4 * options.lineMs))
  // Longer than a sweep of the services, so that each sample holds its share of the background work.
  const rest = await measureRest(meter, options.lineMs < 2_500 ? 1_000 : 2_500)
  write(`\nAt rest all processes together use ${rest.toFixed(0)} ms of CPU per second.\n\n${header()}`)
  warmedUp()
  const lines: Line[] = []
  const ready = { ...bench, meter, rest }
  const makers =
    options.orders === undefined
      ? options.only.map((name) => lineMakers[name](ready))
      : [manyOrders(ready, options.orders, write)]
  for (const maker of makers) {
    for await (const line of maker) {
      lines.push(line)
      write(row(line))
      for (const [reason, count] of Object.entries(line.errors)) write(`    ${count} × ${reason}`)
    }
  }
  return { lines, restMsPerSecond: rest }
}

async function warmUp(operation: Operation, longestMs: number): Promise<void> {
  let left = WARM_UP.operations
  await drive(WARM_UP.clients, longestMs, (client) => {
    left -= 1
    return left < 0 ? Promise.resolve('ended') : operation(client)
  })
}

function machine(): string {
  return `${availableParallelism()} × ${cpus()[0]?.model ?? 'CPU'}, Node ${process.version}`
}
