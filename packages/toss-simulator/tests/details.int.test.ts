import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Json, type Merchant, openShop, type Shop } from './merchant.ts'

let shop: Shop
let merchant: Merchant
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
})
afterAll(() => shop.close())

const approved = async (wanted: Json) => (await (await merchant.open(wanted)).confirm()).body
const accepts = async (wanted: Json) => {
  await expect(merchant.open(wanted)).resolves.toBeDefined()
}

describe('what a Payment can tell of its means', () => {
  it('cardType is 신용, 체크, 기프트 or 미확인, and ownerType 개인, 법인 or 미확인', async () => {
    for (const cardType of ['신용', '체크', '기프트', '미확인']) {
      expect((await approved({ card: { cardType } })).card).toMatchObject({ cardType, ownerType: '개인' })
    }
    for (const ownerType of ['개인', '법인', '미확인']) {
      expect((await approved({ card: { ownerType } })).card).toMatchObject({ ownerType })
    }
    await expect(merchant.open({ card: { cardType: '직불' } })).rejects.toThrow('INVALID_REQUEST')
  })

  it('acquireStatus is READY until the card is acquired, then REQUESTED, COMPLETED, CANCEL_REQUESTED or CANCELED', async () => {
    expect((await approved({})).card).toMatchObject({ acquireStatus: 'READY' })
    for (const acquireStatus of ['REQUESTED', 'COMPLETED', 'CANCEL_REQUESTED', 'CANCELED']) {
      expect((await approved({ card: { acquireStatus } })).card).toMatchObject({ acquireStatus })
    }
  })

  it('acquirerCode may be null, and interest be paid by BUYER, CARD_COMPANY or MERCHANT', async () => {
    expect((await approved({ card: { acquirerCode: null } })).card).toMatchObject({ acquirerCode: null })
    for (const interestPayer of ['BUYER', 'CARD_COMPANY', 'MERCHANT']) {
      const card = { isInterestFree: true, interestPayer }
      expect((await approved({ card, amount: 50_000, installmentPlanMonths: 3 })).card).toMatchObject(card)
    }
    expect((await approved({})).card).toMatchObject({ isInterestFree: false, interestPayer: null })
  })

  it('the points of a wallet are its discountAmount, and so much less is charged to its card or money', async () => {
    const easyPay = { provider: '카카오페이', discountAmount: 3_000 }
    const card = await approved({ method: 'EASY_PAY', easyPay })
    expect(card).toMatchObject({ totalAmount: 10_000, easyPay: { ...easyPay, amount: 0 }, card: { amount: 7_000 } })
    const money = await approved({ method: 'EASY_PAY', wallet: 'MONEY', easyPay })
    expect(money).toMatchObject({ totalAmount: 10_000, easyPay: { ...easyPay, amount: 7_000 }, card: null })
  })

  it('a virtual account is 일반 or 고정', async () => {
    for (const accountType of ['일반', '고정']) {
      const body = await approved({ method: 'VIRTUAL_ACCOUNT', accountType })
      expect(body.virtualAccount).toMatchObject({ accountType })
    }
  })

  it('refundStatus is NONE, then what the bank says of the refund, without a webhook', async () => {
    const order = await merchant.paid({ method: 'VIRTUAL_ACCOUNT' })
    await order.act('deposit')
    expect((await order.get()).body.virtualAccount).toMatchObject({ refundStatus: 'NONE' })
    expect((await order.act('refund-status', { refundStatus: 'PENDING' })).status).toBe(400)
    await order.cancel({ refundReceiveAccount: { bank: '20', accountNumber: '1', holderName: '김구매' } })
    const { webhooks } = await order.books()
    for (const refundStatus of ['PENDING', 'FAILED', 'PARTIAL_FAILED', 'COMPLETED']) {
      expect((await order.act('refund-status', { refundStatus })).status).toBe(200)
      expect((await order.get()).body.virtualAccount).toMatchObject({ refundStatus })
    }
    expect((await order.books()).webhooks).toHaveLength(webhooks.length)
  })

  it('cultureExpense tells whether it counts as such', async () => {
    expect(await approved({})).toMatchObject({ cultureExpense: false })
    expect(await approved({ cultureExpense: true })).toMatchObject({ cultureExpense: true })
  })

  it('type is NORMAL, or BRANDPAY for one by brandpay', async () => {
    expect(await approved({})).toMatchObject({ type: 'NORMAL' })
    expect(await approved({ type: 'BRANDPAY' })).toMatchObject({ type: 'BRANDPAY' })
  })

  it('transaction keys are of two forms, 32 hex digits and txrd_, of at most 64 characters', async () => {
    const keys = await Promise.all(
      Array.from({ length: 40 }, async () => String((await approved({})).lastTransactionKey)),
    )
    for (const key of keys) expect(key).toMatch(/^([0-9A-F]{32}|txrd_[0-9a-z]{1,59})$/)
    // Both come, but for one chance in 2 to the 39th.
    expect(new Set(keys.map((key) => key.startsWith('txrd_')))).toEqual(new Set([true, false]))
  })
})

describe('what the buyer writes', () => {
  it.each([
    ['orderId', 'x'.repeat(6), 'x'.repeat(64), 'x'.repeat(5), 'x'.repeat(65)],
    ['orderName', 'x', 'x'.repeat(100), '', 'x'.repeat(101)],
    ['customerName', 'x', 'x'.repeat(100), '', 'x'.repeat(101)],
    ['customerMobilePhone', '1'.repeat(8), '1'.repeat(15), '1'.repeat(7), '1'.repeat(16)],
    ['paymentKey', 'x', 'x'.repeat(200), '', 'x'.repeat(201)],
  ])('%s has its shortest and its longest', async (name, shortest, longest, tooShort, tooLong) => {
    // Another one each time: a paymentKey is there once.
    await accepts({ [name]: shortest })
    await accepts({ [name]: longest })
    for (const wrong of [tooShort, tooLong]) {
      await expect(merchant.open({ [name]: wrong })).rejects.toThrow('INVALID_REQUEST')
    }
  })

  it('an orderId is of letters, digits, - _ and =', async () => {
    await accepts({ orderId: 'aZ09-_=' })
    for (const orderId of ['ORD 001', 'ORD/001', '주문000001', 'ORD.001']) {
      await expect(merchant.open({ orderId })).rejects.toThrow('INVALID_REQUEST')
    }
  })
})
