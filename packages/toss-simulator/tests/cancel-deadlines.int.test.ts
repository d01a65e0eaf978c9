import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Merchant, MINUTE_MS, openShop, type Shop } from './merchant.ts'

let shop: Shop
let merchant: Merchant
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
})
afterAll(() => shop.close())

const DAY_MS = 24 * 60 * MINUTE_MS
const tooLate = { status: 403, body: { code: 'EXCEED_MAX_REFUND_DUE' } }

describe('the deadline of a cancel', () => {
  it('of a card there is none', async () => {
    const order = await merchant.paid()
    await merchant.advance(366 * DAY_MS)
    expect((await order.cancel()).status).toBe(200)
  })

  it('of an account transfer is 180 days', async () => {
    const order = await merchant.paid({ method: 'TRANSFER' })
    await merchant.advance(179 * DAY_MS)
    expect((await order.cancel({ cancelAmount: 1_000 })).status).toBe(200)
    await merchant.advance(DAY_MS)
    expect(await order.cancel()).toMatchObject(tooLate)
  })

  it('of a virtual account is 365 days from the deposit', async () => {
    const order = await merchant.paid({ method: 'VIRTUAL_ACCOUNT' })
    await order.act('deposit')
    const refundReceiveAccount = { bank: '20', accountNumber: '1234567890', holderName: '김구매' }
    await merchant.advance(364 * DAY_MS)
    expect((await order.cancel({ cancelAmount: 1_000, refundReceiveAccount })).status).toBe(200)
    await merchant.advance(DAY_MS)
    expect(await order.cancel({ refundReceiveAccount })).toMatchObject(tooLate)
  })

  it("of a mobile phone is the end of the calendar month, Seoul's", async () => {
    const nowMs = Date.parse(String((await merchant.send('GET', '/simulator/clock')).body.now))
    const seoul = new Date(nowMs + 9 * 60 * MINUTE_MS)
    const nextMonthMs = Date.UTC(seoul.getUTCFullYear(), seoul.getUTCMonth() + 1, 1) - 9 * 60 * MINUTE_MS
    // Begun with a month, so that there is always time enough in it.
    await merchant.advance(nextMonthMs - nowMs)
    const order = await merchant.paid({ method: 'MOBILE_PHONE' })
    await merchant.advance(27 * DAY_MS)
    expect((await order.cancel({ cancelAmount: 1_000 })).status).toBe(200)
    await merchant.advance(4 * DAY_MS)
    expect(await order.cancel()).toMatchObject(tooLate)
  })
})
