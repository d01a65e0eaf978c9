import { createHash } from 'node:crypto'
import { AppError } from '@checkout/contracts/errors'
import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'

export type { Span } from '@opentelemetry/api'
export { SpanKind } from '@opentelemetry/api'

/** What makes spans. It exists only in a process that was told where to send them. */
export type Engine = {
  readonly tracer: Tracer
  /** The same answer for the same trace in every process that samples alike. */
  isSampled(traceId: string): boolean
  /** The next span that `start` makes gets these ids. */
  withIds<T>(ids: SpanIds, start: () => T): T
}
export type SpanIds = { readonly traceId: string; readonly spanId: string }

/** Set once at the start of a process, never by code that makes spans. Without it everything here returns at its first line. */
let engine: Engine | undefined
export const setEngine = (given: Engine | undefined): void => {
  engine = given
}

export type SpanOptions = {
  readonly kind?: SpanKind
  readonly attributes?: Attributes
  /** When what the span tells of began, if that was earlier; milliseconds since 1970. */
  readonly startTime?: number
  /** As the cause sent it. It wins; what is no traceparent counts as not given. */
  readonly traceparent?: unknown
  /** The order that this is about: the span is part of the order's trace, wherever the active one is, which it then links to. */
  readonly orderId?: string | undefined
  /** It is the first of the order's trace. */
  readonly isFirst?: boolean
}

/**
 * The trace of an order and its first span. They follow from the order's id, so that a request, a webhook, a job and a replay months
 * later all find the same trace, and nobody has to hand it on. Hashed, because an order's id is a secret of its buyer.
 */
export const orderTrace = (orderId: string): SpanIds => {
  const hash = createHash('sha256').update(orderId).digest('hex')
  return { traceId: hash.slice(0, 32), spanId: hash.slice(32, 48) }
}

/** Starts a span, which the caller ends; undefined when nothing is traced. */
export const startSpan = (name: string, options: SpanOptions = {}): Span | undefined => {
  if (engine === undefined) return undefined
  const { tracer, withIds } = engine
  const { kind = SpanKind.INTERNAL, attributes = {}, startTime, traceparent: given, orderId, isFirst } = options
  const described = {
    kind,
    attributes: orderId === undefined ? attributes : { ...attributes, 'order.id': orderId },
    ...(startTime === undefined ? {} : { startTime }),
  }
  const cause = parseTraceparent(given)
  if (cause !== undefined) return tracer.startSpan(name, described, contextOf(cause))
  if (orderId === undefined) return tracer.startSpan(name, described)
  const active = trace.getActiveSpan()?.spanContext()
  const ids = orderTrace(orderId)
  if (active?.traceId === ids.traceId) return tracer.startSpan(name, described)
  const linked = active === undefined ? described : { ...described, links: [{ context: active }] }
  if (isFirst === true) return withIds(ids, () => tracer.startSpan(name, { ...linked, root: true }, ROOT_CONTEXT))
  return tracer.startSpan(name, linked, contextOf(firstOf(ids, engine)))
}

/** Runs with this span as the active one. */
export const withSpan = <T>(span: Span | undefined, run: () => T): T =>
  span === undefined ? run() : context.with(trace.setSpan(context.active(), span), run)

/** A span around `run`, which ends with it and knows whether it failed. */
export const inSpan = async <T>(
  name: string,
  options: SpanOptions,
  run: (span: Span | undefined) => Promise<T>,
): Promise<T> => {
  if (engine === undefined) return run(undefined)
  const span = startSpan(name, options)
  try {
    return await withSpan(span, () => run(span))
  } catch (error) {
    markFailed(span, error)
    throw error
  } finally {
    span?.end()
  }
}

/**
 * Runs as part of this order's trace, of which it becomes the first span when the active one is somebody else's, such as that of a
 * shop which traces its own requests.
 */
export const beginOrder = async <T>(orderId: string, run: () => Promise<T>): Promise<T> => {
  if (engine === undefined || trace.getActiveSpan()?.spanContext().traceId === orderTrace(orderId).traceId) return run()
  return inSpan('order', { orderId, isFirst: true }, run)
}

/** Runs as nobody's part: for loops that work for many and were only kicked off by one of them. */
export const detached = <T>(run: () => T): T => (engine === undefined ? run() : context.with(ROOT_CONTEXT, run))

/** Marks a failure by its code or class. Messages stay out, because libraries quote what they were given. A refusal is no failure. */
export const markFailed = (span: Span | undefined, error: unknown): void => {
  if (span === undefined) return
  const type = error instanceof AppError ? error.code : error instanceof Error ? error.name : 'unknown'
  span.setAttribute('error.type', type)
  const isRefusal = error instanceof AppError && !error.isRetryable && error.code !== 'INTERNAL_ERROR'
  if (!isRefusal) span.setStatus({ code: SpanStatusCode.ERROR })
}

/** W3C traceparent of this span, or of the active one, for whoever goes on with the work; undefined when nothing is traced. */
export const traceparent = (span: Span | undefined = engine && trace.getActiveSpan()): string | undefined =>
  span === undefined ? undefined : format(span.spanContext())

/** As `traceparent`, but always within the order's trace. */
export const orderTraceparent = (orderId: string): string | undefined => {
  if (engine === undefined) return undefined
  const ids = orderTrace(orderId)
  const active = trace.getActiveSpan()?.spanContext()
  return format(active?.traceId === ids.traceId ? active : firstOf(ids, engine))
}

/** What a log line says of the active span. */
export const traceFields = (): object => {
  const span = engine && trace.getActiveSpan()
  if (span === undefined) return {}
  const { traceId, spanId } = span.spanContext()
  return { trace_id: traceId, span_id: spanId }
}

/** The attributes of a call of `/package.Service/Method`, by OpenTelemetry's names. */
export const rpcAttributes = (path: string): Attributes => {
  const [, service = '', method = ''] = path.split('/')
  return { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': method }
}

const contextOf = (parent: SpanContext): Context => trace.setSpanContext(ROOT_CONTEXT, parent)

const firstOf = (ids: SpanIds, { isSampled }: Engine): SpanContext => ({
  ...ids,
  traceFlags: isSampled(ids.traceId) ? TraceFlags.SAMPLED : TraceFlags.NONE,
  isRemote: true,
})

const format = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0')}`

const parseTraceparent = (given: unknown): SpanContext | undefined => {
  if (typeof given !== 'string' || given.length > 512) return undefined
  // Of versions that do not exist yet the beginning is the same. W3C: ff is none.
  const [, version, traceId = '', spanId = '', flags = '', rest] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(given) ?? []
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined
  const parsed = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true }
  return isSpanContextValid(parsed) ? parsed : undefined
}
