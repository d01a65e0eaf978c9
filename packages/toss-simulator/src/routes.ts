import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ParsedUrlQuery, parse } from 'node:querystring'
import { TossError } from './errors.ts'

/** Toss's bodies are a few hundred bytes. */
const LONGEST_BODY_BYTES = 100 * 1024

type ParamsOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Record<Name, string> & ParamsOf<Rest>
  : Path extends `${string}:${infer Name}`
    ? Record<Name, string>
    : unknown

/** One HTTP request: `body` is undefined when it has none, or one that is too long to be looked at. */
export type HttpCall<Params = unknown> = Readonly<{
  req: IncomingMessage
  res: ServerResponse
  params: Params
  query: ParsedUrlQuery
  body: Buffer | undefined
}>

type Handler<Params> = (call: HttpCall<Params>) => Promise<void> | void
type Route = { method: string; segments: readonly string[]; handle: Handler<Record<string, string>> }

/**
 * Which handler a request belongs to. A segment that begins with a colon takes any text; of two routes that fit, the one
 * that was added first is taken. This is all that Toss's addresses need; a framework took more time than the confirm
 * itself.
 */
export class Routes {
  readonly #routes: Route[] = []

  add<Path extends string>(method: string, path: Path, handler: Handler<ParamsOf<Path>>): void {
    const handle = (call: HttpCall<Record<string, string>>) =>
      handler({ ...call, params: call.params as ParamsOf<Path> })
    this.#routes.push({ method, segments: path.split('/'), handle })
  }

  /** Reads the body, then calls the handler; NOT_FOUND when there is none. */
  async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { method = '', url = '' } = req
    const queryAt = url.indexOf('?')
    const segments = (queryAt === -1 ? url : url.slice(0, queryAt)).split('/')
    const route = this.#routes.find((candidate) => candidate.method === method && fits(candidate.segments, segments))
    if (!route) throw new TossError('NOT_FOUND')
    const params = paramsOf(route.segments, segments)
    const query = queryAt === -1 ? {} : parse(url.slice(queryAt + 1))
    await route.handle({ req, res, params, query, body: method === 'POST' ? await readBody(req) : undefined })
  }
}

/** The header when it came once or as one list. */
export function headerOf(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name]
  return typeof value === 'string' ? value : undefined
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false
  return pattern.every((part, index) => part === segments[index] || (part.startsWith(':') && segments[index] !== ''))
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {}
  for (const [index, part] of pattern.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = decoded(segments[index] ?? '')
  }
  return params
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new TossError('INVALID_REQUEST')
  }
}

function readBody(req: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    req.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= LONGEST_BODY_BYTES) chunks.push(chunk)
    })
    req.once('end', () => resolve(length > LONGEST_BODY_BYTES ? undefined : Buffer.concat(chunks)))
    req.once('error', reject)
  })
}
