import { Agent, request } from 'node:http'

/** A bare HTTP client: it has to cost little beside what it measures. */
export interface HttpClient {
  readonly get: (url: string) => Promise<HttpAnswer>
  readonly post: (url: string, body: object) => Promise<HttpAnswer>
  readonly close: () => void
}

export interface HttpAnswer {
  readonly status: number
  readonly text: string
}

/** Longer than the system lets any request take. */
const TIMEOUT_MS = 30_000

export function createHttpClient(): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
  const send = (method: string, url: string, body?: string): Promise<HttpAnswer> =>
    new Promise((resolve, reject) => {
      const headers =
        body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
      const sent = request(url, { method, agent, headers, timeout: TIMEOUT_MS }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        )
      })
      sent.once('timeout', () => sent.destroy(new Error('no answer')))
      sent.once('error', reject)
      sent.end(body)
    })
  return {
    get: (url) => send('GET', url),
    post: (url, body) => send('POST', url, JSON.stringify(body)),
    close: () => agent.destroy(),
  }
}

/** The JSON body of a 2xx. */
export function bodyOf<T>(what: string, { status, text }: HttpAnswer): T {
  if (status >= 200 && status < 300) return JSON.parse(text) as T
  throw new Error(`${what}: ${status} ${codeOf(text)}`)
}

function codeOf(text: string): string {
  return /"code":"(\w+)"/.exec(text)?.[1] ?? ''
}
