import { describe, expect, it } from '@jest/globals'
import { echo, isHarmlessId, scrub } from './personal-data.ts'

describe('scrub', () => {
  it.each([
    ['a secret key of Toss', 'using test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R', 'using [key]'],
    ['a live key of a widget', '"live_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6"', '"[key]"'],
    ['a basic authorization', 'Basic dGVzdF9za19sb2NhbDo=', 'Basic [token]'],
    ['a bearer token', 'Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'Bearer [token]'],
    ['a card', 'card 4111111111111111 declined', 'card [card] declined'],
    ['a card in groups', 'card 4111 1111 1111 1111 declined', 'card [card] declined'],
    ['a card with dashes', 'card 4111-1111-1111-1111', 'card [card]'],
    ['a card of 15 digits', '378282246310005', '[card]'],
    [
      'a card that stands as a bare number',
      '{"a":4111111111111111,"b":[378282246310005]}',
      '{"a":"[card]","b":["[card]"]}',
    ],
    ['a mobile phone', 'call 010-1234-5678', 'call [phone]'],
    ['a mobile phone without dashes', '"01012345678"', '"[phone]"'],
    ['a mobile phone with spaces', 'call 010 1234 5678', 'call [phone]'],
    ['a mobile phone from abroad', 'call +82-10-1234-5678', 'call [phone]'],
    ['the secret of a payment', '"ps_DEcp1aQ9Lw6kR"', '"[secret]"'],
    ['a bare token', 'got eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'got [token]'],
    ['a card in a query', '?card=4111+1111+1111+1111', '?card=[card]'],
    ['an e-mail address', 'mail kim.minji+shop@example.co.kr now', 'mail [email] now'],
  ])('takes out %s', (_what, line, scrubbed) => {
    expect(scrub(line)).toBe(scrubbed)
  })

  it.each([
    ['an order id', 'ORD-01M827QD52E1GVVEB3NYGMM1EH'],
    ['a payment id', '01a2047b-b4ce-766f-8a2e-6ea5347534bc'],
    ['an instant', '2026-11-22T18:19:05.122Z'],
    ['a time in milliseconds', '1795371545122'],
    ['a long number that is no card', '4111111111111112'],
    ['an address', '127.0.0.1:4003'],
    ['a hash', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
  ])('leaves %s as it is', (_what, line) => {
    expect(scrub(line)).toBe(line)
  })
})

const personal = {
  card: '4111111111111111',
  'card in groups': '4111 1111 1111 1111',
  key: 'live_sk_canaryCANARY0123456789',
  phone: '010-1234-5678',
  email: 'canary.bird@example.com',
  bearer: 'Bearer canary-canary-canary',
  secret: 'ps_canarySecret77',
}
/** Every byte of it encoded, as nobody has to but anybody can. */
const encodeAll = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')

describe.each(Object.entries(personal))('scrub of a percent-encoded %s', (_what, text) => {
  it.each([
    ['once', encodeURIComponent(text)],
    ['twice', encodeURIComponent(encodeURIComponent(text))],
    ['in every byte', encodeAll(text)],
    ['with a plus for a space', encodeURIComponent(text).replaceAll('%20', '+')],
    ['beside bytes that are no UTF-8', `%ff${encodeURIComponent(text)}`],
  ])('finds it %s', (_how, encoded) => {
    const line = JSON.stringify({ path: `/api/orders/${encoded}?a=1`, note: 'a "quoted"\nline' })
    const scrubbed = scrub(line)
    for (const word of [text, encoded]) expect(scrubbed).not.toContain(word)
    expect(JSON.parse(scrubbed)).toMatchObject({ note: 'a "quoted"\nline' })
    expect(echo(`/api/orders/${encoded}`)).not.toContain(encoded)
  })
})

describe('scrub', () => {
  it('leaves an encoded word that hides nothing as it is', () => {
    expect(scrub('{"path":"/a%20b%2Fc%zz%ff"}')).toBe('{"path":"/a%20b%2Fc%zz%ff"}')
  })

  it.each(['x', '%41', 'a@', 'eyJ-', '1 ', '%'])('costs no more than its length: %j over and over', (piece) => {
    const startedAt = performance.now()
    scrub(piece.repeat(200_000 / piece.length))
    // The square of it would be many seconds.
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })
})

describe('an id from outside', () => {
  it.each(['ORD-01M827QD52E1GVVEB3NYGMM1EH', 'tgen_2WtbWslhSFATz6FLk6V9qz8D', 'r-1', 'a'])('%s is harmless', (id) => {
    expect(isHarmlessId(id)).toBe(true)
  })

  it.each(['4111111111111111', '01012345678', '73501928846', '735-019288-46', 'live_sk_canary0', 'a@b.kr', '7', ''])(
    '%j is not',
    (id) => {
      expect(isHarmlessId(id)).toBe(false)
    },
  )
})

describe('echo', () => {
  it.each(['/api/orders/ORD-01M827QD52E1GVVEB3NYGMM1EH', '/api/products/123', '/a%20b', 'items.0.productId', 'x[y]'])(
    'repeats %s',
    (text) => {
      expect(echo(text)).toBe(text)
    },
  )

  it.each([
    ['/api/orders/73501928846', '/api/orders/[number]'],
    ['/api/orders/735-019288-46', '/api/orders/[number]'],
    ['/api/orders/%37%33501928846', '/api/orders/[number]'],
    ['/api/orders/4111111111111111', '/api/orders/[card]'],
  ])('does not repeat %s', (text, shown) => {
    expect(echo(text)).toBe(shown)
  })
})
