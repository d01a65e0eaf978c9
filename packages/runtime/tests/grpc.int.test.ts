import { type AddressInfo, connect as connectTo, createServer, type Socket } from 'node:net'
import { AppError } from '@checkout/contracts/errors'
import { type CallContext, catalogService, type RpcHandlers } from '@checkout/contracts/rpc'
import { Client, credentials, Metadata, ServerCredentials } from '@grpc/grpc-js'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createGrpcClient } from '../src/grpc-client.ts'
import { type GrpcServer, startGrpcServer } from '../src/grpc-server.ts'
import { createLogger } from '../src/log.ts'
import { createMetrics } from '../src/metrics.ts'

type Handlers = RpcHandlers<typeof catalogService>
const metrics = createMetrics('grpc-test')
const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

const serve = async (listProducts: Handlers['ListProducts'], token = 'the-right-token-of-16'): Promise<GrpcServer> => {
  const server = await startGrpcServer({
    host: '127.0.0.1',
    port: 0,
    credentials: ServerCredentials.createInsecure(),
    token,
    services: [
      {
        definition: catalogService,
        handlers: { ListProducts: listProducts, GetProducts: () => Promise.resolve({ products: [] }) },
      },
    ],
    log: createLogger('grpc-test', 'silent'),
    metrics,
  })
  open.push({ close: () => server.close(100) })
  return server
}

const connect = (port: number, token = 'the-right-token-of-16', keepaliveMs = 10_000) => {
  const client = createGrpcClient({
    definition: catalogService,
    address: `127.0.0.1:${port}`,
    credentials: credentials.createInsecure(),
    token,
    reads: ['ListProducts'],
    metrics,
    keepaliveMs,
  })
  open.push(client)
  return client
}

const context = (ms = 5_000): CallContext => ({ deadline: new Date(Date.now() + ms), requestId: 'req-1' })

describe('a call', () => {
  it('hands down the deadline and the request id', async () => {
    const seen: CallContext[] = []
    const server = await serve((_request, given) => {
      seen.push(given)
      return Promise.resolve({ products: [], hasMore: false })
    })
    const asked = context()
    await connect(server.port).ListProducts({}, asked)
    expect(seen[0]?.requestId).toBe('req-1')
    expect(Math.abs((seen[0]?.deadline.getTime() ?? 0) - asked.deadline.getTime())).toBeLessThan(1_000)
  })

  it('without the token is refused before the handler sees it', async () => {
    let calls = 0
    const server = await serve(() => {
      calls += 1
      return Promise.resolve({ products: [] })
    })
    await expect(connect(server.port, 'another-token-of-16-x').ListProducts({}, context())).rejects.toMatchObject({
      code: 'INTERNAL_ERROR',
    })
    expect(calls).toBe(0)
  })

  it('comes back with the code and details of a refusal, and without the cause of a bug', async () => {
    const server = await serve(({ limit }) =>
      Promise.reject(
        limit === 1 ? new AppError('PRODUCT_NOT_FOUND', { detail: 'product 9' }) : new Error('the password is hunter2'),
      ),
    )
    const client = connect(server.port)
    await expect(client.ListProducts({ limit: 1 }, context())).rejects.toMatchObject({
      code: 'PRODUCT_NOT_FOUND',
      details: { detail: 'product 9' },
    })
    const bug = client.ListProducts({ limit: 2 }, context())
    await expect(bug).rejects.toMatchObject({ code: 'INTERNAL_ERROR' })
    await expect(bug).rejects.not.toThrow(/hunter2/)
  })

  it('that is late is GATEWAY_TIMEOUT, and one to nobody is SERVICE_UNAVAILABLE', async () => {
    const server = await serve(() => new Promise(() => undefined))
    await expect(connect(server.port).ListProducts({}, context(200))).rejects.toMatchObject({ code: 'GATEWAY_TIMEOUT' })
    await server.close(0)
    await expect(connect(server.port).GetProducts({}, context())).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  })
})

describe('a call that is not as it should be', () => {
  const raw = async (port: number, { bytes = Buffer.alloc(0), requestId = 'req-1', path = 'ListProducts' } = {}) => {
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
    open.push(client)
    const metadata = new Metadata()
    metadata.set('authorization', 'the-right-token-of-16')
    metadata.set('x-request-id', requestId)
    const asIs = (value: Buffer) => value
    return new Promise<{ code: number; errorCode: unknown }>((resolve) => {
      client.makeUnaryRequest(`/catalog.v1.CatalogService/${path}`, asIs, asIs, bytes, metadata, (error) =>
        resolve({ code: error?.code ?? 0, errorCode: error?.metadata.get('error-code')[0] }),
      )
    })
  }

  it('is INVALID_INPUT_VALUE when its bytes are no message', async () => {
    let calls = 0
    const server = await serve(() => {
      calls += 1
      return Promise.resolve({ products: [] })
    })
    // A field that ends behind the message; a varint without an end; groups as deep as fit in.
    for (const bytes of [Buffer.from([0x7a, 0xff, 0x7f]), Buffer.alloc(20, 0xff), Buffer.alloc(500_000, 0x7b)])
      expect(await raw(server.port, { bytes })).toEqual({ code: 3, errorCode: 'INVALID_INPUT_VALUE' })
    expect(calls).toBe(0)
  })

  it('does not bring its own words into the logs as a request id', async () => {
    const seen: string[] = []
    const server = await serve((_request, { requestId }) => {
      seen.push(requestId)
      return Promise.resolve({ products: [] })
    })
    for (const requestId of ['webhook-ORD-1', 'a b', 'x'.repeat(129), 'me@example.com'])
      await raw(server.port, { requestId })
    expect(seen).toEqual(['webhook-ORD-1', '-', '-', '-'])
  })
})

describe('every server', () => {
  const healthProto = {
    Check: {
      path: '/grpc.health.v1.Health/Check',
      requestStream: false,
      responseStream: false,
      requestSerialize: () => Buffer.alloc(0),
      requestDeserialize: (bytes: Buffer) => bytes,
      responseSerialize: (bytes: Buffer) => bytes,
      responseDeserialize: (bytes: Buffer) => bytes,
    },
  }
  it('answers the standard health check, and lists its services by reflection', async () => {
    const server = await serve(() => Promise.resolve({ products: [] }))
    const client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure())
    open.push(client)
    const { path, requestSerialize, responseDeserialize } = healthProto.Check
    const answer = await new Promise<Buffer | undefined>((resolve, reject) => {
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, {}, new Metadata(), (error, value) =>
        error ? reject(error) : resolve(value),
      )
    })
    // Field 1, varint, 1: SERVING.
    expect([...(answer ?? [])]).toEqual([8, 1])
    const listed = await new Promise<string>((resolve, reject) => {
      const stream = client.makeBidiStreamRequest(
        '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
        (bytes: Buffer) => bytes,
        (bytes: Buffer) => bytes,
      )
      stream.on('data', (bytes: Buffer) => {
        stream.end()
        resolve(bytes.toString('latin1'))
      })
      stream.on('error', reject)
      // Field 7, length-delimited: list_services.
      stream.write(Buffer.from([0x3a, 0x01, 0x2a]))
    })
    expect(listed).toContain('catalog.v1.CatalogService')
  })

  it('lets a call under way end when it stops', async () => {
    let release: () => void = () => undefined
    const entered = new Promise<void>((resolve) => {
      release = resolve
    })
    let finish: () => void = () => undefined
    const server = await serve(async () => {
      release()
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      return { products: [], hasMore: true }
    })
    const call = connect(server.port).ListProducts({}, context())
    await entered
    const closing = server.close(5_000)
    finish()
    expect((await call).hasMore).toBe(true)
    await closing
  })
})

describe('a server that hangs but keeps its connections', () => {
  it('is given up long before the deadline of a call, and used again when it is back', async () => {
    const server = await serve(() => Promise.resolve({ products: [], hasMore: false }))
    const road = await openRoad(server.port)
    const client = connect(road.port, undefined, 500)
    await client.GetProducts({ ids: [] }, context())
    road.freeze()
    const startedAt = performance.now()
    await expect(client.GetProducts({ ids: [] }, context(60_000))).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    })
    expect(performance.now() - startedAt).toBeLessThan(30_000)
    // A frozen connection never comes back; a new one does.
    expect(await client.GetProducts({ ids: [] }, context(60_000))).toEqual({ products: [] })
  }, 120_000)
})

/** A way to a port on which what is connected can be made to hang, as a process that was stopped does. */
const openRoad = async (to: number): Promise<{ port: number; freeze(): void }> => {
  const sockets: Socket[] = []
  const road = createServer((client) => {
    const server = connectTo(to, '127.0.0.1')
    client.pipe(server)
    server.pipe(client)
    for (const socket of [client, server]) sockets.push(socket.on('error', () => undefined))
  })
  await new Promise<void>((resolve) => {
    road.listen(0, '127.0.0.1', resolve)
  })
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy()
      road.close()
    },
  })
  return {
    port: (road.address() as AddressInfo).port,
    freeze: () => {
      for (const socket of sockets) socket.unpipe().pause()
    },
  }
}
