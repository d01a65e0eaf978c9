import { catalogService } from '@checkout/contracts/rpc'
import { createGrpcClient } from '@checkout/runtime/grpc-client'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { connectMongo, type Mongo } from '@checkout/runtime/mongo'
import { channelCredentials } from '@checkout/runtime/tls'
import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readConfig } from '../src/config.ts'
import { start } from '../src/service.ts'
import { createProductStore, type Product, type ProductStore } from '../src/store.ts'

const config = readConfig({
  NAMESPACE: namespace(),
  MONGO_URL: process.env.MONGO_URL,
  SERVICE_TOKEN: 'a token of these tests',
  HTTP_PORT: '0',
  GRPC_PORT: '0',
  LOG_LEVEL: 'silent',
})

const product = (id: number, isActive = true): Product => ({
  id,
  sku: `SKU-${id}`,
  name: `상품 ${id}`,
  description: `설명 ${id}`,
  listPriceKrw: id * 1_000,
  isActive,
})

const context = () => ({ deadline: new Date(Date.now() + 10_000), requestId: 'test' })

let mongo: Mongo
let store: ProductStore
let service: Awaited<ReturnType<typeof start>>
let catalog: ReturnType<typeof connect>

const connect = (port: number, token = config.SERVICE_TOKEN) =>
  createGrpcClient({
    definition: catalogService,
    address: `127.0.0.1:${port}`,
    credentials: channelCredentials({}),
    token,
    reads: [],
    metrics: createMetrics('test'),
  })

beforeAll(async () => {
  mongo = await connectMongo({
    url: config.MONGO_URL,
    namespace: config.NAMESPACE,
    database: 'catalog',
    log: createLogger('test', 'silent'),
  })
  store = await createProductStore(mongo.connection)
  service = await start(config)
  catalog = connect(service.grpcPort)
  await store.save([product(7), product(2), product(3), product(4, false), product(5)])
})

afterAll(async () => {
  catalog.close()
  await service.close()
  await mongo.connection.dropDatabase()
  await mongo.close()
})

const list = async (request: { afterId?: string; limit?: number }) => {
  const { products, hasMore } = await catalog.ListProducts(request, context())
  return { ids: products.map(({ id }) => id), hasMore }
}

describe('ListProducts', () => {
  it('shows what is for sale, by ascending id', async () => {
    expect(await list({})).toEqual({ ids: ['2', '3', '5', '7'], hasMore: false })
  })

  it('walks all products in pages, each once', async () => {
    expect(await list({ limit: 2 })).toEqual({ ids: ['2', '3'], hasMore: true })
    expect(await list({ limit: 2, afterId: '3' })).toEqual({ ids: ['5', '7'], hasMore: false })
    expect(await list({ limit: 2, afterId: '7' })).toEqual({ ids: [], hasMore: false })
    expect(await list({ limit: 1, afterId: '4' })).toEqual({ ids: ['5'], hasMore: true })
  })

  it.each([
    { request: { limit: 101 }, field: 'limit' },
    { request: { limit: -1 }, field: 'limit' },
    { request: { afterId: '-1' }, field: 'after' },
    { request: { afterId: '9007199254740993' }, field: 'after' },
  ])('refuses $request and names $field', async ({ request, field }) => {
    await expect(list(request)).rejects.toMatchObject({
      code: 'INVALID_INPUT_VALUE',
      details: { errors: [{ field }] },
    })
  })
})

describe('GetProducts', () => {
  it('answers products whole, for sale or not, and leaves out unknown ids', async () => {
    const { products } = await catalog.GetProducts({ ids: ['4', '3', '99'] }, context())
    expect(products.toSorted((a, b) => Number(a.id) - Number(b.id))).toEqual([
      { id: '3', sku: 'SKU-3', name: '상품 3', description: '설명 3', listPriceKrw: '3000', isActive: true },
      { id: '4', sku: 'SKU-4', name: '상품 4', description: '설명 4', listPriceKrw: '4000', isActive: false },
    ])
  })

  it('never rounds an id to the one of another product', async () => {
    const largest = Number.MAX_SAFE_INTEGER
    await store.save([{ ...product(8, false), id: largest + 1 }])
    const { products } = await catalog.GetProducts({ ids: [`${BigInt(largest) + 2n}`] }, context())
    expect(products).toEqual([])
  })

  it('refuses more ids than an order can hold', async () => {
    const ids = Array.from({ length: 101 }, (_, i) => String(i + 1))
    await expect(catalog.GetProducts({ ids }, context())).rejects.toMatchObject({ code: 'INVALID_INPUT_VALUE' })
  })
})

it('writes products as often as one likes', async () => {
  await store.save([product(7)])
  await store.save([{ ...product(7), listPriceKrw: 777 }])
  const { products } = await catalog.GetProducts({ ids: ['7'] }, context())
  expect(products).toMatchObject([{ id: '7', listPriceKrw: '777' }])
})

it('answers nobody without the token', async () => {
  const stranger = connect(service.grpcPort, 'some other token')
  await expect(stranger.GetProducts({ ids: ['3'] }, context())).rejects.toMatchObject({ code: 'INTERNAL_ERROR' })
  stranger.close()
})

it('is ready while MongoDB answers', async () => {
  const response = await fetch(`http://127.0.0.1:${service.httpPort}/readyz`)
  expect({ status: response.status, body: await response.json() }).toEqual({ status: 200, body: { status: 'ready' } })
})
