import { krw } from '@checkout/contracts/money'
import type { CallContext, catalogService, RpcClient } from '@checkout/contracts/rpc'
import { LRUCache } from 'lru-cache'
import type { Product } from './domain/order.ts'

/** More products than a shop sells within the few seconds that one is kept. */
const MAX_CACHED_PRODUCTS = 10_000

export type Catalog = {
  /** The products with these ids, as they were within the last moments; unknown ids are left out. */
  getProducts(ids: readonly number[], context: CallContext): Promise<ReadonlyMap<number, Product>>
}

/** The catalog service, with its products kept in this process for `cacheMs` (0 keeps nothing). */
export const createCatalog = (client: RpcClient<typeof catalogService>, cacheMs: number): Catalog => {
  const cache = cacheMs > 0 ? new LRUCache<number, Product>({ max: MAX_CACHED_PRODUCTS, ttl: cacheMs }) : undefined
  return {
    getProducts: async (ids, context) => {
      const products = new Map<number, Product>()
      for (const id of ids) {
        const cached = cache?.get(id)
        if (cached !== undefined) products.set(id, cached)
      }
      const missing = ids.filter((id) => !products.has(id))
      if (missing.length > 0) {
        const { products: fetched } = await client.GetProducts({ ids: missing }, context)
        for (const { id, name, listPriceKrw, isActive } of fetched) {
          const product = { id: Number(id), name, listPriceKrw: krw(listPriceKrw, 'listPriceKrw'), isActive }
          products.set(product.id, product)
          cache?.set(product.id, product)
        }
      }
      return products
    },
  }
}
