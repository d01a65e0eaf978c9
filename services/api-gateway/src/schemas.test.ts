import { AppError } from '@checkout/contracts/errors'
import { describe, expect, it } from '@jest/globals'
import type { z } from 'zod'
import { parseInput } from './parse-input.ts'
import {
  afterProductId,
  cancelBody,
  confirmBody,
  createOrderBody,
  failBody,
  limit,
  orderCommandBody,
  orderId,
  productIdParameter,
} from './schemas.ts'

/** The fields that are refused; none when the value passes. */
const refusedFields = (schema: z.ZodType, value: unknown): string[] => {
  try {
    parseInput(schema, value)
    return []
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'INVALID_INPUT_VALUE') throw error
    return (error.details.errors ?? []).map(({ field }) => field)
  }
}

const confirm = { paymentKey: 'pay-1', orderId: 'ORD-000001', amount: 1000 }
const cancel = { orderId: 'ORD-000001', reason: '변심' }
const notAnAmount = [0, -1, 1.5, '1000', Number.POSITIVE_INFINITY, Number.NaN, 2 ** 53, null, [], {}, true]

describe('amounts', () => {
  it.each([1, 1000, 2 ** 53 - 1])('%j is one', (amount) => {
    expect(refusedFields(createOrderBody, { amount })).toEqual([])
    expect(refusedFields(confirmBody, { ...confirm, amount })).toEqual([])
  })

  it.each(notAnAmount)('%j is none, and the field is named', (amount) => {
    expect(refusedFields(createOrderBody, { amount })).toEqual(['amount'])
    expect(refusedFields(confirmBody, { ...confirm, amount })).toEqual(['amount'])
  })

  it('of a cancel pass when they are numbers, for those that cannot be refunded have a code of their own', () => {
    for (const amount of [0, -1, 1.5, 2 ** 53]) expect(refusedFields(cancelBody, { ...cancel, amount })).toEqual([])
    for (const amount of ['1000', null, [], Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(refusedFields(cancelBody, { ...cancel, amount })).toEqual(['amount'])
    }
  })
})

describe('unknown fields', () => {
  it('are refused by name', () => {
    expect(refusedFields(cancelBody, { ...cancel, ammount: 300 })).toEqual(['ammount'])
    expect(refusedFields(createOrderBody, { amount: 1, userid: 1, x: 2 })).toEqual(['userid', 'x'])
    expect(refusedFields(orderCommandBody, { items: [{ productId: 1, quantity: 1, price: 1 }] })).toEqual([
      'items.0.price',
    ])
  })

  it("but confirm lets Toss's paymentType pass", () => {
    for (const paymentType of ['NORMAL', null]) {
      expect(refusedFields(confirmBody, { ...confirm, paymentType })).toEqual([])
    }
  })

  it('cannot make the answer long', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`field-${i}`, 1]))
    expect(refusedFields(createOrderBody, { amount: 1, ...many })).toHaveLength(20)
    expect(refusedFields(createOrderBody, { amount: 1, ['x'.repeat(5_000)]: 1 })[0]).toHaveLength(100)
  })
})

describe('userId', () => {
  it('is the same as a number and as text', () => {
    for (const userId of [1, '1']) expect(parseInput(createOrderBody, { amount: 1, userId }).userId).toBe('1')
  })

  it.each([1.5, '', 'a b', '가', 'x'.repeat(65), { $gt: '' }, ['1'], null, true])('refuses %j', (userId) => {
    expect(refusedFields(createOrderBody, { amount: 1, userId })).toEqual(['userId'])
  })
})

describe('ids', () => {
  it.each(['ORD-000001', 'abcdef', '_'.repeat(64)])('%s is an order id', (id) => {
    expect(refusedFields(orderId, id)).toEqual([])
  })

  it.each(['abcde', 'x'.repeat(65), 'ORD 000001', 'ORD-00000\n', 'ORD=000001', { $gt: '' }, 123456])(
    '%j is no order id',
    (id) => {
      expect(refusedFields(orderId, id)).toHaveLength(1)
    },
  )

  it.each(['', '../x', 'a/cancel', '%2e%2e', 'x'.repeat(201)])(
    '%j is no paymentKey: it goes into a path',
    (paymentKey) => {
      expect(refusedFields(confirmBody, { ...confirm, paymentKey })).toEqual(['paymentKey'])
    },
  )

  it.each(['0', '-1', '1.5', '01', '1e3', ' 1', '9007199254740992', '99999999999999999', 'abc', ''])(
    '%j is no product id',
    (id) => {
      expect(refusedFields(productIdParameter, id)).toHaveLength(1)
    },
  )

  it('become numbers', () => {
    expect(parseInput(productIdParameter, '9007199254740991')).toBe(2 ** 53 - 1)
    expect(parseInput(afterProductId, '0')).toBe(0)
    expect(parseInput(limit(20), '100')).toBe(100)
    expect(parseInput(limit(20), undefined)).toBeUndefined()
  })

  it.each(['0', '101', '-1', '1.0', 'ten', ''])('a page cannot have the size %j', (size) => {
    expect(refusedFields(limit(20), size)).toHaveLength(1)
  })
})

describe('items', () => {
  const item = (productId: number, quantity = 1) => ({ productId, quantity })

  it('are 1 to 100 products, each once, 1 to 999 of it', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => item(i + 1, 999))
    expect(refusedFields(orderCommandBody, { items: hundred })).toEqual([])
    expect(refusedFields(orderCommandBody, { items: [...hundred, item(101)] })).toEqual(['items'])
    expect(refusedFields(orderCommandBody, { items: [] })).toEqual(['items'])
    expect(refusedFields(orderCommandBody, { items: [item(1), item(2), item(1)] })).toEqual(['items.2.productId'])
    expect(refusedFields(orderCommandBody, { items: [item(1, 0), item(2, 1000), item(0)] })).toEqual([
      'items.0.quantity',
      'items.1.quantity',
      'items.2.productId',
    ])
  })
})

describe('text', () => {
  it.each(['😀'.repeat(200), "'; DROP TABLE orders; --", '<script>alert(1)</script>', '\u202eRTL', 'e\u0301'])(
    'is data, counted by code point: %.30s',
    (reason) => {
      expect(refusedFields(cancelBody, { ...cancel, reason })).toEqual([])
    },
  )

  it.each(['', '😀'.repeat(201), 'a\nb', 'a\u0000b', '\ud800'])('a reason cannot be %j', (reason) => {
    expect(refusedFields(cancelBody, { ...cancel, reason })).toEqual(['reason'])
  })

  it("bounds Toss's code and message", () => {
    const fail = { code: 'PAY_PROCESS_CANCELED', message: '여러\n줄' }
    expect(refusedFields(failBody, fail)).toEqual([])
    expect(refusedFields(failBody, { ...fail, code: 'x'.repeat(101), message: 'x'.repeat(501) })).toEqual([
      'code',
      'message',
    ])
    expect(refusedFields(failBody, { ...fail, message: '\u0000' })).toEqual(['message'])
  })

  it('of a refund account is bounded', () => {
    const account = { bank: '88', accountNumber: '110123456789', holderName: '홍길동' }
    const fields = (over: object) =>
      refusedFields(cancelBody, { ...cancel, refundReceiveAccount: { ...account, ...over } })
    expect(fields({})).toEqual([])
    expect(fields({ accountNumber: '110-123' })).toEqual(['refundReceiveAccount.accountNumber'])
    expect(fields({ accountNumber: '1'.repeat(21) })).toEqual(['refundReceiveAccount.accountNumber'])
    expect(fields({ holderName: 'x'.repeat(61), bankCode: '88' })).toEqual([
      'refundReceiveAccount.holderName',
      'refundReceiveAccount.bankCode',
    ])
  })
})

describe('messages', () => {
  it('read on from the name of the field', () => {
    const thrown = () => parseInput(confirmBody, { orderId: 'x', amount: '1' })
    expect(thrown).toThrow(
      'paymentKey is required; orderId must be 6 to 64 of A-Z a-z 0-9 _ -; amount must be of type number',
    )
  })
})
