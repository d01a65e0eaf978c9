import { invalidInput } from '@checkout/contracts/errors'
import type { catalogService, RpcHandlers } from '@checkout/contracts/rpc'
import { crashPoint } from '@checkout/runtime/crash-point'
import type { Product, ProductStore } from './store.ts'

/** The largest page of the HTTP contract, and as many items as an order may hold. */
const MAX_PRODUCTS = 100

const toMessage = ({ id, sku, name, description, listPriceKrw, isActive }: Product) => ({
  id: String(id),
  sku,
  name,
  description,
  listPriceKrw: String(listPriceKrw),
  isActive,
})

export const catalogHandlers = (store: ProductStore): RpcHandlers<typeof catalogService> => ({
  ListProducts: async (request) => {
    const afterId = Number(request.afterId)
    if (!Number.isSafeInteger(afterId) || afterId < 0) throw invalidInput('after', 'must be a product id')
    const limit = request.limit === 0 ? MAX_PRODUCTS : request.limit
    if (limit < 1 || limit > MAX_PRODUCTS) throw invalidInput('limit', `must be 1..${MAX_PRODUCTS}`)
    // One more than asked for tells whether another page follows.
    const found = await store.listActive(afterId, limit + 1)
    return { products: found.slice(0, limit).map(toMessage), hasMore: found.length > limit }
  },
  GetProducts: async (request) => {
    if (request.ids.length > MAX_PRODUCTS) throw invalidInput('ids', `must be at most ${MAX_PRODUCTS}`)
    // An id that a number cannot hold exactly is the id of no product; rounded, it could become another one's.
    const found = await store.findByIds(request.ids.map(Number).filter(Number.isSafeInteger))
    crashPoint('products.before-answer')
    return { products: found.map(toMessage) }
  },
})
