import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { received } from './deliveries.ts'
import { type Json, type Merchant, type Order, openShop, type Reply, type Shop } from './merchant.ts'

let shop: Shop
let merchant: Merchant
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
})
afterAll(() => shop.close())

const refusal = (code: string) => ({ code, message: expect.any(String) })
const successUrl = 'https://shop.example/success'
const failUrl = 'https://shop.example/fail'

function page(changes: Record<string, string> = {}): Promise<Reply> {
  const query = { orderId: `ORD-${randomUUID()}`, amount: '10000', successUrl, failUrl, ...changes }
  return merchant.send('GET', `/simulator/window?${new URLSearchParams(query).toString()}`)
}

const leave = (order: Order, body: Json) => order.act('leave', { successUrl, failUrl, ...body })
const opened = (wanted: Json = {}) => merchant.open({ status: 'READY', ...wanted })

async function redirect(order: Order, body: Json): Promise<{ address: string; parameters: Json }> {
  const reply = await leave(order, body)
  expect(reply.status).toBe(200)
  const url = new URL(String(reply.body.redirectTo))
  return { address: url.origin + url.pathname, parameters: Object.fromEntries(url.searchParams) }
}

describe('the pages', () => {
  it.each(['/simulator', '/simulator/window'])('%s runs nothing but the script that it came with', async (path) => {
    const query = new URLSearchParams({ orderId: 'ORD-000001', amount: '1', successUrl, failUrl }).toString()
    const { status, text, headers } = await merchant.send('GET', `${path}?${query}`)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    const scripts = [...text.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script = '']) => script)
    const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`)
    expect(scripts.join('').length).toBeGreaterThan(2_000)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain(`script-src ${hashes.join(' ')};`)
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
  })

  it('the window has nothing in it of what it was asked with', async () => {
    const plain = await page()
    const { status, text } = await page({ orderName: '<script>alert(1)</script>', customerName: '"><img src=x>' })
    expect(status).toBe(200)
    expect(text).toBe(plain.text)
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://shop.example', '//shop.example', '/success', ''])(
    'the window does not open with %p to send the buyer back to',
    async (address) => {
      expect(await page({ successUrl: address })).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
      expect(await page({ failUrl: address })).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    },
  )

  it('the window of a card opens for a customer, with addresses to come back to', async () => {
    const open = (query: Record<string, string>) =>
      merchant.send('GET', `/simulator/window?${new URLSearchParams(query).toString()}`)
    expect((await open({ customerKey: 'customer-1', successUrl, failUrl })).status).toBe(200)
    for (const wrong of [{ customerKey: 'x' }, { customerKey: 'x'.repeat(301) }, { successUrl: 'javascript:1' }]) {
      const reply = await open({ customerKey: 'customer-1', successUrl, failUrl, ...wrong })
      expect(reply).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    }
  })

  it('the window does not open without an order id, a whole amount and a method that there is', async () => {
    for (const changes of [{ orderId: 'short' }, { amount: '0' }, { amount: '1.5' }, { method: 'CASH' }]) {
      expect(await page(changes)).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    }
  })
})

describe('the buyer', () => {
  it('pays: is sent to successUrl with paymentKey, orderId and amount, and the confirm works', async () => {
    const order = await opened()
    expect(await redirect(order, { outcome: 'success' })).toEqual({
      address: successUrl,
      parameters: { paymentKey: order.paymentKey, orderId: order.orderId, amount: '10000' },
    })
    expect((await order.confirm()).body.status).toBe('DONE')
  })

  it('of a widget is sent to successUrl with the paymentType as well', async () => {
    const order = await opened({ clientKey: 'test_gck_shop' })
    const { parameters } = await redirect(order, { outcome: 'success' })
    expect(parameters).toEqual({
      paymentKey: order.paymentKey,
      orderId: order.orderId,
      amount: '10000',
      paymentType: 'NORMAL',
    })
  })

  it('is sent back with what the address had before', async () => {
    const order = await opened()
    const { parameters } = await redirect(order, { outcome: 'success', successUrl: `${successUrl}?cart=7` })
    expect(parameters).toMatchObject({ cart: '7', orderId: order.orderId })
  })

  it('is declined: is sent to failUrl with code, message and orderId; the payment is ABORTED and told', async () => {
    const order = await opened()
    expect(await redirect(order, { outcome: 'decline', code: 'REJECT_CARD_COMPANY' })).toEqual({
      address: failUrl,
      parameters: { code: 'REJECT_CARD_COMPANY', message: expect.any(String), orderId: order.orderId },
    })
    const [delivery] = await received(shop.receiver, order, 1)
    expect(delivery?.body.data).toMatchObject({ status: 'ABORTED', failure: { code: 'REJECT_CARD_COMPANY' } })
  })

  it('closes the window: is sent to failUrl with PAY_PROCESS_CANCELED and no orderId; nothing is told', async () => {
    const order = await opened()
    expect(await redirect(order, { outcome: 'close' })).toEqual({
      address: failUrl,
      parameters: { code: 'PAY_PROCESS_CANCELED', message: expect.any(String) },
    })
    expect((await order.books()).webhooks).toEqual([])
    expect((await order.confirm()).body).toEqual(refusal('NOT_FOUND_PAYMENT_SESSION'))
  })

  it('passes the window, and the confirm is declined with the code that was chosen', async () => {
    const order = await opened()
    const { address } = await redirect(order, { outcome: 'success', declineCode: 'FDS_ERROR' })
    expect(address).toBe(successUrl)
    expect(await order.confirm()).toMatchObject({ status: 403, body: refusal('FDS_ERROR') })
  })

  it('with a virtual account pays later: the confirm answers the account, the deposit comes from the console', async () => {
    const order = await opened({ method: 'VIRTUAL_ACCOUNT' })
    await redirect(order, { outcome: 'success' })
    expect((await order.confirm()).body.status).toBe('WAITING_FOR_DEPOSIT')
    await order.act('deposit')
    expect((await order.get()).body.status).toBe('DONE')
  })

  it('can leave a window once', async () => {
    const order = await opened()
    await leave(order, { outcome: 'success' })
    expect(await leave(order, { outcome: 'success' })).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
  })

  it('is sent nowhere but to a web address, and nothing happens then', async () => {
    const order = await opened()
    const reply = await leave(order, { outcome: 'success', successUrl: 'javascript:alert(1)' })
    expect(reply).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST') })
    expect((await order.get()).body.status).toBe('READY')
  })
})

describe('the control API in a browser', () => {
  it('takes calls of its own pages and refuses those of others', async () => {
    const order = await opened()
    const path = `/simulator/payments/${order.paymentKey}/authenticate`
    for (const origin of ['https://elsewhere.example', 'null', `https://127.0.0.1:${merchant.port}`]) {
      const reply = await merchant.send('POST', path, undefined, { origin })
      expect(reply).toMatchObject({ status: 403, body: refusal('FORBIDDEN_REQUEST') })
    }
    expect((await order.get()).body.status).toBe('READY')
    expect((await merchant.send('POST', path, undefined, { origin: `http://127.0.0.1:${merchant.port}` })).status).toBe(
      200,
    )
  })

  it('books of the latest payments tell of those alone', async () => {
    await merchant.paid()
    const one = await merchant.paid()
    const two = await merchant.paid()
    const { body } = await merchant.send('GET', '/simulator/books?latest=2')
    expect(body.payments).toMatchObject([{ paymentKey: one.paymentKey }, { paymentKey: two.paymentKey }])
    expect(body.transactions).toMatchObject([{ orderId: one.orderId }, { orderId: two.orderId }])
    expect(body.webhooks).toMatchObject([{ orderId: one.orderId }, { orderId: two.orderId }])
  })

  it('a fault can be switched off by its id while others stay', async () => {
    const first = await merchant.fault({ orderId: 'ORD-none' }, { kind: 'garbage' })
    const second = await merchant.fault({ orderId: 'ORD-none' }, { kind: 'lose' })
    expect((await merchant.send('DELETE', `/simulator/faults/${String(first.body.id)}`)).status).toBe(200)
    const { text } = await merchant.send('GET', '/simulator/faults')
    expect(JSON.parse(text)).toMatchObject([{ id: second.body.id }])
    expect((await merchant.send('DELETE', `/simulator/faults/${String(first.body.id)}`)).status).toBe(404)
  })
})
