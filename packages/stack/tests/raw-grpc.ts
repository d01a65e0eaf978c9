import { once } from 'node:events'
import { connect } from 'node:http2'

export interface RpcAnswer {
  /** The gRPC status; undefined when the stream ended without one. */
  readonly status: number | undefined
  /** Our own code, where one of our handlers refused. */
  readonly errorCode: string | undefined
  /** The message of an answer that is OK. */
  readonly message: Buffer
  /** Everything that an error says, its metadata included. */
  readonly text: string
}

interface RpcRequest {
  /** As it goes behind the five bytes of the frame. */
  readonly message?: Uint8Array
  /** Sent instead of frame and message. */
  readonly frame?: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

export interface RawChannel {
  call(path: string, request?: RpcRequest): Promise<RpcAnswer>
  close(): void
}

/** Longer than the deadline that a call without one gets. */
const PATIENCE_MS = 15_000

/** gRPC over a bare HTTP/2 connection: it checks nothing, so that everything that can be sent is. */
export const openChannel = async (port: number, token: string): Promise<RawChannel> => {
  const session = connect(`http://127.0.0.1:${port}`)
  session.on('error', () => undefined)
  await once(session, 'connect')
  return {
    call: (path, { message = new Uint8Array(), frame, headers = {} } = {}) =>
      new Promise((resolve, reject) => {
        const stream = session.request({
          ':method': 'POST',
          ':path': path,
          'content-type': 'application/grpc',
          te: 'trailers',
          authorization: token,
          'x-request-id': 'bad-input',
          ...headers,
        })
        const chunks: Buffer[] = []
        const told = new Map<string, string>()
        const note = (fields: object) => {
          for (const [name, value] of Object.entries(fields)) told.set(name, String(value))
        }
        stream.setTimeout(PATIENCE_MS, () => {
          reject(new Error(`${path} was never answered`))
          stream.close()
        })
        stream.on('response', note)
        stream.on('trailers', note)
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        // A stream that the server resets has said what it had to say in its trailers, or nothing.
        stream.on('error', () => undefined)
        stream.on('close', () => {
          const status = told.get('grpc-status')
          const details = Buffer.from(told.get('error-details-bin') ?? '', 'base64').toString()
          resolve({
            status: status === undefined ? undefined : Number(status),
            errorCode: told.get('error-code'),
            message: Buffer.concat(chunks).subarray(5),
            text: `${[...told].map(([name, value]) => `${name}: ${value}`).join('\n')}\n${details}`,
          })
        })
        stream.end(frame ?? framed(message))
      }),
    close: () => session.destroy(),
  }
}

/** Not compressed, length, message. */
const framed = (message: Uint8Array): Buffer => {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}
