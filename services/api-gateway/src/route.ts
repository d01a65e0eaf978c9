import { type ErrorCode, errorTable } from '@checkout/contracts/errors'
import type { CallContext } from '@checkout/contracts/rpc'
import { z } from 'zod'
import type { Asker } from './auth.ts'
import type { Clients } from './clients.ts'
import type { Reply } from './exchange.ts'
import type { Idempotency } from './idempotency.ts'
import type { LiveOrders } from './live-orders.ts'
import { parseInput } from './parse-input.ts'
import type { ProductCache } from './product-cache.ts'

/** What a handler works with. */
export type Context = {
  readonly clients: Pick<Clients, 'catalog' | 'order' | 'payment'>
  readonly products: ProductCache
  readonly liveOrders: LiveOrders
  /** Deadline and request id, handed down with every call. A client that hangs up changes neither: calls run to their end. */
  readonly call: CallContext
  /** The request's idempotency key in the asker's scope, if it brought one. */
  idempotency(asker: Asker, body: object): Idempotency | undefined
  /** Of a client that comes back to a stream: the version in its Last-Event-ID. */
  readonly seenVersion: number | undefined
  /** The id of the order that this request makes: known here before any answer, so that the log and the trace of the order begin here. */
  newOrderId(): string
}

/** The headers that answers may carry beyond those of every answer, with their meaning. */
export const answerHeaders = {
  Link: 'The next page as rel="next"; absent on the last one',
  ETag: 'Send it as If-None-Match to hear 304 while nothing has changed',
  'Idempotent-Replayed': 'true when this is the stored result of an earlier request with the same Idempotency-Key',
  Location: 'Where the outcome can be read',
  'Retry-After': 'Seconds to wait before asking',
} as const
type AnswerHeader = keyof typeof answerHeaders

export type Answer<Body> = {
  readonly status?: 200 | 202
  readonly headers?: { readonly [H in AnswerHeader]?: string }
  readonly body: Body
}

/** What a route with events answers: a stream, or 204 when nothing more will come for this client. */
export type Streamed = { readonly status: 204 } | { readonly stream: (response: Reply) => void }

export type Refusal = { readonly code: ErrorCode; readonly status: number }

type Contract = {
  readonly method: 'get' | 'post'
  /** With {braces} around parameters. */
  readonly path: string
  readonly tag: 'products' | 'orders' | 'payments'
  readonly summary: string
  readonly description?: string
  readonly headers?: readonly AnswerHeader[]
  /** What a 202 means here, where it can be answered. */
  readonly accepted?: string
  /** Answers with an ETag, and 304 to whoever has that already. */
  readonly isCacheable?: boolean
  readonly takesIdempotencyKey?: boolean
  /** Answers server-sent events; the data of each is a `response`. */
  readonly isStream?: boolean
  readonly makesOrder?: boolean
  /** Gets the long deadline. */
  readonly waitsForToss?: boolean
}

type Schemas<P, Q, B, R> = {
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly response: R
}

/** What came in, before any schema has seen it. */
type RawInput = { readonly params: unknown; readonly query: unknown; readonly body: unknown }

/** One route: its contract, from which the OpenAPI document is made, and what it does. */
export type Route = Contract &
  Schemas<z.ZodObject, z.ZodObject, z.ZodType, z.ZodType> & {
    readonly refusals: readonly Refusal[]
    /** Throws AppError only. */
    serve(input: RawInput, context: Context): Promise<Answer<unknown> | Streamed>
  }

const nothing = z.strictObject({})
type Nothing = typeof nothing

/** Toss's refusals keep Toss's status, so this one code has several. */
export const tossRefusals = (...statuses: number[]): readonly Refusal[] =>
  statuses.map((status) => ({ code: 'TOSS_API_ERROR', status }))

const everyRoute = ['INVALID_INPUT_VALUE', 'INTERNAL_ERROR', 'SERVICE_UNAVAILABLE', 'GATEWAY_TIMEOUT'] as const
const withBody = ['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const

const refusal = (code: ErrorCode): Refusal => ({ code, status: errorTable[code].http })

export const defineRoute = <
  R extends z.ZodType,
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = Nothing,
>({
  handle,
  refusals,
  ...route
}: Contract &
  Schemas<P, Q, B, R> & {
    /** Beyond those that every route of its kind can answer. */
    readonly refusals: readonly (ErrorCode | Refusal)[]
    readonly handle: (
      input: { readonly params: z.output<P>; readonly query: z.output<Q>; readonly body: z.output<B> },
      context: Context,
    ) => Promise<Answer<z.input<R>> | Streamed>
  }): Route => ({
  ...route,
  refusals: [
    ...everyRoute,
    ...(route.body === undefined ? [] : withBody),
    ...(route.takesIdempotencyKey === true ? (['IDEMPOTENCY_KEY_REUSED'] as const) : []),
    ...refusals,
  ].map((row) => (typeof row === 'string' ? refusal(row) : row)),
  serve: async (raw, context) => {
    const input = {
      params: parseInput(route.params ?? nothing, raw.params),
      query: parseInput(route.query ?? nothing, raw.query),
      body: parseInput(route.body ?? nothing, raw.body),
    }
    // A schema that is not given is Nothing in the types as well, which the compiler cannot see through the ??.
    return handle(input as Parameters<typeof handle>[0], context)
  },
})
