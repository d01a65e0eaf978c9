import { createHash } from 'node:crypto'
import { invalidInput } from '@checkout/contracts/errors'
import type { Asker } from './auth.ts'

const HEADER = 'Idempotency-Key'

/** What goes down to the service that keeps the key on the document which the request makes. */
export type Idempotency = { readonly key: string; readonly fingerprint: string }

/**
 * The header as sent, or undefined without one.
 * @throws AppError INVALID_INPUT_VALUE when it is not 1 to 255 printable ASCII characters: it is stored and logged.
 */
export const readIdempotencyKey = (header: string | undefined): string | undefined => {
  if (header === undefined || /^[\x20-\x7e]{1,255}$/.test(header)) return header
  throw invalidInput(HEADER, 'must be 1 to 255 printable ASCII characters')
}

/** JSON with its object keys in order, so that two ways to write the same body are the same text. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

/**
 * The key within its scope (a user's own; guests share one) and the fingerprint of the request that uses it. The body counts as it
 * was understood, so that a `userId` of 1 and "1" is the same request.
 */
export const scopeIdempotency = (
  key: string | undefined,
  asker: Asker,
  request: { readonly method: string; readonly path: string; readonly body: unknown },
): Idempotency | undefined => {
  if (key === undefined) return undefined
  const scope = asker.userId === undefined ? 'guest' : `user:${asker.userId}`
  const text = `${request.method.toUpperCase()}\n${request.path}\n${canonicalJson(request.body)}`
  return { key: `${scope}:${key}`, fingerprint: createHash('sha256').update(text).digest('hex') }
}
