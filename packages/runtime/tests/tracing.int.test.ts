import { randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import { eventually } from '@checkout/stack/testing/eventually'
import { startOtlpReceiver } from '@checkout/stack/testing/otlp-receiver'
import { afterEach, describe, expect, it } from '@jest/globals'
import { context } from '@opentelemetry/api'
import { createLogger } from '../src/log.ts'
import { inSpan, orderTraceparent, setEngine } from '../src/trace.ts'
import { startTracing } from '../src/tracing.ts'

const lines: string[] = []
const log = createLogger(
  'traced',
  'info',
  new Writable({ write: (chunk, _, done) => done(void lines.push(String(chunk))) }),
)
const start = (endpoint: string | undefined, ratio = 1) =>
  startTracing('traced', { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio, NAMESPACE: '' }, log)

afterEach(() => {
  setEngine(undefined)
  context.disable()
  lines.length = 0
})

describe('tracing', () => {
  it('goes on without a collector: one warning, no failure, no waiting for it at the end', async () => {
    const gone = await startOtlpReceiver()
    await gone.close()
    const tracing = await start(gone.url)
    let sum = 0
    for (let i = 0; i < 10_000; i += 1) sum += await inSpan('work', {}, () => Promise.resolve(1))
    expect(sum).toBe(10_000)
    const warnings = () => lines.filter((line) => line.includes('spans could not be exported'))
    await eventually(() => expect(warnings()).toHaveLength(1), { timeoutMs: 60_000 })
    expect(warnings()[0]).toContain('ECONNREFUSED')
    const stoppedAt = performance.now()
    await tracing.close()
    // LAST_EXPORT_MS and what a busy machine adds.
    expect(performance.now() - stoppedAt).toBeLessThan(10_000)
    expect(warnings()).toHaveLength(1)
  }, 100_000)

  it('exports spans under the name of the service, also the last ones before a stop, and marks log lines with them', async () => {
    const receiver = await startOtlpReceiver()
    const tracing = await start(`${receiver.url}/`)
    await inSpan('outer', {}, () => inSpan('inner', {}, async () => log.info('work')))
    await tracing.close()
    expect(receiver.spans.map(({ service, name }) => `${service} ${name}`)).toEqual(['traced inner', 'traced outer'])
    const [inner] = receiver.spans
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ trace_id: inner?.traceId, span_id: inner?.spanId })
    await receiver.close()
  })

  it('samples an order whole or not at all, by its id alone', async () => {
    const receiver = await startOtlpReceiver()
    const orders = Array.from({ length: 1_000 }, () => randomUUID())
    const tracing = await start(receiver.url, 0.3)
    const isSampled = new Map(orders.map((orderId) => [orderId, orderTraceparent(orderId)?.endsWith('-01') === true]))
    for (const orderId of orders) {
      await inSpan('first', { orderId, isFirst: true }, async () => undefined)
      await inSpan('webhook', { orderId }, async () => undefined)
    }
    await tracing.close()
    const kept = orders.filter((orderId) => isSampled.get(orderId) === true)
    expect(kept.length).toBeGreaterThan(200)
    expect(kept.length).toBeLessThan(400)
    const exported = receiver.spans.map(({ name, attributes }) => `${name} ${attributes['order.id']}`).toSorted()
    expect(exported).toEqual(kept.flatMap((orderId) => [`first ${orderId}`, `webhook ${orderId}`]).toSorted())
    await receiver.close()
  })

  it('does nothing at all without an endpoint', async () => {
    const tracing = await start(undefined)
    expect(await inSpan('work', {}, (span) => Promise.resolve(span))).toBeUndefined()
    await tracing.close()
    expect(lines).toEqual([])
  })
})
