import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Transform } from 'node:stream'

/** A TCP connection between two processes that can be cut or slowed. It passes bytes and knows no protocol. */
export interface Link {
  readonly port: number
  /** Ends what is connected and refuses what comes, until it is healed. */
  readonly cut: () => void
  /** From now on each piece of data arrives this much later, in both directions. */
  readonly delay: (ms: number) => void
  readonly heal: () => void
  readonly close: () => Promise<void>
}

/** @param targets ports on loopback, taken in turn; one that does not answer is passed over */
export async function openLink(targets: readonly number[]): Promise<Link> {
  const sockets = new Set<Socket>()
  let isCut = false
  let delayMs = 0
  let turn = 0
  const slow = () =>
    new Transform({
      transform(chunk, _encoding, done) {
        if (delayMs === 0) done(null, chunk)
        else setTimeout(() => done(null, chunk), delayMs)
      },
    })
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.once('close', () => sockets.delete(socket))
    return socket
  }
  const reach = async (): Promise<Socket | undefined> => {
    for (const _ of targets) {
      const socket = keep(connect({ host: '127.0.0.1', port: targets[turn++ % targets.length] ?? 0 }))
      try {
        await once(socket, 'connect')
        return socket
      } catch {
        socket.destroy()
      }
    }
    return undefined
  }
  const server = createServer({ pauseOnConnect: true }, (caller) => {
    keep(caller)
    caller.on('error', () => undefined)
    if (isCut) {
      caller.resetAndDestroy()
      return
    }
    void reach().then((called) => {
      if (called === undefined || isCut) {
        caller.resetAndDestroy()
        called?.destroy()
        return
      }
      called.on('error', () => caller.destroy())
      caller.once('close', () => called.destroy())
      called.once('close', () => caller.destroy())
      caller.pipe(slow()).pipe(called)
      called.pipe(slow()).pipe(caller)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      isCut = true
      drop()
    },
    delay: (ms) => {
      delayMs = ms
    },
    heal: () => {
      isCut = false
      delayMs = 0
    },
    close: async () => {
      drop()
      server.close()
      await once(server, 'close')
    },
  }
}
