import { randomUUID } from 'node:crypto'
import { AppError } from '@checkout/contracts/errors'
import type { TossWebhookReceived } from '@checkout/contracts/events'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { connectMongo } from '@checkout/runtime/mongo'
import type { Payment } from '../../src/domain/payment.ts'
import { ringLost } from '../../src/jobs.ts'
import { openPayment } from '../../src/open-payment.ts'
import { receiveWebhook } from '../../src/receive-webhook.ts'
import { createPaymentStore } from '../../src/store.ts'
import { createToss } from '../../src/toss.ts'
import { createWebhookEventStore } from '../../src/webhook-events.ts'
import { Died, type Fate } from './process.ts'
import { type Deps, type PlacedOrder, type Service, startService, track } from './service.ts'
import { openTossRoad, type TossRoad } from './toss-road.ts'
import { stepProblems } from './versions.ts'

const MINUTE_MS = 60_000
/** How long an order waits for its payment. */
const ORDER_TTL_MS = 40 * MINUTE_MS
/** More steps than any story needs from the end of all faults to rest. */
const MAX_STEPS_TO_REST = 500
/** A client asks again at least so often; a step that is longer than this would skip its turn. */
const MAX_STEP_MS = 60 * MINUTE_MS
/** Behind the last look at a confirm that was given up. */
const REST_MS = 26 * 60 * MINUTE_MS

/** The payment service on MongoDB and the simulator, with a clock that can be advanced and processes that can be ended. */
export class World {
  readonly toss: TossRoad
  /** What no process may ever do, seen while it was done. */
  problems: string[] = []
  readonly #db: Awaited<ReturnType<typeof connectMongo>>
  readonly #store: ReturnType<typeof createPaymentStore>
  readonly #webhookEvents: ReturnType<typeof createWebhookEventStore>
  readonly #callToss: ReturnType<typeof createToss>
  readonly #orders = new Map<string, PlacedOrder>()
  #redelivered: (() => Promise<void>)[] = []
  #stopped: Service[] = []
  /** Every process that there was. */
  #services: Service[] = []
  #skippedMs = 0
  #service: Service

  static async open(mongoUrl: string, namespace: string): Promise<World> {
    const log = createLogger('payment-model', 'silent')
    const world = new World(
      await openTossRoad(),
      await connectMongo({ url: mongoUrl, namespace, database: 'payment', log }),
    )
    await world.#store.createIndexes()
    await world.#webhookEvents.createIndexes()
    return world
  }

  private constructor(toss: TossRoad, db: Awaited<ReturnType<typeof connectMongo>>) {
    this.toss = toss
    this.#db = db
    const clock = { now: () => this.now, close: () => undefined }
    this.#store = createPaymentStore(db.connection, clock, (before, after) =>
      this.problems.push(...stepProblems(before, after)),
    )
    this.#webhookEvents = createWebhookEventStore(db.connection, clock)
    this.#callToss = createToss({
      baseUrl: toss.baseUrl,
      secretKey: toss.secretKey,
      timeoutMs: 20_000,
      maxCalls: 64,
      // Its own tests are elsewhere: here every call is to be made.
      breakerFailures: 1_000_000,
      breakerResetMs: 1,
      log: this.#log,
      metrics: createMetrics('payment-model'),
      onRecovered: () => undefined,
    })
    this.#service = this.#start()
  }

  get now(): Date {
    return new Date(Date.now() + this.#skippedMs)
  }

  get #log() {
    const error = ({ err }: { err: unknown }) => {
      if (!(err instanceof Died)) this.problems.push(`a bug: ${String(err)}`)
    }
    return Object.assign(createLogger('payment-model', 'silent'), { error })
  }

  #start(): Service {
    const service = startService({
      store: this.#store,
      webhookEvents: this.#webhookEvents,
      toss: this.#callToss,
      clock: { now: () => this.now },
      log: this.#log,
      orders: this.#orders,
    })
    this.#services.push(service)
    return service
  }

  /** From here on the order exists; the payment service hears of it when order.created arrives, or when it asks. */
  place(amountKrw: number): PlacedOrder {
    const orderId = `ORD-${randomUUID()}`
    const order = { orderId, amountKrw, expiresAt: new Date(this.now.getTime() + ORDER_TTL_MS) }
    this.#orders.set(orderId, order)
    return order
  }

  /** The present process meets this fate at its n-th call from now. */
  arm(fate: Fate, calls: number): void {
    this.#service.mortal.arm(fate, calls)
  }

  /** What a client is answered; undefined when the process was gone before. Then another one is there for the next. */
  async ask<T>(request: (deps: Deps) => Promise<T>): Promise<T | AppError | undefined> {
    const { mortal, deps, running } = this.#service
    const answer = request(deps).catch((error: unknown) => {
      if (error instanceof AppError) return error
      if (error instanceof Died) return undefined
      throw error
    })
    track(running, answer)
    return Promise.race([answer, mortal.gone.then(() => undefined)])
  }

  /** Kafka delivers until the offset is committed: what no process has ended is delivered to the next. */
  async deliver(message: (deps: Deps) => Promise<void>): Promise<void> {
    const ended = await this.ask((deps) => message(deps).then(() => 'ended'))
    if (ended === 'ended') return
    this.#redelivered.push(() => this.deliver(message))
  }

  announceOrder({ orderId, amountKrw, expiresAt }: PlacedOrder): Promise<void> {
    const order = { orderId, amountKrw, expiresAt: expiresAt.toISOString() }
    return this.deliver((deps) => openPayment(deps, order))
  }

  hear(webhook: TossWebhookReceived): Promise<void> {
    return this.deliver((deps) => receiveWebhook(deps, webhook))
  }

  /** Until the present process has nothing under way; one that is gone is followed by another. */
  async idle(): Promise<void> {
    const { mortal, running } = this.#service
    while (running.size > 0 && !mortal.isGone) {
      await Promise.race([Promise.allSettled(running), mortal.gone])
    }
    if (!mortal.isGone) return
    this.#stopped.push(this.#service)
    this.#service = this.#start()
  }

  /** Time passes, on both sides, and what has become due is taken up. */
  async pass(ms: number): Promise<void> {
    this.#skippedMs += ms
    await this.toss.advance(ms)
    for (const redeliver of this.#redelivered.splice(0)) await redeliver()
    await this.sweep()
  }

  async sweep(): Promise<void> {
    await this.ask(async (deps) => {
      await ringLost(deps, this.#log)
      const due = await deps.store.findDue(100)
      for (const { _id } of due) deps.settle(_id)
    })
    await this.idle()
  }

  /** Those that were stopped go on, with what they knew then. */
  async thaw(): Promise<void> {
    const stopped = this.#stopped.splice(0)
    for (const { mortal } of stopped) mortal.goOn()
    for (const { running } of stopped) await Promise.allSettled(running)
  }

  async payments(): Promise<readonly (Payment & { outbox: readonly { event: { data: unknown } }[] })[]> {
    return this.#db.connection
      .getClient()
      .db(this.#db.connection.name)
      .collection<Payment & { outbox: readonly { event: { data: unknown } }[] }>('payments')
      .find()
      .toArray()
  }

  /** When something happens by itself next. */
  async #nextAt(): Promise<Date | undefined> {
    const payments = await this.payments()
    const events = await this.#webhookEvents.findDue(-10 * REST_MS, 100)
    const instants = [
      ...payments.flatMap(({ due, lease }) => (due === undefined ? [] : [later(due, lease?.until)])),
      ...events.flatMap(({ lookAt }) => (lookAt === undefined ? [] : [new Date(lookAt.getTime() + 5_001)])),
    ]
    return instants.toSorted((a, b) => a.getTime() - b.getTime())[0]
  }

  /** No fault any more: passes time until nothing is open for `forMs`; `isOpen` is asked after each step. */
  async rest(isOpen: () => Promise<boolean>): Promise<void> {
    await this.toss.clearFaults()
    await this.thaw()
    for (let steps = 0; await isOpen(); steps += 1) {
      if (steps > MAX_STEPS_TO_REST) throw new Error(['it does not come to rest', ...this.problems].join('\n'))
      await this.#step(Number.POSITIVE_INFINITY)
    }
    const end = this.now.getTime() + REST_MS
    for (let steps = 0; this.now.getTime() < end; steps += 1) {
      if (steps > MAX_STEPS_TO_REST) throw new Error('it never stops')
      await this.#step(end)
    }
  }

  async #step(end: number): Promise<void> {
    const now = this.now.getTime()
    const next = Math.min((await this.#nextAt())?.getTime() ?? end, end, now + MAX_STEP_MS)
    await this.pass(Math.max(1, next - now + 1))
  }

  /** As if nothing had ever been; time only goes on. */
  async reset(): Promise<void> {
    await this.thaw()
    await this.idle()
    for (const { mortal } of this.#services) mortal.kill()
    for (const { mortal } of this.#services.splice(0)) await mortal.quiet()
    this.#service = this.#start()
    this.#redelivered = []
    this.#orders.clear()
    this.problems = []
    await this.toss.clearFaults()
    const database = this.#db.connection.getClient().db(this.#db.connection.name)
    for (const name of ['payments', 'webhookEvents']) await database.collection(name).deleteMany({})
  }

  async close(): Promise<void> {
    await this.#db.connection.dropDatabase()
    await this.#db.close()
    await this.toss.close()
  }
}

const later = (due: Date, until: Date | undefined): Date => (until !== undefined && until > due ? until : due)
