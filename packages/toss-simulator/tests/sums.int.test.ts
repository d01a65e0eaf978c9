import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Json, type Merchant, MINUTE_MS, openShop, type Shop } from './merchant.ts'

let shop: Shop
let merchant: Merchant
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
})
afterAll(() => shop.close())

const refusal = (code: string) => ({ code, message: expect.any(String) })
const confirmed = async (wanted: Json) => (await merchant.open(wanted)).confirm()

describe('tax', () => {
  it('vat is a rounded eleventh of what is not tax-free, and a cancel shrinks all of it', async () => {
    const order = await merchant.paid({ amount: 10_000, taxFreeAmount: 4_000 })
    expect((await order.get()).body).toMatchObject({ vat: 545, suppliedAmount: 5_455, taxFreeAmount: 4_000 })
    const { body } = await order.cancel({ cancelAmount: 3_000, taxFreeAmount: 1_000 })
    expect(body).toMatchObject({ balanceAmount: 7_000, vat: 364, suppliedAmount: 3_636, taxFreeAmount: 3_000 })
    expect(body.cancels).toMatchObject([{ cancelAmount: 3_000, taxFreeAmount: 1_000 }])
    const rest = await order.cancel()
    expect(rest.body).toMatchObject({ balanceAmount: 0, vat: 0, suppliedAmount: 0, taxFreeAmount: 0 })
    expect(rest.body.cancels).toMatchObject([{ taxFreeAmount: 1_000 }, { taxFreeAmount: 3_000 }])
  })

  it('a tax-free part that does not fit what is left is 400 INVALID_REQUEST and changes nothing', async () => {
    const order = await merchant.paid({ amount: 10_000, taxFreeAmount: 4_000 })
    // More than there is, more than is canceled, and less than the taxed rest can give.
    for (const part of [
      { cancelAmount: 5_000, taxFreeAmount: 4_001 },
      { cancelAmount: 1_000, taxFreeAmount: 1_001 },
      { cancelAmount: 7_000, taxFreeAmount: 0 },
    ]) {
      expect(await order.cancel(part)).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    }
    expect((await order.get()).body.cancels).toBeNull()
  })

  it('a card with a tax-exempted sum cannot be canceled in part: 403 NOT_ALLOWED_PARTIAL_REFUND', async () => {
    const order = await merchant.paid({ taxExemptionAmount: 300 })
    expect((await order.get()).body.taxExemptionAmount).toBe(300)
    expect(await order.cancel({ cancelAmount: 1 })).toMatchObject({
      status: 403,
      body: refusal('NOT_ALLOWED_PARTIAL_REFUND'),
    })
    expect((await order.cancel()).body).toMatchObject({ status: 'CANCELED', taxExemptionAmount: 0 })
  })
})

describe('an instant discount', () => {
  it('must be left by a partial cancel, else 400 EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT; the whole can be canceled', async () => {
    const order = await merchant.paid({ discountAmount: 2_000 })
    expect((await order.get()).body.discount).toEqual({ amount: 2_000 })
    expect(await order.cancel({ cancelAmount: 8_001 })).toMatchObject({
      status: 400,
      body: refusal('EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT'),
    })
    expect((await order.cancel({ cancelAmount: 8_000 })).status).toBe(200)
    expect((await order.cancel()).body.balanceAmount).toBe(0)
  })
})

describe('the limits of a sum', () => {
  it.each([
    ['CARD', 100],
    ['TRANSFER', 200],
    ['VIRTUAL_ACCOUNT', 200],
  ])('%s takes %i won and no less: 400 BELOW_MINIMUM_AMOUNT', async (method, least) => {
    expect((await confirmed({ method, amount: least })).status).toBe(200)
    expect(await confirmed({ method, amount: least - 1 })).toMatchObject({
      status: 400,
      body: refusal('BELOW_MINIMUM_AMOUNT'),
    })
  })

  it('an issued account takes 200 won and no less', async () => {
    const asked = { orderId: `ORD-${randomUUID()}`, orderName: 'a pen', customerName: '김구매', bank: '20' }
    const issue = (amount: number) => merchant.api('POST', '/v1/virtual-accounts', { ...asked, amount })
    expect((await issue(200)).status).toBe(200)
    expect(await issue(199)).toMatchObject({ status: 400, body: refusal('BELOW_MINIMUM_AMOUNT') })
  })

  it('a transfer takes ten million won and no more: 400 EXCEED_MAX_AMOUNT', async () => {
    expect((await confirmed({ method: 'TRANSFER', amount: 10_000_000 })).status).toBe(200)
    expect((await confirmed({ method: 'TRANSFER', amount: 10_000_001 })).body.code).toBe('EXCEED_MAX_AMOUNT')
  })

  it('installments begin at 50,000 won, and the card tells their months', async () => {
    const { body } = await confirmed({ amount: 50_000, installmentPlanMonths: 3 })
    expect(body.card).toMatchObject({ installmentPlanMonths: 3 })
    const refused = await confirmed({ amount: 49_999, installmentPlanMonths: 3 })
    expect(refused.body.code).toBe('NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT')
  })

  it('a refused sum leaves the payment open', async () => {
    const order = await merchant.open({ amount: 99 })
    await order.confirm()
    expect((await order.get()).body).toMatchObject({ status: 'IN_PROGRESS', failure: null })
  })
})

describe('what a Payment also carries', () => {
  it('metadata: at most five pairs, keys of 40 and values of 2,000 characters', async () => {
    const metadata = { [`k${'x'.repeat(39)}`]: 'v'.repeat(2_000), b: '', c: '', d: '', e: '' }
    expect((await confirmed({ metadata })).body.metadata).toEqual(metadata)
    for (const wrong of [{ ...metadata, f: '' }, { ['x'.repeat(41)]: '' }, { a: 'v'.repeat(2_001) }]) {
      await expect(merchant.open({ metadata: wrong })).rejects.toThrow('INVALID_REQUEST')
    }
  })

  it('an escrow order is canceled as a whole or not at all', async () => {
    const order = await merchant.paid({ useEscrow: true })
    expect((await order.get()).body).toMatchObject({ useEscrow: true, isPartialCancelable: false })
    expect((await order.cancel({ cancelAmount: 1 })).body.code).toBe('NOT_ALLOWED_PARTIAL_REFUND')
    expect((await order.cancel()).body.status).toBe('CANCELED')
  })

  it('useEscrow is null on a payment that expired', async () => {
    const order = await merchant.open()
    await merchant.advance(10 * MINUTE_MS)
    expect((await order.get()).body).toMatchObject({ status: 'EXPIRED', useEscrow: null })
  })

  it('the account to refund to can be read for thirty minutes from the opening of the window', async () => {
    const refundReceiveAccount = { bankCode: '20', accountNumber: '1234567890', holderName: '김구매' }
    const order = await merchant.open({ method: 'VIRTUAL_ACCOUNT', refundReceiveAccount })
    expect((await order.confirm()).body.virtualAccount).toMatchObject({ refundReceiveAccount })
    await merchant.advance(29 * MINUTE_MS)
    expect((await order.get()).body.virtualAccount).toMatchObject({ refundReceiveAccount })
    await merchant.advance(MINUTE_MS)
    expect((await order.get()).body.virtualAccount).toMatchObject({ refundReceiveAccount: null })
  })
})

describe('settlements', () => {
  const list = (query: string) => merchant.api('GET', `/v1/settlements?${query}`)

  it('are empty in the sandbox, whatever was paid', async () => {
    await merchant.paid()
    const reply = await list('startDate=2000-01-01&endDate=2999-12-31&dateType=soldDate&page=1&size=5000')
    expect(reply).toMatchObject({ status: 200, text: '[]' })
  })

  it('need two dates, a known dateType and a size of at most 5000', async () => {
    const dates = 'startDate=2026-01-01&endDate=2026-01-02'
    for (const query of ['startDate=2026-01-01', `${dates}&dateType=today`, `${dates}&size=5001`, `${dates}&page=0`]) {
      expect(await list(query)).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    }
  })
})
