import { describe, expect, it } from '@jest/globals'
import { canonicalJson, readIdempotencyKey, scopeIdempotency } from './idempotency.ts'

const request = { method: 'post', path: '/api/orders', body: { userId: '1', amount: 1000 } }
const fingerprint = (over: Partial<typeof request> = {}) =>
  scopeIdempotency('key', {}, { ...request, ...over })?.fingerprint

describe('readIdempotencyKey', () => {
  it.each([undefined, 'a', ' ~', 'x'.repeat(255)])('takes %j', (header) => {
    expect(readIdempotencyKey(header)).toBe(header)
  })

  it.each(['', 'x'.repeat(256), 'a\tb', 'a\r\nb', '키', '\u00e9', '\u007f'])(
    'refuses %j, naming the header',
    (header) => {
      expect(() => readIdempotencyKey(header)).toThrow(
        expect.objectContaining({
          code: 'INVALID_INPUT_VALUE',
          details: expect.objectContaining({ errors: [expect.objectContaining({ field: 'Idempotency-Key' })] }),
        }),
      )
    },
  )
})

describe('scopeIdempotency', () => {
  it('keeps the keys of users apart from each other and from those of guests', () => {
    const keys = [{}, { userId: '1' }, { userId: '2' }, { userId: 'guest' }].map(
      (asker) => scopeIdempotency('key', asker, request)?.key,
    )
    expect(keys).toEqual(['guest:key', 'user:1:key', 'user:2:key', 'user:guest:key'])
  })

  it('is nothing without a key', () => {
    expect(scopeIdempotency(undefined, {}, request)).toBeUndefined()
  })

  it('knows a request again however its fields are ordered', () => {
    expect(fingerprint({ body: { amount: 1000, userId: '1' } })).toBe(fingerprint())
    expect(fingerprint()).toMatch(/^[0-9a-f]{64}$/)
  })

  it('tells another body, path and method apart', () => {
    const others = [
      fingerprint({ body: { userId: '1', amount: 1001 } }),
      fingerprint({ path: '/api/order-commands' }),
      fingerprint({ method: 'put' }),
    ]
    expect(new Set([fingerprint(), ...others]).size).toBe(4)
  })
})

describe('canonicalJson', () => {
  it('orders fields at every depth, keeps the order of lists, and leaves out what is absent', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }, 'x'], a: undefined })).toBe('{"b":[{"c":null,"d":1},"x"]}')
  })

  it('is the same text as JSON for what cannot be ordered', () => {
    for (const value of ['"\u2028', 1.5, true, null, [], {}]) expect(canonicalJson(value)).toBe(JSON.stringify(value))
  })
})
