import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** An answer as it came over the wire; undefined when the connection ended without one. */
export interface RawAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** Longer than any limit of a door, so that a connection which is still open then is one without a limit. */
const PATIENCE_MS = 20_000

/**
 * Sends the very bytes that it is given, which no HTTP client would do, and reads until the other side closes. An array is sent
 * piece by piece, with `everyMs` between them.
 */
export const sendRaw = async (
  door: string,
  bytes: string | Buffer | readonly (string | Buffer)[],
  { everyMs = 0 } = {},
): Promise<RawAnswer | undefined> => {
  const { hostname, port } = new URL(door)
  const socket = connect(Number(port), hostname)
  const chunks: Buffer[] = []
  const ended = new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    // A door that has refused closes while we still write.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve())
    socket.setTimeout(PATIENCE_MS, () => {
      reject(new Error(`the door neither answered nor closed: ${Buffer.concat(chunks).toString().slice(0, 200)}`))
      socket.destroy()
    })
  })
  const pieces = typeof bytes === 'string' || Buffer.isBuffer(bytes) ? [bytes] : bytes
  const write = async (): Promise<void> => {
    for (const piece of pieces) {
      if (socket.destroyed || !socket.writable) return
      socket.write(piece)
      if (everyMs > 0) await delay(everyMs)
    }
  }
  await Promise.all([write(), ended])
  return parse(Buffer.concat(chunks))
}

/** A request of the given parts, closed after its answer. Header values go out in latin1, as bytes. */
export const rawRequest = (
  method: string,
  target: string,
  { headers = [], body }: { headers?: readonly string[]; body?: string | Buffer | undefined } = {},
): Buffer => {
  const content = body === undefined ? undefined : Buffer.from(body)
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'host: door',
    'connection: close',
    ...headers,
    ...(content === undefined ? [] : [`content-length: ${content.length}`]),
    '',
    '',
  ]
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), ...(content === undefined ? [] : [content])])
}

const parse = (bytes: Buffer): RawAnswer | undefined => {
  const text = bytes.toString('utf8')
  const end = text.indexOf('\r\n\r\n')
  const [first = '', ...lines] = text.slice(0, Math.max(0, end)).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1])
  if (Number.isNaN(status)) return undefined
  const headers = new Headers(
    lines.map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
  return { status, headers, body: text.slice(end + 4) }
}
