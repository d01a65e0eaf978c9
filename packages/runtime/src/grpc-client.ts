import { AppError } from '@checkout/contracts/errors'
import { type CallContext, fromServiceError, type RpcClient } from '@checkout/contracts/rpc'
import { type ChannelCredentials, Client, Metadata, type ServiceDefinition } from '@grpc/grpc-js'
import type { Metrics } from './metrics.ts'
import { inSpan, rpcAttributes, SpanKind, traceparent } from './trace.ts'

type Options<D extends ServiceDefinition> = {
  readonly definition: D
  /** host:port, whose host may name several replicas; or several IPv4 addresses with their ports, with commas between. */
  readonly address: string
  readonly credentials: ChannelCredentials
  readonly token: string
  /** Methods that only read: they alone are repeated when a server is briefly away. */
  readonly reads: readonly (keyof RpcClient<D> & string)[]
  readonly metrics: Metrics
  /** How long a connection with calls on it may be silent before it is asked, and then again before it is given up. */
  readonly keepaliveMs?: number
}

/** A replica that hangs, but keeps its connections, would cost every call its deadline. Longer than any stall of a healthy process. */
const KEEPALIVE_MS = 10_000

/** A promise client for one service. Every call carries a deadline, the caller's request id and the token; every failure is an AppError. */
export const createGrpcClient = <D extends ServiceDefinition>(
  options: Options<D>,
): RpcClient<D> & { close(): void } => {
  const methods = Object.entries(options.definition)
  const [service = ''] = methods[0]?.[1].path.split('/').slice(1) ?? []
  const client = new Client(targetOf(options.address), options.credentials, {
    // Books of every call for a debugger that nobody connects here.
    'grpc.enable_channelz': 0,
    // Without a limit a server that was away for minutes is only tried again minutes later.
    'grpc.max_reconnect_backoff_ms': 1_000,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.keepalive_time_ms': options.keepaliveMs ?? KEEPALIVE_MS,
    'grpc.keepalive_timeout_ms': options.keepaliveMs ?? KEEPALIVE_MS,
    'grpc.service_config': JSON.stringify({
      loadBalancingConfig: [{ round_robin: {} }],
      methodConfig: [
        {
          name: options.reads.map((method) => ({ service, method })),
          retryPolicy: {
            maxAttempts: 3,
            initialBackoff: '0.05s',
            maxBackoff: '0.5s',
            backoffMultiplier: 2,
            retryableStatusCodes: ['UNAVAILABLE'],
          },
        },
      ],
    }),
  })
  const call = (method: ServiceDefinition[string]) => {
    const description = { kind: SpanKind.CLIENT, attributes: rpcAttributes(method.path) }
    const send = async (request: unknown, context: CallContext): Promise<unknown> => {
      const startedAt = performance.now()
      const observe = (code: string) =>
        options.metrics.rpcClient.observe({ method: method.path, code }, (performance.now() - startedAt) / 1000)
      const metadata = new Metadata()
      metadata.set('authorization', options.token)
      metadata.set('x-request-id', context.requestId)
      const parent = traceparent()
      if (parent !== undefined) metadata.set('traceparent', parent)
      try {
        const response = await new Promise((resolve, reject) => {
          client.makeUnaryRequest(
            method.path,
            method.requestSerialize,
            method.responseDeserialize,
            request,
            metadata,
            { deadline: context.deadline },
            (error, value) => (error ? reject(fromServiceError(error)) : resolve(value)),
          )
        })
        observe('OK')
        return response
      } catch (error) {
        observe(error instanceof AppError ? error.code : 'INTERNAL_ERROR')
        throw error
      }
    }
    return (request: unknown, context: CallContext) =>
      inSpan(method.path.slice(1), description, () => send(request, context))
  }
  const calls = Object.fromEntries(methods.map(([name, method]) => [name, call(method)]))
  return Object.assign(calls, { close: () => client.close() }) as unknown as RpcClient<D> & { close(): void }
}

const targetOf = (address: string): string => (address.includes(',') ? `ipv4:${address}` : `dns:///${address}`)
