import { fileURLToPath } from 'node:url'
import {
  loadPackageDefinition,
  Metadata,
  type ServerErrorResponse,
  type ServiceDefinition,
  type ServiceError,
  status,
} from '@grpc/grpc-js'
import { loadSync, type MethodDefinition, type PackageDefinition } from '@grpc/proto-loader'
import { AppError, type ErrorDetails, errorTable, isErrorCode } from './errors.ts'
import type { ProtoGrpcType as AdminProto } from './gen/admin.ts'
import type { ProtoGrpcType as CatalogProto } from './gen/catalog.ts'
import type { ProtoGrpcType as OrderProto } from './gen/order.ts'
import type { ProtoGrpcType as PaymentProto } from './gen/payment.ts'
import type { ProtoGrpcType as ReplayProto } from './gen/replay.ts'

/** The proto files as loaded, for servers that offer reflection. */
export const packageDefinition: PackageDefinition = loadSync(
  ['admin.proto', 'catalog.proto', 'order.proto', 'payment.proto', 'replay.proto'],
  {
    includeDirs: [fileURLToPath(new URL('../../../proto', import.meta.url))],
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  },
)

// loadPackageDefinition is untyped by nature; the generated types describe exactly these files.
const protos = loadPackageDefinition(packageDefinition) as unknown as AdminProto &
  CatalogProto &
  OrderProto &
  PaymentProto &
  ReplayProto

export const catalogService = protos.catalog.v1.CatalogService.service
export const orderService = protos.order.v1.OrderService.service
export const paymentService = protos.payment.v1.PaymentService.service
export const adminService = protos.admin.v1.AdminService.service
export const orderAdminService = protos.order.v1.OrderAdminService.service
export const paymentAdminService = protos.payment.v1.PaymentAdminService.service
export const replayService = protos.replay.v1.ReplayService.service

type NamedMethods<D extends ServiceDefinition> = { [K in keyof D as string extends K ? never : K]: D[K] }

/** What a caller hands down with a call: by when it wants the answer, and whose request it is part of. */
export type CallContext = { readonly deadline: Date; readonly requestId: string }

/** The methods of a service as a caller sees them. Each throws AppError only. */
export type RpcClient<D extends ServiceDefinition> = {
  [K in keyof NamedMethods<D>]: D[K] extends MethodDefinition<infer Request, infer _R, infer _Q, infer Response>
    ? (request: Request, context: CallContext) => Promise<Response>
    : never
}

/** The methods of a service as its door implements them; `Extra` is what a guard adds to the context. */
export type RpcHandlers<D extends ServiceDefinition, Extra = unknown> = {
  [K in keyof NamedMethods<D>]: D[K] extends MethodDefinition<infer _Q, infer Response, infer Request, infer _R>
    ? (request: Request, context: CallContext & Extra) => Promise<Response>
    : never
}

/** The names of a service's methods. */
export type RpcMethod<D extends ServiceDefinition> = keyof NamedMethods<D> & string

const CODE_KEY = 'error-code'
const DETAILS_KEY = 'error-details-bin'

/** An error as it goes over the wire. Whatever is not an AppError leaves as INTERNAL_ERROR and says nothing of its cause. */
export const toServiceError = (error: unknown): ServerErrorResponse & { metadata: Metadata } => {
  const known = error instanceof AppError ? error : new AppError('INTERNAL_ERROR')
  const metadata = new Metadata()
  metadata.set(CODE_KEY, known.code)
  metadata.set(DETAILS_KEY, Buffer.from(JSON.stringify(known.details)))
  return Object.assign(new Error(known.message), {
    code: errorTable[known.code].grpc,
    details: errorTable[known.code].title,
    metadata,
  })
}

/** The AppError that a failed call stands for; failures of the transport become SERVICE_UNAVAILABLE or GATEWAY_TIMEOUT. */
export const fromServiceError = (error: ServiceError): AppError => {
  const code = error.metadata?.get(CODE_KEY)[0]
  const details = error.metadata?.get(DETAILS_KEY)[0]
  if (typeof code === 'string' && isErrorCode(code)) {
    return new AppError(code, Buffer.isBuffer(details) ? (JSON.parse(details.toString()) as ErrorDetails) : {}, {
      cause: error,
    })
  }
  if (error.code === status.DEADLINE_EXCEEDED) return new AppError('GATEWAY_TIMEOUT', {}, { cause: error })
  if (error.code === status.UNAVAILABLE || error.code === status.CANCELLED)
    return new AppError('SERVICE_UNAVAILABLE', {}, { cause: error })
  if (error.code === status.UNAUTHENTICATED) return new AppError('INTERNAL_ERROR', {}, { cause: error })
  return new AppError('INTERNAL_ERROR', {}, { cause: error })
}

/**
 * Whether a failed call may have had its effect although no answer came: the deadline passed or the connection broke after the
 * request may have gone out. False when the service itself answered, and when no connection was ever there.
 */
export const isOutcomeUnknown = (error: AppError): boolean => {
  const { cause } = error
  if (!isServiceError(cause) || cause.metadata.get(CODE_KEY).length > 0) return false
  const codes: readonly status[] = [
    status.DEADLINE_EXCEEDED,
    status.UNAVAILABLE,
    status.CANCELLED,
    status.INTERNAL,
    status.UNKNOWN,
  ]
  return codes.includes(cause.code) && !/No connection established|Name resolution failed/.test(cause.details)
}

const isServiceError = (cause: unknown): cause is ServiceError =>
  cause instanceof Error &&
  'code' in cause &&
  'details' in cause &&
  'metadata' in cause &&
  cause.metadata instanceof Metadata
