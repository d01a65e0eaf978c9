import { AppError } from '@checkout/contracts/errors'
import { describe, expect, it } from '@jest/globals'
import { createProductCache } from './product-cache.ts'

const product = (id: number, isActive = true) => ({
  id: String(id),
  sku: `SKU-${id}`,
  name: `상품 ${id}`,
  description: '',
  listPriceKrw: '1000',
  isActive,
})

const catalogOf = (answer: () => Promise<unknown> = async () => undefined) => {
  const calls: unknown[] = []
  const cache = createProductCache(
    {
      ListProducts: async (request) => {
        calls.push(request)
        await answer()
        return { products: [product(1), product(2)], hasMore: true }
      },
      GetProducts: async (request) => {
        calls.push(request)
        await answer()
        return {
          products: (request.ids ?? [])
            .map(Number)
            .filter((id) => id < 9)
            .map((id) => product(id, id !== 5)),
        }
      },
    },
    { ttlMs: 60_000, deadlineMs: 1_000 },
  )
  return { cache, calls }
}

describe('the product cache', () => {
  it('shares one call among those who miss at the same time, and asks no more afterwards', async () => {
    const { cache, calls } = catalogOf()
    const pages = await Promise.all(Array.from({ length: 50 }, () => cache.list(0, 2)))
    await cache.list(0, 2)
    expect(calls).toEqual([{ afterId: 0, limit: 2 }])
    expect(new Set(pages).size).toBe(1)
    expect(pages[0]).toEqual({
      products: [expect.objectContaining({ id: 1, listPriceKrw: 1000 }), expect.anything()],
      hasMore: true,
    })
  })

  it('keeps pages apart', async () => {
    const { cache, calls } = catalogOf()
    await cache.list(0, 2)
    await cache.list(2, 2)
    await cache.list(0, 1)
    expect(calls).toHaveLength(3)
  })

  it('knows neither inactive nor unknown products', async () => {
    const { cache } = catalogOf()
    expect(await cache.find(1)).toEqual(expect.objectContaining({ id: 1 }))
    expect(await cache.find(5)).toBeUndefined()
    expect(await cache.find(9)).toBeUndefined()
  })

  it('does not keep a failure', async () => {
    let isAway = true
    const { cache } = catalogOf(async () => {
      if (isAway) throw new AppError('SERVICE_UNAVAILABLE')
    })
    await expect(cache.find(1)).rejects.toThrow(expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }))
    isAway = false
    expect(await cache.find(1)).toEqual(expect.objectContaining({ id: 1 }))
  })
})
