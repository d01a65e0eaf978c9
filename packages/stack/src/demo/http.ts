import { type Narrator, StepFailed } from './narrator.ts'

/** A JSON object of which nothing is known yet. */
export type Json = Readonly<Record<string, unknown>>

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
  readonly ms: number
}

export interface Request {
  readonly body?: Json
  readonly idempotencyKey?: string
  /** Told without a word: for looks that are repeated until something shows. */
  readonly isQuiet?: boolean
}

export type Http = (method: 'GET' | 'POST', path: string, request?: Request) => Promise<Answer>

/** Longer than the gateway lets any request take, so that a limit which is reached is a fault. */
const timeoutMs = 30_000

/** The HTTP client of a shop. Tells each request with its answer. */
export function createHttp(baseUrl: string, narrator: Pick<Narrator, 'happened'>): Http {
  return async (method, path, { body, idempotencyKey, isQuiet = false } = {}) => {
    const startedAt = performance.now()
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const parsed: unknown = await response.json()
    const ms = Math.round(performance.now() - startedAt)
    if (!isQuiet) {
      narrator.happened('HTTP', `${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`)
      narrator.happened('HTTP', `  → ${response.status} in ${ms} ms ${summary(parsed)}`)
    }
    return {
      status: response.status,
      headers: response.headers,
      body: isObject(parsed) ? parsed : { list: parsed },
      ms,
    }
  }
}

/** Of a refusal what a program acts on; of an order its money. The rest is in the API's documentation. */
function summary(body: unknown): string {
  if (!isObject(body)) return Array.isArray(body) ? `${body.length} rows` : ''
  const { code, tossCode, detail, payment } = body
  if (code !== undefined) return JSON.stringify({ code, tossCode, detail })
  if (!isObject(payment)) return JSON.stringify(body)
  const { status, refundedAmountKrw, remainingAmountKrw } = payment
  return JSON.stringify({ status: body.status, payment: { status, refundedAmountKrw, remainingAmountKrw } })
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text of an answer that the story cannot go on without. */
export function textOf(body: Json, field: string): string {
  const value = body[field]
  if (typeof value !== 'string') throw new StepFailed(`the answer has no ${field}: ${JSON.stringify(body)}`)
  return value
}

/** A number of an answer that the story cannot go on without. */
export function numberOf(body: Json, field: string): number {
  const value = body[field]
  if (typeof value !== 'number') throw new StepFailed(`the answer has no ${field}: ${JSON.stringify(body)}`)
  return value
}
