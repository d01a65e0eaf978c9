import { cloudEvent } from '@checkout/contracts/events'
import type { LoggedMessage } from '@checkout/messaging/log-reader'
import { describe, expect, it } from '@jest/globals'
import type { AuditedOrder, AuditedPayment, TossRow } from './records.ts'
import { runAudit } from './run-audit.ts'
import { firstOrderIdAt, isIn, type Scope, type Sources } from './sources.ts'

/** AUDIT_TEST_ORDERS=1000000 measures a big shop; what it must hold is the same. */
const ORDERS = Number(process.env.AUDIT_TEST_ORDERS ?? 6_000)
const START = Date.parse('2026-03-01T00:00:00Z')
const expiresAt = new Date('2100-01-01')
const idAt = (index: number) => firstOrderIdAt(new Date(START + index))
const AMOUNT = 1_000
/** Whose order has another status than the log, whose event is missing in Kafka, and what Toss holds for nobody. */
const WRONG = 1_234
const UNSENT = 2_345
const ORPHAN = 3_456

/** A system made while it is read, so that its size costs no memory but the audit's own. */
const sources = (orders: number): Sources => {
  const made = async function* <T>(scope: Scope, make: (index: number, orderId: string) => T | undefined) {
    for (let index = 0; index < orders; index += 1) {
      const orderId = idAt(index)
      const item = isIn(scope, orderId) ? make(index, orderId) : undefined
      if (item !== undefined) yield item
    }
  }
  const message = (topic: LoggedMessage['topic'], index: number, event: object): LoggedMessage => ({
    topic,
    partition: index % 6,
    offset: String(Math.floor(index / 6)),
    key: idAt(index),
    value: Buffer.from(JSON.stringify(event)),
    headers: {},
    at: new Date(START),
  })
  const eventOf = (topic: string, index: number) => {
    const [orderId, at] = [idAt(index), new Date(START + index)]
    const shared = { service: 'test', subject: orderId, time: at }
    if (topic === 'order.created') {
      const data = {
        orderId,
        amountKrw: AMOUNT,
        currency: 'KRW' as const,
        lines: [],
        createdAt: at.toISOString(),
        expiresAt: at.toISOString(),
      }
      return cloudEvent('order.created', { ...shared, id: `${orderId}:1`, data })
    }
    const data = {
      paymentId: `pay-${index}`,
      orderId,
      version: 1,
      status: 'PAID',
      previousStatus: 'CONFIRMING',
      amountKrw: AMOUNT,
      refundedKrw: 0,
      occurredAt: at.toISOString(),
    } as const
    return cloudEvent('payment.status-changed', { ...shared, id: `pay-${index}:1`, data })
  }
  return {
    now: () => Promise.resolve(new Date(START)),
    orders: (scope) =>
      made(scope, (index, _id): AuditedOrder | undefined =>
        index === ORPHAN
          ? undefined
          : {
              _id,
              amountKrw: AMOUNT,
              lines: [],
              status: index === WRONG ? 'FAILED' : 'PAID',
              paymentVersion: 1,
              expiresAt,
              outbox: [],
            },
      ),
    payments: (scope) =>
      made(scope, (index, orderId): AuditedPayment | undefined =>
        index === ORPHAN
          ? undefined
          : {
              _id: `pay-${index}`,
              orderId,
              amountKrw: AMOUNT,
              status: 'PAID',
              version: 1,
              expiresAt,
              attempts: [],
              paymentKey: `pk-${index}`,
              refundedKrw: 0,
              reservedKrw: 0,
              refunds: [],
              history: [{ version: 1 }],
              outbox: [],
            },
      ),
    webhooks: () => Promise.resolve([]),
    stuckWebhooks: () => Promise.resolve([]),
    tossRows: () =>
      made({}, (index, orderId): TossRow => {
        const [transactionKey, paymentKey] = [`tx-${index}`, `pk-${index}`]
        return { transactionKey, paymentKey, orderId, status: 'DONE', amountKrw: AMOUNT, currency: 'KRW', at: START }
      }),
    tossPayment: () => Promise.resolve(undefined),
    beginning: () => Promise.resolve(new Date(START)),
    topics: () => Promise.resolve(['order.created', 'payment.status-changed']),
    ranges: () => Promise.resolve([{ partition: 0, from: 0, to: 0 }]),
    messages: (topic, _ranges, keys) =>
      made({ only: keys }, (index) =>
        (index === UNSENT && topic === 'payment.status-changed') || index === ORPHAN
          ? undefined
          : message(topic, index, eventOf(topic, index)),
      ),
    committed: () => Promise.resolve(new Map()),
  }
}

describe('an audit', () => {
  it('finds the few that are wrong among very many, in memory that does not grow with them', async () => {
    globalThis.gc?.()
    const before = process.memoryUsage().rss
    let peak = 0
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss - before)
    }, 20)
    const startedAt = performance.now()
    const result = await runAudit(sources(ORDERS), { scope: {}, isDeep: false, waitMs: 10, report: () => undefined })
    clearInterval(watch)
    const seconds = (performance.now() - startedAt) / 1000
    process.stdout.write(`${ORDERS} orders in ${seconds.toFixed(1)} s, ${Math.round(peak / 1e6)} MB more at most\n`)

    expect(result.orders).toBe(ORDERS)
    const red = result.invariants.filter(({ offenders }) => offenders > 0)
    expect(red.map(({ id, violations }) => [id, violations.map(({ subject }) => subject)])).toEqual([
      ['I2', [idAt(WRONG), idAt(ORPHAN)].toSorted()],
      ['I12', [idAt(UNSENT)]],
      ['I14', expect.arrayContaining([idAt(WRONG)])],
    ])
    expect(peak).toBeLessThan(400e6)
  }, 900_000)

  it('is of some orders alone when they are named, or made in a window', async () => {
    const wait = { isDeep: false, waitMs: 0, report: () => undefined }
    const named = await runAudit(sources(3_000), { scope: { only: new Set([idAt(7)]) }, ...wait })
    expect([named.orders, named.invariants.every(({ offenders }) => offenders === 0)]).toEqual([1, true])
    const since = new Date(START + 1_000)
    const scope = { fromKey: firstOrderIdAt(since), toKey: firstOrderIdAt(new Date(START + 1_500)), since }
    const window = await runAudit(sources(3_000), { scope, ...wait })
    expect(window.orders).toBe(500)
    expect(window.invariants.filter(({ offenders }) => offenders > 0).map(({ id }) => id)).toEqual(['I2', 'I14'])
  })
})
