import { status } from '@grpc/grpc-js'

type ErrorRow = {
  readonly grpc: status
  readonly http: number
  /** Whether the same request may succeed later without anything being changed by the caller. */
  readonly isRetryable: boolean
  readonly title: string
  /** The sentence for a person, in Korean. */
  readonly message: string
}

/** Every way in which this system refuses or fails, and how each looks over gRPC and HTTP. Doors and jobs read this and decide nothing. */
export const errorTable = {
  INVALID_INPUT_VALUE: row(status.INVALID_ARGUMENT, 400, 'Invalid input', '입력값이 올바르지 않습니다.'),
  NOT_FOUND: row(status.UNIMPLEMENTED, 404, 'No such route', '요청한 경로를 찾을 수 없습니다.'),
  METHOD_NOT_ALLOWED: row(status.UNIMPLEMENTED, 405, 'Method not allowed', '허용되지 않은 메서드입니다.'),
  PAYLOAD_TOO_LARGE: row(status.RESOURCE_EXHAUSTED, 413, 'Payload too large', '요청 본문이 너무 큽니다.'),
  UNSUPPORTED_MEDIA_TYPE: row(
    status.INVALID_ARGUMENT,
    415,
    'Unsupported media type',
    '지원하지 않는 콘텐츠 형식입니다. application/json으로 보내 주세요.',
  ),
  PRODUCT_NOT_FOUND: row(status.NOT_FOUND, 404, 'Product not found', '상품을 찾을 수 없습니다.'),
  ORDER_NOT_FOUND: row(status.NOT_FOUND, 404, 'Order not found', '주문을 찾을 수 없습니다.'),
  PAYMENT_NOT_FOUND: row(status.NOT_FOUND, 404, 'Payment not found', '결제를 찾을 수 없습니다.'),
  USER_NOT_FOUND: row(status.NOT_FOUND, 404, 'User not found', '사용자를 찾을 수 없습니다.'),
  AMOUNT_MISMATCH: row(
    status.INVALID_ARGUMENT,
    400,
    'Amount differs from the order',
    '결제 금액이 주문 금액과 일치하지 않습니다.',
  ),
  ALREADY_PROCESSED: row(
    status.FAILED_PRECONDITION,
    409,
    'Order is paid or being paid',
    '이미 결제되었거나 결제가 진행 중인 주문입니다.',
  ),
  ORDER_EXPIRED: row(
    status.FAILED_PRECONDITION,
    409,
    'Order has expired',
    '주문의 결제 가능 시간이 지났습니다. 다시 주문해 주세요.',
  ),
  CANNOT_CANCEL_ORDER: row(
    status.FAILED_PRECONDITION,
    400,
    'Order was never paid',
    '결제되지 않은 주문은 취소할 수 없습니다.',
  ),
  INVALID_REFUND_AMOUNT: row(status.INVALID_ARGUMENT, 400, 'Invalid refund amount', '환불 금액이 올바르지 않습니다.'),
  INVALID_PAYMENT_STATUS: row(
    status.FAILED_PRECONDITION,
    400,
    'Payment cannot be canceled in its status',
    '현재 결제 상태에서는 처리할 수 없습니다.',
  ),
  IN_PROGRESS: row(
    status.ABORTED,
    409,
    'Confirm is still being decided',
    '결제 승인 결과를 확인하고 있습니다. 잠시 후 다시 시도해 주세요.',
    true,
  ),
  TOSS_API_ERROR: row(status.FAILED_PRECONDITION, 502, 'Toss refused', '결제사에서 요청을 처리하지 못했습니다.'),
  IDEMPOTENCY_KEY_REUSED: row(
    status.ALREADY_EXISTS,
    422,
    'Idempotency key was used for another request',
    '같은 멱등키가 다른 요청에 이미 사용되었습니다.',
  ),
  UNAUTHENTICATED: row(status.UNAUTHENTICATED, 401, 'Not authenticated', '인증이 필요합니다.'),
  FORBIDDEN: row(status.PERMISSION_DENIED, 403, 'Not allowed', '권한이 없습니다.'),
  RATE_LIMITED: row(
    status.RESOURCE_EXHAUSTED,
    429,
    'Too many requests',
    '요청이 너무 많습니다. 잠시 후 다시 시도해 주세요.',
    true,
  ),
  SERVICE_UNAVAILABLE: row(
    status.UNAVAILABLE,
    503,
    'Service unavailable',
    '일시적으로 서비스를 이용할 수 없습니다. 잠시 후 다시 시도해 주세요.',
    true,
  ),
  GATEWAY_TIMEOUT: row(
    status.DEADLINE_EXCEEDED,
    504,
    'Gateway timeout',
    '응답이 지연되고 있습니다. 잠시 후 다시 시도해 주세요.',
    true,
  ),
  INTERNAL_ERROR: row(status.INTERNAL, 500, 'Internal error', '서버 오류가 발생했습니다.'),
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof errorTable

export const isErrorCode = (value: string): value is ErrorCode => Object.hasOwn(errorTable, value)

export type FieldError = { readonly field: string; readonly message: string }

/** What an error tells its caller beyond the code. It travels over gRPC and out of the door, so it never holds a cause or a secret. */
export type ErrorDetails = {
  readonly detail?: string
  readonly errors?: readonly FieldError[]
  /** Toss's own code, with TOSS_API_ERROR. */
  readonly tossCode?: string
  /** The HTTP status for this one error where the table's is only the usual one (TOSS_API_ERROR: Toss's 4xx for a decline). */
  readonly httpStatus?: number
  readonly retryAfterSeconds?: number
  /** The refusal is the stored outcome of an earlier request with the same idempotency key. */
  readonly isReplayed?: boolean
}

/** A refusal, or a foreign failure with its `cause`; anything else that is thrown is a bug. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(details.detail ?? errorTable[code].title, options)
    this.code = code
    this.details = details
  }

  get isRetryable(): boolean {
    return errorTable[this.code].isRetryable
  }

  get httpStatus(): number {
    return this.details.httpStatus ?? errorTable[this.code].http
  }
}

/** The refusal of one field. `message` follows the field's name in a sentence: "limit must be 1..100". */
export const invalidInput = (field: string, message: string): AppError =>
  new AppError('INVALID_INPUT_VALUE', { detail: `${field} ${message}`, errors: [{ field, message }] })

function row(grpc: status, http: number, title: string, message: string, isRetryable = false): ErrorRow {
  return { grpc, http, title, message, isRetryable }
}
