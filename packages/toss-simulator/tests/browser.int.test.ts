import { randomUUID } from 'node:crypto'
import { type Chromium, findChromium } from '@checkout/stack/testing/chromium'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Browser, chromium, type Page } from 'playwright-core'
import { eventually, type Merchant, Order, openShop, type Shop } from './merchant.ts'

const reasons: string[] = []
const found: Chromium | undefined = await findChromium((line) => reasons.push(line))
if (!found) console.warn(`SKIPPED, the pages in a browser: ${reasons.join('; ')}`)

// Loading a page is quick; a machine that is busy with other suites is not.
const PATIENCE_MS = 60_000

let shop: Shop
let merchant: Merchant
let browser: Browser
let page: Page
const complaints: string[] = []
const describeInBrowser = found ? describe : describe.skip

beforeAll(async () => {
  if (!found) return
  shop = await openShop()
  merchant = shop.merchant
  const env = { ...process.env, ...found.env }
  browser = await chromium.launch({ executablePath: found.executablePath, args: ['--no-sandbox'], env })
}, 2 * PATIENCE_MS)
afterAll(async () => {
  if (!found) return
  await browser.close()
  await shop.close()
})
beforeEach(async () => {
  complaints.length = 0
  page = await browser.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  // The shop's own pages: what the buyer is sent back to.
  await page.route('https://shop.example/**', (route) => route.fulfill({ body: 'the shop' }))
})
afterEach(async () => {
  await page.close()
  // Neither script errors nor anything that the page's own policy had to refuse.
  expect(complaints).toEqual([])
})

const origin = () => `http://127.0.0.1:${merchant.port}`
const backAt = (path: string) => page.waitForURL((url) => url.href.startsWith(`https://shop.example${path}`))

/** Sends the browser to the payment window as a shop does, and waits until it has opened. */
async function openWindow(wanted: Record<string, string> = {}): Promise<Order> {
  const orderId = `ORD-${randomUUID()}`
  const back = { successUrl: 'https://shop.example/success?cart=7', failUrl: 'https://shop.example/fail' }
  const query = new URLSearchParams({ orderId, amount: '12000', orderName: 'Two <b>books</b>', ...back, ...wanted })
  await page.goto(`${origin()}/simulator/window?${query.toString()}`)
  await page.waitForSelector('#success:enabled')
  const paymentKey = (await page.textContent('#paymentKey')) ?? ''
  return new Order(merchant, { paymentKey, orderId, amount: 12_000 })
}

describeInBrowser('the payment window', () => {
  it('shows what is bought as plain text, and paying leads back to the shop, which can confirm', async () => {
    const order = await openWindow()
    expect(await page.textContent('#orderName')).toBe('Two <b>books</b>')
    expect(await page.textContent('#amount')).toBe('12,000 won')
    await page.click('text="Pay"')
    await backAt('/success')
    const parameters = Object.fromEntries(new URL(page.url()).searchParams)
    expect(parameters).toEqual({
      cart: '7',
      paymentKey: order.paymentKey,
      orderId: order.orderId,
      amount: '12000',
    })
    expect((await order.confirm()).body.status).toBe('DONE')
  })

  it('a decline leads back with the code that was chosen and the order', async () => {
    const order = await openWindow()
    await page.selectOption('#code', 'REJECT_CARD_COMPANY')
    await page.click('#decline')
    await backAt('/fail')
    const { searchParams } = new URL(page.url())
    expect([searchParams.get('code'), searchParams.get('orderId')]).toEqual(['REJECT_CARD_COMPANY', order.orderId])
    expect((await order.get()).body.status).toBe('ABORTED')
  })

  it('a decline of the confirm lets the buyer pass first', async () => {
    const order = await openWindow()
    await page.selectOption('#code', 'FDS_ERROR')
    await page.click('#declineLater')
    await backAt('/success')
    expect((await order.confirm()).body.code).toBe('FDS_ERROR')
  })

  it('closing it leads back with PAY_PROCESS_CANCELED and no order', async () => {
    await openWindow()
    await page.click('#close')
    await backAt('/fail')
    const { searchParams } = new URL(page.url())
    expect([searchParams.get('code'), searchParams.get('orderId')]).toEqual(['PAY_PROCESS_CANCELED', null])
  })

  it('with a virtual account the buyer pays into it later, on a page of its own', async () => {
    const order = await openWindow({ method: 'VIRTUAL_ACCOUNT' })
    const bank = (await page.getAttribute('#bank', 'href')) ?? ''
    await page.click('text="Get an account number"')
    await backAt('/success')
    const { virtualAccount } = (await order.confirm()).body
    await page.goto(origin() + bank)
    await page.waitForSelector('#deposit:visible')
    expect(virtualAccount).toMatchObject({ accountNumber: await page.textContent('#accountNumber') })
    await page.click('#deposit')
    await page.waitForSelector('#deposit', { state: 'hidden' })
    expect(await page.textContent('#status')).toBe('DONE')
    expect((await order.get()).body.status).toBe('DONE')
  })
})

describeInBrowser('the window of a card', () => {
  it('shows the customer, and registering leads back to the shop with what it trades in for a billing key', async () => {
    const back = { successUrl: 'https://shop.example/success', failUrl: 'https://shop.example/fail' }
    const query = new URLSearchParams({ customerKey: 'customer <b>1</b>', ...back })
    await page.goto(`${origin()}/simulator/window?${query.toString()}`)
    expect(await page.textContent('#customerKey')).toBe('Customer customer <b>1</b>')
    await page.click('text="Register the card"')
    await backAt('/success')
    const asked = Object.fromEntries(new URL(page.url()).searchParams)
    const { body } = await merchant.api('POST', '/v1/billing/authorizations/issue', asked)
    expect(body).toMatchObject({ customerKey: 'customer <b>1</b>', billingKey: expect.any(String) })
    await page.goto(`${origin()}/simulator`)
    await page.click('#cards >> text="Remove"')
    await page.waitForSelector('#cards >> text=removed')
    const charged = await merchant.api('POST', `/v1/billing/${encodeURIComponent(String(body.billingKey))}`, {
      customerKey: 'customer <b>1</b>',
      amount: 100,
      orderId: `ORD-${randomUUID()}`,
      orderName: 'November',
    })
    expect(charged.body.code).toBe('ALREADY_REMOVED_BILLING_KEY')
  })
})

describeInBrowser('the console', () => {
  it('shows payments, transactions, calls and webhooks with their deliveries, and cancels a part', async () => {
    const order = await merchant.paid({ orderName: 'a <i>lamp</i>' })
    await eventually(async () => expect((await order.books()).webhooks).toMatchObject([{ delivered: true }]))
    await page.goto(`${origin()}/simulator`)
    await page.fill('#orderId', order.orderId)
    await page.click(`#payments >> text=${order.orderId}`)
    await page.waitForSelector(`#detail >> text=${order.paymentKey}`)
    expect(await page.textContent('#payments')).toContain('a <i>lamp</i>')
    expect(await page.textContent('#webhooks')).toContain('DELIVERED')
    expect(await page.textContent('#calls')).toContain('confirm')
    await page.fill('#detail input', '4000')
    await page.click('#detail >> text="Cancel"')
    await page.waitForSelector('#payments >> text=PARTIAL_CANCELED')
    await page.waitForSelector('#transactions >> text="4,000"')
    expect((await order.get()).body).toMatchObject({ status: 'PARTIAL_CANCELED', balanceAmount: 6_000 })
  })

  it('lets a cancel at an overseas wallet pass, and shows the event that tells of it', async () => {
    const order = await merchant.paid({ method: 'FOREIGN_EASY_PAY', currency: 'USD', amount: 12.5 })
    await order.cancel({ cancelAmount: 2.25 })
    await page.goto(`${origin()}/simulator`)
    await page.click(`#payments >> text=${order.orderId}`)
    await page.click('#detail >> text="Let the cancel pass"')
    await page.waitForSelector('#payments >> text=PARTIAL_CANCELED')
    await page.waitForSelector('#webhooks >> text=CANCEL_STATUS_CHANGED')
    expect((await order.get()).body).toMatchObject({ status: 'PARTIAL_CANCELED', balanceAmount: 10.25 })
  })

  it('switches a fault on, which the next call meets, and off', async () => {
    const order = await merchant.paid()
    await page.goto(`${origin()}/simulator`)
    await page.selectOption('#kind', 'error-before')
    await page.selectOption('#operation', 'cancel')
    await page.fill('#faultOrderId', order.orderId)
    await page.fill('#times', '2')
    await page.fill('#status', '500')
    await page.fill('#code', 'FAILED_REFUND_PROCESS')
    await page.click('text="Switch on"')
    await page.waitForSelector('#faults >> text=FAILED_REFUND_PROCESS')
    expect((await order.cancel()).body.code).toBe('FAILED_REFUND_PROCESS')
    await page.click('#faults >> text="Off"')
    await page.waitForSelector('#faults >> text=none')
    expect((await order.cancel()).body.status).toBe('CANCELED')
  })

  it('advances the clock, and a webhook that was not taken can be sent once more', async () => {
    shop.receiver.answer = () => 500
    const order = await merchant.paid()
    await eventually(async () => expect((await order.books()).webhooks[0]?.attempts).toHaveLength(1))
    shop.receiver.answer = () => 200
    const open = await merchant.open()
    await page.goto(`${origin()}/simulator`)
    await page.fill('#orderId', order.orderId)
    await page.waitForSelector('#webhooks >> text=PENDING')
    await page.click('#webhooks >> text="Retry"')
    await page.waitForSelector('#webhooks >> text=DELIVERED')
    await page.click('text="+10 min"')
    await eventually(async () => expect((await open.get()).body.status).toBe('EXPIRED'), PATIENCE_MS)
  })

  it('says what went wrong', async () => {
    await page.goto(`${origin()}/simulator`)
    await page.fill('#minutes', '-1')
    await page.click('text="Advance"')
    await page.waitForSelector('#problem >> text=INVALID_REQUEST')
    // The browser itself reports the refused request.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('400')])
  })
})
