import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { stopAudited } from '../src/testing/audit.ts'
import { booksEqual } from '../src/testing/books.ts'
import { eventually } from '../src/testing/eventually.ts'
import { namespace } from '../src/testing/namespace.ts'
import { openShop, type Shop } from '../src/testing/shop.ts'
import { startSystem, type TestSystem } from '../src/testing/system.ts'
import type { ProcessName } from '../src/topology.ts'

/** Long enough to be asked to stop in the middle of it, far below the ten seconds of the drain. */
const TOSS_DELAY_MS = 2_500

let system: TestSystem
let shop: Shop
beforeAll(async () => {
  system = await startSystem({ namespace: namespace() })
  shop = openShop(system.urls)
}, 120_000)
afterAll(() => stopAudited(system), 180_000)

const readiness = async (name: ProcessName): Promise<number | 'gone'> =>
  fetch(`${system.urls.health[name]}/readyz`).then(
    (response) => response.status,
    () => 'gone',
  )

describe('a client that hangs up', () => {
  it('aborts nothing: Toss is asked once and the order is paid all the same', async () => {
    const order = await shop.withWindow(4000)
    const match = { operation: 'confirm', paymentKey: order.paymentKey } as const
    await shop.fault({ match, fault: { kind: 'delay', ms: TOSS_DELAY_MS } })
    const client = new AbortController()
    const confirming = fetch(`${system.urls.gateway}/api/payments/confirm`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
      signal: client.signal,
    })
    await eventually(async () => expect((await shop.faults()).body).toEqual([]))
    client.abort()
    await expect(confirming).rejects.toThrow()
    await eventually(async () => expect((await shop.order(order.orderId)).body.status).toBe('PAID'))
    const { calls } = (await shop.books(order.orderId)).body
    expect(calls.filter(({ operation }) => operation === 'confirm')).toHaveLength(1)
  }, 60_000)
})

describe('a service that is asked to stop', () => {
  it.each(['api-gateway', 'payment'] as const)(
    '%s says that it is not ready, answers what it has begun, and ends by itself with 0',
    async (name) => {
      const order = await shop.withWindow(3000)
      const match = { operation: 'confirm', paymentKey: order.paymentKey } as const
      await shop.fault({ match, fault: { kind: 'delay', ms: TOSS_DELAY_MS } })
      const confirming = shop.confirm(order)
      await eventually(async () => expect((await shop.faults()).body).toEqual([]))

      const ended = system.ended(name)
      const stopping = system.kill(name, 'SIGTERM')
      await eventually(async () => expect(await readiness(name)).toBe(503), { timeoutMs: TOSS_DELAY_MS })
      const { status, body } = await confirming
      expect([status, body.status]).toEqual([200, 'PAID'])
      await stopping
      expect(await ended).toBe('exit code 0')
      expect(await readiness(name)).toBe('gone')
      await system.start(name)
    },
    60_000,
  )

  it('leaves the books equal', () => booksEqual(system), 90_000)
})
