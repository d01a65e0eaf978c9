import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Simulator, start } from '../src/simulator.ts'
import { configOf, eventually, Merchant, makeDataDir, Receiver } from './merchant.ts'

let receiver: Receiver
let simulator: Simulator
let merchant: Merchant
let remove: () => Promise<void>
beforeAll(async () => {
  const made = await makeDataDir()
  remove = made.remove
  receiver = new Receiver()
  const url = await receiver.open()
  const urls = [`${url}/all`, `${url}/deposits#DEPOSIT_CALLBACK`, `${url}/some#PAYMENT_STATUS_CHANGED+BILLING_DELETED`]
  simulator = await start(configOf(made.dataDir, urls))
  merchant = new Merchant(simulator.port)
})
afterAll(async () => {
  await simulator.close()
  await receiver.close()
  await remove()
})

/** What came to the path, as soon as the address of all events has as much as is said. */
async function cameTo(path: string, all: number): Promise<unknown[]> {
  const at = (one: string) => receiver.deliveries.filter((delivery) => delivery.path === one)
  await eventually(() => expect(at('/all')).toHaveLength(all))
  return at(path).map(({ body }) => body.eventType ?? 'DEPOSIT_CALLBACK')
}

describe('an event type that is registered on its own', () => {
  it('comes alone: of a virtual account the deposit without the status, or both', async () => {
    const order = await merchant.paid({ method: 'VIRTUAL_ACCOUNT' })
    await order.act('deposit')
    // Waiting is told by the one, the deposit by both.
    expect(await cameTo('/deposits', 3)).toEqual(['DEPOSIT_CALLBACK', 'DEPOSIT_CALLBACK'])
    await eventually(async () => expect(await cameTo('/some', 3)).toEqual(['PAYMENT_STATUS_CHANGED']))
  })

  it('may be of what is no payment, and others do not come', async () => {
    await merchant.send('POST', '/simulator/webhooks', { eventType: 'METHOD_UPDATED' })
    await merchant.send('POST', '/simulator/webhooks', { eventType: 'BILLING_DELETED' })
    await cameTo('/all', 5)
    await eventually(async () =>
      expect(await cameTo('/some', 5)).toEqual(['PAYMENT_STATUS_CHANGED', 'BILLING_DELETED']),
    )
  })
})
