import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Merchant, openShop, SECRET_KEY, type Shop } from './merchant.ts'

let shop: Shop
let merchant: Merchant
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
})
afterAll(() => shop.close())

const refusal = (code: string) => ({ code, message: expect.any(String) })
const basic = (credentials: string) => ({ authorization: `Basic ${Buffer.from(credentials).toString('base64')}` })

describe('keys and errors', () => {
  it('answers 401 UNAUTHORIZED_KEY without credentials', async () => {
    const reply = await merchant.send('GET', '/v1/payments/any')
    expect(reply).toMatchObject({ status: 401, body: refusal('UNAUTHORIZED_KEY') })
  })

  it('answers 401 UNAUTHORIZED_KEY for another secret key, also one that begins with a byte order mark', async () => {
    for (const key of ['test_sk_other', `\uFEFF${SECRET_KEY}`]) {
      const reply = await merchant.send('GET', '/v1/payments/any', undefined, basic(`${key}:`))
      expect(reply).toMatchObject({ status: 401, body: refusal('UNAUTHORIZED_KEY') })
    }
  })

  it('answers 403 INCORRECT_BASIC_AUTH_FORMAT when the colon after the key is missing', async () => {
    const reply = await merchant.send('GET', '/v1/payments/any', undefined, basic(SECRET_KEY))
    expect(reply).toMatchObject({ status: 403, body: refusal('INCORRECT_BASIC_AUTH_FORMAT') })
  })

  it('a widget payment cannot be confirmed with the key of the payment window: 400 INVALID_API_KEY', async () => {
    const order = await merchant.open({ clientKey: 'test_gck_shop' })
    expect(await order.confirm()).toMatchObject({ status: 400, body: refusal('INVALID_API_KEY') })
    expect((await order.get()).body.status).toBe('IN_PROGRESS')
  })

  it('the client key and the secret key are of one environment, else 400 INVALID_API_KEY', async () => {
    const order = await merchant.open({ clientKey: 'live_ck_shop' })
    expect(await order.confirm()).toMatchObject({ status: 400, body: refusal('INVALID_API_KEY') })
    expect((await (await merchant.open({ clientKey: 'test_ck_shop' })).confirm()).status).toBe(200)
  })

  it('Accept-Language: en-US turns methods, types and messages into English, and nothing that the user wrote', async () => {
    const english = { 'accept-language': 'en-US' }
    const order = await merchant.open({ orderName: '카드' })
    const { body } = await order.confirm(english)
    expect(body).toMatchObject({
      method: 'Card',
      card: { cardType: 'Credit', ownerType: 'Personal' },
      orderName: '카드',
    })
    const refused = await order.confirm(english)
    expect(refused.body).toEqual({ code: 'ALREADY_PROCESSED_PAYMENT', message: 'Already processed payment.' })
    const unauthorized = await merchant.send('GET', '/v1/payments/any', undefined, english)
    expect(unauthorized.body.message).toBe('Unauthorized key.')
    expect((await order.get()).body.method).toBe('카드')
  })

  it('an answer in English is replayed in English', async () => {
    const order = await merchant.open({ method: 'VIRTUAL_ACCOUNT' })
    const key = { 'idempotency-key': order.orderId }
    const first = await order.confirm({ ...key, 'accept-language': 'en-US' })
    expect(first.body).toMatchObject({ method: 'Virtual account', virtualAccount: { accountType: 'Normal' } })
    expect((await order.confirm(key)).text).toBe(first.text)
  })

  it('errors have exactly code and message', async () => {
    const { body } = await merchant.api('GET', '/v1/payments/none')
    expect(Object.keys(body).sort()).toEqual(['code', 'message'])
  })

  it('errors of version 2, as of payouts, have version, trace id and the error inside', async () => {
    const { status, body, headers } = await merchant.api('POST', '/v2/payouts', {})
    expect([status, body]).toEqual([
      404,
      { version: '2022-11-16', traceId: headers.get('x-tosspayments-trace-id'), error: refusal('NOT_FOUND') },
    ])
    expect((await merchant.api('POST', '/v1/payouts', {})).body).toEqual(refusal('NOT_FOUND'))
  })

  it('every answer carries its own x-tosspayments-trace-id', async () => {
    const replies = [await merchant.api('GET', '/v1/payments/none'), await merchant.api('GET', '/v1/payments/none')]
    const traces = replies.map(({ headers }) => headers.get('x-tosspayments-trace-id'))
    expect(traces).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), expect.stringMatching(/^[0-9a-f]{32}$/)])
    expect(traces[0]).not.toBe(traces[1])
  })

  it('a body that is no JSON, is too large, or says nothing is 400 INVALID_REQUEST', async () => {
    for (const body of ['{"paymentKey":', '', '[]', 'null', `"${'x'.repeat(200_000)}"`]) {
      const reply = await merchant.api('POST', '/v1/payments/confirm', body)
      expect(reply).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    }
  })

  it('no path, however odd, ends in a 5xx', async () => {
    const paths = ['/v1/payments/%zz', '/v1/payments/orders/%00', '/v1/none', '/v1/payments/__proto__', '/']
    for (const path of paths) expect((await merchant.api('GET', path)).status).toBeLessThan(500)
  })

  it('TossPayments-Test-Code answers with that code and its status, and changes nothing', async () => {
    const order = await merchant.open()
    const reply = await order.confirm({ 'TossPayments-Test-Code': 'REJECT_CARD_PAYMENT' })
    expect(reply).toMatchObject({ status: 403, body: refusal('REJECT_CARD_PAYMENT') })
    expect((await order.get()).body.status).toBe('IN_PROGRESS')
  })

  it('TossPayments-Test-Code with an unknown code is 400 INVALID_TEST_CODE', async () => {
    const order = await merchant.open()
    const reply = await order.confirm({ 'TossPayments-Test-Code': 'NO_SUCH_CODE' })
    expect(reply).toMatchObject({ status: 400, body: refusal('INVALID_TEST_CODE') })
  })

  it('live keys ignore TossPayments-Test-Code', async () => {
    const live = await openShop('live_sk_facts')
    const order = await live.merchant.open()
    const reply = await order.confirm({ 'TossPayments-Test-Code': 'REJECT_CARD_PAYMENT' })
    await live.close()
    expect(reply.status).toBe(200)
  })
})
