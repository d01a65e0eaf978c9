import { setTimeout as sleep } from 'node:timers/promises'
import type { ProcessEntry } from '../fleet.ts'
import type { ServerVariable } from '../servers/server.ts'
import type { Shop } from '../testing/shop.ts'
import type { Timed } from './judge.ts'
import { shopOnce } from './shopper.ts'
import { readSizes, type Sizes } from './sizes.ts'

/** Toss spoils one purchase in twenty: 5 %. */
const FAULT_EVERY = 20
const SAMPLE_MS = 5_000
/** With a backlog of more, the rate is none that the system can keep. */
const MOST_AT_A_TIME = 200

export interface Soaked {
  readonly purchases: readonly Timed[]
  readonly sizes: readonly Sizes[]
  /** What became of purchases that were not made. */
  readonly failures: readonly string[]
  /** Purchases a second that were begun. */
  readonly achievedRate: number
}

/** Buys at the rate, whatever the answers take, and looks every few seconds how much everything takes. */
export async function soak(options: {
  shop: Shop
  rate: number
  seconds: number
  processes: () => readonly ProcessEntry[]
  servers: Readonly<Record<ServerVariable, string>>
  namespace: string
  kafkaFolder: string
  report: (line: string) => void
  signal: AbortSignal
}): Promise<Soaked> {
  const { shop, rate, seconds, processes, servers, namespace, kafkaFolder, report, signal } = options
  const startedAt = performance.now()
  const now = () => (performance.now() - startedAt) / 1000
  const isOver = () => signal.aborted || now() >= seconds
  const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined)
  const purchases: Timed[] = []
  const failures: string[] = []
  const sizes: Sizes[] = []
  const underWay = new Set<Promise<unknown>>()
  let begun = 0
  const buying = async () => {
    while (!isOver()) {
      if (underWay.size >= MOST_AT_A_TIME) await Promise.race(underWay)
      begun += 1
      const one = shopOnce(shop, begun, FAULT_EVERY).then(
        (purchase) => purchases.push({ ...purchase, at: now() }),
        (error: unknown) => failures.push(String(error)),
      )
      underWay.add(one)
      void one.finally(() => underWay.delete(one))
      await pause(Math.max(0, (begun / rate - now()) * 1000))
    }
    await Promise.all(underWay)
  }
  const sampling = async () => {
    for (let nextTold = 60; !isOver(); await pause(SAMPLE_MS)) {
      sizes.push(await readSizes({ at: now(), processes: processes(), servers, namespace, kafkaFolder }))
      if (now() < nextTold) continue
      report(`${(now() / 60).toFixed(0)} min: ${purchases.length} purchases, ${failures.length} failed`)
      nextTold += 60
    }
  }
  await Promise.all([buying(), sampling()])
  return { purchases, sizes, failures, achievedRate: begun / seconds }
}
