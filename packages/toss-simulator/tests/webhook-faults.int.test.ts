import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { received, statusesTold } from './deliveries.ts'
import { type Merchant, MINUTE_MS, openShop, type Receiver, type Shop } from './merchant.ts'

let shop: Shop
let merchant: Merchant
let receiver: Receiver
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
  receiver = shop.receiver
})
afterAll(() => shop.close())

describe('webhook faults', () => {
  it('lose: the event never arrives and is not sent again', async () => {
    const order = await merchant.open()
    await merchant.fault({ operation: 'webhook', orderId: order.orderId }, { kind: 'lose' })
    await order.confirm()
    await order.cancel()
    await received(receiver, order, 1)
    expect(statusesTold(receiver, order, 'PAYMENT_STATUS_CHANGED')).toEqual(['CANCELED'])
    expect((await order.books()).webhooks.map(({ state }) => state).sort()).toEqual(['DELIVERED', 'LOST'])
  })

  it('double: the same transmission arrives twice', async () => {
    const order = await merchant.open()
    await merchant.fault({ operation: 'webhook', orderId: order.orderId }, { kind: 'double' })
    await order.confirm()
    const [one, two] = await received(receiver, order, 2)
    expect(two?.body).toEqual(one?.body)
    const id = 'tosspayments-webhook-transmission-id'
    expect(two?.headers[id]).toBe(one?.headers[id])
  })

  it('late: the event arrives that much later by the clock of the simulator', async () => {
    const order = await merchant.open()
    await merchant.fault({ operation: 'webhook', orderId: order.orderId }, { kind: 'late', ms: 5 * MINUTE_MS })
    await order.confirm()
    await order.cancel({ cancelAmount: 1_000 })
    await received(receiver, order, 1)
    expect(statusesTold(receiver, order, 'PAYMENT_STATUS_CHANGED')).toEqual(['PARTIAL_CANCELED'])
    await merchant.advance(5 * MINUTE_MS)
    await received(receiver, order, 2)
    expect(statusesTold(receiver, order, 'PAYMENT_STATUS_CHANGED')).toEqual(['PARTIAL_CANCELED', 'DONE'])
  })

  it('reorder: the event is held back until the next one that fits has been sent', async () => {
    const order = await merchant.open()
    await merchant.fault({ operation: 'webhook', orderId: order.orderId }, { kind: 'reorder' })
    await order.confirm()
    const another = await merchant.paid()
    await received(receiver, another, 1)
    expect(receiver.of(order.orderId)).toHaveLength(0)
    await order.cancel()
    await received(receiver, order, 2)
    expect(statusesTold(receiver, order, 'PAYMENT_STATUS_CHANGED')).toEqual(['CANCELED', 'DONE'])
  })
})
