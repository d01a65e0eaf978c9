import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { start } from '../src/simulator.ts'
import { type CardShop, Cards, openCardShop, pathOf } from './cards.ts'
import { configOf, eventually, type Json, Merchant, makeDataDir } from './merchant.ts'

let shop: CardShop
beforeAll(async () => {
  shop = await openCardShop()
})
afterAll(() => shop.close())

const refusal = (code: string) => ({ code, message: expect.any(String) })
const told = (eventType: string) => shop.receiver.deliveries.filter(({ body }) => body.eventType === eventType)

describe('a billing key', () => {
  it('is issued for the authKey that the window sent the customer back with, and has at most 200 characters', async () => {
    const { authKey, customerKey } = await shop.cards.register()
    expect(authKey.length).toBeLessThanOrEqual(300)
    const { status, body } = await shop.cards.issue({ authKey, customerKey })
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
    const registered = await shop.cards.register()
    expect((await shop.cards.issue(registered)).status).toBe(200)
    expect(await shop.cards.issue(registered)).toMatchObject({ status: 404, body: refusal('NOT_FOUND_BILLING') })
    const unknown = { ...registered, authKey: 'bln_none' }
    expect(await shop.cards.issue(unknown)).toMatchObject({ status: 404, body: refusal('NOT_FOUND_BILLING') })
  })

  it('is issued to the customer who registered the card, else 400 NOT_MATCHES_CUSTOMER_KEY, and the authKey stays good', async () => {
    const registered = await shop.cards.register()
    const stranger = { ...registered, customerKey: randomUUID() }
    expect(await shop.cards.issue(stranger)).toMatchObject({ status: 400, body: refusal('NOT_MATCHES_CUSTOMER_KEY') })
    expect((await shop.cards.issue(registered)).status).toBe(200)
  })

  it('cannot be read back: a repeat with the same Idempotency-Key is the only second answer', async () => {
    const registered = await shop.cards.register()
    const key = { 'idempotency-key': randomUUID() }
    const first = await shop.cards.issue(registered, key)
    expect((await shop.cards.issue(registered, key)).text).toBe(first.text)
    expect((await shop.merchant.api('GET', pathOf(String(first.body.billingKey)))).status).toBe(404)
  })

  it('takes a customerKey of 300 characters of any kind; one of 301 is 500 FAILED_DB_PROCESSING', async () => {
    const longest = await shop.cards.register({ customerKey: '고객 '.repeat(100) })
    expect((await shop.cards.issue(longest)).body).toMatchObject({ customerKey: '고객 '.repeat(100) })
    const tooLong = { ...(await shop.cards.register()), customerKey: 'x'.repeat(301) }
    expect(await shop.cards.issue(tooLong)).toMatchObject({ status: 500, body: refusal('FAILED_DB_PROCESSING') })
    expect(await shop.cards.issue({ ...tooLong, customerKey: 'x' })).toMatchObject({
      status: 400,
      body: refusal('INVALID_REQUEST'),
    })
  })

  it('needs an authKey of at most 300 characters, else 400 INVALID_REQUEST', async () => {
    const { customerKey } = await shop.cards.register()
    for (const authKey of [undefined, '', 'x'.repeat(301)]) {
      expect(await shop.cards.issue({ authKey, customerKey })).toMatchObject({
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
    const card = await shop.cards.issued()
    expect(await shop.cards.remove(card)).toMatchObject({ status: 200, text: '' })
    await eventually(() =>
      expect(told('BILLING_DELETED').map(({ body }) => body.data)).toContainEqual({
        billingKey: card.billingKey,
        reason: null,
      }),
    )
  })

  it('ends its charges: 400 ALREADY_REMOVED_BILLING_KEY, also for a second removal', async () => {
    const card = await shop.cards.issued()
    await shop.cards.remove(card)
    expect(await shop.cards.charge(card)).toMatchObject({ status: 400, body: refusal('ALREADY_REMOVED_BILLING_KEY') })
    expect(await shop.cards.remove(card)).toMatchObject({ status: 400, body: refusal('ALREADY_REMOVED_BILLING_KEY') })
  })

  it('by others than the shop is told with the reason', async () => {
    const card = await shop.cards.issued()
    const data = { billingKey: card.billingKey, reason: '카드 해지' }
    const path = `/simulator/billing/${encodeURIComponent(card.billingKey)}/remove`
    expect((await shop.merchant.send('POST', path, { reason: data.reason })).status).toBe(200)
    await eventually(() => expect(told('BILLING_DELETED').map(({ body }) => body.data)).toContainEqual(data))
    expect((await shop.cards.charge(card)).body).toEqual(refusal('ALREADY_REMOVED_BILLING_KEY'))
  })
})

describe('the customer who registers a card', () => {
  const urls = { successUrl: 'https://shop.example/card?plan=7', failUrl: 'https://shop.example/fail' }
  const leave = async (wanted: Json) => {
    const { body } = await shop.merchant.send('POST', '/simulator/billing/leave', { ...urls, ...wanted })
    return new URL(String(body.redirectTo)).searchParams
  }

  it('is sent to successUrl with customerKey and authKey, which is good for a billing key', async () => {
    const customerKey = randomUUID()
    const back = await leave({ customerKey, outcome: 'success' })
    expect([...back.keys()]).toEqual(['plan', 'customerKey', 'authKey'])
    expect((await shop.cards.issue({ customerKey, authKey: back.get('authKey') })).status).toBe(200)
  })

  it('and is declined or closes the window is sent to failUrl with code and message, and no order', async () => {
    const customerKey = randomUUID()
    const declined = await leave({ customerKey, outcome: 'decline', code: 'REJECT_CARD_COMPANY' })
    expect([declined.get('code'), [...declined.keys()]]).toEqual(['REJECT_CARD_COMPANY', ['code', 'message']])
    const closed = await leave({ customerKey, outcome: 'close' })
    expect([closed.get('code'), [...closed.keys()]]).toEqual(['PAY_PROCESS_CANCELED', ['code', 'message']])
  })
})
