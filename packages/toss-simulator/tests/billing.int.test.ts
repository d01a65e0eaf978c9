import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { start } from '../src/simulator.ts'
import { Cards, pathOf } from './cards.ts'
import {
  configOf,
  eventually,
  type Json,
  Merchant,
  makeDataDir,
  openShop,
  type Receiver,
  type Shop,
} from './merchant.ts'

let shop: Shop
let merchant: Merchant
let receiver: Receiver
let cards: Cards
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
  receiver = shop.receiver
  cards = new Cards(merchant)
})
afterAll(() => shop.close())

const refusal = (code: string) => ({ code, message: expect.any(String) })
const told = (eventType: string) => receiver.deliveries.filter(({ body }) => body.eventType === eventType)

describe('a billing key', () => {
  it('is issued for the authKey that the window sent the customer back with, and has at most 200 characters', async () => {
    const { authKey, customerKey } = await cards.register()
    expect(authKey.length).toBeLessThanOrEqual(300)
    const { status, body } = await cards.issue({ authKey, customerKey })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      mId: 'tosspayments',
      customerKey,
      method: '카드',
      billingKey: expect.stringMatching(/^.{1,200}$/),
      authenticatedAt: expect.stringMatching(/\+09:00$/),
      card: { number: expect.stringContaining('*') },
    })
  })

  it('is issued once for an authKey: the second time is 404 NOT_FOUND_BILLING, and so is an unknown one', async () => {
    const registered = await cards.register()
    expect((await cards.issue(registered)).status).toBe(200)
    expect(await cards.issue(registered)).toMatchObject({ status: 404, body: refusal('NOT_FOUND_BILLING') })
    const unknown = { ...registered, authKey: 'bln_none' }
    expect(await cards.issue(unknown)).toMatchObject({ status: 404, body: refusal('NOT_FOUND_BILLING') })
  })

  it('is issued to the customer who registered the card, else 400 NOT_MATCHES_CUSTOMER_KEY, and the authKey stays good', async () => {
    const registered = await cards.register()
    const stranger = { ...registered, customerKey: randomUUID() }
    expect(await cards.issue(stranger)).toMatchObject({ status: 400, body: refusal('NOT_MATCHES_CUSTOMER_KEY') })
    expect((await cards.issue(registered)).status).toBe(200)
  })

  it('cannot be read back: a repeat with the same Idempotency-Key is the only second answer', async () => {
    const registered = await cards.register()
    const key = { 'idempotency-key': randomUUID() }
    const first = await cards.issue(registered, key)
    expect((await cards.issue(registered, key)).text).toBe(first.text)
    expect((await merchant.api('GET', pathOf(String(first.body.billingKey)))).status).toBe(404)
  })

  it('takes a customerKey of 300 characters of any kind; one of 301 is 500 FAILED_DB_PROCESSING', async () => {
    const longest = await cards.register({ customerKey: '고객 '.repeat(100) })
    expect((await cards.issue(longest)).body).toMatchObject({ customerKey: '고객 '.repeat(100) })
    const tooLong = { ...(await cards.register()), customerKey: 'x'.repeat(301) }
    expect(await cards.issue(tooLong)).toMatchObject({ status: 500, body: refusal('FAILED_DB_PROCESSING') })
    expect(await cards.issue({ ...tooLong, customerKey: 'x' })).toMatchObject({
      status: 400,
      body: refusal('INVALID_REQUEST'),
    })
  })

  it('needs an authKey of at most 300 characters, else 400 INVALID_REQUEST', async () => {
    const { customerKey } = await cards.register()
    for (const authKey of [undefined, '', 'x'.repeat(301)]) {
      expect(await cards.issue({ authKey, customerKey })).toMatchObject({
        status: 400,
        body: refusal('INVALID_REQUEST'),
      })
    }
  })

  it('and what became of it outlive the process', async () => {
    const made = await makeDataDir()
    const before = await start(configOf(made.dataDir))
    const earlier = new Cards(new Merchant(before.port))
    const card = await earlier.issued()
    const pending = await earlier.register()
    await before.close()
    const after = await start(configOf(made.dataDir))
    const later = new Cards(new Merchant(after.port))
    expect((await later.issue(pending)).status).toBe(200)
    expect((await later.remove(card)).status).toBe(200)
    expect((await later.remove(card)).body).toEqual(refusal('ALREADY_REMOVED_BILLING_KEY'))
    await after.close()
    await made.remove()
  })
})

describe('the removal of a billing key', () => {
  it('is 200 with nothing in it, told by BILLING_DELETED with the key and no reason', async () => {
    const card = await cards.issued()
    expect(await cards.remove(card)).toMatchObject({ status: 200, text: '' })
    await eventually(() =>
      expect(told('BILLING_DELETED').map(({ body }) => body.data)).toContainEqual({
        billingKey: card.billingKey,
        reason: null,
      }),
    )
  })

  it('ends its charges: 400 ALREADY_REMOVED_BILLING_KEY, also for a second removal', async () => {
    const card = await cards.issued()
    await cards.remove(card)
    expect(await cards.charge(card)).toMatchObject({ status: 400, body: refusal('ALREADY_REMOVED_BILLING_KEY') })
    expect(await cards.remove(card)).toMatchObject({ status: 400, body: refusal('ALREADY_REMOVED_BILLING_KEY') })
  })

  it('by others than the shop is told with the reason', async () => {
    const card = await cards.issued()
    const data = { billingKey: card.billingKey, reason: '카드 해지' }
    const path = `/simulator/billing/${encodeURIComponent(card.billingKey)}/remove`
    expect((await merchant.send('POST', path, { reason: data.reason })).status).toBe(200)
    await eventually(() => expect(told('BILLING_DELETED').map(({ body }) => body.data)).toContainEqual(data))
    expect((await cards.charge(card)).body).toEqual(refusal('ALREADY_REMOVED_BILLING_KEY'))
  })
})

describe('the customer who registers a card', () => {
  const urls = { successUrl: 'https://shop.example/card?plan=7', failUrl: 'https://shop.example/fail' }
  const leave = async (wanted: Json) => {
    const { body } = await merchant.send('POST', '/simulator/billing/leave', { ...urls, ...wanted })
    return new URL(String(body.redirectTo)).searchParams
  }

  it('is sent to successUrl with customerKey and authKey, which is good for a billing key', async () => {
    const customerKey = randomUUID()
    const back = await leave({ customerKey, outcome: 'success' })
    expect([...back.keys()]).toEqual(['plan', 'customerKey', 'authKey'])
    expect((await cards.issue({ customerKey, authKey: back.get('authKey') })).status).toBe(200)
  })

  it('and is declined or closes the window is sent to failUrl with code and message, and no order', async () => {
    const customerKey = randomUUID()
    const declined = await leave({ customerKey, outcome: 'decline', code: 'REJECT_CARD_COMPANY' })
    expect([declined.get('code'), [...declined.keys()]]).toEqual(['REJECT_CARD_COMPANY', ['code', 'message']])
    const closed = await leave({ customerKey, outcome: 'close' })
    expect([closed.get('code'), [...closed.keys()]]).toEqual(['PAY_PROCESS_CANCELED', ['code', 'message']])
  })
})
