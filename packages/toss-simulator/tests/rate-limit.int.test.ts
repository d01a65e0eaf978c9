import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type Simulator, start } from '../src/simulator.ts'
import { configOf, Merchant, MINUTE_MS, makeDataDir } from './merchant.ts'

let merchant: Merchant
let simulator: Simulator
let remove: () => Promise<void>
beforeEach(async () => {
  const made = await makeDataDir()
  remove = made.remove
  simulator = await start({ ...configOf(made.dataDir), sandboxRateLimit: true })
  merchant = new Merchant(simulator.port)
})
afterEach(async () => {
  await simulator.close()
  await remove()
})

const query = () => merchant.api('GET', '/v1/payments/unknown')
const queryByOrder = () => merchant.api('GET', '/v1/payments/orders/ORD-unknown')

async function statusesOf(count: number, call: () => Promise<{ status: number }>): Promise<number[]> {
  const replies = await Promise.all(Array.from({ length: count }, () => call()))
  return replies.map(({ status }) => status)
}

describe('the sandbox', () => {
  it('takes 100 requests a minute; the next ones are 429', async () => {
    const statuses = await statusesOf(103, query)
    expect(statuses.filter((status) => status === 404)).toHaveLength(100)
    expect(statuses.filter((status) => status === 429)).toHaveLength(3)
    expect((await query()).body).toEqual({ code: 'TOO_MANY_REQUESTS', message: expect.any(String) })
  })

  it('counts each API for itself', async () => {
    await statusesOf(100, query)
    expect((await query()).status).toBe(429)
    expect((await queryByOrder()).status).toBe(404)
  })

  it('takes the next hundred a minute later', async () => {
    await statusesOf(101, query)
    await merchant.advance(MINUTE_MS)
    expect(await statusesOf(100, query)).not.toContain(429)
    expect((await query()).status).toBe(429)
  })

  it('a call that was turned away did nothing and is not what a repeat with its key gets', async () => {
    const others = await Promise.all(Array.from({ length: 100 }, () => merchant.open()))
    await Promise.all(others.map((order) => order.confirm()))
    const order = await merchant.open()
    const key = { 'idempotency-key': 'once' }
    expect((await order.confirm(key)).status).toBe(429)
    expect((await order.get()).body.status).toBe('IN_PROGRESS')
    await merchant.advance(MINUTE_MS)
    expect((await order.confirm(key)).status).toBe(200)
  })
})
