import { randomUUID } from 'node:crypto'
import type { CallContext } from '@checkout/contracts/rpc'
import { LRUCache } from 'lru-cache'
import type { Clients } from './clients.ts'

export type Product = { id: number; sku: string; name: string; description: string; listPriceKrw: number }
/** Shared by everybody who asks for it, and never changed. */
export type ProductPage = { readonly products: Product[]; readonly hasMore: boolean }

/** Pages and single products together; enough for every page that anybody looks at, and bounded against those who count ids up. */
const MAX_ENTRIES = 1_000

/** Active products, a few seconds old at most. Callers who miss at the same time share one call. */
export const createProductCache = (
  catalog: Pick<Clients['catalog'], 'ListProducts' | 'GetProducts'>,
  options: { readonly ttlMs: number; readonly deadlineMs: number },
) => {
  // A shared call belongs to nobody's request, so it has a deadline and an id of its own.
  const context = (): CallContext => ({
    deadline: new Date(Date.now() + options.deadlineMs),
    requestId: `products-${randomUUID()}`,
  })
  const cached = <Key extends string | number, Value extends object>(load: (key: Key) => Promise<Value>) =>
    new LRUCache<Key, Value>({
      max: MAX_ENTRIES,
      // 0 would mean "for ever".
      ttl: Math.max(1, options.ttlMs),
      fetchMethod: (key) => load(key),
      // Whoever waits for a call gets its answer, also when the entry is evicted meanwhile.
      ignoreFetchAbort: true,
    })
  const pages = cached(async (key: string): Promise<ProductPage> => {
    const [afterId = 0, limit = 0] = key.split(':').map(Number)
    const page = await catalog.ListProducts({ afterId, limit }, context())
    return { products: page.products.map(present), hasMore: page.hasMore }
  })
  const products = cached(async (id: number): Promise<{ product?: Product }> => {
    const { products: found } = await catalog.GetProducts({ ids: [id] }, context())
    const product = found.find(({ id: foundId, isActive }) => Number(foundId) === id && isActive)
    return product === undefined ? {} : { product: present(product) }
  })
  return {
    list: (afterId: number, limit: number): Promise<ProductPage> => pages.forceFetch(`${afterId}:${limit}`),
    find: async (id: number): Promise<Product | undefined> => (await products.forceFetch(id)).product,
  }
}

export type ProductCache = ReturnType<typeof createProductCache>

const present = (product: {
  id: string
  sku: string
  name: string
  description: string
  listPriceKrw: string
}): Product => ({
  id: Number(product.id),
  sku: product.sku,
  name: product.name,
  description: product.description,
  listPriceKrw: Number(product.listPriceKrw),
})
