import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually, MINUTE_MS, openShop, type Shop } from './merchant.ts'

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())

// In a file of its own, because it takes these ten seconds.
describe('a webhook that is never answered', () => {
  it('counts as failed after ten seconds and is sent again a minute later', async () => {
    const { merchant, receiver } = shop
    receiver.answer = () => null
    const order = await merchant.paid()
    await eventually(() => expect(receiver.of(order.orderId)).toHaveLength(1))
    expect((await order.books()).webhooks).toMatchObject([{ attempts: [], state: 'PENDING' }])
    await eventually(async () => {
      expect((await order.books()).webhooks).toMatchObject([{ attempts: [{ status: null }], state: 'PENDING' }])
    }, 15_000)
    receiver.answer = () => 200
    await merchant.advance(MINUTE_MS)
    await eventually(async () => expect((await order.books()).webhooks).toMatchObject([{ delivered: true }]))
  })
})
