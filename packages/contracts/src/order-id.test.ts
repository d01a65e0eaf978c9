import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isOrderId, orderIdFrom } from './order-id.ts'

const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 })

describe('an order id', () => {
  it('is one that Toss accepts', () => {
    fc.assert(fc.property(bytes, (given) => expect(orderIdFrom(given)).toMatch(/^ORD-[0-7][0-9A-HJKMNP-TV-Z]{25}$/)))
  })

  it('is known from what is none', () => {
    fc.assert(fc.property(bytes, (given) => expect(isOrderId(orderIdFrom(given))).toBe(true)))
    for (const text of ['', 'ORD-', `ORD-${'8'.repeat(26)}`, `ORD-${'0'.repeat(27)}`, `ORD-0${'U'.repeat(25)}`])
      expect(isOrderId(text)).toBe(false)
  })

  it('sorts as the bytes that it was made from, so that newer orders come later', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const [idA, idB] = [orderIdFrom(a), orderIdFrom(b)]
        const byId = idA < idB ? -1 : idA > idB ? 1 : 0
        expect(byId).toBe(Buffer.compare(a, b))
      }),
    )
  })

  it('has known spellings', () => {
    expect(orderIdFrom(new Uint8Array(16))).toBe('ORD-00000000000000000000000000')
    expect(orderIdFrom(new Uint8Array(16).fill(255))).toBe('ORD-7ZZZZZZZZZZZZZZZZZZZZZZZZZ')
  })
})
