import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { received, statusesTold } from './deliveries.ts'
import { eventually, type Merchant, MINUTE_MS, openShop, type Receiver, type Shop } from './merchant.ts'

let shop: Shop
let merchant: Merchant
let receiver: Receiver
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
  receiver = shop.receiver
})
afterAll(() => shop.close())

/** Enough for a call to be made, little enough to wait for. */
const MOMENT_MS = 1_500

describe('the two clocks', () => {
  it('thirty minutes without an authentication: EXPIRED, queried with EXPIRED_PAYMENT and told by webhook', async () => {
    const order = await merchant.open({ status: 'READY' })
    await merchant.advance(30 * MINUTE_MS)
    expect((await order.get()).body).toMatchObject({ status: 'EXPIRED', failure: { code: 'EXPIRED_PAYMENT' } })
    const [delivery] = await received(receiver, order, 1)
    expect(delivery?.body.data).toMatchObject({ status: 'EXPIRED', failure: { code: 'EXPIRED_PAYMENT' } })
  })

  it('ten minutes without a confirm: EXPIRED, queried with EXPIRED_PAYMENT and told by webhook', async () => {
    const order = await merchant.open()
    await merchant.advance(10 * MINUTE_MS)
    expect((await order.get()).body).toMatchObject({ status: 'EXPIRED', failure: { code: 'EXPIRED_PAYMENT' } })
    await received(receiver, order, 1)
    expect(statusesTold(receiver, order, 'PAYMENT_STATUS_CHANGED')).toEqual(['EXPIRED'])
  })

  it('the ten minutes begin with the authentication, however late in the thirty it came', async () => {
    const order = await merchant.open({ status: 'READY' })
    await merchant.advance(29 * MINUTE_MS)
    await order.act('authenticate')
    await merchant.advance(9 * MINUTE_MS)
    expect((await order.get()).body.status).toBe('IN_PROGRESS')
    await merchant.advance(MINUTE_MS)
    expect((await order.get()).body.status).toBe('EXPIRED')
  })

  it('both run by the time of the machine too', async () => {
    const opened = await merchant.open({ status: 'READY' })
    await merchant.advance(20 * MINUTE_MS)
    const authenticated = await merchant.open()
    await merchant.advance(10 * MINUTE_MS - MOMENT_MS)
    await eventually(async () => {
      expect((await opened.get()).body.status).toBe('EXPIRED')
      expect((await authenticated.get()).body.status).toBe('EXPIRED')
    })
  })

  it('a closed window runs out as well', async () => {
    const order = await merchant.open()
    await order.act('close')
    await merchant.advance(10 * MINUTE_MS)
    await received(receiver, order, 1)
    expect(statusesTold(receiver, order, 'PAYMENT_STATUS_CHANGED')).toEqual(['EXPIRED'])
  })

  it('what is paid, declined or canceled does not run out', async () => {
    const paid = await merchant.paid()
    const declined = await merchant.open({ declineCode: 'FDS_ERROR' })
    await declined.confirm()
    const canceled = await merchant.paid()
    await canceled.cancel()
    await merchant.advance(60 * MINUTE_MS)
    const statuses = await Promise.all([paid, declined, canceled].map(async (order) => (await order.get()).body.status))
    expect(statuses).toEqual(['DONE', 'ABORTED', 'CANCELED'])
  })
})
