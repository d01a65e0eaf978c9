import { describe, expect, it } from '@jest/globals'
import { createCatalog } from './catalog.ts'

const context = { deadline: new Date(8.64e15), requestId: 'test' }

const startCatalog = (cacheMs: number) => {
  const asked: string[][] = []
  const client: Parameters<typeof createCatalog>[0] = {
    ListProducts: () => Promise.reject(new Error('not asked for')),
    GetProducts: ({ ids = [] }) => {
      asked.push(ids.map(String))
      const product = { sku: '', name: '녹차', description: '', listPriceKrw: '1000', isActive: true }
      return Promise.resolve({
        products: ids.map((id) => ({ ...product, id: String(id) })).filter(({ id }) => id !== '404'),
      })
    },
  }
  return { asked, catalog: createCatalog(client, cacheMs) }
}

describe('products', () => {
  it('are asked for once while they are fresh, and only the missing ones', async () => {
    const { asked, catalog } = startCatalog(3_600_000)
    await catalog.getProducts([1, 2], context)
    const products = await catalog.getProducts([2, 3], context)
    expect(asked).toEqual([['1', '2'], ['3']])
    expect(new Set(products.keys())).toEqual(new Set([2, 3]))
  })

  it('that do not exist are asked for again, because they may have come', async () => {
    const { asked, catalog } = startCatalog(3_600_000)
    expect(await catalog.getProducts([404], context)).toEqual(new Map())
    await catalog.getProducts([404], context)
    expect(asked).toEqual([['404'], ['404']])
  })

  it('are always asked for when nothing may be kept', async () => {
    const { asked, catalog } = startCatalog(0)
    await catalog.getProducts([1], context)
    await catalog.getProducts([1], context)
    expect(asked).toEqual([['1'], ['1']])
  })
})
