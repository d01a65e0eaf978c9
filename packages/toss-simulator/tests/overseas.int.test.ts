import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { start } from '../src/simulator.ts'
import { statusesTold } from './deliveries.ts'
import {
  configOf,
  eventually,
  type Json,
  Merchant,
  MINUTE_MS,
  makeDataDir,
  type Order,
  openShop,
  Receiver,
  type Shop,
} from './merchant.ts'

let shop: Shop
let merchant: Merchant
let receiver: Receiver
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
  receiver = shop.receiver
})
afterAll(() => shop.close())

const refusal = (code: string) => ({ code, message: expect.any(String) })
const DAY_MS = 24 * 60 * MINUTE_MS
const paidInDollars = (wanted: Json = {}) =>
  merchant.paid({ method: 'FOREIGN_EASY_PAY', currency: 'USD', amount: 726.24, ...wanted })
const settle = (order: Order, outcome: string, cancelRequestId?: unknown) =>
  order.act('settle-cancel', { outcome, ...(cancelRequestId === undefined ? {} : { cancelRequestId }) })
const cancelsOf = ({ body }: { body: Json }) => body.cancels as Json[]
/** The Cancel objects that CANCEL_STATUS_CHANGED has told, by their request. */
const toldOf = (cancelRequestId: unknown) =>
  receiver.deliveries
    .filter(({ body }) => body.eventType === 'CANCEL_STATUS_CHANGED')
    .map(({ body }) => body.data as Json)
    .filter((data) => data.cancelRequestId === cancelRequestId)

describe('a payment by an overseas wallet', () => {
  it('is 해외간편결제 in the currency that was asked, and fills easyPay alone', async () => {
    const { body } = await (await paidInDollars()).get()
    expect(body).toMatchObject({
      status: 'DONE',
      method: '해외간편결제',
      currency: 'USD',
      country: 'US',
      totalAmount: 726.24,
      balanceAmount: 726.24,
      useEscrow: null,
      easyPay: { provider: 'PAYPAL', amount: 726.24, discountAmount: 0 },
      card: null,
      receipt: null,
    })
  })

  it('takes KRW, USD and JPY and no other currency', async () => {
    for (const currency of ['KRW', 'USD', 'JPY']) {
      const order = await paidInDollars({ currency, amount: 1_000 })
      expect((await order.get()).body).toMatchObject({ currency, totalAmount: 1_000 })
    }
    await expect(paidInDollars({ currency: 'EUR' })).rejects.toThrow('INVALID_REQUEST')
  })

  it('has cents in dollars; won and yen are whole, and cards take won alone', async () => {
    for (const wrong of [{ currency: 'KRW' }, { currency: 'JPY' }, { amount: 1.001 }, { method: 'CARD' }]) {
      await expect(paidInDollars(wrong)).rejects.toThrow('INVALID_REQUEST')
    }
  })

  it('is confirmed with the amount and its cents, as a number or as text, and with no other', async () => {
    const order = await merchant.open({ method: 'FOREIGN_EASY_PAY', currency: 'USD', amount: 12.5 })
    expect(await order.confirm({}, { amount: 12.05 })).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    expect((await order.confirm({}, { amount: '12.50' })).body).toMatchObject({ status: 'DONE', totalAmount: 12.5 })
  })

  it('is listed among the transactions in its currency', async () => {
    const { orderId } = await paidInDollars()
    const { text } = await merchant.api('GET', '/v1/transactions?startDate=2000-01-01&endDate=2999-12-31&limit=5000')
    const row = (JSON.parse(text) as Json[]).find((one) => one.orderId === orderId)
    expect(row).toMatchObject({ currency: 'USD', amount: 726.24, method: '해외간편결제' })
  })
})

describe('a cancel at an overseas wallet', () => {
  it('is answered IN_PROGRESS with a cancelRequestId; status and balance stay until the wallet has decided', async () => {
    const order = await paidInDollars()
    const reply = await order.cancel({ cancelAmount: 181.56, currency: 'USD', refundableAmount: 726.24 })
    expect(reply).toMatchObject({ status: 200, body: { status: 'DONE', balanceAmount: 726.24 } })
    expect(cancelsOf(reply)).toMatchObject([
      {
        cancelAmount: 181.56,
        refundableAmount: 544.68,
        cancelStatus: 'IN_PROGRESS',
        cancelRequestId: expect.stringMatching(/./),
        transactionKey: expect.stringMatching(/^.{1,64}$/),
      },
    ])
    expect((await order.books()).transactions).toMatchObject([{ kind: 'approve' }])
  })

  it('that goes through is DONE, told by CANCEL_STATUS_CHANGED and by the new status, and moves the money then', async () => {
    const order = await paidInDollars()
    const [requested] = cancelsOf(await order.cancel({ cancelAmount: 181.56 }))
    expect((await settle(order, 'DONE')).status).toBe(200)
    const { body } = await order.get()
    // As Toss was seen to answer for these sums: vat is an eleventh in cents.
    expect(body).toMatchObject({
      status: 'PARTIAL_CANCELED',
      balanceAmount: 544.68,
      vat: 49.52,
      suppliedAmount: 495.16,
    })
    expect(body.lastTransactionKey).toBe(requested?.transactionKey)
    const [entry] = body.cancels as Json[]
    expect(entry).toMatchObject({ ...requested, cancelStatus: 'DONE', canceledAt: expect.any(String) })
    await eventually(() => expect(toldOf(requested?.cancelRequestId)).toEqual([entry]))
    await eventually(() =>
      expect(statusesTold(receiver, order, 'PAYMENT_STATUS_CHANGED').map(String).toSorted()).toEqual([
        'DONE',
        'PARTIAL_CANCELED',
      ]),
    )
    expect((await order.books()).transactions).toMatchObject([
      { kind: 'approve', amount: 726.24 },
      { kind: 'cancel', amount: 181.56, transactionKey: requested?.transactionKey },
    ])
  })

  it('of all in one go makes CANCELED when it went through', async () => {
    const order = await paidInDollars()
    expect((await order.cancel()).body).toMatchObject({ status: 'DONE', balanceAmount: 726.24 })
    await settle(order, 'DONE')
    expect((await order.get()).body).toMatchObject({ status: 'CANCELED', balanceAmount: 0 })
  })

  it('that fails is ABORTED, told by CANCEL_STATUS_CHANGED alone, and its amount can be canceled again', async () => {
    const order = await paidInDollars()
    const [requested] = cancelsOf(await order.cancel())
    await settle(order, 'ABORTED')
    const before = { status: 'DONE', balanceAmount: 726.24, vat: 66.02, suppliedAmount: 660.22 }
    expect((await order.get()).body).toMatchObject({ ...before, cancels: [{ cancelStatus: 'ABORTED' }] })
    await eventually(() => expect(toldOf(requested?.cancelRequestId)).toMatchObject([{ cancelStatus: 'ABORTED' }]))
    expect((await order.books()).transactions).toMatchObject([{ kind: 'approve' }])
    expect((await order.cancel()).status).toBe(200)
    await settle(order, 'DONE')
    await eventually(() =>
      expect(statusesTold(receiver, order, 'PAYMENT_STATUS_CHANGED').map(String).toSorted()).toEqual([
        'CANCELED',
        'DONE',
      ]),
    )
  })

  it('of what another one in progress already asks back is 403 NOT_CANCELABLE_AMOUNT', async () => {
    const order = await paidInDollars({ amount: 10 })
    await order.cancel({ cancelAmount: 6.01 })
    expect(await order.cancel({ cancelAmount: 4 })).toMatchObject({
      status: 403,
      body: refusal('NOT_CANCELABLE_AMOUNT'),
    })
    await order.cancel({ cancelAmount: 3.99 })
    expect(await order.cancel()).toMatchObject({ status: 403, body: refusal('NOT_CANCELABLE_AMOUNT') })
  })

  it('can be decided after a later one, each for itself', async () => {
    const order = await paidInDollars({ amount: 10 })
    const [first] = cancelsOf(await order.cancel({ cancelAmount: 1.1 }))
    const second = cancelsOf(await order.cancel({ cancelAmount: 2.2 }))[1]
    await settle(order, 'DONE', second?.cancelRequestId)
    await settle(order, 'ABORTED', first?.cancelRequestId)
    expect((await order.get()).body).toMatchObject({
      status: 'PARTIAL_CANCELED',
      balanceAmount: 7.8,
      cancels: [{ cancelStatus: 'ABORTED' }, { cancelStatus: 'DONE' }],
    })
    expect(await settle(order, 'DONE')).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
  })

  it('in another currency than the approved one is 400 INVALID_REQUEST, and so is a part of a cent', async () => {
    const order = await paidInDollars()
    for (const wrong of [{ currency: 'KRW' }, { cancelAmount: 1.001 }, { refundableAmount: 726.245 }]) {
      expect(await order.cancel(wrong)).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    }
    expect((await order.get()).body.cancels).toBeNull()
  })

  it('goes through by itself an hour later, also over a restart, and so does the news of it', async () => {
    const made = await makeDataDir()
    // Nobody listens there any more, so the news stays open.
    const gone = new Receiver()
    const config = configOf(made.dataDir, [await gone.open()])
    await gone.close()
    const before = await start(config)
    const order = await new Merchant(before.port).paid({ method: 'FOREIGN_EASY_PAY', currency: 'JPY', amount: 900 })
    await order.cancel({ cancelAmount: 300 })
    await before.close()
    const after = await start(config)
    const later = new Merchant(after.port)
    await later.advance(59 * MINUTE_MS)
    const get = (at: Merchant) => at.api('GET', `/v1/payments/${order.paymentKey}`)
    expect((await get(later)).body).toMatchObject({ status: 'DONE', cancels: [{ cancelStatus: 'IN_PROGRESS' }] })
    await later.advance(MINUTE_MS)
    expect((await get(later)).body).toMatchObject({ status: 'PARTIAL_CANCELED', cancels: [{ cancelStatus: 'DONE' }] })
    await after.close()
    const last = await start(config)
    expect((await new Merchant(last.port).send('GET', '/simulator/books')).body.otherWebhooks).toMatchObject([
      { eventType: 'CANCEL_STATUS_CHANGED', state: 'PENDING' },
    ])
    await last.close()
    await made.remove()
  })

  it('is possible for 180 days: then 403 EXCEED_MAX_REFUND_DUE', async () => {
    const order = await paidInDollars()
    await merchant.advance(179 * DAY_MS)
    expect((await order.cancel({ cancelAmount: 1 })).status).toBe(200)
    await merchant.advance(DAY_MS)
    expect(await order.cancel()).toMatchObject({ status: 403, body: refusal('EXCEED_MAX_REFUND_DUE') })
  })

  it('meets faults like every event: a lost CANCEL_STATUS_CHANGED never arrives, the state is there all the same', async () => {
    const order = await paidInDollars()
    const [requested] = cancelsOf(await order.cancel())
    await merchant.fault({ operation: 'webhook', paymentKey: order.paymentKey }, { kind: 'lose' }, 2)
    await settle(order, 'DONE')
    const later = await paidInDollars({ orderId: `ORD-${randomUUID()}` })
    const [other] = cancelsOf(await later.cancel())
    await settle(later, 'DONE')
    await eventually(() => expect(toldOf(other?.cancelRequestId)).toHaveLength(1))
    expect(toldOf(requested?.cancelRequestId)).toEqual([])
    expect((await order.get()).body).toMatchObject({ status: 'CANCELED' })
  })
})

describe('a cancel of a domestic payment', () => {
  it('is DONE at once, without a cancelRequestId, and told by PAYMENT_STATUS_CHANGED alone', async () => {
    const order = await merchant.paid()
    const reply = await order.cancel({ cancelAmount: 1_000, currency: 'KRW' })
    expect(cancelsOf(reply)).toMatchObject([{ cancelStatus: 'DONE', cancelRequestId: null }])
    await eventually(() => expect(receiver.of(order.orderId)).toHaveLength(2))
    expect(toldOf(null)).toEqual([])
  })
})
