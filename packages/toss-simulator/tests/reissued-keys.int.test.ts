import { createHmac, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Simulator, start } from '../src/simulator.ts'
import { configOf, eventually, Merchant, MINUTE_MS, makeDataDir, Receiver, SECRET_KEY } from './merchant.ts'

const DAY_MS = 24 * 60 * MINUTE_MS
const refusal = (code: string) => ({ code, message: expect.any(String) })

type Place = { dataDir: string; remove: () => Promise<void> }
let place: Place
let receiver: Receiver
let url: string
let simulator: Simulator
let merchant: Merchant
beforeAll(async () => {
  place = await makeDataDir()
  receiver = new Receiver()
  url = await receiver.open()
  simulator = await start(configOf(place.dataDir, [url]))
  merchant = new Merchant(simulator.port)
})
afterAll(async () => {
  await simulator.close()
  await receiver.close()
  await place.remove()
})

async function reissue(kind: 'secret' | 'security'): Promise<string> {
  const { status, body } = await merchant.send('POST', '/simulator/keys', { kind })
  expect(status).toBe(200)
  return String(body.key)
}
const at = (secretKey: string) => new Merchant(simulator.port, secretKey)
const isIn = async (secretKey: string) => (await at(secretKey).api('GET', '/v1/payments/none')).status === 404

/** Which of the keys each value of the signature of a new event was made with. */
async function signedWith(keys: string[]): Promise<number[]> {
  const { body } = await merchant.send('POST', '/simulator/webhooks', { eventType: 'payout.changed' })
  const [id] = body.transmissionIds as string[]
  const { headers, body: told } = await eventually(() => {
    const found = receiver.deliveries.find((one) => one.headers['tosspayments-webhook-transmission-id'] === id)
    if (!found) throw new Error('nothing came')
    return found
  })
  const signed = `${JSON.stringify(told)}:${String(headers['tosspayments-webhook-transmission-time'])}`
  const made = keys.map((key) => `v1:${createHmac('sha256', key).update(signed).digest('base64')}`)
  return String(headers['tosspayments-webhook-signature'])
    .split(',')
    .map((value) => made.indexOf(value))
}

describe('a reissued secret key', () => {
  let successor: string
  beforeAll(async () => {
    successor = await reissue('secret')
  })

  it('is another one of the same family, and both work', async () => {
    expect(successor).toMatch(/^test_sk_.{20,}$/)
    expect([await isIn(SECRET_KEY), await isIn(successor)]).toEqual([true, true])
  })

  it('begins a new life for an Idempotency-Key: it matches with the API key', async () => {
    const order = await merchant.open()
    const { paymentKey, orderId, amount } = order
    const key = { 'idempotency-key': randomUUID() }
    const first = await order.confirm(key)
    expect((await order.confirm(key)).text).toBe(first.text)
    const again = await at(successor).api('POST', '/v1/payments/confirm', { paymentKey, orderId, amount }, key)
    expect(again).toMatchObject({ status: 400, body: refusal('ALREADY_PROCESSED_PAYMENT') })
  })

  it('stays valid over a restart, and is not in the books', async () => {
    await simulator.close()
    expect(await readFile(join(place.dataDir, 'books.jsonl'), 'utf8')).not.toContain(successor)
    simulator = await start(configOf(place.dataDir, [url]))
    merchant = new Merchant(simulator.port)
    expect([await isIn(SECRET_KEY), await isIn(successor)]).toEqual([true, true])
  })

  it('leaves its predecessor seven days: then 401 UNAUTHORIZED_KEY', async () => {
    await merchant.advance(7 * DAY_MS - MINUTE_MS)
    expect(await isIn(SECRET_KEY)).toBe(true)
    await merchant.advance(MINUTE_MS)
    const reply = await merchant.api('GET', '/v1/payments/none')
    expect(reply).toMatchObject({ status: 401, body: refusal('UNAUTHORIZED_KEY') })
    expect(await isIn(successor)).toBe(true)
  })

  it('may be the key of the environment from then on', async () => {
    await simulator.close()
    simulator = await start(configOf(place.dataDir, [url], successor))
    merchant = new Merchant(simulator.port, successor)
    expect([await isIn(SECRET_KEY), await isIn(successor)]).toEqual([false, true])
    const next = await reissue('secret')
    await merchant.advance(7 * DAY_MS)
    expect([await isIn(successor), await isIn(next)]).toEqual([false, true])
  })
})

describe('a reissued security key', () => {
  it('signs beside its predecessor for seven days, then alone', async () => {
    const first = await reissue('security')
    expect(first).toMatch(/^[0-9a-f]{64}$/)
    expect(await signedWith([first])).toEqual([0])
    const second = await reissue('security')
    expect(await signedWith([second, first])).toEqual([0, 1])
    await merchant.advance(7 * DAY_MS)
    expect(await signedWith([second, first])).toEqual([0])
  })
})
