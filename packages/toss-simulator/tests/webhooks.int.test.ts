import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { received, statusesTold } from './deliveries.ts'
import { eventually, type Merchant, MINUTE_MS, openShop, type Receiver, SECRET_KEY, type Shop } from './merchant.ts'

let shop: Shop
let merchant: Merchant
let receiver: Receiver
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
  receiver = shop.receiver
})
beforeEach(() => {
  receiver.answer = () => 200
})
afterAll(() => shop.close())

describe('webhooks', () => {
  it('PAYMENT_STATUS_CHANGED carries the whole Payment and a createdAt in Seoul time without offset', async () => {
    const order = await merchant.open()
    const { body } = await order.confirm()
    const [delivery] = await received(receiver, order, 1)
    expect(delivery?.body).toEqual({
      eventType: 'PAYMENT_STATUS_CHANGED',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{5,6}$/),
      data: body,
    })
    const createdAtMs = Date.parse(`${String(delivery?.body.createdAt)}+09:00`)
    expect(Math.abs(createdAtMs - Date.parse(String(body.approvedAt)))).toBeLessThan(2_000)
  })

  it('carry the transmission time, count and id in headers and no signature', async () => {
    const order = await merchant.paid()
    const [delivery] = await received(receiver, order, 1)
    expect(delivery?.headers).toMatchObject({
      'content-type': expect.stringContaining('application/json'),
      'tosspayments-webhook-transmission-time': expect.stringMatching(/\+09:00$/),
      'tosspayments-webhook-transmission-retried-count': '0',
      'tosspayments-webhook-transmission-id': expect.stringMatching(/^whtrans_/),
    })
    expect(delivery?.headers).not.toHaveProperty('tosspayments-webhook-signature')
  })

  it('PAYMENT_STATUS_CHANGED tells DONE, PARTIAL_CANCELED and CANCELED, also from the console', async () => {
    const order = await merchant.paid()
    await received(receiver, order, 1)
    await order.cancel({ cancelAmount: 1_000 })
    await received(receiver, order, 2)
    await order.act('cancel', { amount: 1_000 })
    await received(receiver, order, 3)
    const whole = await merchant.paid()
    await received(receiver, whole, 1)
    await whole.cancel()
    await received(receiver, whole, 2)
    expect(statusesTold(receiver, order, 'PAYMENT_STATUS_CHANGED')).toEqual([
      'DONE',
      'PARTIAL_CANCELED',
      'PARTIAL_CANCELED',
    ])
    expect(statusesTold(receiver, whole, 'PAYMENT_STATUS_CHANGED')).toEqual(['DONE', 'CANCELED'])
  })

  it('PAYMENT_STATUS_CHANGED tells ABORTED after a decline and after a failed authentication', async () => {
    const declined = await merchant.open({ declineCode: 'REJECT_CARD_PAYMENT' })
    await declined.confirm()
    const failed = await merchant.open({ status: 'READY' })
    await failed.act('fail', { code: 'PAY_PROCESS_ABORTED' })
    await Promise.all([received(receiver, declined, 1), received(receiver, failed, 1)])
    expect(statusesTold(receiver, declined, 'PAYMENT_STATUS_CHANGED')).toEqual(['ABORTED'])
    expect(statusesTold(receiver, failed, 'PAYMENT_STATUS_CHANGED')).toEqual(['ABORTED'])
  })

  it('PAYMENT_STATUS_CHANGED tells EXPIRED, with no transaction', async () => {
    const order = await merchant.open()
    await merchant.advance(10 * MINUTE_MS)
    const [delivery] = await received(receiver, order, 1)
    expect(delivery?.body.data).toMatchObject({ status: 'EXPIRED', lastTransactionKey: null })
  })

  it('READY, IN_PROGRESS and a closed window are not told', async () => {
    const order = await merchant.open({ status: 'READY' })
    await order.act('authenticate')
    await order.act('close')
    expect((await order.books()).webhooks).toEqual([])
    expect((await order.get()).body.status).toBe('IN_PROGRESS')
    expect((await order.confirm()).body.code).toBe('NOT_FOUND_PAYMENT_SESSION')
  })

  it('DEPOSIT_CALLBACK is flat: createdAt, secret, status, transactionKey and orderId, nothing else', async () => {
    const order = await merchant.open({ method: 'VIRTUAL_ACCOUNT' })
    const { body } = await order.confirm()
    const [delivery] = await received(receiver, order, 1)
    expect(delivery?.body).toEqual({
      createdAt: expect.stringMatching(/\.\d{5,6}(\+09:00)?$/),
      secret: body.secret,
      status: 'WAITING_FOR_DEPOSIT',
      transactionKey: body.lastTransactionKey,
      orderId: order.orderId,
    })
  })

  it('the createdAt of a DEPOSIT_CALLBACK comes with an offset or without; that of PAYMENT_STATUS_CHANGED without', async () => {
    const hasOffset = async (method: string): Promise<boolean> => {
      const order = await merchant.paid({ method })
      const [delivery] = await received(receiver, order, 1)
      return String(delivery?.body.createdAt).endsWith('+09:00')
    }
    const seen = (method: string) => Promise.all(Array.from({ length: 40 }, () => hasOffset(method)))
    expect(new Set(await seen('VIRTUAL_ACCOUNT'))).toEqual(new Set([true, false]))
    expect(new Set(await seen('CARD'))).toEqual(new Set([false]))
  })

  it('a virtual account is told twice, by DEPOSIT_CALLBACK also when it waits again after a reversal', async () => {
    const order = await merchant.open({ method: 'VIRTUAL_ACCOUNT' })
    await order.confirm()
    await received(receiver, order, 1)
    await order.act('deposit')
    await received(receiver, order, 3)
    await order.act('reverse')
    await received(receiver, order, 4)
    await order.cancel()
    await received(receiver, order, 6)
    expect(statusesTold(receiver, order, 'PAYMENT_STATUS_CHANGED')).toEqual(['DONE', 'CANCELED'])
    const told = ['WAITING_FOR_DEPOSIT', 'DONE', 'WAITING_FOR_DEPOSIT', 'CANCELED']
    expect(statusesTold(receiver, order, 'DEPOSIT_CALLBACK')).toEqual(told)
  })

  it('a virtual account past its due date sends nothing', async () => {
    const order = await merchant.paid({ method: 'VIRTUAL_ACCOUNT' })
    await received(receiver, order, 1)
    await merchant.advance(169 * 60 * MINUTE_MS)
    expect((await order.get()).body).toMatchObject({ virtualAccount: { expired: true } })
    expect((await order.books()).webhooks).toHaveLength(1)
  })

  it('only a 200 counts: anything else is sent again 1, 4, 16, 64, 256, 1024 and 4096 minutes later, then no more', async () => {
    const answers = [500, 201, 204, 302, 404, 503, 400, 500]
    const order = await merchant.open()
    receiver.answer = ({ headers }) =>
      answers[Number(headers['tosspayments-webhook-transmission-retried-count'])] ?? 500
    await order.confirm()
    for (const [resends, minutes] of [1, 4, 16, 64, 256, 1024, 4096].entries()) {
      await eventually(async () => expect((await order.books()).webhooks[0]?.attempts).toHaveLength(resends + 1))
      await merchant.advance(minutes * MINUTE_MS - 10_000)
      expect((await order.books()).webhooks[0]?.attempts).toHaveLength(resends + 1)
      await merchant.advance(10_000)
    }
    await eventually(async () => {
      const [webhook] = (await order.books()).webhooks
      expect(webhook).toMatchObject({ state: 'GIVEN_UP', delivered: false })
      expect(webhook?.attempts.map(({ status }) => status)).toEqual(answers)
    })
    await merchant.advance(10_000 * MINUTE_MS)
    const deliveries = receiver.of(order.orderId)
    expect(deliveries).toHaveLength(8)
    const header = (name: string) =>
      deliveries.map(({ headers }) => headers[`tosspayments-webhook-transmission-${name}`])
    expect(header('retried-count')).toEqual(['0', '1', '2', '3', '4', '5', '6', '7'])
    expect(new Set(header('id')).size).toBe(1)
  })

  it('a resend tells the same event as it was then, and a 200 ends the resends', async () => {
    const order = await merchant.open()
    receiver.answer = ({ headers }) => (headers['tosspayments-webhook-transmission-retried-count'] === '0' ? 500 : 200)
    await order.confirm()
    await eventually(async () => expect((await order.books()).webhooks[0]?.attempts).toHaveLength(1))
    receiver.answer = () => 200
    await order.cancel()
    await received(receiver, order, 2)
    await merchant.advance(MINUTE_MS)
    await received(receiver, order, 3)
    const [first, , resent] = receiver.of(order.orderId)
    expect(resent?.body).toEqual(first?.body)
    await eventually(async () => {
      const { webhooks } = await order.books()
      expect(webhooks.map(({ delivered }) => delivered)).toEqual([true, true])
    })
    await merchant.advance(4 * MINUTE_MS)
    expect(receiver.of(order.orderId)).toHaveLength(3)
  })

  it("the console's retry button calls off the running schedule and sends once more", async () => {
    const order = await merchant.open()
    receiver.answer = () => 500
    await order.confirm()
    const attempts = async (count: number) => {
      await eventually(async () => expect((await order.books()).webhooks[0]?.attempts).toHaveLength(count))
      return (await order.books()).webhooks[0]
    }
    const id = String((await attempts(1))?.transmissionId)
    await merchant.send('POST', `/simulator/webhooks/${id}/retry`)
    expect(await attempts(2)).toMatchObject({ state: 'GIVEN_UP', delivered: false })
    await merchant.advance(10_000 * MINUTE_MS)
    expect(receiver.of(order.orderId)).toHaveLength(2)
    receiver.answer = () => 200
    await merchant.send('POST', `/simulator/webhooks/${id}/retry`)
    expect(await attempts(3)).toMatchObject({ state: 'DELIVERED', delivered: true })
    const ids = receiver.of(order.orderId).map(({ headers }) => headers['tosspayments-webhook-transmission-id'])
    expect(ids).toEqual([id, id, id])
    expect((await merchant.send('POST', '/simulator/webhooks/whtrans_none/retry')).status).toBe(404)
  })

  it('go to every URL, each as a transmission of its own, resent on its own', async () => {
    const two = await openShop(SECRET_KEY, ['/one', '/two'])
    two.receiver.answer = ({ path }) => (path === '/one' ? 200 : 500)
    const order = await two.merchant.paid()
    await eventually(async () => {
      const { webhooks } = await order.books()
      expect(webhooks.map(({ attempts }) => attempts.length)).toEqual([1, 1])
    })
    await two.merchant.advance(MINUTE_MS)
    await eventually(() => {
      const paths = two.receiver.of(order.orderId).map(({ path }) => path)
      expect(paths.sort()).toEqual(['/one', '/two', '/two'])
    })
    const ids = two.receiver.of(order.orderId).map(({ headers }) => headers['tosspayments-webhook-transmission-id'])
    expect(new Set(ids).size).toBe(2)
    await two.close()
  })

  it('can be sent again on demand, also with a status that is no longer true', async () => {
    const order = await merchant.paid()
    await received(receiver, order, 1)
    await order.act('webhook')
    await received(receiver, order, 2)
    await order.act('webhook', { status: 'ABORTED' })
    await received(receiver, order, 3)
    expect(statusesTold(receiver, order, 'PAYMENT_STATUS_CHANGED')).toEqual(['DONE', 'DONE', 'ABORTED'])
    expect((await order.get()).body.status).toBe('DONE')
  })
})
