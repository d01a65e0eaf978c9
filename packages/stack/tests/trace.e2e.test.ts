import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
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
  await system.stop()
  await receiver.close()
})

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
