import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Json, type Merchant, Order, openShop, type Shop } from './merchant.ts'

let shop: Shop
let merchant: Merchant
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
})
afterAll(() => shop.close())

const wanted = { type: '소득공제', registrationNumber: '01098765432' }
const refundReceiveAccount = { bank: '20', accountNumber: '1234567890', holderName: '김구매' }
const receiptsOf = ({ body }: { body: Json }) => body.cashReceipts as Json[]

describe('a cash receipt', () => {
  it('of a transfer is issued with the approval: cashReceipt is what was issued, cashReceipts the list', async () => {
    const order = await merchant.open({ method: 'TRANSFER', cashReceipt: wanted, taxFreeAmount: 1_000 })
    const { body } = await order.confirm()
    expect(body.cashReceipt).toEqual({
      type: '소득공제',
      receiptKey: expect.stringMatching(/^.{1,200}$/),
      issueNumber: expect.stringMatching(/^\d{9}$/),
      receiptUrl: expect.stringMatching(/^https:/),
      amount: 10_000,
      taxFreeAmount: 1_000,
    })
    expect(body.cashReceipts).toEqual([
      {
        ...(body.cashReceipt as Json),
        orderId: order.orderId,
        orderName: '상품',
        businessNumber: expect.stringMatching(/^\d{10}$/),
        transactionType: 'CONFIRM',
        issueStatus: 'COMPLETED',
        failure: null,
        customerIdentityNumber: '01098765432',
        requestedAt: expect.stringMatching(/\+09:00$/),
      },
    ])
  })

  it('of a virtual account is issued with the deposit, and gone when the bank takes the deposit back', async () => {
    const order = await merchant.open({ method: 'VIRTUAL_ACCOUNT', cashReceipt: { type: '지출증빙' } })
    expect((await order.confirm()).body).toMatchObject({ cashReceipt: null, cashReceipts: null })
    await order.act('deposit')
    const { body } = await order.get()
    expect(body).toMatchObject({ cashReceipt: { type: '지출증빙' }, cashReceipts: [{ transactionType: 'CONFIRM' }] })
    await order.act('reverse')
    expect((await order.get()).body).toMatchObject({ cashReceipt: null, cashReceipts: null })
    await order.act('deposit')
    expect((await order.get()).body.cashReceipt).not.toEqual(body.cashReceipt)
  })

  it('of an issued account is the one that was asked for', async () => {
    const orderId = `ORD-${randomUUID()}`
    const asked = { amount: 10_000, orderId, orderName: 'two books', customerName: '김구매', bank: '20' }
    const { body } = await merchant.api('POST', '/v1/virtual-accounts', { ...asked, cashReceipt: wanted })
    const order = new Order(merchant, { paymentKey: String(body.paymentKey), orderId, amount: 10_000 })
    await order.act('deposit')
    expect((await order.get()).body).toMatchObject({ cashReceipt: { type: '소득공제', amount: 10_000 } })
  })

  it('is taken back by as much as each cancel, under a receiptKey that the cancel has too', async () => {
    const order = await merchant.paid({ method: 'TRANSFER', cashReceipt: wanted })
    const part = await order.cancel({ cancelAmount: 4_000 })
    const rest = await order.cancel()
    const [first, second] = rest.body.cancels as Json[]
    expect([first?.receiptKey, second?.receiptKey]).toEqual([expect.any(String), expect.any(String)])
    expect(receiptsOf(part)).toMatchObject([
      { transactionType: 'CONFIRM', amount: 10_000 },
      { transactionType: 'CANCEL', amount: 4_000, receiptKey: first?.receiptKey },
    ])
    expect(receiptsOf(rest)).toMatchObject([
      { transactionType: 'CONFIRM' },
      { transactionType: 'CANCEL', amount: 4_000 },
      { transactionType: 'CANCEL', amount: 6_000, receiptKey: second?.receiptKey },
    ])
  })

  it('is in no order that one could rely on: a query lists them otherwise than the cancel did', async () => {
    const order = await merchant.paid({ method: 'TRANSFER', cashReceipt: wanted })
    const canceled = receiptsOf(await order.cancel())
    expect(receiptsOf(await order.get())).toEqual(canceled.toReversed())
    expect(canceled).toHaveLength(2)
  })

  it('is null where nobody asked for one, and a card has none', async () => {
    const order = await merchant.paid({ method: 'TRANSFER' })
    const { body } = await order.cancel()
    expect(body).toMatchObject({ cashReceipt: null, cashReceipts: null, cancels: [{ receiptKey: null }] })
    await expect(merchant.open({ cashReceipt: wanted })).rejects.toThrow('INVALID_REQUEST')
  })

  it('survives the refund of a deposit to an account', async () => {
    const order = await merchant.paid({ method: 'VIRTUAL_ACCOUNT', cashReceipt: wanted })
    await order.act('deposit')
    const reply = await order.cancel({ cancelAmount: 1_000, refundReceiveAccount })
    expect(receiptsOf(reply)).toMatchObject([
      { transactionType: 'CONFIRM' },
      { transactionType: 'CANCEL', amount: 1_000 },
    ])
  })

  it('has its type in English for whoever asks so', async () => {
    const order = await merchant.open({ method: 'TRANSFER', cashReceipt: wanted })
    const { body } = await order.confirm({ 'accept-language': 'en-US' })
    expect(body).toMatchObject({
      cashReceipt: { type: 'Income deduction' },
      cashReceipts: [{ type: 'Income deduction' }],
    })
  })
})
