import { AppError } from '@checkout/contracts/errors'
import type { Health } from '@checkout/runtime/health'
import { asAppError } from '@checkout/runtime/infrastructure'
import type { Logger } from '@checkout/runtime/log'
import type { Metrics } from '@checkout/runtime/metrics'
import { toProblem } from '@checkout/runtime/problem'
import cors from 'cors'
import express, { type ErrorRequestHandler, type Express } from 'express'
import { mountDocs, strictHeaders } from './docs.ts'
import { type Exchange, type Handler, observe, type Reply } from './exchange.ts'
import { answerHeaders, type Route } from './route.ts'
import { type ServeOptions, send, serveRoute } from './serve-route.ts'

export type HttpOptions = ServeOptions & {
  readonly routes: readonly Route[]
  readonly openApi: object
  readonly health: Health
  readonly corsOrigins: readonly string[]
  readonly log: Logger
  readonly metrics: Metrics
}

/** Longer than any address of this API by far. */
const MAX_URL_LENGTH = 8 * 1024

export const createApp = (options: HttpOptions): Express => {
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.enable('case sensitive routing').enable('strict routing')
  app.use(observe(options), refuseLongUrl, strictHeaders)
  if (options.corsOrigins.length > 0) app.use(allowOrigins(options.corsOrigins))

  // First, because each request walks the list from its beginning.
  for (const route of options.routes) app[route.method](expressPath(route.path), serveRoute(route, options))
  app.use(answerHealth(options.health))
  app.get('/openapi.json', (_request, response: Reply) => {
    response.locals.route = '/openapi.json'
    send(response, 200, { 'cache-control': 'no-cache' }, options.openApi)
  })
  mountDocs(app, options.openApi)

  const known = [
    ...options.routes,
    ...['/healthz', '/readyz', '/metrics', '/openapi.json'].map((path) => ({ path, method: 'get' })),
  ]
  for (const { path, method } of known) app.all(expressPath(path), refuseMethod(path, method))
  app.use(() => {
    throw new AppError('NOT_FOUND')
  })
  app.use(answerError(options))
  return app
}

const expressPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1')

/** 414 comes bare, as the parser's own 408 and 431 do. */
const refuseLongUrl: Handler = (request, response, next) => {
  if (request.url.length <= MAX_URL_LENGTH) next()
  else response.status(414).set('connection', 'close').end()
}

const allowOrigins = (origins: readonly string[]) =>
  cors({
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST'],
    allowedHeaders: ['Content-Type', 'Idempotency-Key', 'X-Request-Id', 'If-None-Match', 'Last-Event-ID'],
    exposedHeaders: [...Object.keys(answerHeaders), 'X-Request-Id'],
    maxAge: 600,
  })

const answerHealth =
  (health: Health): Handler =>
  async (request, response, next) => {
    const isAnswered = await health.handle(request, response)
    if (isAnswered) response.locals.route = request.path
    else next()
  }

const refuseMethod =
  (path: string, method: string): Handler =>
  (_request, response) => {
    response.locals.route = path
    response.set('allow', method === 'get' ? 'GET, HEAD' : method.toUpperCase())
    throw new AppError('METHOD_NOT_ALLOWED')
  }

const answerError =
  ({ isStopping }: HttpOptions): ErrorRequestHandler<Record<string, string>, unknown, unknown, unknown, Exchange> =>
  (error: unknown, request, response, _next) => {
    const known = fromExpress(error) ?? asAppError(error)
    response.locals.error = known
    if (response.headersSent) {
      response.destroy()
      return
    }
    const { status, headers, body } = toProblem(known, { path: request.path, requestId: response.locals.requestId })
    if (isStopping()) response.set('connection', 'close')
    send(response, status, headers, body)
  }

/** What Express and its file server refuse by themselves: addresses that do not decode, files that are not there. */
const fromExpress = (error: unknown): AppError | undefined => {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined
  if (error.status === 404 || error.status === 403) return new AppError('NOT_FOUND')
  return error.status === 400
    ? new AppError('INVALID_INPUT_VALUE', { detail: 'the address does not decode' })
    : undefined
}
