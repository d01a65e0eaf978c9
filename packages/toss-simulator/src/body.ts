import type { ZodError, ZodType } from 'zod'
import { TossError } from './errors.ts'

/** The parsed body, whatever its content type; undefined when there is none or it is no JSON. */
export function jsonOf(body: Buffer | undefined): unknown {
  if (body === undefined) return undefined
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

/** What the schema makes of the value; INVALID_REQUEST naming each field otherwise. */
export function parseAs<Output>(schema: ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new TossError('INVALID_REQUEST', problemsOf(parsed.error))
  return parsed.data
}

/** What a body that may be anything has in this field, if that can be shown. */
export function textIn(body: unknown, field: string): string | undefined {
  if (typeof body !== 'object' || body === null || !(field in body)) return undefined
  const value: unknown = Reflect.get(body, field)
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : undefined
}

function problemsOf(error: ZodError): string {
  return error.issues
    .flatMap((issue) => {
      const path = issue.path.join('.')
      if (issue.code !== 'unrecognized_keys') return [`${path || 'body'}: ${issue.message}`]
      return issue.keys.map((key) => `${path ? `${path}.` : ''}${key.slice(0, 100)}: unknown field`)
    })
    .join('; ')
    .slice(0, 1000)
}
