import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Json, type Merchant, openShop, type Shop } from './merchant.ts'

let shop: Shop
let merchant: Merchant
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
})
afterAll(() => shop.close())

async function approved(wanted: Json): Promise<Json> {
  const { status, body } = await (await merchant.open(wanted)).confirm()
  expect(status).toBe(200)
  return body
}

const parts = ['card', 'easyPay', 'transfer', 'mobilePhone', 'giftCertificate', 'virtualAccount']
const filled = (body: Json) => parts.filter((part) => body[part] !== null)

describe('method', () => {
  it('TRANSFER is 계좌이체 and fills transfer alone', async () => {
    const body = await approved({ method: 'TRANSFER', bank: '88' })
    expect(body).toMatchObject({ method: '계좌이체', transfer: { bankCode: '88', settlementStatus: 'INCOMPLETED' } })
    expect(filled(body)).toEqual(['transfer'])
  })

  it('EASY_PAY is 간편결제, and the card inside the wallet fills both card and easyPay', async () => {
    const body = await approved({ method: 'EASY_PAY' })
    expect(body).toMatchObject({
      method: '간편결제',
      card: { amount: 10_000 },
      easyPay: { provider: '토스페이', amount: 0, discountAmount: 0 },
    })
    expect(filled(body)).toEqual(['card', 'easyPay'])
  })

  it('EASY_PAY with the money of the wallet fills easyPay alone, with its amount', async () => {
    const body = await approved({ method: 'EASY_PAY', wallet: 'MONEY' })
    expect(body).toMatchObject({ method: '간편결제', card: null, easyPay: { amount: 10_000 } })
    expect(filled(body)).toEqual(['easyPay'])
  })

  it('MOBILE_PHONE is 휴대폰 and fills mobilePhone alone', async () => {
    const body = await approved({ method: 'MOBILE_PHONE', customerMobilePhone: '01098765432' })
    expect(body).toMatchObject({
      status: 'DONE',
      method: '휴대폰',
      mobilePhone: {
        customerMobilePhone: '01098765432',
        settlementStatus: 'INCOMPLETED',
        receiptUrl: expect.stringMatching(/^https:/),
      },
    })
    expect(filled(body)).toEqual(['mobilePhone'])
  })

  it.each([
    ['CULTURE_GIFT_CERTIFICATE', '문화상품권'],
    ['BOOK_GIFT_CERTIFICATE', '도서문화상품권'],
    ['GAME_GIFT_CERTIFICATE', '게임문화상품권'],
  ])('%s is %s and fills giftCertificate alone', async (method, name) => {
    const body = await approved({ method })
    expect(body).toMatchObject({
      status: 'DONE',
      method: name,
      giftCertificate: { approveNo: expect.stringMatching(/^\d{8}$/), settlementStatus: 'INCOMPLETED' },
    })
    expect(filled(body)).toEqual(['giftCertificate'])
  })

  it('a gift certificate cannot be canceled in part, only as a whole', async () => {
    const order = await merchant.paid({ method: 'CULTURE_GIFT_CERTIFICATE' })
    expect((await order.get()).body.isPartialCancelable).toBe(false)
    expect(await order.cancel({ cancelAmount: 1 })).toMatchObject({
      status: 403,
      body: { code: 'NOT_ALLOWED_PARTIAL_REFUND' },
    })
    expect((await order.cancel()).body).toMatchObject({ status: 'CANCELED', balanceAmount: 0 })
  })
})
