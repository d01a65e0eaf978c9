import { createServer } from 'node:net'

// Below the range from which systems take ports for outgoing connections: a server that was killed finds its port free
// when it is started again, and not in the hands of somebody's connection.
const firstPort = 18_000
const slices = 60
const portsPerSlice = 220

/** Each process looks in a slice of its own, so that test runs side by side do not choose the same port. */
const slice = firstPort + (process.pid % slices) * portsPerSlice
let next = Math.floor(Math.random() * portsPerSlice)

/** A loopback port that nobody listens on; never the same twice in a row. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < portsPerSlice; tries += 1) {
    const port = slice + next
    next = (next + 1) % portsPerSlice
    if (!(await isPortTaken(port))) return port
  }
  throw new Error(`no free port from ${slice} to ${slice + portsPerSlice - 1}`)
}

/** Whether somebody listens on the port, or this user may not. */
export function isPortTaken(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(true))
    server.listen({ port, host, exclusive: true }, () => {
      server.close(() => resolve(false))
    })
  })
}
