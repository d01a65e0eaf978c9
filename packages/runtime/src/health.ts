import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLimitedServer } from './limited-server.ts'
import type { Metrics } from './metrics.ts'

/** One thing that must answer before this process may get work. It rejects with the reason when it does not. */
export type ReadinessCheck = { readonly name: string; check(): Promise<void> }

export type Health = {
  /** Answers /healthz, /readyz and /metrics; false when the path is none of them. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>
  /** From now on /readyz says no, while everything else goes on: the first step of a graceful stop. */
  stopServing(): void
}

const CHECK_TIMEOUT_MS = 2_500

export const createHealth = (options: { checks: readonly ReadinessCheck[]; metrics: Metrics }): Health => {
  let isServing = true
  const problem = async ({ name, check }: ReadinessCheck): Promise<string | undefined> => {
    const timeout = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('timeout')), CHECK_TIMEOUT_MS).unref()
    })
    try {
      await Promise.race([check(), timeout])
      return undefined
    } catch {
      return name
    }
  }
  const json = (response: ServerResponse, status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(JSON.stringify(body))
  }
  return {
    stopServing: () => {
      isServing = false
    },
    handle: async (request, response) => {
      const path = request.url?.split('?')[0]
      if (request.method !== 'GET' && request.method !== 'HEAD') return false
      if (path === '/healthz') {
        json(response, 200, { status: 'ok' })
        return true
      }
      if (path === '/readyz') {
        const waitingFor = isServing
          ? (await Promise.all(options.checks.map(problem))).filter((name) => name !== undefined)
          : ['stopping']
        json(
          response,
          waitingFor.length === 0 ? 200 : 503,
          waitingFor.length === 0 ? { status: 'ready' } : { status: 'not ready', waitingFor },
        )
        return true
      }
      if (path === '/metrics') {
        const text = await options.metrics.registry.metrics()
        response.writeHead(200, { 'content-type': options.metrics.registry.contentType })
        response.end(text)
        return true
      }
      return false
    },
  }
}

/** The small HTTP server of a service whose only HTTP is health and metrics. */
export const startHealthServer = async (options: {
  host: string
  port: number
  health: Health
}): Promise<{ port: number; close(): Promise<void> }> => {
  const server = createLimitedServer((request, response) => {
    options.health
      .handle(request, response)
      .then((isAnswered) => {
        if (!isAnswered) response.writeHead(404).end()
      })
      .catch(() => response.destroy())
  })
  await listen(server, options.host, options.port)
  return {
    port: (server.address() as AddressInfo).port,
    close: () => closeServer(server, 1_000),
  }
}

/** Listens, or rejects with the address that is taken. */
export const listen = async (server: Server, host: string, port: number): Promise<void> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
}

/** Short against a drain, long against the time in which a client reads its answer and sends the next request. */
const IDLE_CHECK_MS = 200

/** Stops accepting, lets running requests end for `drainMs`, then cuts what is left. */
export const closeServer = async (server: Server, drainMs: number): Promise<void> => {
  const timer = setTimeout(() => server.closeAllConnections(), drainMs)
  // A kept-alive connection whose request has just ended is idle only now, and would hold the server open.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS)
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
  clearInterval(idle)
  clearTimeout(timer)
}
