import { setTimeout as sleep } from 'node:timers/promises'
import { context, DiagLogLevel, diag, ROOT_CONTEXT } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  RandomIdGenerator,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Logger } from './log.ts'
import { type SpanIds, setEngine } from './trace.ts'

/** A purchase is seen about this long after it happened, and a process that is killed takes no more with it. */
const EXPORT_EVERY_MS = 1_000
/** Some seconds of full load: what a collector that is away may cost in memory. Beyond it spans are dropped. */
const MAX_WAITING_SPANS = 8_192
const EXPORT_TIMEOUT_MS = 5_000
/** A stop has better things to wait for. */
const LAST_EXPORT_MS = 2_000
const WARN_EVERY_MS = 60_000

/** Only imported where spans are exported: with the SDK come some ten packages. */
export const startExport = (options: {
  service: string
  namespace: string
  endpoint: string
  ratio: number
  log: Logger
}): { close(): Promise<void> } => {
  reportTo(options.log)
  const byTraceId = new TraceIdRatioBasedSampler(options.ratio)
  const ids = createIds()
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': options.service,
      'service.namespace': options.namespace || 'checkout',
      'service.instance.id': `${options.service}-${process.pid}`,
    }),
    sampler: new ParentBasedSampler({ root: byTraceId }),
    idGenerator: ids,
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({
          url: `${options.endpoint.replace(/\/+$/, '')}/v1/traces`,
          timeoutMillis: EXPORT_TIMEOUT_MS,
        }),
        scheduledDelayMillis: EXPORT_EVERY_MS,
        maxQueueSize: MAX_WAITING_SPANS,
      }),
    ],
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  setEngine({
    tracer: provider.getTracer('checkout'),
    isSampled: (traceId) =>
      byTraceId.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED,
    withIds: ids.with,
  })
  return {
    close: async () => {
      await Promise.race([provider.shutdown().catch(() => undefined), sleep(LAST_EXPORT_MS, undefined, { ref: false })])
    },
  }
}

/** Random ids, but where a span's are laid down. Starting a span is synchronous, so nobody else's start comes between. */
const createIds = () => {
  const random = new RandomIdGenerator()
  let chosen: SpanIds | undefined
  return {
    generateTraceId: () => chosen?.traceId ?? random.generateTraceId(),
    generateSpanId: () => chosen?.spanId ?? random.generateSpanId(),
    with: <T>(ids: SpanIds, start: () => T): T => {
      chosen = ids
      try {
        return start()
      } finally {
        chosen = undefined
      }
    },
  }
}

/** A collector that is away fails every export; one line a minute says as much. */
const reportTo = (log: Logger): void => {
  let lastAt = Number.NEGATIVE_INFINITY
  const warn = (reason: string) => {
    if (performance.now() - lastAt < WARN_EVERY_MS) return
    lastAt = performance.now()
    // The SDK hands an error over as JSON, with its stack.
    const [, message = reason] = /"message":"([^"]*)"/.exec(reason) ?? []
    log.warn({ reason: message.slice(0, 300) }, 'spans could not be exported')
  }
  const ignore = () => undefined
  diag.setLogger(
    { error: warn, warn, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
}
