import { type AppError, errorTable } from '@checkout/contracts/errors'
import { echo, scrub } from '@checkout/contracts/personal-data'

/** RFC 9457 problem details as every HTTP door answers them. */
export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  instance: string
  code: string
  /** The Korean sentence for a person. */
  message: string
  timestamp: string
  requestId: string
  errors?: { field: string; message: string }[]
  tossCode?: string
}

/**
 * The body, status and headers of a refusal. A 500 says nothing of its cause, and of what the client wrote nothing is repeated
 * that could be personal data: answers are kept in logs and histories on their way.
 */
export const toProblem = (
  error: AppError,
  request: { path: string; requestId: string },
): { status: number; headers: Record<string, string>; body: Problem } => {
  const row = errorTable[error.code]
  const status = error.httpStatus
  const { detail, errors, tossCode, retryAfterSeconds, isReplayed } = error.details
  const retryAfter = retryAfterSeconds ?? (status === 503 || status === 504 || status === 429 ? 2 : undefined)
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      ...(isReplayed === true ? { 'idempotent-replayed': 'true' } : {}),
    },
    body: {
      type: `urn:checkout:error:${error.code.toLowerCase().replaceAll('_', '-')}`,
      title: row.title,
      status,
      detail: error.code === 'INTERNAL_ERROR' ? row.title : scrub(detail ?? row.title),
      instance: echo(request.path),
      code: error.code,
      message: row.message,
      timestamp: new Date().toISOString(),
      requestId: request.requestId,
      ...(errors === undefined ? {} : { errors: [...errors] }),
      ...(tossCode === undefined ? {} : { tossCode }),
    },
  }
}
