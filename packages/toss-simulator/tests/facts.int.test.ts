import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Merchant, MINUTE_MS, openShop, type Shop } from './merchant.ts'

let shop: Shop
let merchant: Merchant
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
})
afterAll(() => shop.close())

const refusal = (code: string) => ({ code, message: expect.any(String) })
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00$/

describe('confirm', () => {
  it('approves a card: 200, DONE, the whole Payment object', async () => {
    const order = await merchant.open({ orderName: 'two books' })
    const { status, body } = await order.confirm()
    expect(status).toBe(200)
    expect(body).toEqual({
      mId: 'tosspayments',
      version: '2022-11-16',
      paymentKey: order.paymentKey,
      status: 'DONE',
      lastTransactionKey: expect.stringMatching(/^.{1,64}$/),
      orderId: order.orderId,
      orderName: 'two books',
      requestedAt: expect.stringMatching(INSTANT),
      approvedAt: expect.stringMatching(INSTANT),
      useEscrow: false,
      cultureExpense: false,
      card: expect.objectContaining({ amount: 10_000, installmentPlanMonths: 0, cardType: '신용', ownerType: '개인' }),
      virtualAccount: null,
      transfer: null,
      mobilePhone: null,
      giftCertificate: null,
      cashReceipt: null,
      cashReceipts: null,
      discount: null,
      cancels: null,
      secret: null,
      type: 'NORMAL',
      easyPay: null,
      country: 'KR',
      failure: null,
      isPartialCancelable: true,
      receipt: { url: expect.stringMatching(/^https:/) },
      checkout: { url: expect.stringMatching(/^https:/) },
      currency: 'KRW',
      totalAmount: 10_000,
      balanceAmount: 10_000,
      suppliedAmount: 9_091,
      vat: 909,
      taxFreeAmount: 0,
      taxExemptionAmount: 0,
      method: '카드',
      metadata: null,
    })
  })

  it('takes the amount as a number or as digits in a string', async () => {
    const order = await merchant.open()
    expect((await order.confirm({}, { amount: '10000' })).status).toBe(200)
  })

  it('another amount or order id is 400 INVALID_REQUEST and leaves the payment open', async () => {
    const order = await merchant.open()
    for (const changes of [{ amount: 9_999 }, { orderId: `ORD-${randomUUID()}` }]) {
      expect(await order.confirm({}, changes)).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    }
    expect((await order.confirm()).status).toBe(200)
  })

  it('a missing or malformed field is 400 INVALID_REQUEST', async () => {
    const order = await merchant.open()
    for (const changes of [
      { amount: null },
      { amount: 'ten' },
      { amount: 0 },
      { amount: -1 },
      { paymentKey: '' },
      { paymentKey: 'k'.repeat(201) },
      { orderId: 'short' },
      { orderId: 'x'.repeat(65) },
    ]) {
      expect(await order.confirm({}, changes)).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    }
  })

  it('an unknown paymentKey is 404 NOT_FOUND_PAYMENT_SESSION', async () => {
    const order = await merchant.open()
    const reply = await order.confirm({}, { paymentKey: randomUUID() })
    expect(reply).toMatchObject({ status: 404, body: refusal('NOT_FOUND_PAYMENT_SESSION') })
  })

  it('a second confirm is 400 ALREADY_PROCESSED_PAYMENT and takes no money', async () => {
    const order = await merchant.paid()
    expect(await order.confirm()).toMatchObject({ status: 400, body: refusal('ALREADY_PROCESSED_PAYMENT') })
    const { payments, transactions } = await order.books()
    expect(payments).toMatchObject([{ approvals: 1 }])
    expect(transactions).toMatchObject([{ kind: 'approve', amount: 10_000, origin: 'api' }])
  })

  it('a hundred confirms at once take the money once', async () => {
    const order = await merchant.open()
    const replies = await Promise.all(Array.from({ length: 100 }, () => order.confirm()))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await order.books()).payments).toMatchObject([{ approvals: 1 }])
  })

  it('a decline answers its code and leaves the payment ABORTED with the failure', async () => {
    const order = await merchant.open({ declineCode: 'REJECT_CARD_PAYMENT' })
    expect(await order.confirm()).toMatchObject({ status: 403, body: refusal('REJECT_CARD_PAYMENT') })
    const { body } = await order.get()
    expect(body).toMatchObject({ status: 'ABORTED', failure: refusal('REJECT_CARD_PAYMENT'), approvedAt: null })
  })

  it('after a decline the same paymentKey is 404 NOT_FOUND_PAYMENT_SESSION; the order needs a new one', async () => {
    const declined = await merchant.open({ declineCode: 'REJECT_CARD_PAYMENT' })
    await declined.confirm()
    expect(await declined.confirm()).toMatchObject({ status: 404, body: refusal('NOT_FOUND_PAYMENT_SESSION') })
    const retried = await merchant.open({ orderId: declined.orderId })
    expect((await retried.confirm()).status).toBe(200)
  })

  it('a decline answers the status that belongs to its code', async () => {
    const codes = { INVALID_STOPPED_CARD: 400, FDS_ERROR: 403, COMMON_ERROR: 500, CODE_OF_TOMORROW: 400 }
    for (const [declineCode, status] of Object.entries(codes)) {
      const order = await merchant.open({ declineCode })
      expect(await order.confirm()).toMatchObject({ status, body: { code: declineCode } })
    }
  })

  it('a payment that never got past the window cannot be confirmed: 404 NOT_FOUND_PAYMENT_SESSION', async () => {
    const order = await merchant.open({ status: 'READY' })
    expect(await order.confirm()).toMatchObject({ status: 404, body: refusal('NOT_FOUND_PAYMENT_SESSION') })
    await order.act('authenticate')
    expect((await order.confirm()).status).toBe(200)
  })

  it('ten minutes after the authentication the session is over: 404 and EXPIRED with EXPIRED_PAYMENT', async () => {
    const order = await merchant.open()
    await merchant.advance(10 * MINUTE_MS)
    expect(await order.confirm()).toMatchObject({ status: 404, body: refusal('NOT_FOUND_PAYMENT_SESSION') })
    const { body } = await order.get()
    expect(body).toMatchObject({ status: 'EXPIRED', failure: refusal('EXPIRED_PAYMENT'), lastTransactionKey: null })
  })

  it('a minute before that it is not', async () => {
    const order = await merchant.open()
    await merchant.advance(9 * MINUTE_MS)
    expect((await order.confirm()).status).toBe(200)
  })

  it('the buyer has thirty minutes to authenticate', async () => {
    const order = await merchant.open({ status: 'READY' })
    await merchant.advance(29 * MINUTE_MS)
    expect((await order.get()).body.status).toBe('READY')
    await merchant.advance(MINUTE_MS)
    expect((await order.get()).body.status).toBe('EXPIRED')
  })
})

describe('query', () => {
  it('by paymentKey and by orderId answers the same Payment as the confirm did', async () => {
    const order = await merchant.open()
    const { text } = await order.confirm()
    expect((await order.get()).text).toBe(text)
    expect((await order.getByOrder()).text).toBe(text)
  })

  it('of something unknown is 404 NOT_FOUND_PAYMENT', async () => {
    for (const path of [`/v1/payments/${randomUUID()}`, `/v1/payments/orders/${randomUUID()}`]) {
      expect(await merchant.api('GET', path)).toMatchObject({ status: 404, body: refusal('NOT_FOUND_PAYMENT') })
    }
  })

  it('by orderId finds the paid one among several attempts', async () => {
    const declined = await merchant.open({ declineCode: 'REJECT_CARD_PAYMENT' })
    await declined.confirm()
    const paid = await merchant.paid({ orderId: declined.orderId })
    await merchant.open({ orderId: declined.orderId })
    expect((await declined.getByOrder()).body).toMatchObject({ paymentKey: paid.paymentKey, status: 'DONE' })
  })
})
