import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type CardShop, newOrderId, openCardShop } from './cards.ts'
import { eventually, type Json } from './merchant.ts'

let shop: CardShop
beforeAll(async () => {
  shop = await openCardShop()
})
afterAll(() => shop.close())

const refusal = (code: string) => ({ code, message: expect.any(String) })

describe('a charge of a billing key', () => {
  it('answers a Payment of type BILLING that is DONE, paid by card, with a secret', async () => {
    const card = await shop.cards.issued()
    const orderId = newOrderId()
    const { status, body } = await shop.cards.charge(card, { orderId, taxFreeAmount: 900, metadata: { month: '11' } })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      type: 'BILLING',
      status: 'DONE',
      method: '카드',
      orderId,
      orderName: 'November',
      totalAmount: 9_900,
      taxFreeAmount: 900,
      approvedAt: expect.stringMatching(/\+09:00$/),
      card: { amount: 9_900 },
      secret: expect.stringMatching(/^ps_/),
      metadata: { month: '11' },
    })
    const found = await shop.merchant.api('GET', `/v1/payments/${String(body.paymentKey)}`)
    expect(found.body).toEqual(body)
  })

  it('is told by no webhook; its cancel is', async () => {
    const orderId = newOrderId()
    const { body } = await shop.cards.charge(await shop.cards.issued(), { orderId })
    await shop.merchant.api('POST', `/v1/payments/${String(body.paymentKey)}/cancel`, { cancelReason: 'too much' })
    await eventually(() => expect(shop.receiver.of(orderId)).toHaveLength(1))
    expect(shop.receiver.of(orderId)).toMatchObject([{ body: { data: { status: 'CANCELED', type: 'BILLING' } } }])
  })

  it('with the customerKey of somebody else is 400 NOT_MATCHES_CUSTOMER_KEY', async () => {
    const reply = await shop.cards.charge(await shop.cards.issued(), { customerKey: randomUUID() })
    expect(reply).toMatchObject({ status: 400, body: refusal('NOT_MATCHES_CUSTOMER_KEY') })
  })

  it('of an order id that has been approved or canceled is 400 DUPLICATED_ORDER_ID', async () => {
    const card = await shop.cards.issued()
    const orderId = newOrderId()
    expect((await shop.cards.charge(card, { orderId })).status).toBe(200)
    expect(await shop.cards.charge(card, { orderId })).toMatchObject({
      status: 400,
      body: refusal('DUPLICATED_ORDER_ID'),
    })
    const paid = await shop.merchant.paid()
    await paid.cancel()
    expect(await shop.cards.charge(card, { orderId: paid.orderId })).toMatchObject({
      status: 400,
      body: refusal('DUPLICATED_ORDER_ID'),
    })
  })

  it('of a key that there is not is 400 INVALID_BILL_KEY_REQUEST', async () => {
    const reply = await shop.cards.charge({ billingKey: 'none', customerKey: randomUUID() })
    expect(reply).toMatchObject({ status: 400, body: refusal('INVALID_BILL_KEY_REQUEST') })
  })

  it.each([
    { orderId: 'short' },
    { orderId: 'x'.repeat(65) },
    { orderId: 'ORD 000001' },
    { orderName: '' },
    { orderName: 'x'.repeat(101) },
    { amount: 0 },
    { amount: 99.5 },
    { amount: '9900' },
    { customerName: 'x'.repeat(101) },
    { customerEmail: 'x'.repeat(101) },
    { customerMobilePhone: '0101234' },
    { customerMobilePhone: '0'.repeat(16) },
    { taxFreeAmount: 9_901 },
    { metadata: { a: '', b: '', c: '', d: '', e: '', f: '' } },
    { metadata: { ['x'.repeat(41)]: '' } },
    { metadata: { a: 'x'.repeat(2_001) } },
  ])('keeps the limits of its fields: %j is 400 INVALID_REQUEST', async (wrong) => {
    expect(await shop.cards.charge(await shop.cards.issued(), wrong)).toMatchObject({
      status: 400,
      body: refusal('INVALID_REQUEST'),
    })
  })

  it('keeps the limits of a sum by card: 99 won is 400 BELOW_MINIMUM_AMOUNT', async () => {
    expect((await shop.cards.charge(await shop.cards.issued(), { amount: 99 })).body).toEqual(
      refusal('BELOW_MINIMUM_AMOUNT'),
    )
  })

  it('that is declined answers the code, takes nothing, and leaves the order id free', async () => {
    const card = await shop.cards.issued()
    const orderId = newOrderId()
    await shop.merchant.fault({ operation: 'charge', orderId }, { kind: 'decline', code: 'REJECT_CARD_PAYMENT' })
    expect(await shop.cards.charge(card, { orderId })).toMatchObject({
      status: 403,
      body: refusal('REJECT_CARD_PAYMENT'),
    })
    expect((await shop.merchant.api('GET', `/v1/payments/orders/${orderId}`)).status).toBe(404)
    expect((await shop.cards.charge(card, { orderId })).status).toBe(200)
    const bad = await shop.cards.issued({ declineCode: 'INVALID_STOPPED_CARD' })
    expect((await shop.cards.charge(bad)).body).toEqual(refusal('INVALID_STOPPED_CARD'))
  })

  it('is answered by TossPayments-Test-Code with that code, and charges nothing', async () => {
    const orderId = newOrderId()
    const header = { 'TossPayments-Test-Code': 'REJECT_CARD_COMPANY' }
    expect(await shop.cards.charge(await shop.cards.issued(), { orderId }, header)).toMatchObject({
      status: 403,
      body: refusal('REJECT_CARD_COMPANY'),
    })
    expect((await shop.merchant.api('GET', `/v1/payments/orders/${orderId}`)).status).toBe(404)
  })

  it('with an Idempotency-Key and the test code IDEMPOTENT_REQUEST_PROCESSING is 409', async () => {
    const headers = { 'TossPayments-Test-Code': 'IDEMPOTENT_REQUEST_PROCESSING', 'idempotency-key': randomUUID() }
    const reply = await shop.cards.charge(await shop.cards.issued(), {}, headers)
    expect(reply).toMatchObject({ status: 409, body: refusal('IDEMPOTENT_REQUEST_PROCESSING') })
  })

  it('with the same Idempotency-Key charges once and answers the same', async () => {
    const card = await shop.cards.issued()
    const key = { 'idempotency-key': randomUUID() }
    const first = await shop.cards.charge(card, {}, key)
    expect((await shop.cards.charge(card, {}, key)).text).toBe(first.text)
    expect(await shop.merchant.send('GET', `/simulator/books?orderId=${String(first.body.orderId)}`)).toMatchObject({
      body: { payments: [{ approvals: 1 }], transactions: [{ kind: 'approve', amount: 9_900 }] },
    })
  })

  it('is a row of the transactions with the customerKey, which other payments do not have', async () => {
    const card = await shop.cards.issued()
    const orderId = newOrderId()
    await shop.cards.charge(card, { orderId })
    const other = await shop.merchant.paid()
    const { text } = await shop.merchant.api(
      'GET',
      '/v1/transactions?startDate=2000-01-01&endDate=2999-12-31&limit=5000',
    )
    const rows = JSON.parse(text) as Json[]
    expect(rows.find((row) => row.orderId === orderId)).toMatchObject({ customerKey: card.customerKey, amount: 9_900 })
    expect(rows.find((row) => row.orderId === other.orderId)).toMatchObject({ customerKey: null })
  })

  it('meets faults like every call', async () => {
    const orderId = newOrderId()
    await shop.merchant.fault({ operation: 'charge', orderId }, { kind: 'drop-after' })
    const card = await shop.cards.issued()
    const key = { 'idempotency-key': randomUUID() }
    await expect(shop.cards.charge(card, { orderId }, key)).rejects.toThrow('fetch failed')
    expect((await shop.cards.charge(card, { orderId }, key)).body).toMatchObject({ status: 'DONE', orderId })
  })
})
