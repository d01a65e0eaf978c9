import { AppError } from '@checkout/contracts/errors'
import { krw } from '@checkout/contracts/money'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isMadeBy, isVisibleTo, type OrderLine, openOrder, readPurchase, totalKrw } from './order.ts'

const line = (unitPriceKrw: number, quantity: number): OrderLine => ({
  productId: 1,
  name: '녹차',
  unitPriceKrw: krw(unitPriceKrw),
  quantity,
})

const anyLine = fc
  .tuple(fc.oneof(fc.nat(), fc.maxSafeNat()), fc.integer({ min: 1, max: 999 }))
  .map(([price, quantity]) => line(price, quantity))

describe('the total', () => {
  it('is exact or refused, never rounded', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 100 }), (lines) => {
        const exact = lines.reduce(
          (sum, { unitPriceKrw, quantity }) => sum + BigInt(unitPriceKrw) * BigInt(quantity),
          0n,
        )
        if (exact >= 1n && exact <= BigInt(Number.MAX_SAFE_INTEGER)) expect(BigInt(totalKrw(lines))).toBe(exact)
        else expect(() => totalKrw(lines)).toThrow(AppError)
      }),
      {
        examples: [
          [[line(Number.MAX_SAFE_INTEGER, 1)]],
          [[line(Number.MAX_SAFE_INTEGER, 1), line(1, 1)]],
          [[line(Number.MAX_SAFE_INTEGER, 999)]],
          [[line(0, 5)]],
        ],
      },
    )
  })

  it('does not depend on the order of the lines', () => {
    const lines = fc.array(
      fc.tuple(fc.nat({ max: 1_000_000 }), fc.integer({ min: 1, max: 999 })).map(([p, q]) => line(p + 1, q)),
      { minLength: 1, maxLength: 100 },
    )
    fc.assert(fc.property(lines, (given) => expect(totalKrw(given.toReversed())).toBe(totalKrw(given))))
  })
})

describe('a purchase', () => {
  it('is an amount or items', () => {
    expect(readPurchase({ amountKrw: '5000', items: [] })).toEqual({ kind: 'amount', amountKrw: 5000 })
    expect(readPurchase({ items: [{ productId: '7', quantity: 999 }] })).toEqual({
      kind: 'items',
      items: [{ productId: 7, quantity: 999 }],
    })
  })

  const item = { productId: '1', quantity: 1 }
  it.each([
    { name: 'nothing', given: { items: [] }, fields: ['items'] },
    { name: 'both', given: { amountKrw: '5000', items: [item] }, fields: ['amount'] },
    { name: 'no money', given: { amountKrw: '0', items: [] }, fields: ['amount'] },
    { name: 'less than no money', given: { amountKrw: '-1', items: [] }, fields: ['amount'] },
    { name: 'more than is exact', given: { amountKrw: '9007199254740992', items: [] }, fields: ['amount'] },
    {
      name: '101 items',
      given: { items: Array.from({ length: 101 }, (_, i) => ({ productId: i + 1, quantity: 1 })) },
      fields: ['items'],
    },
    {
      name: 'items that are wrong in every way',
      given: {
        items: [
          { productId: '0', quantity: 1 },
          { productId: '2', quantity: 0 },
          { productId: '2', quantity: 1_000 },
          { productId: '9007199254740992', quantity: 1.5 },
        ],
      },
      fields: [
        'items[0].productId',
        'items[1].quantity',
        'items[2].productId',
        'items[2].quantity',
        'items[3].productId',
        'items[3].quantity',
      ],
    },
  ])('refuses $name and names each field', ({ given, fields }) => {
    let refused: unknown
    try {
      readPurchase(given)
    } catch (error) {
      refused = error
    }
    expect(refused).toMatchObject({
      code: 'INVALID_INPUT_VALUE',
      details: { errors: fields.map((field) => ({ field })) },
    })
  })
})

describe('an order', () => {
  const given = {
    orderId: 'ORD-1',
    amountKrw: krw(1_000),
    lines: [],
    createdAt: new Date('2026-01-02T03:04:05.000Z'),
    ttlMs: 60_000,
    requestId: 'req-1',
  }

  it('begins unpaid and knows its end', () => {
    expect(openOrder({ ...given, userId: '1' })).toEqual({
      orderId: 'ORD-1',
      userId: '1',
      amountKrw: 1_000,
      currency: 'KRW',
      lines: [],
      status: 'PENDING',
      paymentVersion: 0,
      createdAt: given.createdAt,
      expiresAt: new Date('2026-01-02T03:05:05.000Z'),
      requestId: 'req-1',
    })
  })

  it('stores nothing for what is absent', () => {
    expect(Object.keys(openOrder({ ...given, userId: undefined, idempotency: undefined }))).not.toEqual(
      expect.arrayContaining(['userId']),
    )
    expect(openOrder(given)).not.toHaveProperty('idempotency')
  })

  it.each([
    { owner: '1', viewer: '1', isVisible: true },
    { owner: '1', viewer: '2', isVisible: false },
    { owner: '1', viewer: undefined, isVisible: false },
    { owner: undefined, viewer: '1', isVisible: true },
    { owner: undefined, viewer: undefined, isVisible: true },
  ])('of $owner is visible to $viewer: $isVisible', ({ owner, viewer, isVisible }) => {
    expect(isVisibleTo(openOrder({ ...given, userId: owner }), viewer)).toBe(isVisible)
  })

  it('is made by one request only', () => {
    const order = openOrder({ ...given, idempotency: { key: '1:a', fingerprint: 'x' } })
    expect(isMadeBy(order, { key: '1:a', fingerprint: 'x' })).toBe(true)
    expect(isMadeBy(order, { key: '1:a', fingerprint: 'y' })).toBe(false)
    expect(isMadeBy(openOrder(given), { key: '1:a', fingerprint: 'x' })).toBe(false)
  })
})
