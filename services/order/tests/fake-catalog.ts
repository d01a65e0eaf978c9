import { catalogService, type RpcHandlers } from '@checkout/contracts/rpc'
import { startGrpcServer } from '@checkout/runtime/grpc-server'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { serverCredentials } from '@checkout/runtime/tls'

/** A catalog over real gRPC whose prices a test may change. */
export const startFakeCatalog = async (token: string) => {
  const prices = new Map<number, { listPriceKrw: number; isActive: boolean }>()
  const handlers: RpcHandlers<typeof catalogService> = {
    ListProducts: () => Promise.resolve({ products: [], hasMore: false }),
    GetProducts: ({ ids }) =>
      Promise.resolve({
        products: ids.flatMap((id) => {
          const price = prices.get(Number(id))
          if (price === undefined) return []
          const { listPriceKrw, isActive } = price
          return [{ id, sku: id, name: `상품 ${id}`, description: '', listPriceKrw: String(listPriceKrw), isActive }]
        }),
      }),
  }
  const server = await startGrpcServer({
    host: '127.0.0.1',
    port: 0,
    credentials: serverCredentials({}),
    token,
    services: [{ definition: catalogService, handlers }],
    log: createLogger('fake-catalog', 'silent'),
    metrics: createMetrics('fake-catalog'),
  })
  return { prices, address: `127.0.0.1:${server.port}`, close: () => server.close(0) }
}
