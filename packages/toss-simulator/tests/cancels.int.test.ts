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

describe('cancel', () => {
  it('without an amount cancels all of it: CANCELED, balance 0, one entry in cancels', async () => {
    const order = await merchant.paid()
    const { status, body } = await order.cancel({ cancelReason: 'too late' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'CANCELED', totalAmount: 10_000, balanceAmount: 0, suppliedAmount: 0, vat: 0 })
    expect(body.cancels).toEqual([
      {
        cancelAmount: 10_000,
        cancelReason: 'too late',
        taxFreeAmount: 0,
        taxExemptionAmount: 0,
        refundableAmount: 0,
        cardDiscountAmount: 0,
        transferDiscountAmount: 0,
        easyPayDiscountAmount: 0,
        canceledAt: expect.stringMatching(/\+09:00$/),
        transactionKey: body.lastTransactionKey,
        receiptKey: null,
        cancelStatus: 'DONE',
        cancelRequestId: null,
      },
    ])
  })

  it('partial cancels append entries of their own transaction and shrink the sums', async () => {
    const order = await merchant.paid()
    await order.cancel({ cancelAmount: 1_000 })
    const { body } = await order.cancel({ cancelAmount: 2_000 })
    expect(body).toMatchObject({ status: 'PARTIAL_CANCELED', balanceAmount: 7_000, suppliedAmount: 6_364, vat: 636 })
    expect(body.cancels).toMatchObject([
      { cancelAmount: 1_000, refundableAmount: 9_000 },
      { cancelAmount: 2_000, refundableAmount: 7_000 },
    ])
    const { transactions } = await order.books()
    expect(new Set(transactions.map(({ transactionKey }) => transactionKey)).size).toBe(3)
  })

  it('partial cancels down to nothing leave PARTIAL_CANCELED with balance 0, then 403 NOT_CANCELABLE_AMOUNT', async () => {
    const order = await merchant.paid()
    await order.cancel({ cancelAmount: 300 })
    const { body } = await order.cancel()
    expect(body).toMatchObject({ status: 'PARTIAL_CANCELED', balanceAmount: 0 })
    expect(await order.cancel()).toMatchObject({ status: 403, body: refusal('NOT_CANCELABLE_AMOUNT') })
  })

  it('after a full cancel another one is 400 ALREADY_CANCELED_PAYMENT', async () => {
    const order = await merchant.paid()
    await order.cancel()
    expect(await order.cancel()).toMatchObject({ status: 400, body: refusal('ALREADY_CANCELED_PAYMENT') })
  })

  it('of more than is left is 403 NOT_CANCELABLE_AMOUNT and changes nothing', async () => {
    const order = await merchant.paid()
    const reply = await order.cancel({ cancelAmount: 10_001 })
    expect(reply).toMatchObject({ status: 403, body: refusal('NOT_CANCELABLE_AMOUNT') })
    expect((await order.get()).body).toMatchObject({ status: 'DONE', balanceAmount: 10_000, cancels: null })
  })

  it('with another refundableAmount than the balance is 400 NOT_MATCHES_REFUNDABLE_AMOUNT and changes nothing', async () => {
    const order = await merchant.paid()
    await order.cancel({ cancelAmount: 1_000, refundableAmount: 10_000 })
    const reply = await order.cancel({ cancelAmount: 1_000, refundableAmount: 10_000 })
    expect(reply).toMatchObject({ status: 400, body: refusal('NOT_MATCHES_REFUNDABLE_AMOUNT') })
    expect((await order.get()).body.balanceAmount).toBe(9_000)
  })

  it('refundableAmount lets one of ten parallel cancels through', async () => {
    const order = await merchant.paid()
    const cancels = Array.from({ length: 10 }, () => order.cancel({ cancelAmount: 1_000, refundableAmount: 10_000 }))
    const statuses = (await Promise.all(cancels)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 400)).toHaveLength(9)
    expect((await order.get()).body.balanceAmount).toBe(9_000)
  })

  it('a wrong refundableAmount is told before an amount that is too large', async () => {
    const order = await merchant.paid()
    const reply = await order.cancel({ cancelAmount: 20_000, refundableAmount: 20_000 })
    expect(reply.body).toEqual(refusal('NOT_MATCHES_REFUNDABLE_AMOUNT'))
  })

  it('needs a reason of 1 to 200 characters, else 400 INVALID_REQUEST', async () => {
    const order = await merchant.paid()
    for (const cancelReason of [undefined, '', 'x'.repeat(201)]) {
      expect(await order.cancel({ cancelReason })).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    }
    expect((await order.cancel({ cancelReason: '가'.repeat(200) })).status).toBe(200)
  })

  it('of an amount that is no positive whole number, or in another currency, is 400 INVALID_REQUEST', async () => {
    const order = await merchant.paid()
    for (const wrong of [{ cancelAmount: 0 }, { cancelAmount: -1 }, { cancelAmount: 1.5 }, { currency: 'USD' }]) {
      expect(await order.cancel(wrong)).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    }
  })

  it('of an unknown payment is 404 NOT_FOUND_PAYMENT', async () => {
    const reply = await merchant.api('POST', `/v1/payments/${randomUUID()}/cancel`, { cancelReason: 'x' })
    expect(reply).toMatchObject({ status: 404, body: refusal('NOT_FOUND_PAYMENT') })
  })

  it('of a payment that was never approved is 403 NOT_CANCELABLE_PAYMENT, whatever its status', async () => {
    const ready = await merchant.open({ status: 'READY' })
    const inProgress = await merchant.open()
    const aborted = await merchant.open({ declineCode: 'FDS_ERROR' })
    await aborted.confirm()
    const expired = await merchant.open()
    await merchant.advance(10 * MINUTE_MS)
    for (const order of [ready, inProgress, aborted, expired]) {
      expect(await order.cancel()).toMatchObject({ status: 403, body: refusal('NOT_CANCELABLE_PAYMENT') })
    }
  })

  it('a part of what is not partially cancelable is 403 NOT_ALLOWED_PARTIAL_REFUND; all of it can be canceled', async () => {
    const order = await merchant.paid({ isPartialCancelable: false })
    const reply = await order.cancel({ cancelAmount: 1 })
    expect(reply).toMatchObject({ status: 403, body: refusal('NOT_ALLOWED_PARTIAL_REFUND') })
    expect((await order.cancel()).body.status).toBe('CANCELED')
  })

  it('in the merchant console looks like any other, except in the books', async () => {
    const order = await merchant.paid()
    await order.act('cancel', { amount: 2_500, reason: 'by phone' })
    expect((await order.get()).body).toMatchObject({
      status: 'PARTIAL_CANCELED',
      balanceAmount: 7_500,
      cancels: [{ cancelAmount: 2_500, cancelReason: 'by phone' }],
    })
    expect((await order.books()).transactions).toMatchObject([
      { kind: 'approve', origin: 'api' },
      { kind: 'cancel', origin: 'console', amount: 2_500 },
    ])
  })
})
