import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { context } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { InMemorySpanExporter, RandomIdGenerator, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import fc from 'fast-check'
import {
  beginOrder,
  detached,
  inSpan,
  orderTrace,
  orderTraceparent,
  type SpanIds,
  setEngine,
  startSpan,
  traceFields,
  traceparent,
} from './trace.ts'

const order = 'ORD-01M827QD52E1GVVEB3NYGMM1EH'
const cause = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('without an endpoint', () => {
  it('runs what it is given and knows of no trace', async () => {
    const seen = await inSpan('work', { orderId: order, traceparent: cause }, async (span) => [span, traceparent()])
    expect(seen).toEqual([undefined, undefined])
    expect(await beginOrder(order, async () => traceFields())).toEqual({})
    expect(startSpan('work')).toBeUndefined()
    expect(orderTraceparent(order)).toBeUndefined()
  })
})

describe('with an endpoint', () => {
  const exporter = new InMemorySpanExporter()
  const random = new RandomIdGenerator()
  let chosen: SpanIds | undefined
  beforeEach(() => {
    const provider = new TracerProvider({
      spanProcessors: [new SimpleSpanProcessor({ exporter })],
      idGenerator: {
        generateTraceId: () => chosen?.traceId ?? random.generateTraceId(),
        generateSpanId: () => chosen?.spanId ?? random.generateSpanId(),
      },
    })
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    setEngine({
      tracer: provider.getTracer('test'),
      isSampled: () => true,
      withIds: (ids, start) => {
        chosen = ids
        const started = start()
        chosen = undefined
        return started
      },
    })
  })
  afterEach(() => {
    setEngine(undefined)
    context.disable()
    exporter.reset()
  })
  const spans = () =>
    exporter.getFinishedSpans().map((span) => ({
      name: span.name,
      ...span.spanContext(),
      parent: span.parentSpanContext?.spanId,
      links: span.links.map((link) => link.context.spanId),
      status: span.status.code,
      attributes: span.attributes,
    }))
  const ids = orderTrace(order)

  it('puts what is about an order into its trace, as a child of its first span', async () => {
    await inSpan('webhook', { orderId: order }, async () => inSpan('inner', {}, async () => undefined))
    const [inner, webhook] = spans()
    expect(webhook).toMatchObject({ traceId: ids.traceId, parent: ids.spanId, attributes: { 'order.id': order } })
    expect(inner).toMatchObject({ traceId: ids.traceId, parent: webhook?.spanId })
  })

  it('links what happens in an order to a cause in another trace, and begins the order when nobody has', async () => {
    await inSpan('request', { traceparent: cause }, async () => {
      await beginOrder(order, async () => undefined)
      await inSpan('settle', { orderId: order }, async () => undefined)
    })
    const [first, settle, request] = spans()
    expect(request).toMatchObject({ traceId: cause.slice(3, 35), parent: cause.slice(36, 52) })
    expect(first).toMatchObject({ name: 'order', ...ids, parent: undefined, links: [request?.spanId] })
    expect(settle).toMatchObject({ traceId: ids.traceId, parent: ids.spanId, links: [request?.spanId] })
  })

  it('does not begin an order again whose request has begun it', async () => {
    await inSpan('request', { orderId: order, isFirst: true }, async () => beginOrder(order, async () => undefined))
    expect(spans()).toMatchObject([{ name: 'request', ...ids }])
  })

  it('hands on the active span within the order, and else the first one of the order', async () => {
    expect(orderTraceparent(order)).toBe(`00-${ids.traceId}-${ids.spanId}-01`)
    await inSpan('settle', { orderId: order }, async (span) =>
      expect(orderTraceparent(order)).toBe(`00-${ids.traceId}-${span?.spanContext().spanId}-01`),
    )
    await inSpan('request', { traceparent: cause }, async () =>
      expect(orderTraceparent(order)).toBe(`00-${ids.traceId}-${ids.spanId}-01`),
    )
  })

  it('marks a failure by its class and keeps its words out', async () => {
    const failing = inSpan('work', {}, () => Promise.reject(new TypeError('card 4330123412341234')))
    await expect(failing).rejects.toThrow('card')
    expect(spans()).toMatchObject([{ status: 2, attributes: { 'error.type': 'TypeError' } }])
    expect(JSON.stringify(spans())).not.toContain('4330')
  })

  it('lets a loop that was kicked off by one work for nobody', async () => {
    await inSpan('work', {}, async () => expect(detached(() => traceparent())).toBeUndefined())
  })

  it('takes a traceparent as W3C writes it, and anything else for none', () => {
    const given = (text: unknown) => traceparent(startSpan('work', { traceparent: text }))?.slice(3, 35)
    const trace = cause.slice(3, 35)
    expect(given(cause)).toBe(trace)
    expect(given(cause.replace(/^00/, 'cc').concat('-what-the-future-adds'))).toBe(trace)
    for (const broken of [
      cause.toUpperCase(),
      cause.replace(/^00/, 'ff'),
      `${cause}-more`,
      cause.replace(trace, '0'.repeat(32)),
      cause.replace('b7ad6b7169203331', '0'.repeat(16)),
      cause.slice(1),
      Buffer.from(cause),
      [cause],
    ])
      expect(given(broken)).not.toBe(trace)
    fc.assert(fc.property(fc.anything(), (anything) => expect(given(anything)).toMatch(/^[0-9a-f]{32}$/)))
  })

  it('keeps the decision of a cause that is not sampled', () => {
    expect(traceparent(startSpan('work', { traceparent: cause.replace(/01$/, '00') }))).toMatch(/-00$/)
  })
})
