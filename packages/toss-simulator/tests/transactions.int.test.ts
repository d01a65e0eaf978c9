import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { type Json, type Merchant, MINUTE_MS, openShop, type Shop } from './merchant.ts'

let shop: Shop
let merchant: Merchant
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
})
afterAll(() => shop.close())

const refusal = (code: string) => ({ code, message: expect.any(String) })
const DAY_MS = 24 * 60 * MINUTE_MS

/** The instant as the merchant writes it: Seoul's wall clock without an offset. */
const seoul = (atMs: number) => new Date(atMs + 9 * 60 * MINUTE_MS).toISOString().slice(0, 19)
const everything = { startDate: '2000-01-01T00:00:00', endDate: '2999-12-31T23:59:59' }

async function now(): Promise<number> {
  return Date.parse(String((await merchant.send('GET', '/simulator/clock')).body.now))
}

function ask(query: Record<string, string>) {
  return merchant.api('GET', `/v1/transactions?${new URLSearchParams(query).toString()}`)
}

async function list(query: Record<string, string>): Promise<Json[]> {
  const { status, text } = await ask(query)
  expect(status).toBe(200)
  return z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(text))
}

/** Keeps the rows of one test apart from those of the others: by a day of their own. */
async function newDay(): Promise<{ startDate: string; endDate: string }> {
  await merchant.advance(2 * DAY_MS)
  const nowMs = await now()
  return { startDate: seoul(nowMs), endDate: seoul(nowMs + DAY_MS) }
}

describe('transactions', () => {
  it('one row per approve and cancel, oldest first, with the status that each of them left', async () => {
    const today = await newDay()
    const order = await merchant.paid()
    await order.cancel({ cancelAmount: 1_000 })
    await order.cancel({ cancelAmount: 2_000 })
    const { body } = await order.get()
    const rows = await list(today)
    expect(rows.map(({ status, amount }) => [status, amount])).toEqual([
      ['DONE', 10_000],
      ['PARTIAL_CANCELED', 1_000],
      ['PARTIAL_CANCELED', 2_000],
    ])
    expect(rows.at(-1)).toEqual({
      mId: 'tosspayments',
      transactionKey: body.lastTransactionKey,
      paymentKey: order.paymentKey,
      orderId: order.orderId,
      method: '카드',
      customerKey: null,
      useEscrow: false,
      receiptUrl: expect.stringMatching(/^https:/),
      status: 'PARTIAL_CANCELED',
      transactionAt: expect.stringMatching(/\+09:00$/),
      currency: 'KRW',
      amount: 2_000,
    })
  })

  it('a payment that moved no money has no row', async () => {
    const today = await newDay()
    const declined = await merchant.open({ declineCode: 'REJECT_CARD_PAYMENT' })
    await declined.confirm()
    await (await merchant.open({ method: 'VIRTUAL_ACCOUNT' })).confirm()
    expect(await list(today)).toEqual([])
  })

  it('pages begin behind startingAfter, and together they are all rows once', async () => {
    const today = await newDay()
    for (let count = 0; count < 7; count += 1) await merchant.paid()
    const whole = await list(today)
    const paged: Json[] = []
    for (let page = await list({ ...today, limit: '3' }); page.length > 0; ) {
      expect(page.length).toBeLessThanOrEqual(3)
      paged.push(...page)
      page = await list({ ...today, limit: '3', startingAfter: String(page.at(-1)?.transactionKey) })
    }
    expect(whole).toHaveLength(7)
    expect(paged).toEqual(whole)
  })

  it('a row that is added between two pages is on a later one, not lost and not twice', async () => {
    const today = await newDay()
    for (let count = 0; count < 3; count += 1) await merchant.paid()
    const first = await list({ ...today, limit: '2' })
    const late = await merchant.paid()
    const rest = await list({ ...today, startingAfter: String(first.at(-1)?.transactionKey) })
    expect(rest).toHaveLength(2)
    expect(rest.at(-1)?.paymentKey).toBe(late.paymentKey)
  })

  it('startDate and endDate are both included', async () => {
    await newDay()
    const order = await merchant.paid()
    const [row] = (await order.books()).transactions
    const at = String(row?.at).slice(0, 19)
    expect(await list({ startDate: at, endDate: at })).toMatchObject([{ paymentKey: order.paymentKey }])
  })

  it('what lies outside the dates is not listed', async () => {
    const yesterday = await newDay()
    const order = await merchant.paid()
    const today = await newDay()
    expect(await list(today)).toEqual([])
    expect(await list(yesterday)).toMatchObject([{ paymentKey: order.paymentKey }])
  })

  it('dates are of Seoul unless they carry an offset, and a date alone is its whole day', async () => {
    await newDay()
    const order = await merchant.paid()
    const atMs = Date.parse(String((await order.books()).transactions[0]?.at))
    const mine = [{ paymentKey: order.paymentKey }]
    const utc = new Date(atMs).toISOString()
    expect(await list({ startDate: utc, endDate: utc })).toMatchObject(mine)
    const day = seoul(atMs).slice(0, 10)
    expect(await list({ startDate: day, endDate: day })).toMatchObject(mine)
    const offByNineHours = utc.slice(0, 19)
    expect(await list({ startDate: offByNineHours, endDate: offByNineHours })).toEqual([])
  })

  it('100 rows unless a limit says otherwise', async () => {
    const today = await newDay()
    const orders = await Promise.all(Array.from({ length: 101 }, () => merchant.paid()))
    expect(await list(today)).toHaveLength(100)
    expect(await list({ ...today, limit: '5000' })).toHaveLength(orders.length)
  })

  it('a limit outside 1 to 5000 is 400 INVALID_REQUEST', async () => {
    for (const limit of ['0', '5001', '-1', '1.5', 'many', '']) {
      expect(await ask({ ...everything, limit })).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    }
  })

  it('a date that is missing or that no calendar has is 400 INVALID_REQUEST', async () => {
    const { startDate, endDate } = everything
    expect(await ask({ startDate })).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    expect(await ask({ endDate })).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    for (const wrong of ['2026-02-30', '2026-13-01T00:00:00', '2026-01-01T25:00:00', '2026-01-01 00:00:00', 'today']) {
      expect(await ask({ startDate: wrong, endDate })).toMatchObject({
        status: 400,
        body: refusal('INVALID_REQUEST'),
      })
    }
  })

  it('an endDate before the startDate is 400 INVALID_REQUEST', async () => {
    const reply = await ask({ startDate: everything.endDate, endDate: everything.startDate })
    expect(reply).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
  })

  it('an unknown startingAfter is 400 INVALID_REQUEST', async () => {
    const reply = await ask({ ...everything, startingAfter: 'F'.repeat(32) })
    expect(reply).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
  })

  it('need the secret key', async () => {
    const reply = await merchant.send('GET', `/v1/transactions?${new URLSearchParams(everything).toString()}`)
    expect(reply).toMatchObject({ status: 401, body: refusal('UNAUTHORIZED_KEY') })
  })

  it('meet faults like every call', async () => {
    await merchant.fault({ operation: 'transactions' }, { kind: 'error-before', status: 500, code: 'COMMON_ERROR' })
    expect(await ask(everything)).toMatchObject({ status: 500, body: refusal('COMMON_ERROR') })
    expect((await ask(everything)).status).toBe(200)
  })
})
