import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { drive } from './bench/drive.ts'
import { numberOption } from './number-option.ts'
import { startRecorder } from './proof/run-report.ts'
import { versionsOf } from './proof/versions.ts'
import { judge } from './soak/judge.ts'
import type { SoakResult } from './soak/result.ts'
import { shopOnce } from './soak/shopper.ts'
import { soak } from './soak/soak.ts'
import { StackError } from './stack-error.ts'
import { audited } from './testing/audit.ts'
import { booksEqual } from './testing/books.ts'
import { namespace } from './testing/namespace.ts'
import { openShop, type Shop } from './testing/shop.ts'
import { startSystem } from './testing/system.ts'
import { withServers } from './with-servers.ts'

const usage = `usage: npm run soak -- [options]
Buys at half of what the system can do while Toss spoils one purchase in twenty, and looks whether anything grows that should
not: memory, handles, what an order leaves behind, waiting. Then both sides' books are compared. Exit code 1 when anything is wrong.
  --minutes=30   how long
  --rate=N       purchases a second, instead of half of the capacity, which is measured first
  --keep         keeps the report for docs/guarantees.md`

const CLIENTS = 16
/** Code is compiled and connections stand before the capacity is measured. */
const WARM_UP_MS = 15_000
const CAPACITY_MS = 15_000
/** A rate that was not kept shows nothing of that rate. */
const KEPT_RATE = 0.9
const TOLD = 10

/** `npm run soak`. Resolves with the exit code. */
export async function runSoak(args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({ args: [...args], options: { minutes: text, rate: text, keep: flag, help: flag } })
  if (values.help) {
    console.log(usage)
    return 0
  }
  if (process.platform !== 'linux') throw new StackError('the soak reads /proc, which only Linux has')
  const minutes = numberOption('minutes', values.minutes ?? '30', 0.5, 24 * 60)
  const told = values.rate === undefined ? undefined : numberOption('rate', values.rate, 0.1, 1_000)
  const recorder = startRecorder('soak', args)
  return withServers(
    'soak',
    async ({ servers, folder, signal }) => {
      const system = await startSystem({ namespace: namespace(), env: servers.env })
      try {
        const shop = openShop(system.urls)
        const rate = told ?? (await capacityOf(shop)) / 2
        console.log(`${rate.toFixed(1)} purchases a second for ${minutes} minutes`)
        const { purchases, sizes, failures, achievedRate } = await soak({
          shop,
          rate,
          seconds: minutes * 60,
          processes: () => [...system.processes(), ...servers.processes()],
          servers: servers.env,
          namespace: system.namespace,
          kafkaFolder: join(folder, 'data', 'kafka', 'log'),
          report: console.log,
          signal,
        })
        const { rows, problems } = judge(sizes, purchases, minutes * 60)
        const all = [...problems, ...failures.slice(0, TOLD)]
        if (achievedRate < KEPT_RATE * rate) all.push(`only ${achievedRate.toFixed(1)} purchases a second were begun`)
        for (const look of [booksEqual, audited]) await look(system).catch((error: unknown) => all.push(String(error)))
        const result: SoakResult = {
          minutes,
          rate,
          purchases: purchases.length,
          faulty: purchases.filter(({ isFaulty }) => isFaulty).length,
          failures: failures.length,
          rows,
          problems: all,
        }
        if (signal.aborted) return 1
        const of = { versions: await versionsOf(servers.env), isKept: values.keep }
        const file = recorder.write('soak', result, of)
        for (const { what, early, late } of rows)
          console.log(`${what.padEnd(44)} ${early.toFixed(1).padStart(10)} → ${late.toFixed(1).padStart(10)}`)
        console.log(
          `\n${result.purchases} purchases, ${result.faulty} spoilt by Toss, ${result.failures} failed; ${file}`,
        )
        for (const problem of all) console.log(`FAILED ${problem}`)
        return all.length === 0 ? 0 : 1
      } finally {
        await system.stop()
      }
    },
    // Their sizes are read from their own folders.
    { told: {} },
  )
}

/** Purchases a second of as many clients as can. */
async function capacityOf(shop: Shop): Promise<number> {
  let number = 0
  const buy = async () => {
    number += 1
    await shopOnce(shop, number, Number.POSITIVE_INFINITY)
    return 'done' as const
  }
  await drive(CLIENTS, WARM_UP_MS, buy)
  const { ok, seconds } = await drive(CLIENTS, CAPACITY_MS, buy)
  if (ok === 0) throw new StackError('nothing could be bought')
  console.log(`capacity: ${(ok / seconds).toFixed(1)} purchases a second of ${CLIENTS} clients`)
  return ok / seconds
}
