import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ServerVariable } from '../servers/server.ts'
import { type Driven, drive } from './drive.ts'
import type { HttpClient } from './http-client.ts'
import type { Watched } from './process-usage.ts'

/** A bare part that can be driven. */
export interface Part {
  readonly name: string
  /** The processes of its own that its cost is in. */
  readonly processes: () => readonly Watched[]
  readonly drive: (clients: number, ms: number) => Promise<Driven>
  readonly close: () => void
}

// Forked as it was built, also by a test that runs from the sources.
const program = fileURLToPath(new URL('../../dist/bench/part-main.js', import.meta.url))

/**
 * What the system is made of, each alone: a request to Express, a gRPC call, an acknowledged write, send and command.
 * `products` is the list that Express answers with.
 */
export async function openParts(
  servers: Readonly<Record<ServerVariable, string>>,
  products: string,
  http: HttpClient,
): Promise<Part[]> {
  const express = await open('express', products)
  const grpcServer = await open('grpc-server')
  const url = `http://127.0.0.1:${express.port}/`
  const callers = await Promise.all([
    open('grpc', `127.0.0.1:${grpcServer.port}`),
    open('mongodb', servers.MONGO_URL),
    open('kafka', servers.KAFKA_BROKERS),
    open('redis', servers.REDIS_URL),
  ])
  const [grpc, ...others] = callers
  return [
    {
      name: 'bare Express',
      processes: () => [express.watched],
      drive: (clients, ms) =>
        drive(clients, ms, async () => {
          const { status } = await http.get(url)
          if (status !== 200) throw new Error(String(status))
          return 'done'
        }),
      close: express.close,
    },
    {
      name: 'bare gRPC',
      processes: () => [grpc.watched, grpcServer.watched],
      drive: grpc.drive,
      close: () => {
        grpc.close()
        grpcServer.close()
      },
    },
    ...others.map((part) => ({
      name: `bare ${names[part.watched.name] ?? part.watched.name}`,
      processes: () => [part.watched],
      drive: part.drive,
      close: part.close,
    })),
  ]
}

const names: Readonly<Record<string, string>> = {
  mongodb: 'MongoDB write',
  kafka: 'Kafka send',
  redis: 'Redis set',
}

async function open(name: string, address = '') {
  // Bare kafkajs sets timers in the past, and newer versions of Node warn about each.
  const child = fork(program, [name, address], { execArgv: ['--disable-warning=TimeoutNegativeWarning'] })
  const said = await nextMessage<{ ready: true; port?: number }>(child, name)
  return {
    port: said.port ?? 0,
    watched: { name, pid: child.pid ?? 0 },
    drive: async (clients: number, ms: number): Promise<Driven> => {
      child.send({ clients, ms })
      return nextMessage<Driven>(child, name)
    },
    close: () => child.disconnect(),
  }
}

async function nextMessage<T>(child: ChildProcess, name: string): Promise<T> {
  const waiting = new AbortController()
  const { signal } = waiting
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error(`the part ${name} ended`)
  })
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as [T]
    return message
  } finally {
    ended.catch(() => undefined)
    waiting.abort()
  }
}
