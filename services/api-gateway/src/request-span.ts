import { type Span, SpanKind, startSpan } from '@checkout/runtime/trace'

type Request = { readonly method: string; get(header: string): string | undefined }
type About = {
  readonly route: string
  readonly requestId: string
  readonly orderId?: string
  /** Milliseconds since 1970. */
  readonly arrivedAt: number
}

/**
 * The span of a request, begun with its arrival. A shop that traces its own requests is followed; without it the request is part of its
 * order's trace, and one that makes the order begins that.
 */
export const startRequestSpan = (
  request: Request,
  { route, requestId, orderId, arrivedAt }: About,
  isFirst = false,
): Span | undefined =>
  startSpan(`${request.method} ${route}`, {
    kind: SpanKind.SERVER,
    attributes: { 'http.request.method': request.method, 'http.route': route, 'request.id': requestId },
    startTime: arrivedAt,
    traceparent: request.get('traceparent'),
    orderId,
    isFirst,
  })
