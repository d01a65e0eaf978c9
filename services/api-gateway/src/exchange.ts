import { randomUUID } from 'node:crypto'
import type { AppError } from '@checkout/contracts/errors'
import { isHarmlessId } from '@checkout/contracts/personal-data'
import type { Logger } from '@checkout/runtime/log'
import type { Metrics } from '@checkout/runtime/metrics'
import { markFailed, type Span, withSpan } from '@checkout/runtime/trace'
import type { RequestHandler, Response } from 'express'
import { startRequestSpan } from './request-span.ts'

/** What is known of one request and its answer, for the log line and the metrics. */
export type Exchange = {
  requestId: string
  /** The pattern, never the address: patterns are few. */
  route: string
  orderId?: string
  error?: AppError
  /** Lives for minutes and ends when its client likes: neither its duration nor a client that left says anything. */
  isStream?: boolean
  /** Milliseconds since 1970. */
  arrivedAt: number
  /** From when it is known what the request is about. */
  span?: Span | undefined
}

export type Handler = RequestHandler<Record<string, string>, unknown, unknown, unknown, Exchange>
export type Reply = Response<unknown, Exchange>

/** Asked every few seconds by machines; a line for each would bury the rest. */
const probes = new Set(['/healthz', '/readyz', '/metrics'])

/** The usual number for a client that left before its answer. */
const CLIENT_LEFT = 499

/** Gives each request its id, and when it is over one log line and one observation. Never a body. */
export const observe =
  ({ log, metrics }: { readonly log: Logger; readonly metrics: Metrics }): Handler =>
  (request, response, next) => {
    const startedAt = performance.now()
    const given = request.get('x-request-id')
    const exchange = response.locals
    exchange.requestId =
      given !== undefined && /^[\w.-]{1,64}$/.test(given) && isHarmlessId(given) ? given : randomUUID()
    exchange.route = 'none'
    exchange.arrivedAt = Date.now()
    response.set('x-request-id', exchange.requestId)
    response.once('close', () => {
      const { requestId, route, orderId, error, isStream } = exchange
      const status = response.writableFinished || isStream === true ? response.statusCode : CLIENT_LEFT
      const ms = performance.now() - startedAt
      if (isStream !== true) metrics.httpRequest.observe({ method: request.method, route, status }, ms / 1000)
      const level = status === 500 ? 'error' : status > 500 ? 'warn' : probes.has(route) ? 'debug' : 'info'
      // What was refused before it was understood gets its span now.
      const span = probes.has(route) ? undefined : (exchange.span ?? startRequestSpan(request, exchange))
      span?.setAttributes({
        'http.response.status_code': status,
        ...(orderId === undefined ? {} : { 'order.id': orderId }),
      })
      if (status >= 500) markFailed(span, error)
      span?.end()
      withSpan(span, () =>
        log[level](
          {
            requestId,
            method: request.method,
            route,
            status,
            ms: Math.round(ms),
            orderId,
            code: error?.code,
            // A bug needs its stack; of a service that is away the reason is enough, once for each request.
            err: status === 500 ? (error?.cause ?? error) : undefined,
            reason: status > 500 && error?.cause instanceof Error ? error.cause.message : undefined,
          },
          'answered',
        ),
      )
    })
    next()
  }
