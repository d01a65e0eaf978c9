import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually, type Json, type Merchant, type Order, openShop, type Shop } from './merchant.ts'

let shop: Shop
let merchant: Merchant
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
})
afterAll(() => shop.close())

const newKey = () => ({ 'idempotency-key': randomUUID() })

/** A payment whose next confirm meets the fault. */
async function openWith(fault: Json): Promise<Order> {
  const order = await merchant.open()
  const { status } = await merchant.fault({ operation: 'confirm', paymentKey: order.paymentKey }, fault)
  expect(status).toBe(200)
  return order
}

const statusOf = async (order: Order) => (await order.get()).body.status

describe('faults of a call', () => {
  it('delay: the answer and the effect come that much later', async () => {
    const order = await openWith({ kind: 'delay', ms: 200 })
    const startedAtMs = performance.now()
    expect((await order.confirm()).status).toBe(200)
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(195)
  })

  it('drop-before: no answer, no effect, and the repeat with the same key runs', async () => {
    const order = await openWith({ kind: 'drop-before' })
    const key = newKey()
    await expect(order.confirm(key)).rejects.toThrow('fetch failed')
    expect(await statusOf(order)).toBe('IN_PROGRESS')
    expect((await order.confirm(key)).status).toBe(200)
  })

  it('drop-after: no answer, but the effect, and the repeat with the same key gets the answer', async () => {
    const order = await openWith({ kind: 'drop-after' })
    const key = newKey()
    await expect(order.confirm(key)).rejects.toThrow('fetch failed')
    expect(await statusOf(order)).toBe('DONE')
    expect(await order.confirm(key)).toMatchObject({ status: 200, body: { status: 'DONE' } })
    const { payments, calls } = await order.books()
    expect(payments).toMatchObject([{ approvals: 1 }])
    expect(calls.filter(({ operation }) => operation === 'confirm')).toMatchObject([
      { status: null, replayed: false },
      { status: 200, replayed: true },
    ])
  })

  it('error-before: that error, no effect', async () => {
    const order = await openWith({ kind: 'error-before', status: 400, code: 'PROVIDER_ERROR', message: 'later' })
    expect(await order.confirm()).toMatchObject({ status: 400, body: { code: 'PROVIDER_ERROR', message: 'later' } })
    expect(await statusOf(order)).toBe('IN_PROGRESS')
  })

  it('error-after with a 5xx: that error, the effect, and the repeat with the same key runs anew', async () => {
    const order = await openWith({ kind: 'error-after', status: 500, code: 'COMMON_ERROR' })
    const key = newKey()
    expect(await order.confirm(key)).toMatchObject({ status: 500, body: { code: 'COMMON_ERROR' } })
    expect(await statusOf(order)).toBe('DONE')
    expect((await order.confirm(key)).body.code).toBe('ALREADY_PROCESSED_PAYMENT')
  })

  it('error-after with a 4xx: that error, the effect, and the repeat with the same key gets that error', async () => {
    const order = await openWith({ kind: 'error-after', status: 400, code: 'PROVIDER_ERROR' })
    const key = newKey()
    await order.confirm(key)
    expect(await statusOf(order)).toBe('DONE')
    expect((await order.confirm(key)).body.code).toBe('PROVIDER_ERROR')
  })

  it('hang-before: no answer until the time is over, no effect, and 409 for a repeat meanwhile', async () => {
    const order = await openWith({ kind: 'hang-before', ms: 1_500 })
    const key = newKey()
    const hanging = order.confirm(key).then(
      () => 'answered',
      () => 'dropped',
    )
    await eventually(async () => {
      const { text } = await merchant.send('GET', '/simulator/faults')
      expect(text).not.toContain(order.paymentKey)
    })
    expect((await order.confirm(key)).status).toBe(409)
    expect(await hanging).toBe('dropped')
    expect(await statusOf(order)).toBe('IN_PROGRESS')
  })

  it('hang-after: no answer, the effect at once, and a repeat with the same key gets the answer meanwhile', async () => {
    const order = await openWith({ kind: 'hang-after' })
    const key = newKey()
    const client = new AbortController()
    const hanging = fetch(`http://127.0.0.1:${merchant.port}/v1/payments/confirm`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${merchant.secretKey}:`)}`, ...key },
      body: JSON.stringify({ paymentKey: order.paymentKey, orderId: order.orderId, amount: order.amount }),
      signal: client.signal,
    }).then(
      () => 'answered',
      () => 'gone',
    )
    await eventually(async () => expect(await statusOf(order)).toBe('DONE'))
    expect((await order.confirm(key)).status).toBe(200)
    client.abort()
    expect(await hanging).toBe('gone')
  })

  it('a hang without a time ends when the client goes, and its key is free again', async () => {
    const order = await openWith({ kind: 'hang-before' })
    const key = newKey()
    const client = new AbortController()
    const hanging = fetch(`http://127.0.0.1:${merchant.port}/v1/payments/confirm`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${merchant.secretKey}:`)}`, ...key },
      body: JSON.stringify({ paymentKey: order.paymentKey, orderId: order.orderId, amount: order.amount }),
      signal: client.signal,
    }).then(
      () => 'answered',
      () => 'gone',
    )
    await eventually(async () => expect((await order.confirm(key)).status).toBe(409))
    client.abort()
    expect(await hanging).toBe('gone')
    await eventually(async () => expect((await order.confirm(key)).status).toBe(200))
  })

  it('garbage: 200 with HTML, and the effect', async () => {
    const order = await openWith({ kind: 'garbage' })
    const { status, headers, text } = await order.confirm()
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html'])
    expect(text).toContain('<html>')
    expect(await statusOf(order)).toBe('DONE')
  })

  it('new-field: the answer has a field that no version has told of, and every row of a list', async () => {
    const order = await merchant.paid()
    const newField = { addedBy: 'toss', values: [1, null] }
    await merchant.fault({ operation: 'get' }, { kind: 'new-field' })
    expect((await order.get()).body).toMatchObject({ status: 'DONE', newField })
    expect((await order.get()).body).not.toHaveProperty('newField')
    await merchant.fault({ operation: 'transactions' }, { kind: 'new-field' })
    const { text } = await merchant.api('GET', '/v1/transactions?startDate=2000-01-01&endDate=2999-12-31')
    const rows = JSON.parse(text) as unknown[]
    expect(rows).toEqual(rows.map(() => expect.objectContaining({ newField })))
  })

  it('decline: the next confirm is declined with that code', async () => {
    const order = await openWith({ kind: 'decline', code: 'REJECT_CARD_COMPANY' })
    expect(await order.confirm()).toMatchObject({ status: 403, body: { code: 'REJECT_CARD_COMPANY' } })
    expect(await statusOf(order)).toBe('ABORTED')
  })

  it('meets cancels and both queries as well', async () => {
    const order = await merchant.paid()
    const error = { kind: 'error-before', status: 429, code: 'TOO_MANY' }
    for (const operation of ['cancel', 'get', 'getByOrder']) {
      await merchant.fault({ operation, orderId: order.orderId }, error)
    }
    for (const reply of [await order.cancel(), await order.get(), await order.getByOrder()]) {
      expect(reply).toMatchObject({ status: 429, body: { code: 'TOO_MANY' } })
    }
    expect((await order.cancel()).status).toBe(200)
  })

  it('meets only what it matches, as often as it says', async () => {
    const [order, other] = [await merchant.paid(), await merchant.paid()]
    const error = { kind: 'error-before', status: 503, code: 'COMMON_ERROR' }
    await merchant.fault({ operation: 'get', paymentKey: order.paymentKey }, error, 2)
    expect((await other.get()).status).toBe(200)
    const statuses = [await order.get(), await order.get(), await order.get()].map(({ status }) => status)
    expect(statuses).toEqual([503, 503, 200])
  })
})

describe('the control API', () => {
  it('lists open faults and clears them', async () => {
    const order = await openWith({ kind: 'delay', ms: 1 })
    expect((await merchant.send('GET', '/simulator/faults')).text).toContain(order.paymentKey)
    await merchant.send('DELETE', '/simulator/faults')
    expect((await merchant.send('GET', '/simulator/faults')).text).toBe('[]')
  })

  it('names every field that is wrong and every one that it does not know', async () => {
    const { status, body } = await merchant.send('POST', '/simulator/payments', {
      orderId: 'x',
      amount: -1,
      metod: 'CARD',
    })
    expect([status, body.code]).toEqual([400, 'INVALID_REQUEST'])
    for (const field of ['orderId:', 'amount:', 'metod: unknown field']) expect(body.message).toContain(field)
  })

  it('refuses a fault that cannot happen to its operation', async () => {
    for (const [operation, kind] of [
      ['webhook', 'garbage'],
      ['confirm', 'lose'],
    ]) {
      const { status, body } = await merchant.fault({ operation }, { kind })
      expect([status, body.message]).toEqual([400, expect.stringContaining('match.operation')])
    }
    expect((await merchant.fault({ operation: 'cancel' }, { kind: 'decline', code: 'FDS_ERROR' })).status).toBe(400)
  })

  it('refuses what the state of the payment does not allow, and says why', async () => {
    const order = await merchant.paid()
    for (const act of ['deposit', 'reverse', 'authenticate', 'close', 'fail']) {
      const { status, body } = await order.act(act)
      expect([act, status, body.code]).toEqual([act, 400, 'INVALID_REQUEST'])
      expect(body.message).toEqual(expect.stringMatching(/DONE|virtual account/))
    }
  })

  it('answers 404 for a payment that it does not know', async () => {
    const { status } = await merchant.send('POST', `/simulator/payments/${randomUUID()}/deposit`)
    expect(status).toBe(404)
  })

  it('refuses a second payment with the same paymentKey', async () => {
    const { paymentKey } = await merchant.open()
    await expect(merchant.open({ paymentKey })).rejects.toThrow('paymentKey')
  })

  it('tells and advances the time', async () => {
    const now = async () => Date.parse(String((await merchant.send('GET', '/simulator/clock')).body.now))
    const before = await now()
    await merchant.advance(3_600_000)
    expect((await now()) - before).toBeGreaterThanOrEqual(3_600_000)
    expect((await merchant.send('POST', '/simulator/clock', { advanceMs: -1 })).status).toBe(400)
  })

  it('answers /healthz', async () => {
    expect((await merchant.send('GET', '/healthz')).status).toBe(200)
  })
})
