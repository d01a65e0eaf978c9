import { createHash } from 'node:crypto'
import { orderIdFrom } from '@checkout/contracts/order-id'
import { isHarmlessId } from '@checkout/contracts/personal-data'
import { crashPoint } from '@checkout/runtime/crash-point'
import { withSpan } from '@checkout/runtime/trace'
import { v7 as uuidV7 } from 'uuid'
import { eventStreamHeaders } from './event-stream.ts'
import type { Exchange, Handler, Reply } from './exchange.ts'
import { readIdempotencyKey, scopeIdempotency } from './idempotency.ts'
import { readJsonBody } from './json-body.ts'
import { readLastEventId } from './last-event-id.ts'
import { startRequestSpan } from './request-span.ts'
import type { Context, Route, Streamed } from './route.ts'

export type ServeOptions = {
  readonly resources: Pick<Context, 'clients' | 'products' | 'liveOrders'>
  readonly deadlineMs: { readonly toss: number; readonly read: number }
  /** From then on every answer closes its connection, so that a client's next request goes elsewhere. */
  readonly isStopping: () => boolean
}

/** From request to answer: key and body, the route's schemas and handler, headers. Refusals go on to the error handler. */
export const serveRoute = (route: Route, { resources, deadlineMs, isStopping }: ServeOptions): Handler => {
  const bytesOf = createBytesOf()
  return async (request, response) => {
    const exchange = response.locals
    exchange.route = route.path
    noteOrderId(exchange, request.params)
    const key = route.takesIdempotencyKey === true ? readIdempotencyKey(request.get('idempotency-key')) : undefined
    const seenVersion = route.isStream === true ? readLastEventId(request.get('last-event-id')) : undefined
    const input = route.body === undefined ? {} : await readJsonBody(request)
    noteOrderId(exchange, input)
    const newOrderId = route.makesOrder === true ? orderIdFrom(uuidV7(undefined, new Uint8Array(16))) : undefined
    noteOrderId(exchange, { orderId: newOrderId })
    exchange.span = startRequestSpan(request, exchange, newOrderId !== undefined)
    crashPoint('request.before-serve')
    const waitMs = route.waitsForToss === true ? deadlineMs.toss : deadlineMs.read
    const answer = await withSpan(exchange.span, () =>
      route.serve(
        { params: request.params, query: request.query, body: input },
        {
          ...resources,
          call: { deadline: new Date(Date.now() + waitMs), requestId: exchange.requestId },
          idempotency: (asker, parsed) =>
            scopeIdempotency(key, asker, { method: route.method, path: route.path, body: parsed }),
          seenVersion,
          newOrderId: () => {
            if (newOrderId === undefined) throw new Error(`${route.path} makes no order`)
            return newOrderId
          },
        },
      ),
    )
    crashPoint('request.before-answer')
    if (isStopping()) response.set('connection', 'close')
    if (!('body' in answer)) {
      sendStreamed(request.method, response, answer)
      return
    }
    const { status = 200, headers, body } = answer
    noteOrderId(exchange, body)
    if (route.isCacheable !== true) {
      send(response, status, { 'cache-control': 'no-store', ...headers }, body)
      return
    }
    const { bytes, etag } = bytesOf(body)
    response.set({ etag, 'cache-control': 'no-cache' })
    if (isKnown(etag, request.get('if-none-match'))) response.status(304).end()
    else sendBytes(response, status, { ...headers }, bytes)
  }
}

/** A body that comes from a cache is the same object many times, and is made into bytes once. */
const createBytesOf = () => {
  const known = new WeakMap<object, { readonly bytes: Buffer; readonly etag: string }>()
  return (body: unknown) => {
    const isObject = typeof body === 'object' && body !== null
    const earlier = isObject ? known.get(body) : undefined
    if (earlier !== undefined) return earlier
    const bytes = Buffer.from(JSON.stringify(body))
    const made = { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url')}"` }
    if (isObject) known.set(body, made)
    return made
  }
}

const sendStreamed = (method: string, response: Reply, answer: Streamed): void => {
  if (!('stream' in answer)) response.status(204).set('cache-control', 'no-store').end()
  else if (method === 'HEAD') response.writeHead(200, eventStreamHeaders).end()
  else {
    response.locals.isStream = true
    answer.stream(response)
  }
}

/** The precondition alone decides; a client's Cache-Control speaks to caches between us, and fetch sends one with every If-None-Match. */
const isKnown = (etag: string, ifNoneMatch: string | undefined): boolean =>
  ifNoneMatch !== undefined &&
  ifNoneMatch.split(',').some((known) => ['*', etag].includes(known.trim().replace(/^W\//, '')))

export const send = (response: Reply, status: number, headers: Readonly<Record<string, string>>, body: unknown): void =>
  sendBytes(response, status, headers, Buffer.from(JSON.stringify(body)))

const sendBytes = (response: Reply, status: number, headers: Readonly<Record<string, string>>, bytes: Buffer): void => {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
    ...headers,
  })
  response.end(bytes)
}

const noteOrderId = (exchange: Exchange, from: unknown): void => {
  if (typeof from !== 'object' || from === null || !('orderId' in from)) return
  const { orderId } = from
  if (typeof orderId === 'string' && /^[\w-]{6,64}$/.test(orderId) && isHarmlessId(orderId)) exchange.orderId = orderId
}
