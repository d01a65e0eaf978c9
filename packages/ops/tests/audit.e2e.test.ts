import { createKafkaClient } from '@checkout/messaging/kafka-client'
import { eventually } from '@checkout/stack/testing/eventually'
import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type { mongo } from 'mongoose'
import { type OpsSystem, startOpsSystem } from './ops-system.ts'

jest.setTimeout(300_000)

type Result = {
  readonly isSound: boolean
  readonly orders: number
  readonly invariants: readonly {
    readonly id: string
    readonly offenders: number
    readonly violations: readonly { readonly subject: string; readonly detail: string }[]
  }[]
}
type Document = { readonly _id: string; readonly orderId?: string; readonly status: string }
const HOUR_MS = 3_600_000

describe('audit', () => {
  let on: OpsSystem
  beforeAll(async () => {
    on = await startOpsSystem({
      namespace: namespace(),
      env: { PAYMENT_LOOK_SPACING_MS: '200', PAYMENT_SWEEP_MS: '500' },
    })
  })
  afterAll(() => on.stop())

  const payments = () => on.collection<Document>('payment', 'payments')
  const orders = () => on.collection<Document>('order', 'orders')
  const webhookEvents = () => on.collection<Document>('payment', 'webhookEvents')
  const audit = async (...args: string[]): Promise<{ code: number; result: Result; red: Record<string, string[]> }> => {
    const { code, stdout, stderr } = await on.ops(['audit', ...args, '--json'])
    if (stdout === '') throw new Error(`audit ended with ${code}: ${stderr}`)
    const result = JSON.parse(stdout) as Result
    const red = result.invariants
      .filter(({ offenders }) => offenders > 0)
      .map(({ id, violations }) => [id, violations.map(({ subject, detail }) => `${subject}: ${detail}`)])
    return { code, result, red: Object.fromEntries(red) as Record<string, string[]> }
  }
  const confirmAtToss = async (order: { orderId: string; paymentKey: string; amount: number }) => {
    const { status } = await fetch(`${on.system.urls.simulator}/v1/payments/confirm`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from('test_sk_local:').toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ orderId: order.orderId, paymentKey: order.paymentKey, amount: order.amount }),
    })
    expect(status).toBe(200)
  }
  const loseWebhooks = (orderId: string) =>
    on.shop.fault({ match: { operation: 'webhook', orderId }, times: 100, fault: { kind: 'lose' } })

  it('is green over orders of every kind, and over a message that nobody could read', async () => {
    await on.shop.createOrder(1_000)
    const declined = await on.shop.withWindow(10_000, { declineCode: 'REJECT_CARD_PAYMENT' })
    await on.shop.confirm(declined)
    const partly = await on.shop.paid()
    await on.shop.cancel({ orderId: partly.orderId, amount: 3_000 })
    await on.shop.happen(partly.paymentKey, 'cancel', { amount: 2_000 })
    const refunded = await on.shop.paid()
    await on.shop.cancel({ orderId: refunded.orderId })
    const account = { method: 'VIRTUAL_ACCOUNT' } as const
    const [deposited, reversed, canceled] = await Promise.all([1, 2, 3].map(() => on.shop.withWindow(10_000, account)))
    for (const order of [deposited, reversed, canceled]) if (order !== undefined) await on.shop.confirm(order)
    await on.shop.happen(deposited?.paymentKey ?? '', 'deposit')
    await on.shop.happen(reversed?.paymentKey ?? '', 'deposit')
    await on.shop.happen(reversed?.paymentKey ?? '', 'reverse')
    await on.shop.cancel({ orderId: canceled?.orderId ?? '' })
    await on.shop.orderProducts([{ productId: 1, quantity: 2 }])

    const producer = createKafkaClient(process.env.KAFKA_BROKERS ?? '', 'audit-test').producer()
    await producer.connect()
    await producer.send({
      topic: `${on.system.namespace}order.created`,
      messages: [{ key: 'ORD-POISON', value: '{"not":"an event"}' }],
    })
    await producer.disconnect()

    const { code, result, red } = await audit('--deep')
    expect(red).toEqual({})
    expect([code, result.isSound]).toEqual([0, true])
    expect(result.orders).toBeGreaterThanOrEqual(8)
    expect(result.invariants.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I12', 'I13', 'I14', 'I15', 'I18', 'I19', 'I20']),
    )
  })

  it('is red for each invariant that is broken by hand, names the order, and is green again once it is repaired', async () => {
    const paid = async () => (await on.shop.paid()).orderId
    const repairs: (() => Promise<unknown>)[] = []
    /** Edits a document and remembers it as it was. */
    const edit = async (where: mongo.Collection<Document>, filter: object, change: object): Promise<void> => {
      const before = await where.findOne(filter)
      if (before === null) throw new Error(`nothing to edit: ${JSON.stringify(filter)}`)
      repairs.push(() => where.replaceOne({ _id: before._id }, before))
      await where.updateOne({ _id: before._id }, change)
    }

    const twice = await on.shop.paid()
    await loseWebhooks(twice.orderId)
    const second = (await on.shop.openWindow({ orderId: twice.orderId, amount: twice.amount })).body
    await confirmAtToss(second)
    repairs.push(() => on.shop.happen(second.paymentKey, 'cancel'))

    const foreign = (await on.shop.openWindow({ orderId: 'ORDER-OF-NOBODY', amount: 5_000 })).body
    await confirmAtToss(foreign)
    repairs.push(() => on.shop.happen(foreign.paymentKey, 'cancel'))

    const broken = {
      I3: await paid(),
      I4: await paid(),
      I5: await paid(),
      I6: await paid(),
      I12: await paid(),
      I13: await paid(),
      I14: await paid(),
      I15: await paid(),
      I18: (await on.shop.createOrder(1_000)).body.orderId ?? '',
      I19: await paid(),
      I20: (await on.shop.createOrder(1_000)).body.orderId ?? '',
    }
    await on.shop.cancel({ orderId: broken.I5, amount: 1_000 })
    // Everything comes to rest first, so that nothing writes over what is edited.
    const isStored = async (orderId: string) =>
      expect(await webhookEvents().findOne({ orderId, outcome: { $exists: true } } as object)).not.toBeNull()
    for (const orderId of Object.values(broken)) {
      const isPaid = orderId !== broken.I18 && orderId !== broken.I20
      await eventually(() => (isPaid ? isStored(orderId) : Promise.resolve()))
      await eventually(async () => {
        const payment = await payments().findOne({ orderId, lease: { $exists: false }, outbox: { $size: 0 } } as object)
        expect(payment).not.toBeNull()
      })
    }
    // The services that would repair or replace what is broken are away; audit needs none but payment.
    await on.system.kill('order')

    await edit(payments(), { orderId: broken.I3 }, { $set: { paymentKey: 'pk-nowhere' } })
    await edit(payments(), { orderId: broken.I4 }, { $set: { reservedKrw: 100 } })
    await edit(payments(), { orderId: broken.I5 }, { $set: { 'refunds.0.transactionKey': 'tx-nowhere' } })
    await edit(
      orders(),
      { _id: broken.I6 },
      { $set: { lines: [{ productId: 1, name: '1', unitPriceKrw: 1, quantity: 1 }] } },
    )
    const { version } = (await payments().findOne({ orderId: broken.I12 })) as unknown as { version: number }
    await edit(
      payments(),
      { orderId: broken.I12 },
      {
        $inc: { version: 1 },
        $push: { history: { version: version + 1, status: 'PAID', at: new Date(), cause: 'by hand' } },
      },
    )
    await edit(payments(), { orderId: broken.I13 }, { $pop: { history: -1 } })
    await edit(orders(), { _id: broken.I14 }, { $set: { status: 'FAILED' } })
    const webhooks = webhookEvents()
    const row = await webhooks.findOne({ orderId: broken.I15 })
    if (row === null) throw new Error('no webhook came')
    await webhooks.deleteOne({ _id: row._id })
    repairs.push(() => webhooks.insertOne(row))
    await edit(
      payments(),
      { orderId: broken.I18 },
      { $set: { expiresAt: new Date(Date.now() - HOUR_MS), due: new Date(Date.now() + HOUR_MS) } },
    )
    await edit(
      orders(),
      { _id: broken.I19 },
      { $push: { outbox: { id: `${broken.I19}:2`, at: new Date(Date.now() - HOUR_MS) } } },
    )
    await edit(payments(), { orderId: broken.I20 }, { $unset: { due: 1 } })

    const { code, red } = await audit('--wait', '1')
    expect(code).toBe(1)
    const expected = {
      I1: twice.orderId,
      I2: 'ORDER-OF-NOBODY',
      ...broken,
      I15: 'toss.webhook-received/',
    }
    for (const [id, subject] of Object.entries(expected)) {
      expect([id, red[id]]).toEqual([id, expect.arrayContaining([expect.stringContaining(subject)])])
    }

    const readable = await on.ops(['audit', '--wait', '0', '--order', broken.I4])
    expect(readable.code).toBe(1)
    expect(readable.stdout).toMatch(/^I4 +RED +1 of 1 /m)
    expect(readable.stdout).toMatch(/^I1 +ok +0 of 1 /m)

    for (const repair of repairs) await repair()
    await on.system.start('order')
    const after = await audit()
    expect(after.red).toEqual({})
    expect(after.code).toBe(0)
  })
})
