import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type ResponseConfig,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi'
import { type ErrorCode, errorTable } from '@checkout/contracts/errors'
import { z } from 'zod'
import { answerHeaders, type Refusal, type Route } from './route.ts'
import { problem } from './schemas.ts'

type Headers = NonNullable<Extract<ResponseConfig['headers'], Record<string, unknown>>>
type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>

/** The OpenAPI 3.1 document, made of the very schemas that validate. */
export const buildOpenApi = (routes: readonly Route[]): OpenApiDocument => {
  const registry = new OpenAPIRegistry()
  for (const route of routes) registry.registerPath(operation(route))
  for (const path of operations) registry.registerPath(path)
  return new OpenApiGeneratorV31(registry.definitions, { sortComponents: 'alphabetically' }).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Checkout API',
      version: '0.1.0',
      description:
        'Orders and payments through TossPayments. Amounts are whole KRW. Every refusal is application/problem+json; a method that a path does not have is answered 405 with Allow, a path that does not exist 404.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: ['products', 'orders', 'payments', 'operation'].map((name) => ({ name })),
  })
}

const requestId = header('Id of this request in the logs: the one that was sent as X-Request-Id, or a new one')

const idempotencyKey = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/)
    .optional()
    .meta({ description: 'The same key with the same request answers the stored result; with another request 422' }),
})

const lastEventId = z.object({
  'Last-Event-ID': z
    .string()
    .regex(/^\d{1,15}$/)
    .optional()
    .meta({ description: 'The id of the last event that was heard: only newer ones follow' }),
})

/** What a client reads off the stream, one event at a time: its fields as the HTML standard names them. */
const streamEvent = z.union([
  z.object({
    event: z.literal('message').optional(),
    id: z
      .string()
      .regex(/^\d{1,15}$/)
      .meta({ description: 'The version of the order, for Last-Event-ID' }),
    data: z
      .string()
      .meta({ contentMediaType: 'application/json', contentSchema: { $ref: '#/components/schemas/Order' } }),
  }),
  z.object({ event: z.literal('end'), data: z.literal('settled') }),
])

const orderPath = '/api/orders/{orderId}'
const linkTo = (path: string) => ({
  // Braces are none of the characters that an address may have.
  operationRef: `#/paths/${encodeURI(path.replaceAll('/', '~1'))}/get`,
  parameters: { orderId: '$response.body#/orderId' },
})
const toOrder = { order: linkTo(orderPath), events: linkTo(`${orderPath}/events`) }

const operation = (route: Route): RouteConfig => {
  const headers = [...(route.headers ?? []), ...(route.takesIdempotencyKey ? (['Idempotent-Replayed'] as const) : [])]
  const caching = route.isCacheable ? (['ETag'] as const) : []
  const json = (schema: z.ZodType) => ({ 'application/json': { schema } })
  return {
    method: route.method,
    path: route.path,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    request: {
      ...(route.params === undefined ? {} : { params: route.params }),
      ...(route.query === undefined ? {} : { query: route.query }),
      ...(route.takesIdempotencyKey ? { headers: idempotencyKey } : {}),
      ...(route.isStream ? { headers: lastEventId } : {}),
      ...(route.body === undefined ? {} : { body: { required: true, content: json(route.body) } }),
    },
    responses: {
      200: {
        description: 'Done',
        headers: named([...headers, ...caching]),
        content: route.isStream ? { 'text/event-stream': { schema: streamEvent } } : json(route.response),
        ...(route.makesOrder ? { links: toOrder } : {}),
      },
      ...(route.isStream ? { 204: { description: 'Nothing more will come', headers: named([]) } } : {}),
      ...(route.accepted === undefined
        ? {}
        : {
            202: {
              description: route.accepted,
              headers: named([...headers, 'Location', 'Retry-After']),
              content: json(route.response),
            },
          }),
      ...(route.isCacheable ? { 304: { description: 'Nothing has changed', headers: named(caching) } } : {}),
      ...refused(route.refusals, route.takesIdempotencyKey === true),
    },
  }
}

/** One response for each status, naming the codes that it can carry on this route. */
const refused = (refusals: readonly Refusal[], canBeReplayed: boolean): RouteConfig['responses'] => {
  const statuses = [...new Set(refusals.map(({ status }) => status))].sort((a, b) => a - b)
  return Object.fromEntries(
    statuses.map((status) => {
      const codes = [...new Set(refusals.filter((row) => row.status === status).map(({ code }) => code))].sort()
      const isWorthWaiting = codes.some((code) => errorTable[code].isRetryable)
      return [
        status,
        {
          description: codes.map((code: ErrorCode) => errorTable[code].title).join(' · '),
          headers: named([
            ...(isWorthWaiting ? (['Retry-After'] as const) : []),
            ...(canBeReplayed ? (['Idempotent-Replayed'] as const) : []),
          ]),
          content: {
            'application/problem+json': { schema: z.intersection(problem, z.object({ code: z.enum(codes) })) },
          },
        },
      ]
    }),
  )
}

function header(description: string) {
  return { description, schema: { type: 'string' as const } }
}

function named(names: readonly (keyof typeof answerHeaders)[]): Headers {
  return {
    'X-Request-Id': requestId,
    ...Object.fromEntries(names.map((name) => [name, header(answerHeaders[name])])),
  }
}

const status = z.object({ status: z.string() })
const plain = (description: string, type: string, schema: z.ZodType = z.string()): ResponseConfig => ({
  description,
  content: { [type]: { schema } },
})

const operations: readonly RouteConfig[] = [
  { path: '/healthz', summary: 'Whether the process lives', answer: plain('It does', 'application/json', status) },
  { path: '/readyz', summary: 'Whether it may get work', answer: plain('It may', 'application/json', status) },
  { path: '/metrics', summary: 'Metrics for Prometheus', answer: plain('Metrics', 'text/plain') },
  {
    path: '/openapi.json',
    summary: 'This document',
    answer: plain('OpenAPI 3.1', 'application/json', z.looseObject({})),
  },
].map(({ path, summary, answer }) => ({
  method: 'get',
  path,
  tags: ['operation'],
  summary,
  responses: {
    200: answer,
    ...(path === '/readyz'
      ? { 503: plain('It is stopping', 'application/json', status.extend({ waitingFor: z.array(z.string()) })) }
      : {}),
  },
}))
