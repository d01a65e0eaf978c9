import { cloudEvent } from '@checkout/contracts/events'
import type { PaymentStatus } from '@checkout/contracts/order-status'
import { eventually } from '@checkout/stack/testing/eventually'
import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { context, openBus, openDatabase, startOrderService, testConfig } from './order-service.ts'

const DEAD_LETTERS = 'payment.status-changed.order.dead-letter'
/** Nobody listens there. */
const NO_BROKER = '127.0.0.1:1'

const config = testConfig({ NAMESPACE: namespace() })

let database: Awaited<ReturnType<typeof openDatabase>>
let order: Awaited<ReturnType<typeof startOrderService>>
let bus: ReturnType<typeof openBus>

beforeAll(async () => {
  database = await openDatabase(config)
})

afterAll(async () => {
  await Promise.all([bus.close(), order.close()])
  await database.drop()
})

const create = async () => (await order.client.CreateOrder({ amountKrw: '5000' }, context())).orderId
const statusOf = async (orderId: string) => {
  const { status, paymentVersion } = await order.client.GetOrder({ orderId }, context())
  return { status, paymentVersion }
}

const statusChanged = (orderId: string, version: number, status: PaymentStatus): string =>
  JSON.stringify(
    cloudEvent('payment.status-changed', {
      id: `PAY-${orderId}:${version}`,
      service: 'payment',
      subject: orderId,
      time: new Date(),
      data: {
        paymentId: `PAY-${orderId}`,
        orderId,
        version,
        status,
        previousStatus: 'PENDING',
        amountKrw: 5_000,
        refundedKrw: 0,
        occurredAt: new Date().toISOString(),
      },
    }),
  )

// Messages of one key are handled one after another, so the last one having its effect says that all before it had theirs.
const publish = (key: string, ...values: (string | Buffer)[]) =>
  bus.publish(
    'payment.status-changed',
    values.map((value) => ({ key, value, headers: { 'x-test': 'kept' } })),
  )

it('makes orders while Kafka is away, and tells of them after a restart with Kafka there', async () => {
  order = await startOrderService({ ...config, KAFKA_BROKERS: NO_BROKER })
  const orderId = await create()
  expect(await order.readiness()).toBe(200)
  expect(await database.orders.findOne({ _id: orderId })).toMatchObject({ outbox: [{ id: `${orderId}:1` }] })
  await order.close()

  bus = openBus(config, ['order.created', DEAD_LETTERS])
  order = await startOrderService(config)
  await eventually(() => expect(bus.on('order.created', orderId)).toHaveLength(1))
  await eventually(async () => expect(await database.orders.findOne({ _id: orderId })).toMatchObject({ outbox: [] }))
})

describe('the status of an order', () => {
  const story: [number, PaymentStatus][] = [
    [1, 'CONFIRMING'],
    [2, 'WAITING_FOR_DEPOSIT'],
    [3, 'PAID'],
    [4, 'PARTIAL_REFUND'],
    [5, 'REFUNDED'],
  ]

  it("is that of the payment's newest event, however often and in whatever order they come", async () => {
    const orderings = [
      story,
      story.toReversed(),
      [...story, ...story],
      [...story, ...story.toReversed()],
      ...Array.from({ length: 8 }, () => shuffled([...story, ...story])),
    ]
    const orderIds = await Promise.all(orderings.map(create))
    for (const [i, orderId] of orderIds.entries()) {
      const events = (orderings[i] ?? []).map(([version, status]) => statusChanged(orderId, version, status))
      await publish(orderId, ...events, 'the end')
    }
    // What cannot be understood is put aside when everything before it is done.
    for (const orderId of orderIds) await eventually(() => expect(bus.on(DEAD_LETTERS, orderId)).toHaveLength(1))
    for (const orderId of orderIds) expect(await statusOf(orderId)).toEqual({ status: 'CANCELED', paymentVersion: '5' })
  })

  it('is not set back by a consumer that read the order before a newer event came', async () => {
    const orderId = await create()
    await database.store.project(orderId, { status: 'CANCELED', paymentVersion: 5 })
    await database.store.project(orderId, { status: 'PAID', paymentVersion: 4 })
    expect(await statusOf(orderId)).toEqual({ status: 'CANCELED', paymentVersion: '5' })
  })

  it('goes back when a bank takes a deposit back', async () => {
    const orderId = await create()
    await publish(orderId, statusChanged(orderId, 3, 'PAID'))
    await eventually(async () => expect(await statusOf(orderId)).toEqual({ status: 'PAID', paymentVersion: '3' }))
    await publish(orderId, statusChanged(orderId, 4, 'WAITING_FOR_DEPOSIT'))
    await eventually(async () => expect(await statusOf(orderId)).toEqual({ status: 'PENDING', paymentVersion: '4' }))
  })
})

it('puts aside news of an order that it does not know', async () => {
  await publish('ORD-UNKNOWN', statusChanged('ORD-UNKNOWN', 1, 'PAID'))
  const [letter] = await eventually(() => {
    const found = bus.on(DEAD_LETTERS, 'ORD-UNKNOWN')
    expect(found).toHaveLength(1)
    return found
  })
  expect(letter?.headers).toMatchObject({ 'dead-letter-cause': 'InvalidMessage: there is no order of this id' })
})

it('puts what it can never understand aside with its reason, and goes on', async () => {
  const orderId = await create()
  const poison = [
    'no JSON',
    '{}',
    statusChanged(orderId, 1, 'PAID').replace('"PAID"', '"PAYED"'),
    statusChanged(orderId, 1, 'PAID').replace('status-changed.v1', 'status-changed.v9'),
    // It belongs to an order whose news would be on another partition.
    statusChanged('ORD-UNKNOWN', 1, 'PAID'),
    Buffer.from(statusChanged(orderId, 1, 'PAID').replace('PAY-', 'PAY-\xff'), 'latin1'),
  ]
  await publish(orderId, ...poison, statusChanged(orderId, 2, 'PAID'))
  await eventually(async () => expect(await statusOf(orderId)).toEqual({ status: 'PAID', paymentVersion: '2' }))
  const letters = await eventually(() => {
    const found = bus.on(DEAD_LETTERS, orderId)
    expect(found).toHaveLength(poison.length)
    return found
  })
  expect(letters.map(({ value }) => value?.toString('hex'))).toEqual(
    poison.map((value) => Buffer.from(value).toString('hex')),
  )
  for (const { headers } of letters) {
    expect(headers).toMatchObject({
      'x-test': 'kept',
      'dead-letter-cause': expect.stringMatching(/^InvalidMessage: ./),
      'dead-letter-attempts': '1',
      'dead-letter-topic': 'payment.status-changed',
      'dead-letter-partition': expect.stringMatching(/^\d$/),
      'dead-letter-offset': expect.stringMatching(/^\d+$/),
    })
  }
})

const shuffled = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
