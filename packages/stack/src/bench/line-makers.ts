import type { ServerVariable } from '../servers/server.ts'
import type { Urls } from '../system.ts'
import { drive, type Operation } from './drive.ts'
import type { HttpClient } from './http-client.ts'
import { type Line, measureLine, type Rest } from './measure.ts'
import type { BenchOptions, Measurement } from './options.ts'
import { openParts } from './parts.ts'
import { createMeter, type Meter, type Watched } from './process-usage.ts'
import type { SeedTarget } from './seed-orders.ts'
import type { ShopOperations } from './shop-operations.ts'

/** What the lines are measured on. */
export interface Bench {
  readonly options: BenchOptions
  readonly http: HttpClient
  readonly shop: ShopOperations
  readonly urls: Urls
  /** Where to write orders straight into the databases. */
  readonly target: SeedTarget
  readonly servers: Readonly<Record<ServerVariable, string>>
  /** The processes whose CPU and memory count. */
  readonly watched: () => readonly Watched[]
  readonly meter: Meter
  readonly rest: Rest
}

/** As many as stay open for a while when Toss hangs under a busy shop. */
const HANGING_CONFIRMS = 64
/** Enough that Toss's look at one of them is seldom asked for twice at a time. */
const RUNG_ORDERS = 200

/** Measurement → its lines, one after the other. */
export const lineMakers: Readonly<Record<Measurement, (bench: Bench) => AsyncGenerator<Line>>> = {
  async *parts(bench) {
    const { options, http, servers, urls } = bench
    const { text } = await http.get(`${urls.gateway}/api/products`)
    const parts = await openParts(servers, text, http)
    try {
      for (const part of parts) {
        const meter = createMeter(() => [...bench.watched(), ...part.processes()])
        await part.drive(16, options.lineMs / 4)
        for (const clients of options.clients) {
          yield await measureLine({ name: part.name, clients }, meter, bench.rest, () =>
            part.drive(clients, options.lineMs / 2),
          )
        }
      }
    } finally {
      for (const part of parts) part.close()
    }
  },

  async *products({ options, shop, meter, rest }) {
    for (const clients of options.clients)
      yield await measureLine({ name: 'products', clients }, meter, rest, () =>
        drive(clients, options.lineMs, shop.products),
      )
  },

  checkout: (bench) => withDelays(bench, 'checkout', () => Promise.resolve(bench.shop.checkout)),

  webhook: (bench) => withDelays(bench, 'webhook', async () => bench.shop.webhook(await bench.shop.pay(RUNG_ORDERS))),

  cancel: (bench) =>
    withDelays(bench, 'partial cancel', async (clients) => {
      // Five refunds each; more than 200 a second were never seen on two cores.
      const count = Math.ceil((bench.options.lineMs / 1000) * 40) + clients
      return bench.shop.cancel(await bench.shop.pay(count))
    }),

  async *hanging({ options, shop, meter, rest }) {
    const hanging = await shop.hang(HANGING_CONFIRMS, Math.max(8_000, 2 * options.lineMs))
    yield await measureLine({ name: 'products, Toss hangs', clients: 16 }, meter, rest, () =>
      drive(16, options.lineMs, shop.products),
    )
    await hanging.end()
  },
}

/** One line for each number of clients and each delay of Toss; what they work on is prepared without a delay. */
async function* withDelays(
  { options, shop, meter, rest }: Bench,
  name: string,
  prepare: (clients: number) => Promise<Operation>,
): AsyncGenerator<Line> {
  for (const tossDelayMs of options.delaysMs) {
    for (const clients of options.clients) {
      const operation = await prepare(clients)
      await shop.delayToss(tossDelayMs)
      yield await measureLine({ name, clients, tossDelayMs }, meter, rest, () =>
        drive(clients, options.lineMs, operation),
      )
      await shop.delayToss(0)
    }
  }
}
