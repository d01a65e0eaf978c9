import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { received, statusesTold } from './deliveries.ts'
import { type Json, type Merchant, MINUTE_MS, Order, openShop, type Receiver, type Shop } from './merchant.ts'

let shop: Shop
let merchant: Merchant
let receiver: Receiver
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
  receiver = shop.receiver
})
afterAll(() => shop.close())

const HOUR_MS = 60 * MINUTE_MS
const refusal = (code: string) => ({ code, message: expect.any(String) })

function ask(changes: Json = {}, headers: Record<string, string> = {}) {
  const orderId = `ORD-${randomUUID()}`
  const asked = { amount: 10_000, orderId, orderName: 'two books', customerName: '김구매', bank: '20', ...changes }
  return merchant.api('POST', '/v1/virtual-accounts', asked, headers)
}

async function issue(changes: Json = {}): Promise<{ order: Order; body: Json; dueInMs: number }> {
  const nowMs = Date.parse(String((await merchant.send('GET', '/simulator/clock')).body.now))
  const { status, body } = await ask(changes)
  expect(status).toBe(200)
  const order = new Order(merchant, {
    paymentKey: String(body.paymentKey),
    orderId: String(body.orderId),
    amount: 10_000,
  })
  const { virtualAccount } = body
  if (typeof virtualAccount !== 'object' || virtualAccount === null || !('dueDate' in virtualAccount)) throw new Error()
  return { order, body, dueInMs: Date.parse(String(virtualAccount.dueDate)) - nowMs }
}

/** Instants of Payments end with the second, and the call takes a moment itself. */
const isAbout = (actualMs: number, expectedMs: number) => Math.abs(actualMs - expectedMs) < MINUTE_MS

describe('issue of a virtual account', () => {
  it('answers a Payment that is WAITING_FOR_DEPOSIT, with the account, a secret and no window', async () => {
    const { body, order } = await issue({ bank: '88' })
    expect(body).toMatchObject({
      status: 'WAITING_FOR_DEPOSIT',
      method: '가상계좌',
      orderName: 'two books',
      approvedAt: null,
      secret: expect.stringMatching(/^ps_/),
      virtualAccount: { bankCode: '88', customerName: '김구매', expired: false },
    })
    expect((await order.get()).body).toEqual({ ...body, secret: null })
  })

  it('is told by DEPOSIT_CALLBACK, and so is the deposit', async () => {
    const { order } = await issue()
    await received(receiver, order, 1)
    await order.act('deposit')
    await received(receiver, order, 3)
    expect(statusesTold(receiver, order, 'DEPOSIT_CALLBACK')).toEqual(['WAITING_FOR_DEPOSIT', 'DONE'])
  })

  it('is due after 168 hours unless it says otherwise', async () => {
    expect(isAbout((await issue()).dueInMs, 168 * HOUR_MS)).toBe(true)
  })

  it('is due after validHours, at most 2160', async () => {
    expect(isAbout((await issue({ validHours: 2_160 })).dueInMs, 2_160 * HOUR_MS)).toBe(true)
    for (const validHours of [0, 2_161, 1.5, '24']) {
      expect(await ask({ validHours })).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    }
  })

  it('is due at dueDate, at most 90 days ahead', async () => {
    const nowMs = Date.parse(String((await merchant.send('GET', '/simulator/clock')).body.now))
    const seoul = (atMs: number) => new Date(atMs + 9 * HOUR_MS).toISOString().slice(0, 19)
    expect(isAbout((await issue({ dueDate: seoul(nowMs + 24 * HOUR_MS) })).dueInMs, 24 * HOUR_MS)).toBe(true)
    for (const dueDate of [seoul(nowMs - HOUR_MS), seoul(nowMs + 91 * 24 * HOUR_MS), '2026-02-30', 'soon']) {
      expect(await ask({ dueDate })).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    }
  })

  it('with both validHours and dueDate is 400 INVALID_REQUEST', async () => {
    const dueDate = new Date(Date.now() + HOUR_MS).toISOString()
    expect(await ask({ validHours: 24, dueDate })).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
  })

  it('without one of its fields is 400 INVALID_REQUEST', async () => {
    for (const field of ['amount', 'orderId', 'orderName', 'customerName', 'bank']) {
      expect(await ask({ [field]: undefined })).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    }
  })

  it('takes an orderId that is laxer than documented, as Toss did: the number 71', async () => {
    expect((await ask({ orderId: 71 })).body).toMatchObject({ status: 'WAITING_FOR_DEPOSIT', orderId: '71' })
  })

  it('past its due date only `expired` flips, and no webhook is sent', async () => {
    const { order, body } = await issue({ validHours: 1 })
    await received(receiver, order, 1)
    await merchant.advance(HOUR_MS)
    const { body: lapsed } = await order.get()
    const { virtualAccount, ...rest } = body
    expect(lapsed).toMatchObject({ ...rest, secret: null, virtualAccount: { expired: true } })
    expect(virtualAccount).toMatchObject({ expired: false })
    expect((await order.books()).webhooks).toHaveLength(1)
  })

  it('for an escrow order cannot be canceled in part once it is deposited', async () => {
    const { order, body } = await issue({ useEscrow: true })
    expect(body).toMatchObject({ useEscrow: true, isPartialCancelable: false })
    await order.act('deposit')
    const refundReceiveAccount = { bank: '20', accountNumber: '1234567890', holderName: '김구매' }
    const reply = await order.cancel({ cancelAmount: 1_000, refundReceiveAccount })
    expect(reply).toMatchObject({ status: 403, body: refusal('NOT_ALLOWED_PARTIAL_REFUND') })
  })

  it('a repeat with the same Idempotency-Key answers the same account and opens no other', async () => {
    const orderId = `ORD-${randomUUID()}`
    const key = { 'idempotency-key': randomUUID() }
    const first = await ask({ orderId }, key)
    expect((await ask({ orderId }, key)).text).toBe(first.text)
    const { body } = await merchant.send('GET', `/simulator/books?orderId=${orderId}`)
    expect(body.payments).toHaveLength(1)
  })

  it('meets faults like every call', async () => {
    const orderId = `ORD-${randomUUID()}`
    await merchant.fault(
      { operation: 'issueAccount', orderId },
      { kind: 'error-before', status: 500, code: 'COMMON_ERROR' },
    )
    expect(await ask({ orderId })).toMatchObject({ status: 500, body: refusal('COMMON_ERROR') })
    expect((await ask({ orderId })).status).toBe(200)
  })
})
