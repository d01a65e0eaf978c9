import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { booksEqual, readBooks } from '../src/testing/books.ts'
import { eventually } from '../src/testing/eventually.ts'
import { namespace } from '../src/testing/namespace.ts'
import { openShop, type Reply, type Shop } from '../src/testing/shop.ts'
import { startSystem, type TestSystem } from '../src/testing/system.ts'
import type { ProcessName } from '../src/topology.ts'

let system: TestSystem
let shop: Shop

beforeAll(async () => {
  system = await startSystem({
    namespace: namespace(),
    env: {
      // What a dead process leaves behind is taken over after these, so the tests need not wait for minutes.
      PAYMENT_LEASE_MS: '2000',
      LOOK_SPACING_MS: '200',
      SWEEP_MS: '500',
      WEBHOOK_GATEWAY_LEASE_MS: '1000',
    },
  })
  shop = openShop(system.urls)
}, 120_000)

afterAll(() => system.stop(), 60_000)

/** No client is told of a failure while the outcome is open: only that it is not known, or what it is. */
const allowed = [200, 202, 503, 504]

/** Repeats what a client does until the service has ended itself at the crash point; answers what the client saw. */
const dieAt = async (service: ProcessName, point: string, act: () => Promise<Reply<unknown>>): Promise<number[]> => {
  // A consumer that leaves its group in peace is replaced at once; the group waits half a minute for a dead one.
  await system.kill(service, 'SIGTERM')
  await system.start(service, { CRASH_POINT: point, NODE_ENV: 'test' })
  let end: string | undefined
  const ended = system.ended(service).then((how) => {
    end = how
  })
  const seen: number[] = []
  await eventually(async () => {
    if (end === undefined) seen.push((await act()).status)
    expect(end).toBe('SIGKILL')
  })
  await ended
  return seen
}

/** Repeats the request as a client does that has been told nothing final. */
const answerOf = async <T>(act: () => Promise<Reply<T>>): Promise<Reply<T>> =>
  eventually(async () => {
    const reply = await act()
    expect(allowed).toContain(reply.status)
    expect(reply.status).toBe(200)
    return reply
  })

const tossOf = async (orderId: string) => {
  const { payments, transactions, calls } = (await shop.books(orderId)).body
  return {
    approvals: payments.map((payment) => payment.approvals),
    approved: transactions.filter(({ kind }) => kind === 'approve').length,
    canceled: transactions.filter(({ kind }) => kind === 'cancel').map(({ amount }) => amount),
    keysOf: (operation: string) =>
      new Set(calls.filter((call) => call.operation === operation).map((call) => call.idempotencyKey)).size,
  }
}

describe('a webhook-gateway that dies', () => {
  it.each(['webhook.after-lease', 'webhook.after-publish'])(
    'at %s has not answered, and takes the webhook when Toss sends it again, once',
    async (point) => {
      const order = await shop.withWindow()
      const webhooksOf = async () => (await shop.books(order.orderId)).body.webhooks
      await dieAt('webhook-gateway', point, () => shop.confirm(order))
      const [told] = await eventually(async () => {
        const webhooks = await webhooksOf()
        expect(webhooks).toMatchObject([{ attempts: [{ status: null }], delivered: false }])
        return webhooks
      })
      await system.start('webhook-gateway')
      await eventually(
        async () => {
          // The lease of the dead one may still stand at the first resend.
          await shop.advanceClock(60_000)
          expect(await webhooksOf()).toMatchObject([{ delivered: true }])
        },
        { intervalMs: 500 },
      )
      await booksEqual(system)
      const rows = (await readBooks(system)).webhookEvents.filter(({ orderId }) => orderId === order.orderId)
      expect(rows).toMatchObject([{ transmissionId: told?.transmissionId, outcome: expect.any(String) }])
      expect((await shop.order(order.orderId)).body).toMatchObject({ status: 'PAID' })
    },
  )
})

describe('a consumer that dies at consumer.after-effect', () => {
  it('in payment and in order, gets the message again, to no effect, and goes on with the next', async () => {
    // Payment dies when it has opened the payment, before it has committed the offset of order.created.
    const order = await shop.withWindow()
    await eventually(async () =>
      expect((await readBooks(system)).payments.map(({ orderId }) => orderId)).toContain(order.orderId),
    )
    const opened: string[] = []
    await dieAt('payment', 'consumer.after-effect', async () => {
      const reply = await shop.createOrder(1_000)
      opened.push(reply.body.orderId ?? '')
      return reply
    })
    await system.start('payment')

    // The order service dies when it has projected the payment, before it has committed the offset of status-changed.
    const seen = await dieAt('order', 'consumer.after-effect', () => shop.confirm(order))
    expect(allowed).toEqual(expect.arrayContaining(seen))
    const projected = (await readBooks(system)).orders.find(({ _id }) => _id === order.orderId)
    expect(projected?.paymentVersion).toBeGreaterThan(0)
    await system.start('order')

    expect(await answerOf(() => shop.confirm(order))).toMatchObject({ body: { status: 'PAID' } })
    const next = await answerOf(() => shop.createOrder(2_000))
    await booksEqual(system)
    const { payments } = await readBooks(system)
    for (const orderId of [...opened, order.orderId, next.body.orderId]) {
      expect(payments.filter((payment) => payment.orderId === orderId)).toHaveLength(1)
    }
  }, 120_000)
})

describe('a payment service that dies', () => {
  // Toss's webhooks would help; what is left must be found without them.
  beforeAll(() => shop.fault({ match: { operation: 'webhook' }, times: 1_000_000, fault: { kind: 'lose' } }))

  it.each([
    'confirm.before-intent',
    'confirm.after-intent',
    'confirm.after-toss',
    'confirm.after-save',
    'confirm.before-publish',
  ])('at %s has charged once, and the same confirm is answered with that', async (point) => {
    const order = await shop.withWindow()
    // Its consumer is not waited for here, so it may go the hard way.
    await system.kill('payment')
    const seen = await dieAt('payment', point, () => shop.confirm(order))
    expect(allowed).toEqual(expect.arrayContaining(seen))
    await system.start('payment')
    expect(await answerOf(() => shop.confirm(order))).toMatchObject({
      body: { orderId: order.orderId, amount: order.amount, status: 'PAID' },
    })
    await booksEqual(system)
    expect((await shop.order(order.orderId)).body).toMatchObject({ status: 'PAID', payment: { status: 'PAID' } })
    const toss = await tossOf(order.orderId)
    expect(toss).toMatchObject({ approvals: [1], approved: 1, canceled: [] })
    // Whoever took over went on with the key of the dead one.
    expect(toss.keysOf('confirm')).toBe(1)
  })

  it.each(['cancel.after-reserve', 'cancel.after-toss', 'cancel.after-save'])(
    'at %s has refunded once, and the same cancel is answered with that',
    async (point) => {
      const order = await shop.paid()
      const cancel = () => shop.cancel({ orderId: order.orderId, amount: 3_000 }, order.orderId)
      await system.kill('payment')
      const seen = await dieAt('payment', point, cancel)
      expect(allowed).toEqual(expect.arrayContaining(seen))
      await system.start('payment')
      expect(await answerOf(cancel)).toMatchObject({
        headers: { 'idempotent-replayed': 'true' },
        body: { orderId: order.orderId, canceledAmount: 3_000, status: 'PARTIAL_REFUND' },
      })
      await booksEqual(system)
      expect((await shop.order(order.orderId)).body.payment).toMatchObject({
        status: 'PARTIAL_REFUND',
        refundedAmountKrw: 3_000,
        refunds: [{ amountKrw: 3_000, status: 'DONE' }],
      })
      const toss = await tossOf(order.orderId)
      expect(toss).toMatchObject({ approvals: [1], approved: 1, canceled: [3_000] })
      expect(toss.keysOf('cancel')).toBe(1)
    },
  )
})
