import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Simulator, start } from '../src/simulator.ts'
import {
  configOf,
  type Delivery,
  eventually,
  type Json,
  Merchant,
  MINUTE_MS,
  makeDataDir,
  Receiver,
} from './merchant.ts'

const NEW_KEY = 'a'.repeat(64)
const OLD_KEY = 'b'.repeat(64)
const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{5,6}$/
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00$/

let receiver: Receiver
let simulator: Simulator
let merchant: Merchant
let remove: () => Promise<void>
beforeAll(async () => {
  const made = await makeDataDir()
  remove = made.remove
  receiver = new Receiver()
  const url = await receiver.open()
  simulator = await start({ ...configOf(made.dataDir, [url]), securityKeys: [NEW_KEY, OLD_KEY] })
  merchant = new Merchant(simulator.port)
})
afterAll(async () => {
  await simulator.close()
  await receiver.close()
  await remove()
})

const idOf = ({ headers }: Delivery) => headers['tosspayments-webhook-transmission-id']
const deliveriesOf = async (id: string, count = 1): Promise<readonly Delivery[]> =>
  eventually(() => {
    const found = receiver.deliveries.filter((delivery) => idOf(delivery) === id)
    expect(found).toHaveLength(count)
    return found
  }, 60_000)
const announce = async (eventType: string, data?: Json): Promise<string> => {
  const { status, body } = await merchant.send('POST', '/simulator/webhooks', { eventType, ...(data ? { data } : {}) })
  expect([status, body]).toEqual([200, { transmissionIds: [expect.stringMatching(/^whtrans_/)] }])
  return String((body.transmissionIds as string[])[0])
}
const heard = async (eventType: string, data?: Json): Promise<Delivery> => {
  const [delivery] = await deliveriesOf(await announce(eventType, data))
  if (delivery === undefined) throw new Error('nothing came')
  return delivery
}

describe('a webhook that tells no payment', () => {
  it('CANCEL_STATUS_CHANGED tells DONE or ABORTED of a Cancel, with neither paymentKey nor orderId', async () => {
    for (const cancelStatus of ['DONE', 'ABORTED']) {
      const { body } = await heard('CANCEL_STATUS_CHANGED', { cancelStatus })
      expect(body).toEqual({
        eventType: 'CANCEL_STATUS_CHANGED',
        createdAt: expect.stringMatching(LOCAL),
        data: {
          cancelAmount: 1_000,
          cancelReason: expect.any(String),
          refundableAmount: 0,
          canceledAt: expect.stringMatching(INSTANT),
          transactionKey: expect.any(String),
          cancelRequestId: expect.any(String),
          cancelStatus,
        },
      })
    }
  })

  it('BILLING_DELETED tells the billing key and a reason that may be null', async () => {
    const data = { billingKey: expect.any(String), reason: null }
    expect((await heard('BILLING_DELETED')).body).toMatchObject({ eventType: 'BILLING_DELETED', data })
    const given = { billingKey: 'bill-1', reason: '카드 해지' }
    expect((await heard('BILLING_DELETED', given)).body).toMatchObject({ data: given })
  })

  it("METHOD_UPDATED tells what became of a customer's method", async () => {
    for (const status of ['ENABLED', 'DISABLED', 'ALIAS_UPDATED', 'ENABLE']) {
      const { body } = await heard('METHOD_UPDATED', { status })
      expect(body.data).toEqual({ customerKey: expect.any(String), methodKey: expect.any(String), status })
    }
  })

  it('CUSTOMER_STATUS_CHANGED tells what became of a customer, and when', async () => {
    const all = ['CREATED', 'REMOVED', 'PASSWORD_CHANGED', 'ONE_TOUCH_ACTIVATED', 'ONE_TOUCH_DEACTIVATED']
    for (const status of all) {
      const { body } = await heard('CUSTOMER_STATUS_CHANGED', { status })
      expect(body.data).toEqual({ customerKey: expect.any(String), changedAt: expect.stringMatching(INSTANT), status })
    }
  })

  it.each([
    ['payout.changed', 'payout', ['COMPLETED', 'FAILED']],
    ['seller.changed', 'seller', ['PARTIALLY_APPROVED', 'KYC_REQUIRED', 'APPROVED']],
  ])('%s has an envelope of its own, whose createdAt has an offset', async (eventType, entityType, statuses) => {
    for (const status of statuses) {
      const { body } = await heard(eventType, { status })
      expect(body).toEqual({
        eventType,
        createdAt: expect.stringMatching(INSTANT),
        version: '2022-11-16',
        eventId: expect.any(String),
        entityType,
        entityBody: expect.objectContaining({ id: expect.any(String), status, metadata: {} }),
      })
    }
  })

  it.each(['ORDER_PAYMENT_STATUS_CHANGED', 'ars-reservation.changed'])(
    '%s, of which nothing but the name is known, carries what it was given',
    async (eventType) => {
      const data = { orderId: 'ORD-000001', anything: [1] }
      const { body } = await heard(eventType, data)
      expect(body).toEqual({ eventType, createdAt: expect.stringMatching(LOCAL), data })
    },
  )

  it('a payout is signed: HMAC-SHA256 over body, colon and transmission time, in base64 behind v1:', async () => {
    for (const eventType of ['payout.changed', 'seller.changed']) {
      const { headers, body } = await heard(eventType)
      const signed = `${JSON.stringify(body)}:${String(headers['tosspayments-webhook-transmission-time'])}`
      // A reissued key comes with its predecessor for seven days: one of the two has to match.
      const values = [NEW_KEY, OLD_KEY].map((key) => `v1:${createHmac('sha256', key).update(signed).digest('base64')}`)
      expect(headers['tosspayments-webhook-signature']).toBe(values.join(','))
    }
  })

  it('no other event is signed', async () => {
    const order = await merchant.paid()
    await eventually(() => expect(receiver.of(order.orderId)).toHaveLength(1), 60_000)
    const others = [await heard('BILLING_DELETED'), await heard('METHOD_UPDATED'), ...receiver.of(order.orderId)]
    for (const { headers } of others) expect(headers).not.toHaveProperty('tosspayments-webhook-signature')
  })

  it('is sent again as any other, with a signature of its own time', async () => {
    receiver.answer = () => 500
    const id = await announce('payout.changed')
    await deliveriesOf(id)
    receiver.answer = () => 200
    await eventually(async () => {
      const { body } = await merchant.send('GET', '/simulator/books')
      expect(body.otherWebhooks).toContainEqual(
        expect.objectContaining({ transmissionId: id, attempts: [expect.objectContaining({ status: 500 })] }),
      )
    }, 60_000)
    await merchant.advance(MINUTE_MS)
    const [first, second] = await deliveriesOf(id, 2)
    expect(second?.body).toEqual(first?.body)
    expect(second?.headers['tosspayments-webhook-transmission-retried-count']).toBe('1')
    const [one, two] = [first, second].map((delivery) => delivery?.headers['tosspayments-webhook-signature'])
    expect(one).not.toBe(two)
  })

  it('with an event or a status that Toss does not have is refused', async () => {
    for (const wrong of [
      { eventType: 'PAYMENT_STATUS_CHANGED' },
      { eventType: 'NEWS' },
      { eventType: 'payout.changed', data: { status: 'LOST' } },
    ])
      expect((await merchant.send('POST', '/simulator/webhooks', wrong)).status).toBe(400)
  })

  it('survives a restart of the simulator', async () => {
    const made = await makeDataDir()
    // Nobody listens there any more: the event stays open over the restart.
    const gone = new Receiver()
    const url = await gone.open()
    await gone.close()
    const config = { ...configOf(made.dataDir, [url]), securityKeys: [NEW_KEY] }
    const before = await start(config)
    const { body } = await new Merchant(before.port).send('POST', '/simulator/webhooks', {
      eventType: 'payout.changed',
    })
    await before.close()
    const after = await start(config)
    const books = await new Merchant(after.port).send('GET', '/simulator/books')
    expect(books.body.otherWebhooks).toMatchObject([
      { transmissionId: (body.transmissionIds as string[])[0], eventType: 'payout.changed', state: 'PENDING' },
    ])
    await after.close()
    await made.remove()
  })

  it('that is signed needs a key', async () => {
    const made = await makeDataDir()
    const keyless = await start(configOf(made.dataDir))
    const other = new Merchant(keyless.port)
    expect((await other.send('POST', '/simulator/webhooks', { eventType: 'seller.changed' })).status).toBe(400)
    expect((await other.send('POST', '/simulator/webhooks', { eventType: 'BILLING_DELETED' })).status).toBe(200)
    await keyless.close()
    await made.remove()
  })
})
