import { randomUUID } from 'node:crypto'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { connectMongo, type Mongo } from '@checkout/runtime/mongo'
import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Payment } from '../src/domain/payment.ts'
import { createOurBooks } from '../src/our-books.ts'
import { createReconciliationStore, type ReconciliationStore } from '../src/reconciliations.ts'
import { openNightly, type RunDeps, runNext } from '../src/run-reconciliations.ts'
import { createPaymentStore, type PaymentStore } from '../src/store.ts'
import { createToldDifferences } from '../src/told-differences.ts'
import { createToss } from '../src/toss.ts'
import { createWebhookEventStore } from '../src/webhook-events.ts'
import { samples } from './domain-samples.ts'
import { type ListedRow, seoul, serveTossList, type TossList } from './toss-list.ts'

/** RECONCILE_TEST_ROWS=100000 measures a big shop's day; what it must hold is the same. */
const ROWS = Number(process.env.RECONCILE_TEST_ROWS ?? 10_000)
const PAGE_ROWS = Number(process.env.RECONCILE_TEST_PAGE_ROWS ?? 499)
/** Of each ten rows nine are approvals, and one is a refund of the payment before it. */
const isRefund = (index: number) => index % 10 === 9
const keyOf = (index: number) => `pk-${index}`
const START = Date.parse('2026-03-01T00:00:00Z')
const DAY_MS = 24 * 3_600_000
const atOf = (index: number) => START + Math.floor((index * DAY_MS) / ROWS)
const AMOUNT = 1_000

/** What is wrong with the day: the index of the approval or refund, and how it will be told. */
const planted = {
  // Its refund is the first row of the second page.
  'missing-here': 498,
  'missing-there': 2_022,
  amount: 3_033,
  state: 4_044,
  refund: 5_059,
} as const

const log = createLogger('reconcile-test', 'silent')
let db: Mongo
let store: PaymentStore
let runs: ReconciliationStore
let list: TossList
let deps: RunDeps
const counted = { rows: 0, healed: 0 }

const rowAt = (index: number): ListedRow | undefined => {
  if (index === planted['missing-there']) return undefined
  const of = isRefund(index) ? index - 1 : index
  return {
    transactionKey: `tx-${index}`,
    paymentKey: keyOf(of),
    orderId: `ORD-${of}`,
    status: isRefund(index) ? 'PARTIAL_CANCELED' : 'DONE',
    transactionAt: seoul(atOf(index)),
    amount: isRefund(index) ? 400 : AMOUNT,
  }
}

const paymentAt = (index: number): Payment | undefined => {
  if (isRefund(index) || index === planted['missing-here']) return undefined
  const refundAt = isRefund(index + 1) && index + 1 !== planted.refund ? index + 1 : undefined
  const base = refundAt === undefined ? samples.PAID : samples.PARTIAL_REFUND
  const isFailed = index === planted.state
  return {
    ...base,
    ...(isFailed ? samples.FAILED : {}),
    _id: `pay-${index}`,
    orderId: `ORD-${index}`,
    amountKrw: index === planted.amount ? AMOUNT + 1 : AMOUNT,
    attempts: (isFailed ? samples.FAILED : base).attempts.map((attempt) => ({ ...attempt, paymentKey: keyOf(index) })),
    ...(isFailed ? {} : { paymentKey: keyOf(index), approvedAt: new Date(atOf(index)) }),
    refunds: base.refunds.map((refund) => ({
      ...refund,
      transactionKey: `tx-${refundAt}`,
      refundedAt: new Date(atOf(refundAt ?? 0)),
    })),
  }
}

/** The payment as its rows have left it; one that is not listed is not known. */
const atToss = (paymentKey: string): object | undefined => {
  const index = Number(paymentKey.replace('pk-', ''))
  if (!Number.isInteger(index) || rowAt(index) === undefined) return undefined
  const cancel = { transactionKey: `tx-${index + 1}`, cancelAmount: 400, canceledAt: seoul(atOf(index + 1)) }
  const cancels = isRefund(index + 1) ? [cancel] : []
  return {
    paymentKey,
    orderId: `ORD-${index}`,
    status: cancels.length === 0 ? 'DONE' : 'PARTIAL_CANCELED',
    totalAmount: AMOUNT,
    balanceAmount: AMOUNT - 400 * cancels.length,
    currency: 'KRW',
    approvedAt: seoul(atOf(index)),
    cancels,
  }
}

beforeAll(async () => {
  db = await connectMongo({ url: process.env.MONGO_URL ?? '', namespace: namespace(), database: 'payment', log })
  store = createPaymentStore(db.connection, db.clock, () => undefined)
  runs = createReconciliationStore(db.connection, db.clock)
  const webhookEvents = createWebhookEventStore(db.connection, db.clock)
  const told = createToldDifferences(db.connection)
  await Promise.all([store.createIndexes(), runs.createIndexes(), webhookEvents.createIndexes(), told.createIndexes()])
  for (let from = 0; from < ROWS; from += 5_000) {
    const some = Array.from({ length: 5_000 }, (_, index) => paymentAt(from + index)).filter((one) => one !== undefined)
    await store.collection.insertMany(some.map((payment) => ({ ...payment, outbox: [] })) as never[], {
      ordered: false,
    })
  }
  list = await serveTossList(ROWS, rowAt, atToss)
  const toss = createToss({
    baseUrl: list.url,
    secretKey: 'test_sk_local',
    timeoutMs: 30_000,
    maxCalls: 64,
    breakerFailures: 1_000,
    breakerResetMs: 1_000,
    log,
    metrics: createMetrics('reconcile-test'),
    onRecovered: () => undefined,
  })
  deps = {
    runs,
    clock: db.clock,
    log,
    newId: randomUUID,
    config: { leaseMs: 15_000, overlapMs: 0, nightlyAt: 0 },
    reconcile: {
      runs,
      told,
      toss,
      books: createOurBooks(store.collection),
      store,
      webhookEvents,
      orders: { GetOrder: () => Promise.reject(new Error('a dry run asks for no order')) },
      clock: db.clock,
      log,
      newId: randomUUID,
      hint: () => undefined,
      count: ({ rows }) => {
        counted.rows += rows
      },
      config: { pageRows: PAGE_ROWS, waitMs: 2_000, freshMs: 0, lookSpacingMs: 10 },
    },
  }
}, 240_000)

afterAll(async () => {
  list.close()
  await db.connection.dropDatabase()
  await db.close()
})

const day = { from: new Date(START), to: new Date(START + DAY_MS), isApplied: false, kind: 'OPERATOR' as const }
const never = new AbortController().signal

describe('a day compared with Toss', () => {
  it('is read page by page, in memory that does not grow with it, and tells each of its differences once', async () => {
    const id = randomUUID()
    await runs.insert({ _id: id, ...day })
    globalThis.gc?.()
    const before = process.memoryUsage()
    let peak = 0
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss - before.rss)
    }, 20)
    const startedAt = performance.now()
    expect(await runNext(deps, never)).toBe(true)
    clearInterval(watch)
    const seconds = (performance.now() - startedAt) / 1000
    process.stdout.write(`${ROWS} rows in ${seconds.toFixed(1)} s, ${Math.round(peak / 1e6)} MB more at most\n`)

    const report = await runs.find(id)
    expect(report).toMatchObject({ status: 'DONE', rows: ROWS - 1, healed: {} })
    expect(report?.open).toEqual({ 'missing-here': 1, 'missing-there': 1, amount: 1, state: 1, refund: 1 })
    const told = Object.fromEntries((report?.differences ?? []).map((one) => [one.class, one.paymentKey]))
    expect(told).toEqual({
      'missing-here': keyOf(planted['missing-here']),
      'missing-there': keyOf(planted['missing-there']),
      amount: keyOf(planted.amount),
      state: keyOf(planted.state),
      refund: keyOf(planted.refund - 1),
    })
    // What fits costs no call: nothing was asked but the pages and what was suspect.
    expect(list.asked.filter((path) => path !== '/v1/transactions').length).toBeLessThan(30)
    expect(peak).toBeLessThan(200e6)
  }, 240_000)

  it('goes on where it stopped when Toss gives no page or its process dies, and counts no row twice', async () => {
    const id = randomUUID()
    await runs.insert({ _id: id, ...day })
    counted.rows = 0
    const dying = new AbortController()
    const { save } = deps.reconcile.runs
    let pages = 0
    const saving: RunDeps['reconcile']['runs'] = {
      save: async (...page) => {
        await save(...page)
        pages += 1
        // Toss is away for one page, just where a payment's rows go on, and some pages later the process ends.
        if (pages === 1) list.failPages(1)
        if (pages === 7) dying.abort()
      },
    }
    const mortal: RunDeps = { ...deps, reconcile: { ...deps.reconcile, runs: saving } }
    await runNext(mortal, dying.signal)
    expect(await runs.find(id)).toMatchObject({ status: 'RUNNING', rows: PAGE_ROWS, trouble: '500 COMMON_ERROR' })
    // Nobody takes it up before it is time, and then one does.
    expect(await runNext(mortal, dying.signal)).toBe(false)
    const free = () =>
      db.connection.collection('reconciliations').updateMany({}, { $set: { 'lease.until': new Date(0) } })
    await free()
    await runNext(mortal, dying.signal)
    expect(await runs.find(id)).toMatchObject({ status: 'RUNNING', rows: 7 * PAGE_ROWS, trouble: 'handed over' })
    await free()
    const taken = await Promise.all([runNext(deps, never), runNext(deps, never), runNext(deps, never)])
    expect(taken.filter(Boolean)).toHaveLength(1)
    expect(await runs.find(id)).toMatchObject({ status: 'DONE', rows: ROWS - 1 })
    expect((await runs.find(id))?.open).toEqual({
      'missing-here': 1,
      'missing-there': 1,
      amount: 1,
      state: 1,
      refund: 1,
    })
    expect(counted.rows).toBe(ROWS - 1)
  }, 240_000)

  it('is opened once for each night, however many replicas see the time', async () => {
    await Promise.all(Array.from({ length: 10 }, () => openNightly(deps)))
    const nights = await db.connection.collection('reconciliations').find({ kind: 'NIGHTLY' }).toArray()
    expect(nights).toMatchObject([{ status: 'RUNNING', isApplied: true }])
    await openNightly({ ...deps, config: { ...deps.config, nightlyAt: undefined } })
    expect(await db.connection.collection('reconciliations').countDocuments({ kind: 'NIGHTLY' })).toBe(1)
  })
})
