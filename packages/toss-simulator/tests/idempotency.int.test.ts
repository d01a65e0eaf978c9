import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually, type Merchant, MINUTE_MS, openShop, type Shop } from './merchant.ts'

let shop: Shop
let merchant: Merchant
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
})
afterAll(() => shop.close())

const DAY_MS = 24 * 60 * MINUTE_MS
const newKey = () => ({ 'idempotency-key': randomUUID() })

describe('Idempotency-Key', () => {
  it('replays a 200 byte for byte, without a second effect, whatever happened to the payment since', async () => {
    const order = await merchant.paid()
    const key = newKey()
    const first = await order.cancel({ cancelAmount: 1_000 }, key)
    await order.cancel({ cancelAmount: 2_000 })
    const second = await order.cancel({ cancelAmount: 1_000 }, key)
    expect(second).toMatchObject({ status: 200, text: first.text })
    expect((await order.get()).body.balanceAmount).toBe(7_000)
  })

  it('is echoed, and a replay shows two trace ids: "new, original"', async () => {
    const order = await merchant.open()
    const key = newKey()
    const [first, second] = [await order.confirm(key), await order.confirm(key)]
    const original = first.headers.get('x-tosspayments-trace-id')
    expect(first.headers.get('idempotency-key')).toBe(key['idempotency-key'])
    expect(second.headers.get('idempotency-key')).toBe(key['idempotency-key'])
    const traces = second.headers.get('x-tosspayments-trace-id')?.split(', ')
    expect(traces).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), original])
    expect(traces?.[0]).not.toBe(original)
  })

  it('replays a 4xx too: the corrected body gets the old error', async () => {
    const order = await merchant.paid()
    const key = newKey()
    const first = await order.cancel({ cancelAmount: 99_999 }, key)
    expect(first.status).toBe(403)
    expect(await order.cancel({ cancelAmount: 100 }, key)).toMatchObject({ status: 403, text: first.text })
    expect((await order.get()).body.balanceAmount).toBe(10_000)
  })

  it('replays an old decline when a retry of the order uses the same key', async () => {
    const declined = await merchant.open({ declineCode: 'REJECT_CARD_PAYMENT' })
    const retried = await merchant.open({ orderId: declined.orderId })
    const key = newKey()
    const first = await declined.confirm(key)
    expect(await retried.confirm(key)).toMatchObject({ status: 403, text: first.text })
    expect((await retried.get()).body.status).toBe('IN_PROGRESS')
  })

  it('does not look at the body: confirming another payment with a used key answers the first payment', async () => {
    const [one, other] = [await merchant.open(), await merchant.open()]
    const key = newKey()
    await one.confirm(key)
    expect((await other.confirm(key)).body.paymentKey).toBe(one.paymentKey)
    expect((await other.get()).body.status).toBe('IN_PROGRESS')
  })

  it('matches with the URL: the same key on another path is another request', async () => {
    const order = await merchant.open()
    const key = newKey()
    await order.confirm(key)
    expect((await order.cancel({}, key)).body.status).toBe('CANCELED')
  })

  it('is 409 IDEMPOTENT_REQUEST_PROCESSING while the first call runs, and that 409 is not stored', async () => {
    const order = await merchant.open()
    const key = newKey()
    // Long enough that the second call meets it on a busy machine too.
    await merchant.fault({ paymentKey: order.paymentKey }, { kind: 'delay', ms: 1_500 })
    const running = order.confirm(key)
    await eventually(async () => {
      const { text } = await merchant.send('GET', '/simulator/faults')
      expect(text).not.toContain(order.paymentKey)
    })
    const second = await order.confirm(key)
    expect(second).toMatchObject({ status: 409, body: { code: 'IDEMPOTENT_REQUEST_PROCESSING' } })
    const first = await running
    expect(first.status).toBe(200)
    expect((await order.confirm(key)).text).toBe(first.text)
  })

  it('of two calls at once with one key never has two effects', async () => {
    const order = await merchant.paid()
    const key = newKey()
    await Promise.all(Array.from({ length: 20 }, () => order.cancel({ cancelAmount: 100 }, key)))
    expect((await order.get()).body.balanceAmount).toBe(9_900)
  })

  it('over 300 characters is 400 INVALID_IDEMPOTENCY_KEY', async () => {
    const order = await merchant.open()
    const reply = await order.confirm({ 'idempotency-key': 'k'.repeat(301) })
    expect(reply).toMatchObject({ status: 400, body: { code: 'INVALID_IDEMPOTENCY_KEY' } })
    expect((await order.confirm({ 'idempotency-key': 'k'.repeat(300) })).status).toBe(200)
  })

  it('is valid for fifteen days, after which the same key is a new request', async () => {
    const order = await merchant.open()
    const key = newKey()
    await order.confirm(key)
    await merchant.advance(15 * DAY_MS - MINUTE_MS)
    expect((await order.confirm(key)).status).toBe(200)
    await merchant.advance(MINUTE_MS)
    expect((await order.confirm(key)).body.code).toBe('ALREADY_PROCESSED_PAYMENT')
  })

  it('a 5xx is not stored: the repeat runs anew', async () => {
    const order = await merchant.open()
    const key = newKey()
    const match = { operation: 'confirm', paymentKey: order.paymentKey }
    await merchant.fault(match, { kind: 'error-before', status: 500, code: 'COMMON_ERROR' })
    expect((await order.confirm(key)).status).toBe(500)
    expect((await order.confirm(key)).status).toBe(200)
  })

  it('is ignored on GET', async () => {
    const order = await merchant.open()
    const key = newKey()
    const ask = () => merchant.api('GET', `/v1/payments/${order.paymentKey}`, undefined, key)
    expect((await ask()).body.status).toBe('IN_PROGRESS')
    await order.confirm()
    expect((await ask()).body.status).toBe('DONE')
  })

  it('with TossPayments-Test-Code IDEMPOTENT_REQUEST_PROCESSING is answered 409', async () => {
    const order = await merchant.open()
    const reply = await order.confirm({ ...newKey(), 'tosspayments-test-code': 'IDEMPOTENT_REQUEST_PROCESSING' })
    expect(reply).toMatchObject({ status: 409, body: { code: 'IDEMPOTENT_REQUEST_PROCESSING' } })
  })
})
