import { AppError } from '@checkout/contracts/errors'
import { z } from 'zod'
import { nextPage } from '../next-page.ts'
import { defineRoute } from '../route.ts'
import { afterProductId, limit, product, productIdParameter, products } from '../schemas.ts'

const listProducts = defineRoute({
  method: 'get',
  path: '/api/products',
  tag: 'products',
  summary: 'Active products in ascending order of id',
  query: z.strictObject({ limit: limit(100), after: afterProductId.optional() }),
  response: products,
  headers: ['Link'],
  isCacheable: true,
  refusals: [],
  handle: async ({ query }, { products: cache }) => {
    const pageSize = query.limit ?? 100
    const page = await cache.list(query.after ?? 0, pageSize)
    const last = page.hasMore ? page.products.at(-1) : undefined
    return {
      headers: nextPage('/api/products', last && { limit: pageSize, after: last.id }),
      body: page.products,
    }
  },
})

const getProduct = defineRoute({
  method: 'get',
  path: '/api/products/{id}',
  tag: 'products',
  summary: 'One active product',
  params: z.strictObject({ id: productIdParameter }),
  response: product,
  isCacheable: true,
  refusals: ['PRODUCT_NOT_FOUND'],
  handle: async ({ params }, { products: cache }) => {
    const found = await cache.find(params.id)
    if (found === undefined) throw new AppError('PRODUCT_NOT_FOUND', { detail: `there is no such product on sale` })
    return { body: found }
  },
})

export const productRoutes = [listProducts, getProduct]
