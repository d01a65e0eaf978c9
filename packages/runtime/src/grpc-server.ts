import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError } from '@checkout/contracts/errors'
import { isHarmlessId } from '@checkout/contracts/personal-data'
import { type CallContext, packageDefinition, toServiceError } from '@checkout/contracts/rpc'
import {
  Server,
  type ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { ReflectionService } from '@grpc/reflection'
import { HealthImplementation } from 'grpc-health-check'
import { asAppError } from './infrastructure.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'
import { markFailed, rpcAttributes, SpanKind, startSpan, withSpan } from './trace.ts'

/** A caller that names no deadline gets this one: nothing here may run for ever. */
const DEFAULT_DEADLINE_MS = 5_000
/** Nothing that a caller may send is near this size. */
const MAX_MESSAGE_BYTES = 1024 * 1024

type Handler = (request: unknown, context: CallContext) => Promise<unknown>

/** A call before its handler: `authorization` is what the caller showed. */
export type GuardedCall = {
  readonly method: string
  readonly authorization: string
  readonly request: unknown
  readonly context: CallContext
}

/**
 * Stands between the calls of a service and its handlers, in the place of the service token: it lets a call through by running
 * its handler, with a context of its own making, or refuses it with an AppError.
 */
export type Guard = (call: GuardedCall, handler: Handler) => Promise<unknown>

/** A service with its handlers. Without a guard, callers have to show the service token. */
export type GrpcService = {
  readonly definition: ServiceDefinition
  readonly handlers: object
  readonly guard?: Guard
}

type Options = {
  readonly host: string
  readonly port: number
  readonly credentials: ServerCredentials
  /** The token that callers show in the metadata key `authorization`. */
  readonly token: string
  readonly services: readonly GrpcService[]
  readonly log: Logger
  readonly metrics: Metrics
}

export type GrpcServer = { readonly port: number; close(drainMs: number): Promise<void> }

/** Starts a gRPC server with health and reflection. Handlers get a deadline and a request id, throw AppError, and decide nothing else. */
export const startGrpcServer = async (options: Options): Promise<GrpcServer> => {
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    // Books of every call for a debugger that nobody connects here.
    'grpc.enable_channelz': 0,
  })
  const health = new HealthImplementation({ '': 'SERVING' })
  health.addToServer(server)
  new ReflectionService(packageDefinition).addToServer(server)
  for (const { definition, handlers, guard } of options.services) {
    const implementation: UntypedServiceImplementation = {}
    for (const [name, handler] of Object.entries(handlers)) {
      const path = definition[name]?.path ?? name
      implementation[name] = unary(path, handler as Handler, guard, options)
    }
    server.addService(withCaughtMessages(definition), implementation)
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${options.host}:${options.port}`, options.credentials, (error, bound) => {
      if (error) reject(error)
      else resolve(bound)
    })
  })
  return {
    port,
    close: async (drainMs) => {
      health.setStatus('', 'NOT_SERVING')
      const timer = setTimeout(() => server.forceShutdown(), drainMs)
      await new Promise<void>((resolve) => server.tryShutdown(() => resolve()))
      clearTimeout(timer)
    },
  }
}

/** Stands in for a request whose bytes are no message of their type. */
const notDecoded = Symbol('not decoded')

/** Left alone, gRPC answers bytes that do not decode with INTERNAL, as if the server had failed, and nobody here hears of it. */
const withCaughtMessages = (definition: ServiceDefinition): ServiceDefinition =>
  Object.fromEntries(
    Object.entries(definition).map(([name, method]) => [
      name,
      {
        ...method,
        requestDeserialize: (bytes: Buffer): unknown => {
          try {
            return method.requestDeserialize(bytes)
          } catch {
            return notDecoded
          }
        },
      },
    ]),
  )

/** Callers choose it and every log line carries it, so it has to be short and harmless. */
const readRequestId = (given: unknown): string =>
  typeof given === 'string' && /^[\w.-]{1,128}$/.test(given) && isHarmlessId(given) ? given : '-'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const unary = (path: string, handler: Handler, guard: Guard | undefined, { token, log, metrics }: Options) => {
  const expected = digest(token)
  const method = path.split('/').at(-1) ?? path
  const attributes = rpcAttributes(path)
  return (call: ServerUnaryCall<unknown, unknown>, reply: sendUnaryData<unknown>): void => {
    const startedAt = performance.now()
    const requestId = readRequestId(call.metadata.get('x-request-id')[0])
    const done = (code: string) =>
      metrics.rpcServer.observe({ method: path, code }, (performance.now() - startedAt) / 1000)
    const authorization = String(call.metadata.get('authorization')[0] ?? '')
    // Compared as hashes, so that the time taken tells nothing about the token.
    if (guard === undefined && !timingSafeEqual(digest(authorization), expected)) {
      done('UNAUTHENTICATED')
      reply({ code: status.UNAUTHENTICATED, details: 'the caller showed no valid token' })
      return
    }
    // Only of whoever has shown the token: a stranger's traceparent is nobody's cause here.
    const span = startSpan(path.slice(1), {
      kind: SpanKind.SERVER,
      attributes,
      traceparent: guard === undefined ? call.metadata.get('traceparent')[0] : undefined,
    })
    const given = Number(call.getDeadline())
    const deadline = new Date(Number.isFinite(given) ? given : Date.now() + DEFAULT_DEADLINE_MS)
    const answer = async (): Promise<unknown> => {
      if (call.request === notDecoded)
        throw new AppError('INVALID_INPUT_VALUE', { detail: 'the message does not decode' })
      // Nobody waits for the answer any more, so there must be no effect that nobody hears of.
      if (deadline.getTime() <= Date.now()) throw new AppError('GATEWAY_TIMEOUT')
      const context = { deadline, requestId }
      if (guard === undefined) return handler(call.request, context)
      return guard({ method, authorization, request: call.request, context }, handler)
    }
    const answering = () =>
      answer().then(
        (response) => {
          done('OK')
          span?.end()
          reply(null, response)
        },
        (error: unknown) => {
          const known: AppError = asAppError(error)
          done(known.code)
          markFailed(span, known)
          span?.end()
          const level = known.code === 'INTERNAL_ERROR' ? 'error' : known.isRetryable ? 'warn' : 'info'
          log[level](
            {
              requestId,
              rpc: path,
              code: known.code,
              detail: known.details.detail,
              err: level === 'info' ? undefined : (known.cause ?? error),
            },
            'refused',
          )
          reply(toServiceError(known))
        },
      )
    void withSpan(span, answering)
  }
}
