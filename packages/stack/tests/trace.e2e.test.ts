import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Kafka, logLevel, Partitioners } from 'kafkajs'
import { stopAudited } from '../src/testing/audit.ts'
import { eventually } from '../src/testing/eventually.ts'
import { namespace } from '../src/testing/namespace.ts'
import { type ReceivedSpan, startOtlpReceiver } from '../src/testing/otlp-receiver.ts'
import { openShop, type Shop } from '../src/testing/shop.ts'
import { startSystem, type TestSystem } from '../src/testing/system.ts'

const patience = { timeoutMs: 90_000 }

let receiver: Awaited<ReturnType<typeof startOtlpReceiver>>
let system: TestSystem
let shop: Shop

beforeAll(async () => {
  receiver = await startOtlpReceiver()
  system = await startSystem({
    namespace: namespace(),
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ORDER_PRODUCT_CACHE_MS: '0' },
  })
  shop = openShop(system.urls)
}, 120_000)
afterAll(async () => {
  await stopAudited(system)
  await receiver.close()
}, 180_000)

const traceIdOf = (orderId: string) => createHash('sha256').update(orderId).digest('hex').slice(0, 32)
const inTrace = (traceId: string) => receiver.spans.filter((span) => span.traceId === traceId)

/** From this span up to the first of its trace. */
const chainOf = (span: ReceivedSpan | undefined): string[] => {
  if (span === undefined) return []
  const parent = receiver.spans.find(({ traceId, spanId }) => traceId === span.traceId && spanId === span.parentSpanId)
  return [`${span.service}: ${span.name}`, ...chainOf(parent)]
}
const chainsOf = (traceId: string, name: string) =>
  inTrace(traceId)
    .filter((span) => span.name === name)
    .map(chainOf)

describe('a purchase', () => {
  let orderId: string
  let traceId: string

  beforeAll(async () => {
    const ordered = await shop.orderProducts([{ productId: 1, quantity: 2 }])
    orderId = ordered.body.orderId ?? ''
    traceId = traceIdOf(orderId)
    const amount = ordered.body.totalAmountKrw ?? 0
    const { paymentKey } = (await shop.openWindow({ orderId, amount })).body
    expect((await shop.confirm({ orderId, amount, paymentKey })).body).toMatchObject({ status: 'PAID' })
    // The first look that a webhook has led to, and what came of the status that the payment announced.
    await eventually(() => {
      const names = inTrace(traceId).map(({ service, name }) => `${service}: ${name}`)
      expect(names).toContain('order: process payment.status-changed')
      expect(names).toContain('payment: toss get')
      expect(names).toContain('payment: process toss.webhook-received')
    }, patience)
  }, 150_000)

  it('is one trace over all five services, and nothing else is traced meanwhile', async () => {
    await eventually(() => {
      const services = new Set(inTrace(traceId).map((span) => span.service))
      expect([...services].sort()).toEqual(['api-gateway', 'catalog', 'order', 'payment', 'webhook-gateway'])
    }, patience)
    expect(new Set(receiver.spans.map((span) => span.traceId))).toEqual(new Set([traceId]))
  }, 100_000)

  it('begins with the request that made the order, and each later span has its cause', async () => {
    // Spans of one trace come from five processes, each in its own time.
    await eventually(() => {
      const orphans = inTrace(traceId).filter((span) => !chainOf(span).at(-1)?.endsWith('POST /api/order-commands'))
      expect(orphans).toEqual([])
    }, patience)
    expect(inTrace(traceId).filter(({ parentSpanId }) => parentSpanId === '')).toHaveLength(1)
  }, 100_000)

  it('leads from the order over gRPC to the catalog', () => {
    expect(chainsOf(traceId, 'catalog.v1.CatalogService/GetProducts')).toContainEqual([
      'catalog: catalog.v1.CatalogService/GetProducts',
      'order: catalog.v1.CatalogService/GetProducts',
      'order: order.v1.OrderService/CreateOrder',
      'api-gateway: order.v1.OrderService/CreateOrder',
      'api-gateway: POST /api/order-commands',
    ])
  })

  it('leads from the order through its outbox and Kafka to the payment', () => {
    expect(chainsOf(traceId, 'process order.created')).toEqual([
      [
        'payment: process order.created',
        'order: publish order.created',
        'order: order.v1.OrderService/CreateOrder',
        'api-gateway: order.v1.OrderService/CreateOrder',
        'api-gateway: POST /api/order-commands',
      ],
    ])
  })

  it('leads from the confirm to the one call that takes the money, and from its outcome back to the order', async () => {
    const toToss = [
      'payment: settle',
      'payment: payment.v1.PaymentService/ConfirmPayment',
      'api-gateway: payment.v1.PaymentService/ConfirmPayment',
      'api-gateway: POST /api/payments/confirm',
      'api-gateway: POST /api/order-commands',
    ]
    expect(chainsOf(traceId, 'toss confirm')).toEqual([['payment: toss confirm', ...toToss]])
    await eventually(
      () =>
        expect(chainsOf(traceId, 'process payment.status-changed')).toContainEqual([
          'order: process payment.status-changed',
          'payment: publish payment.status-changed',
          ...toToss,
        ]),
      patience,
    )
    const [confirm] = inTrace(traceId).filter(({ name }) => name === 'toss confirm')
    expect(confirm).toMatchObject({ status: 0, attributes: { 'toss.outcome': '200' } })
  }, 100_000)

  it('goes on with a webhook: from its arrival through Kafka and the queue to the look at Toss', async () => {
    const { paymentKey } = (await shop.books(orderId)).body.payments[0] ?? { paymentKey: '' }
    await shop.happen(paymentKey, 'webhook')
    await eventually(
      () =>
        expect(chainsOf(traceId, 'toss get')).toContainEqual([
          'payment: toss get',
          'payment: settle',
          'payment: process payment.settle',
          'payment: publish payment.settle',
          'payment: process toss.webhook-received',
          'webhook-gateway: publish toss.webhook-received',
          'webhook-gateway: POST /api/webhooks/toss',
          'api-gateway: POST /api/order-commands',
        ]),
      patience,
    )
  }, 120_000)

  it('is found from the logs of every service that had to do with it', async () => {
    for (const service of ['api-gateway', 'webhook-gateway'] as const)
      await eventually(() => {
        const lines = readFileSync(system.logs(service), 'utf8').split('\n')
        const about = lines.filter((line) => line.includes(orderId)).map((line): unknown => JSON.parse(line))
        expect(about.length).toBeGreaterThan(0)
        for (const line of about) expect(line).toMatchObject({ trace_id: traceId })
      }, patience)
  })

  it('tells no paymentKey, and no order id but as what it is', () => {
    const text = JSON.stringify(
      receiver.spans.map(({ attributes: { 'order.id': _, ...others }, ...span }) => ({ ...span, others })),
    )
    expect(text).not.toContain('tgen_')
    expect(text).not.toContain(orderId)
  })
})

describe('a shop that traces its own requests', () => {
  it('sees them in its own trace, and they lead to the order, whose trace is as whole as any', async () => {
    const shopTrace = randomBytes(16).toString('hex')
    const shopSpan = randomBytes(8).toString('hex')
    const headers = { 'content-type': 'application/json', traceparent: `00-${shopTrace}-${shopSpan}-01` }
    const send = async (path: string, body: object) => {
      const answer = await fetch(system.urls.gateway + path, { method: 'POST', headers, body: JSON.stringify(body) })
      return (await answer.json()) as { orderId: string; status: string }
    }
    const { orderId } = await send('/api/orders', { amount: 5_000 })
    const { paymentKey } = (await shop.openWindow({ orderId, amount: 5_000 })).body
    expect(await send('/api/payments/confirm', { orderId, paymentKey, amount: 5_000 })).toMatchObject({
      status: 'PAID',
    })

    const traceId = traceIdOf(orderId)
    await eventually(() => {
      const requests = inTrace(shopTrace).filter(({ parentSpanId }) => parentSpanId === shopSpan)
      expect(requests.map(({ name }) => name).sort()).toEqual(['POST /api/orders', 'POST /api/payments/confirm'])
      const [settle] = inTrace(traceId).filter(({ name }) => name === 'settle')
      expect(chainOf(settle)).toEqual(['payment: settle', 'order: order'])
      const cause = inTrace(shopTrace).find(({ spanId }) => spanId === settle?.links[0]?.spanId)
      expect(chainOf(cause)).toEqual([
        'payment: payment.v1.PaymentService/ConfirmPayment',
        'api-gateway: payment.v1.PaymentService/ConfirmPayment',
        'api-gateway: POST /api/payments/confirm',
      ])
      expect(chainsOf(traceId, 'process order.created')).toEqual([
        ['payment: process order.created', 'order: publish order.created', 'order: order'],
      ])
    }, patience)
  }, 120_000)
})

describe('the metrics', () => {
  /** All series of all services: name and labels as Prometheus writes them, and the value. */
  const scrape = async (): Promise<Map<string, number>> => {
    const urls = Object.entries(system.urls.health).filter(([name]) => name !== 'toss-simulator')
    const pages = await Promise.all(urls.map(async ([, url]) => (await fetch(`${url}/metrics`)).text()))
    const lines = pages.flatMap((page) => page.split('\n')).filter((line) => line !== '' && !line.startsWith('#'))
    return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
  }
  /** The sum over the series of this name that have all these labels. */
  const sum = (series: Map<string, number>, name: string, ...labels: string[]) =>
    [...series]
      .filter(([key]) => key.split('{')[0] === name && labels.every((label) => key.includes(label)))
      .reduce((total, [, value]) => total + value, 0)

  it('move with what they count: orders, confirms, refunds, webhooks, events, jobs, calls to Toss, dead letters', async () => {
    const before = await scrape()
    const paid = await shop.paid(9_000)
    expect((await shop.cancel({ orderId: paid.orderId, amount: 4_000 })).status).toBe(200)
    const declined = await shop.withWindow(8_000, { declineCode: 'REJECT_CARD_PAYMENT' })
    expect((await shop.confirm(declined)).status).toBe(403)
    await shop.happen(paid.paymentKey, 'webhook')
    const kafka = new Kafka({ brokers: (process.env.KAFKA_BROKERS ?? '').split(','), logLevel: logLevel.NOTHING })
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
    await producer.connect()
    await producer.send({ topic: `${system.namespace}order.created`, messages: [{ key: 'poison', value: '{' }] })
    await producer.disconnect()

    const rpc = 'rpc_server_duration_seconds_count'
    const moved: [string, number, ...string[]][] = [
      ['http_request_duration_seconds_count', 1, 'route="/api/payments/confirm"', 'status="200"'],
      ['http_request_duration_seconds_count', 1, 'route="/api/payments/cancel"', 'status="200"'],
      ['rpc_client_duration_seconds_count', 2, 'service="api-gateway"', '/ConfirmPayment'],
      [rpc, 2, '/CreateOrder', 'code="OK"'],
      [rpc, 1, '/ConfirmPayment', 'code="OK"'],
      [rpc, 1, '/ConfirmPayment', 'code="TOSS_API_ERROR"'],
      [rpc, 1, '/CancelPayment', 'code="OK"'],
      ['payment_transitions_total', 2, 'from="PENDING"', 'to="CONFIRMING"'],
      ['payment_transitions_total', 1, 'from="CONFIRMING"', 'to="PAID"'],
      ['payment_transitions_total', 1, 'from="PAID"', 'to="PARTIAL_REFUND"'],
      ['toss_call_duration_seconds_count', 1, 'operation="confirm"', 'outcome="200"'],
      ['toss_call_duration_seconds_count', 1, 'operation="cancel"', 'outcome="200"'],
      ['toss_refusals_total', 1, 'operation="confirm"', 'code="REJECT_CARD_PAYMENT"'],
      ['webhooks_total', 1, 'result="accepted"'],
      ['kafka_published_messages_total', 2, 'topic="order.created"'],
      ['kafka_published_messages_total', 4, 'topic="payment.status-changed"'],
      ['kafka_publish_duration_seconds_count', 1, 'service="webhook-gateway"', 'outcome="ok"'],
      ['kafka_consume_duration_seconds_count', 4, 'service="order"', 'outcome="handled"'],
      ['kafka_consume_duration_seconds_count', 1, 'service="payment"', 'outcome="dead-letter"'],
      ['kafka_dead_letters_total', 1, 'topic="order.created"', 'group="payment"'],
      ['payment_job_duration_seconds_count', 1, 'outcome="done"'],
    ]
    await eventually(async () => {
      const after = await scrape()
      for (const [name, least, ...labels] of moved) {
        const step = sum(after, name, ...labels) - sum(before, name, ...labels)
        if (step < least) throw new Error(`${name} {${labels.join()}} moved by ${step}, not by ${least}`)
      }
    }, patience)
  }, 120_000)

  it('show what waits: outbox, due work, lag, circuit, parked webhooks', async () => {
    // Consumers look at their lag every few seconds only; a fast run is here before the first look.
    await eventually(async () => {
      const names = new Set([...(await scrape()).keys()].map((key) => key.split('{')[0]))
      for (const name of [
        'outbox_documents',
        'outbox_oldest_age_seconds',
        'payment_due',
        'payment_due_oldest_age_seconds',
        'payment_needs_attention',
        'kafka_consumer_lag',
        'kafka_consumer_restarts_total',
        'toss_circuit_open',
        'webhook_parked',
        'webhook_parked_oldest_age_seconds',
      ])
        expect(names).toContain(name)
    }, patience)
  }, 120_000)

  it('tell of a Toss that is away: calls without an answer, then an open circuit', async () => {
    const before = await scrape()
    const outage = await shop.fault({ match: { operation: 'confirm' }, times: 20, fault: { kind: 'drop-before' } })
    expect(outage.status).toBeLessThan(300)
    await shop.fault({ match: { operation: 'get' }, times: 200, fault: { kind: 'drop-before' } })
    await shop.fault({ match: { operation: 'getByOrder' }, times: 200, fault: { kind: 'drop-before' } })
    const windows = await Promise.all(Array.from({ length: 6 }, () => shop.withWindow(7_000)))
    const confirms = Promise.all(windows.map((window) => shop.confirm(window)))
    await eventually(async () => {
      const after = await scrape()
      const calls = 'toss_call_duration_seconds_count'
      expect(sum(after, calls, 'outcome="none"') - sum(before, calls, 'outcome="none"')).toBeGreaterThanOrEqual(5)
      expect(sum(after, 'toss_circuit_open')).toBe(1)
    }, patience)
    await shop.clearFaults()
    await confirms
    await eventually(async () => expect(sum(await scrape(), 'toss_circuit_open')).toBe(0), patience)
  }, 200_000)
})
