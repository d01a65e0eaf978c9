import type { IncomingMessage } from 'node:http'
import { AppError, invalidInput } from '@checkout/contracts/errors'

/** No request of this API comes near it. */
const MAX_BYTES = 100 * 1024
/** The deepest request has three levels; parsers and validators recurse, so depth is bounded before them. */
const MAX_DEPTH = 20
/** Names through which a careless copy would reach the prototype of every object. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

const refuse = (message: string, field = 'body'): never => {
  throw invalidInput(field, message)
}

/**
 * Reads a request's JSON object.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, or INVALID_INPUT_VALUE for broken JSON, bytes that are not UTF-8, too
 * deep a nesting, a key that names a prototype, and anything but an object.
 */
export const readJsonBody = async (request: IncomingMessage): Promise<object> => {
  const type = request.headers['content-type'] ?? ''
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type) || encoding !== 'identity') {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', { detail: 'send application/json in UTF-8, not compressed' })
  }
  return parseJsonObject(await readBytes(request))
}

export const parseJsonObject = (bytes: Uint8Array): object => {
  let value: unknown
  try {
    // Fatal: a replaced byte would silently be another text than the client's. A byte order mark is no JSON.
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return refuse('must be valid JSON in UTF-8')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('must be a JSON object')
  assertHarmless(value, 1)
  return value
}

const assertHarmless = (value: unknown, depth: number): void => {
  if (typeof value !== 'object' || value === null) return
  if (depth > MAX_DEPTH) refuse(`must not be nested deeper than ${MAX_DEPTH} levels`)
  for (const [key, member] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) refuse('is not allowed', key)
    assertHarmless(member, depth + 1)
  }
}

const readBytes = async (request: IncomingMessage): Promise<Buffer> => {
  // Judged before reading: the answer goes out while the rest of a body that nobody wants is thrown away.
  if (Number(request.headers['content-length'] ?? 0) > MAX_BYTES) throw new AppError('PAYLOAD_TOO_LARGE')
  const chunks: Buffer[] = []
  let size = 0
  // Without destroyOnReturn: a destroyed request takes the connection with it, and the answer too.
  const body: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false })
  for await (const chunk of body) {
    size += chunk.length
    if (size > MAX_BYTES) throw new AppError('PAYLOAD_TOO_LARGE')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}
