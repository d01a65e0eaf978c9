import { createServer, request } from 'node:http'

/** The road between our payment service and Toss, on which answers can be held up: Toss has acted, and we do not know yet. */
export interface TossRoad {
  readonly url: string
  /** Where it leads; the system that uses it has to be started first. */
  leadTo(toss: string): void
  /** Holds up every answer from now on, until the returned function lets them through. */
  holdAnswers(): () => void
  close(): Promise<void>
}

export const openTossRoad = async (): Promise<TossRoad> => {
  let toss = ''
  let isClear: Promise<void> = Promise.resolve()
  const server = createServer((asked, answer) => {
    const { method = 'GET', headers } = asked
    const call = request(new URL(asked.url ?? '/', toss), { method, headers }, (reply) => {
      void isClear.then(() => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers)
        reply.pipe(answer)
      })
    })
    // A connection that breaks on one side breaks on the other, so that lost answers stay lost.
    call.on('error', () => answer.destroy())
    answer.on('close', () => call.destroy())
    asked.pipe(call)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the road has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    leadTo: (url) => {
      toss = url
    },
    holdAnswers: () => {
      let letThrough = () => undefined as void
      isClear = new Promise((resolve) => {
        letThrough = resolve
      })
      return letThrough
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
