import { catalogService, orderService, paymentService } from '@checkout/contracts/rpc'
import { createGrpcClient } from '@checkout/runtime/grpc-client'
import type { Metrics } from '@checkout/runtime/metrics'
import { channelCredentials } from '@checkout/runtime/tls'
import type { Config } from './config.ts'

/** The three services behind this door. Only reads are ever repeated: a repeated write is the HTTP client's decision. */
export const openClients = (config: Config, metrics: Metrics) => {
  const shared = { credentials: channelCredentials(config), token: config.SERVICE_TOKEN, metrics }
  const catalog = createGrpcClient({
    ...shared,
    definition: catalogService,
    address: config.CATALOG_ADDR,
    reads: ['ListProducts', 'GetProducts'],
  })
  const order = createGrpcClient({
    ...shared,
    definition: orderService,
    address: config.ORDER_ADDR,
    reads: ['GetOrder', 'ListOrders'],
  })
  const payment = createGrpcClient({
    ...shared,
    definition: paymentService,
    address: config.PAYMENT_ADDR,
    reads: ['GetPaymentByOrder'],
  })
  return {
    catalog,
    order,
    payment,
    close: () => {
      for (const client of [catalog, order, payment]) client.close()
    },
  }
}

export type Clients = ReturnType<typeof openClients>
