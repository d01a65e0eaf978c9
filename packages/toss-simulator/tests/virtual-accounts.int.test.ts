import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { received } from './deliveries.ts'
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

describe('virtual account', () => {
  const open = () => merchant.open({ method: 'VIRTUAL_ACCOUNT', customerName: '김구매', bank: '20' })
  const account = { bank: '20', accountNumber: '1234567890', holderName: '김구매' }

  it('a confirm answers WAITING_FOR_DEPOSIT with an account to pay into, a secret and no approvedAt', async () => {
    const { status, body } = await (await open()).confirm()
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'WAITING_FOR_DEPOSIT',
      method: '가상계좌',
      approvedAt: null,
      secret: expect.stringMatching(/^ps_.{1,47}$/),
      card: null,
      virtualAccount: {
        accountType: '일반',
        accountNumber: expect.stringMatching(/^X\d+$/),
        bankCode: '20',
        customerName: '김구매',
        dueDate: expect.stringMatching(INSTANT),
        expired: false,
        refundStatus: 'NONE',
        settlementStatus: 'INCOMPLETED',
        refundReceiveAccount: null,
      },
    })
  })

  it('a deposit makes it DONE with a new transaction', async () => {
    const order = await open()
    const issued = await order.confirm()
    expect((await order.act('deposit')).body.status).toBe('DONE')
    const { body } = await order.get()
    expect(body).toMatchObject({ status: 'DONE', approvedAt: expect.stringMatching(INSTANT), balanceAmount: 10_000 })
    expect(body.lastTransactionKey).not.toBe(issued.body.lastTransactionKey)
    expect((await order.books()).transactions).toMatchObject([{ kind: 'approve', amount: 10_000 }])
  })

  it('a reversal by the bank takes a DONE deposit back to WAITING_FOR_DEPOSIT', async () => {
    const order = await open()
    await order.confirm()
    await order.act('deposit')
    expect((await order.act('reverse')).body.status).toBe('WAITING_FOR_DEPOSIT')
    await order.act('deposit')
    const { payments, transactions } = await order.books()
    expect(payments).toMatchObject([{ status: 'DONE', approvals: 2 }])
    expect(transactions.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['approve', 10_000],
      ['cancel', 10_000],
      ['approve', 10_000],
    ])
  })

  it('past its due date it stays WAITING_FOR_DEPOSIT and only `expired` turns true', async () => {
    const order = await open()
    await order.confirm()
    await merchant.advance(168 * 60 * MINUTE_MS)
    const { body } = await order.get()
    expect(body).toMatchObject({ status: 'WAITING_FOR_DEPOSIT', virtualAccount: { expired: true } })
  })

  it('before the deposit a full cancel needs no account, gives CANCELED and moves no money', async () => {
    const order = await open()
    await order.confirm()
    expect((await order.cancel()).body).toMatchObject({ status: 'CANCELED', approvedAt: null, balanceAmount: 0 })
    expect((await order.books()).transactions).toMatchObject([{ kind: 'cancel', amount: 0 }])
  })

  it('its secret is in the answer to the confirm and in the webhook, and null on a later query', async () => {
    const order = await open()
    const { secret } = (await order.confirm()).body
    expect(secret).toMatch(/^ps_/)
    expect((await order.get()).body.secret).toBeNull()
    expect((await order.getByOrder()).body.secret).toBeNull()
    const [delivery] = await received(shop.receiver, order, 1)
    expect(delivery?.body.secret).toBe(secret)
  })

  it('its secret stays in a replay of the confirm, and in a query where the window was opened so', async () => {
    const order = await merchant.open({ method: 'VIRTUAL_ACCOUNT', hidesSecret: false })
    const key = { 'idempotency-key': order.orderId }
    const { secret } = (await order.confirm(key)).body
    expect((await order.confirm(key)).body.secret).toBe(secret)
    expect((await order.get()).body.secret).toBe(secret)
  })

  it('a deposit after the due date still arrives', async () => {
    const order = await open()
    await order.confirm()
    await merchant.advance(168 * 60 * MINUTE_MS)
    await order.act('deposit')
    expect((await order.get()).body).toMatchObject({ status: 'DONE', virtualAccount: { expired: true } })
  })

  it('before the deposit a partial cancel is 403 NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT', async () => {
    const order = await open()
    await order.confirm()
    const reply = await order.cancel({ cancelAmount: 1 })
    expect(reply).toMatchObject({ status: 403, body: refusal('NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT') })
  })

  it('after the deposit a cancel without the account to refund to is 400 INVALID_REFUND_ACCOUNT_INFO', async () => {
    const order = await open()
    await order.confirm()
    await order.act('deposit')
    expect(await order.cancel()).toMatchObject({ status: 400, body: refusal('INVALID_REFUND_ACCOUNT_INFO') })
  })

  it('after the deposit the account number is at most twenty digits, else 400 INVALID_REFUND_ACCOUNT_NUMBER', async () => {
    const order = await open()
    await order.confirm()
    await order.act('deposit')
    const reply = await order.cancel({ refundReceiveAccount: { ...account, accountNumber: '123-456' } })
    expect(reply).toMatchObject({ status: 400, body: refusal('INVALID_REFUND_ACCOUNT_NUMBER') })
  })

  it('the account to refund to has a bank, a number and a holder of at most sixty characters, else 400 INVALID_REQUEST', async () => {
    const order = await merchant.paid({ method: 'VIRTUAL_ACCOUNT' })
    await order.act('deposit')
    const account = { bank: '20', accountNumber: '1'.repeat(20), holderName: '가'.repeat(60) }
    for (const wrong of [{ bank: undefined }, { bank: '' }, { holderName: '가'.repeat(61) }, { holderName: '' }]) {
      const reply = await order.cancel({ refundReceiveAccount: { ...account, ...wrong } })
      expect(reply).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } })
    }
    expect((await order.cancel({ refundReceiveAccount: account })).status).toBe(200)
  })

  it('after the deposit it can be canceled in parts to an account', async () => {
    const order = await open()
    await order.confirm()
    await order.act('deposit')
    const { body } = await order.cancel({ cancelAmount: 4_000, refundReceiveAccount: account })
    expect(body).toMatchObject({ status: 'PARTIAL_CANCELED', balanceAmount: 6_000 })
  })
})
