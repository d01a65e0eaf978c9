import { createHash, randomUUID } from 'node:crypto'
import { AppError } from '@checkout/contracts/errors'
import type { TossWebhookReceived } from '@checkout/contracts/events'
import type { Health } from '@checkout/runtime/health'
import { asAppError } from '@checkout/runtime/infrastructure'
import type { Logger } from '@checkout/runtime/log'
import type { Metrics } from '@checkout/runtime/metrics'
import { toProblem } from '@checkout/runtime/problem'
import { inSpan, SpanKind } from '@checkout/runtime/trace'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import type { Outcome } from './accept-webhook.ts'
import { describeWebhook, readBody } from './domain/webhook.ts'

/** Several times the largest webhook there is: a payment with a hundred cancels has some 40 KiB. */
const MAX_BODY_BYTES = 64 * 1024
/** Longer than any address of this gateway by far. */
const MAX_URL_LENGTH = 8 * 1024
const PATHS = ['/api/webhooks/toss', '/api/payments/webhook/toss']

type Dependencies = {
  readonly accept: (event: TossWebhookReceived) => Promise<Outcome>
  readonly health: Health
  readonly log: Logger
  readonly metrics: Metrics
  /** Counts what became of each delivery: an outcome, 'unavailable' or 'refused'. */
  readonly count: (result: string) => void
}

export const createApp = ({ accept, health, log, metrics, count }: Dependencies): Express => {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')

  app.use((request, response, next) => {
    const end = metrics.httpRequest.startTimer({ method: request.method })
    const requestId = randomUUID()
    response.locals.requestId = requestId
    response.setHeader('x-request-id', requestId)
    response.once('close', () => {
      end({ route: routeOf(request), status: response.writableFinished ? response.statusCode : 'aborted' })
      const { result } = response.locals
      if (typeof result === 'string') count(result)
    })
    next()
  })
  app.use((request, response, next) => {
    if (request.url.length <= MAX_URL_LENGTH) next()
    // It comes bare, as the parser's own 408 and 431 do.
    else response.status(414).set('connection', 'close').end()
  })
  app.use(async (request, response, next) => {
    if (!(await health.handle(request, response))) next()
  })
  app
    .route(PATHS)
    .post(
      requireJson,
      // Raw, because the hash is over the very bytes that Toss sent.
      express.raw({ type: () => true, limit: MAX_BODY_BYTES, inflate: false }),
      async (request, response) => {
        const raw: unknown = request.body
        const bytes = Buffer.isBuffer(raw) ? raw : Buffer.alloc(0)
        const event = describeWebhook(readBody(bytes), {
          bodyHash: createHash('sha256').update(bytes).digest('hex'),
          receivedAt: new Date(),
          transmissionId: request.get('tosspayments-webhook-transmission-id'),
          retriedCount: request.get('tosspayments-webhook-transmission-retried-count'),
          transmissionTime: request.get('tosspayments-webhook-transmission-time'),
        })
        const { requestId } = response.locals
        const { bodyHash, eventType, orderId, status } = event
        const description = {
          kind: SpanKind.SERVER,
          attributes: { 'http.request.method': 'POST', 'http.route': PATHS[0], 'webhook.event': eventType },
          // Toss hands no trace on; the order that it speaks of has one.
          orderId,
        }
        const result = await inSpan(`POST ${PATHS[0]}`, description, async (span) => {
          const outcome = await accept(event)
          span?.setAttribute('webhook.result', outcome)
          log.info({ requestId, bodyHash, eventType, orderId, status, result: outcome }, 'webhook')
          return outcome
        })
        response.locals.result = result
        // Toss takes exactly 200 for an end, and sends again after anything else.
        if (result === 'in-flight')
          throw new AppError('SERVICE_UNAVAILABLE', { detail: 'the same webhook is being stored' })
        response.status(200).json({ received: true })
      },
    )
    .all((request, response) => {
      response.setHeader('allow', 'POST')
      throw new AppError('METHOD_NOT_ALLOWED', { detail: `${request.method} is not allowed here` })
    })
  app.use(() => {
    throw new AppError('NOT_FOUND')
  })

  // Express knows an error handler by its four parameters.
  const answerProblem: ErrorRequestHandler = (thrown: unknown, request, response, _next) => {
    const error = fromParser(thrown) ?? asAppError(thrown)
    const requestId = String(response.locals.requestId)
    if (PATHS.includes(request.path)) response.locals.result ??= error.isRetryable ? 'unavailable' : 'refused'
    const level = error.code === 'INTERNAL_ERROR' ? 'error' : error.isRetryable ? 'warn' : 'info'
    // The cause of a refusal is the request's own fault and may quote its body.
    const err = level === 'info' ? undefined : (error.cause ?? error)
    const { detail } = error.details
    const { method } = request
    log[level]({ requestId, method, route: routeOf(request), code: error.code, detail, err }, 'refused')
    if (response.headersSent) {
      response.destroy()
      return
    }
    const problem = toProblem(error, { path: request.path, requestId })
    // What was refused unread is not worth reading to keep the connection.
    if (!request.readableEnded) response.setHeader('connection', 'close')
    response
      .status(problem.status)
      .set(problem.headers)
      .send(Buffer.from(JSON.stringify(problem.body)))
  }
  app.use(answerProblem)
  return app
}

/** Known paths only: an address is whatever a stranger writes, and log lines and metrics keep it. */
const routeOf = ({ path }: { readonly path: string }): string => (PATHS.includes(path) ? path : 'other')

const requireJson: RequestHandler = (request, _response, next) => {
  const type = request.get('content-type') ?? ''
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) throw new AppError('UNSUPPORTED_MEDIA_TYPE')
  next()
}

/** Errors of the body parser carry the HTTP status that it would answer. */
const fromParser = (thrown: unknown): AppError | undefined => {
  if (!(thrown instanceof Error) || !('status' in thrown)) return undefined
  if (thrown.status === 413) return new AppError('PAYLOAD_TOO_LARGE')
  if (thrown.status === 415) return new AppError('UNSUPPORTED_MEDIA_TYPE', { detail: 'the body must not be encoded' })
  return thrown.status === 400
    ? new AppError('INVALID_INPUT_VALUE', { detail: 'the body could not be read' })
    : undefined
}
