import { createHash, randomUUID } from 'node:crypto'
import { cloudEvent } from '@checkout/contracts/events'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mongo } from 'mongoose'
import { stopAudited } from '../src/testing/audit.ts'
import { booksEqual } from '../src/testing/books.ts'
import { eventually } from '../src/testing/eventually.ts'
import { namespace } from '../src/testing/namespace.ts'
import { openShop, type Shop } from '../src/testing/shop.ts'
import type { ConfirmOrder } from '../src/testing/shop-bodies.ts'
import { startSystem, type TestSystem } from '../src/testing/system.ts'
import { accountOf } from './account.ts'
import { openTossRoad, type TossRoad } from './toss-road.ts'

/** What the payment service kept of a webhook. */
type WebhookEvent = { readonly _id: string; readonly outcome?: string; readonly reason?: string }

const TOSS_TIMEOUT_MS = 5_000
const ANSWER_WAIT_MS = 3_000

let road: TossRoad
let system: TestSystem
let shop: Shop
let database: mongo.MongoClient

beforeAll(async () => {
  road = await openTossRoad()
  system = await startSystem({
    namespace: namespace(),
    env: {
      PAYMENT_TOSS_BASE_URL: road.url,
      PAYMENT_TOSS_TIMEOUT_MS: String(TOSS_TIMEOUT_MS),
      PAYMENT_ANSWER_WAIT_MS: String(ANSWER_WAIT_MS),
      PAYMENT_LOOK_SPACING_MS: '200',
      PAYMENT_SWEEP_MS: '500',
      PAYMENT_WEBHOOK_LADDER_MS: '300,600,1200',
      // The faults below belong to single orders; a breaker that opens would carry them into the next story.
      PAYMENT_TOSS_BREAKER_FAILURES: '1000',
    },
  })
  road.leadTo(system.urls.simulator)
  shop = openShop(system.urls)
  database = new mongo.MongoClient(system.mongoUrl)
})

afterAll(async () => {
  await database.close()
  await stopAudited(system)
  await road.close()
}, 180_000)

const account = (orderId: string, userId?: number) => accountOf(shop, orderId, userId)
const webhooksOf = async (orderId: string) => (await shop.books(orderId)).body.webhooks
const eventsOf = (query: object) =>
  database.db(`${system.namespace}payment`).collection<WebhookEvent>('webhookEvents').find(query).toArray()
const eventWith = async (query: object) => {
  const [event, ...more] = await eventsOf(query)
  expect(more).toEqual([])
  return event
}

/** A webhook as Toss would write it; nothing in it is signed, so anybody can. */
const statusChanged = (claim: { orderId: string; paymentKey: string; status: string }): string =>
  JSON.stringify({
    eventType: 'PAYMENT_STATUS_CHANGED',
    createdAt: '2026-01-02T14:46:59.65327',
    data: { ...claim, lastTransactionKey: randomUUID().replaceAll('-', '') },
  })

const paid = { order: 'PAID', payment: 'PAID', refundsKrw: [] }
const refunded = { order: 'CANCELED', payment: 'REFUNDED', remainingKrw: 0 }

describe('a purchase', () => {
  it('takes the money once, at the prices of the day, and the buyer sees the order paid', async () => {
    const products = await shop.products()
    const price = products.body.find(({ id }) => id === 1)?.listPriceKrw ?? 0
    const ordered = await shop.orderProducts([{ productId: 1, quantity: 2 }], { userId: 1 })
    const { orderId = '', totalAmountKrw: amount = 0 } = ordered.body
    expect(amount).toBe(2 * price)
    const { paymentKey } = (await shop.openWindow({ orderId, amount })).body

    const confirmed = await shop.confirm({ orderId, amount, paymentKey })
    expect(confirmed).toMatchObject({ status: 200, body: { orderId, amount, status: 'PAID' } })

    const held = { approvals: 1, heldKrw: amount, confirms: 1, cancels: 0 }
    expect(await account(orderId, 1)).toMatchObject({ ...paid, remainingKrw: amount, toss: held })
    await eventually(async () => expect(await webhooksOf(orderId)).toMatchObject([{ status: 'DONE', delivered: true }]))
    expect(await account(orderId, 1)).toMatchObject({ ...paid, remainingKrw: amount, toss: held })
  })

  it('that was declined is not charged, and can be paid with another card', async () => {
    const declined = await shop.withWindow(10_000, { declineCode: 'REJECT_CARD_PAYMENT' })
    const { orderId, amount } = declined
    const refusal = { status: 403, body: { code: 'TOSS_API_ERROR', tossCode: 'REJECT_CARD_PAYMENT' } }
    expect(await shop.confirm(declined)).toMatchObject(refusal)
    expect(await account(orderId)).toMatchObject({ order: 'FAILED', payment: 'FAILED', toss: { approvals: 0 } })
    expect(await shop.confirm(declined)).toMatchObject(refusal)
    expect(await account(orderId)).toMatchObject({ toss: { confirms: 1 } })

    const { paymentKey } = (await shop.openWindow({ orderId, amount })).body
    expect(await shop.confirm({ orderId, amount, paymentKey })).toMatchObject({ status: 200, body: { status: 'PAID' } })
    expect(await account(orderId)).toMatchObject({ ...paid, toss: { approvals: 1, heldKrw: amount, confirms: 2 } })
  })

  it('that a hundred requests confirm with one key is one call to Toss', async () => {
    const order = await shop.withWindow()
    const answers = await Promise.all(Array.from({ length: 100 }, () => shop.confirm(order)))
    // A 202 is what the slowest may get on a busy machine; nobody is refused.
    expect([200, 202]).toEqual(expect.arrayContaining([...new Set(answers.map(({ status }) => status))]))
    expect(new Set(answers.map(({ body }) => body.paymentId)).size).toBe(1)
    await eventually(async () =>
      expect(await shop.confirm(order)).toMatchObject({ status: 200, body: { status: 'PAID' } }),
    )
    expect(await account(order.orderId)).toMatchObject({
      ...paid,
      toss: { approvals: 1, heldKrw: order.amount, confirms: 1 },
    })
  })

  it('that a hundred requests confirm with a hundred keys is paid with one of them, and the others never reach Toss', async () => {
    const first = await shop.withWindow()
    const windows = await Promise.all(Array.from({ length: 99 }, () => shop.openWindow(withoutKey(first))))
    const orders = [first, ...windows.map(({ body: { paymentKey } }) => ({ ...first, paymentKey }))]

    const answers = await Promise.all(orders.map((order) => shop.confirm(order)))
    const refused = answers.filter(({ status }) => status === 409)
    expect(refused).toHaveLength(99)
    expect(new Set(refused.map(({ body }) => body.code))).toEqual(new Set(['ALREADY_PROCESSED']))
    await eventually(async () =>
      expect(await account(first.orderId)).toMatchObject({
        ...paid,
        toss: { approvals: 1, heldKrw: first.amount, confirms: 1 },
      }),
    )
  })
})

const withoutKey = ({ orderId, amount }: ConfirmOrder) => ({ orderId, amount })

describe('a refund', () => {
  it('in parts goes down to nothing and no further', async () => {
    const { orderId } = await shop.paid(10_000)
    const parts = [
      { amount: 3_000, status: 'PARTIAL_REFUND', remainingKrw: 7_000, order: 'PAID' },
      { amount: 3_000, status: 'PARTIAL_REFUND', remainingKrw: 4_000, order: 'PAID' },
      { amount: 4_000, status: 'REFUNDED', remainingKrw: 0, order: 'CANCELED' },
    ]
    for (const { amount, status, remainingKrw, order } of parts) {
      const canceled = await shop.cancel({ orderId, amount })
      expect(canceled).toMatchObject({ status: 200, body: { orderId, canceledAmount: amount, status } })
      expect(await account(orderId)).toMatchObject({ order, payment: status, remainingKrw })
    }
    expect(await shop.cancel({ orderId, amount: 1 })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_PAYMENT_STATUS' },
    })
    expect(await account(orderId)).toMatchObject({
      ...refunded,
      refundsKrw: [3_000, 3_000, 4_000],
      toss: { heldKrw: 0, cancelsKrw: [3_000, 3_000, 4_000], cancels: 3 },
    })
  })

  it('asked for in ten tenths at once gives back exactly everything', async () => {
    const { orderId } = await shop.paid(10_000)
    const tenths = Array.from({ length: 10 }, () => 1_000)
    const answers = await Promise.all(tenths.map((amount) => shop.cancel({ orderId, amount })))
    expect([200, 202]).toEqual(expect.arrayContaining([...new Set(answers.map(({ status }) => status))]))
    expect(new Set(answers.map(({ body }) => body.refundId)).size).toBe(10)
    await eventually(async () =>
      expect(await account(orderId)).toMatchObject({
        ...refunded,
        refundsKrw: tenths,
        toss: { heldKrw: 0, cancelsKrw: tenths, cancels: 10 },
      }),
    )
  })
})

describe('a webhook', () => {
  it('that overtakes the answer of the confirm changes nothing', async () => {
    const order = await shop.withWindow()
    const letThrough = road.holdAnswers()
    const confirming = shop.confirm(order)
    try {
      await eventually(async () => {
        expect(await webhooksOf(order.orderId)).toMatchObject([{ status: 'DONE', delivered: true }])
        expect(await eventWith({ orderId: order.orderId })).toMatchObject({ status: 'DONE' })
      })
      // Toss has the money, and the webhook that says so is not believed by itself.
      expect(await account(order.orderId)).toMatchObject({
        order: 'PENDING',
        payment: 'CONFIRMING',
        toss: { approvals: 1 },
      })
    } finally {
      letThrough()
    }
    expect([200, 202]).toContain((await confirming).status)
    await eventually(async () => {
      expect(await account(order.orderId)).toMatchObject({
        ...paid,
        toss: { approvals: 1, heldKrw: order.amount, confirms: 1 },
      })
      expect(['APPLIED', 'NOOP']).toContain((await eventWith({ orderId: order.orderId }))?.outcome)
    })
  })

  it('that comes twice at once, and ten times again, has one effect', async () => {
    const { orderId, paymentKey } = await shop.paid(10_000)
    await shop.fault({ match: { operation: 'webhook', orderId }, fault: { kind: 'double' } })
    await shop.happen(paymentKey, 'cancel', { amount: 4_000 })
    await eventually(async () => {
      const [, doubled] = await webhooksOf(orderId)
      expect(doubled).toMatchObject({ status: 'PARTIAL_CANCELED', delivered: true, attempts: [{}, {}] })
      expect(await account(orderId)).toMatchObject({ refundsKrw: [4_000], toss: { heldKrw: 6_000 } })
    })

    const body = statusChanged({ orderId, paymentKey, status: 'PARTIAL_CANCELED' })
    const answers = await Promise.all(Array.from({ length: 10 }, () => shop.deliver(body)))
    // One that waited in vain for another of the ten is told to come again.
    expect([200, 503]).toEqual(expect.arrayContaining([...new Set(answers.map(({ status }) => status))]))
    expect(answers.map(({ status }) => status)).toContain(200)
    const bodyHash = createHash('sha256').update(body).digest('hex')
    await eventually(async () => expect(await eventWith({ _id: bodyHash })).toHaveProperty('outcome'))
    expect(await account(orderId)).toMatchObject({
      order: 'PAID',
      payment: 'PARTIAL_REFUND',
      refundsKrw: [4_000],
      toss: { approvals: 1, heldKrw: 6_000, cancelsKrw: [4_000] },
    })
  })

  it('that comes after a later one does not bring the past back', async () => {
    const order = await shop.withWindow()
    const { orderId, paymentKey } = order
    await shop.fault({ match: { operation: 'webhook', orderId }, fault: { kind: 'reorder' } })
    expect(await shop.confirm(order)).toMatchObject({ status: 200 })
    await shop.happen(paymentKey, 'cancel')
    await eventually(async () => {
      const webhooks = await webhooksOf(orderId)
      expect(webhooks.map(({ status, delivered }) => ({ status, delivered }))).toEqual(
        expect.arrayContaining([
          { status: 'CANCELED', delivered: true },
          { status: 'DONE', delivered: true },
        ]),
      )
      const events = await eventsOf({ orderId })
      expect(events).toHaveLength(2)
      for (const { outcome } of events) expect(['APPLIED', 'NOOP']).toContain(outcome)
    })
    expect(await account(orderId)).toMatchObject({ ...refunded, refundsKrw: [10_000], toss: { heldKrw: 0 } })
  })

  it('that is forged for an unpaid order has no effect, and the order can still be paid', async () => {
    const order = await shop.withWindow()
    const { orderId, paymentKey } = order
    const invented = { orderId, paymentKey: `tgen_${randomUUID()}`, status: 'DONE' }
    expect(await shop.deliver(statusChanged({ orderId, paymentKey, status: 'DONE' }))).toMatchObject({ status: 200 })
    expect(await shop.deliver(statusChanged(invented))).toMatchObject({ status: 200 })
    await eventually(async () => {
      const events = await eventsOf({ orderId })
      expect(events).toHaveLength(2)
      expect(events.map(({ outcome }) => outcome)).toEqual(['REJECTED', 'REJECTED'])
    })
    const untouched = { approvals: 0, heldKrw: 0, confirms: 0, cancels: 0 }
    expect(await account(orderId)).toMatchObject({ order: 'PENDING', payment: undefined, toss: untouched })

    expect(await shop.confirm(order)).toMatchObject({ status: 200, body: { status: 'PAID' } })
    expect(await account(orderId)).toMatchObject({ ...paid, toss: { approvals: 1, confirms: 1 } })
  })

  it('that is forged for an order that does not exist is parked, and Toss is not even asked', async () => {
    const claim = { orderId: `ORD-${randomUUID()}`, paymentKey: `tgen_${randomUUID()}`, status: 'DONE' }
    expect(await shop.deliver(statusChanged(claim))).toMatchObject({ status: 200 })
    await eventually(async () => expect(await eventWith(claim)).toMatchObject({ outcome: 'PARKED' }))
    expect(await shop.order(claim.orderId)).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } })
    const { calls } = (await shop.books()).body
    expect(
      calls.filter(({ orderId, paymentKey }) => orderId === claim.orderId || paymentKey === claim.paymentKey),
    ).toEqual([])
  })
})

describe('a webhook for a payment that we do not know', () => {
  it('has no effect while there is no money, and makes the order paid once there is', async () => {
    const order = await shop.withWindow()
    const { orderId, paymentKey } = order
    const claim = { orderId, paymentKey, status: 'IN_PROGRESS' }
    await shop.deliver(statusChanged(claim))
    await eventually(async () => expect(await eventWith(claim)).toMatchObject({ outcome: 'NOOP' }))
    expect(await account(orderId)).toMatchObject({ order: 'PENDING', payment: undefined, toss: { confirms: 0 } })

    await shop.confirmAtToss(order)
    await eventually(async () => expect(await account(orderId)).toMatchObject(paid))
    await eventually(async () =>
      expect(await eventWith({ orderId, status: 'DONE' })).toMatchObject({ outcome: 'APPLIED' }),
    )
    expect(await shop.confirm(order)).toMatchObject({ status: 200, body: { status: 'PAID' } })
    expect(await account(orderId)).toMatchObject({ toss: { approvals: 1, heldKrw: order.amount, confirms: 1 } })
  })

  it('gives back in full what was paid a second time', async () => {
    const order = await shop.paid(10_000)
    const { orderId, amount } = order
    const { paymentKey } = (await shop.openWindow({ orderId, amount })).body
    await shop.confirmAtToss({ orderId, amount, paymentKey })
    await eventually(async () =>
      expect(await account(orderId)).toMatchObject({
        ...paid,
        remainingKrw: amount,
        toss: { approvals: 2, heldKrw: amount, cancelsKrw: [amount], cancels: 1 },
      }),
    )
    const { payments } = (await shop.books(orderId)).body
    expect(payments.find((payment) => payment.paymentKey === order.paymentKey)).toMatchObject({ balanceAmount: amount })
  })

  it('that was taken while the payment service was away is applied when that is back', async () => {
    await system.kill('payment', 'SIGTERM')
    const order = await shop.withWindow()
    await shop.confirmAtToss(order)
    await eventually(async () => expect(await webhooksOf(order.orderId)).toMatchObject([{ delivered: true }]))
    expect(await shop.order(order.orderId)).toMatchObject({ status: 503 })
    await system.start('payment')
    await eventually(async () =>
      expect(await account(order.orderId)).toMatchObject({ ...paid, toss: { approvals: 1, heldKrw: order.amount } }),
    )
  })

  it('waits for an order that is not known yet, and is applied when it appears', async () => {
    const { orderId: knownId } = await shop.withWindow()
    const order = { orderId: `ORD-${randomUUID()}`, amount: 7_000, paymentKey: `tgen_${randomUUID()}` }
    await shop.openWindow(order)
    await shop.confirmAtToss(order)
    await eventually(async () =>
      expect(await eventWith({ orderId: order.orderId })).toMatchObject({ outcome: 'PARKED' }),
    )
    await restoreOrder(knownId, order)
    await eventually(async () => {
      expect(await account(order.orderId)).toMatchObject({ ...paid, toss: { approvals: 1, heldKrw: order.amount } })
      expect(await eventWith({ orderId: order.orderId })).toMatchObject({ outcome: 'APPLIED' })
    })
  })

  /** An order that comes out of a backup after Toss has rung for it: written with its event, as the order service writes it. */
  const restoreOrder = async (likeId: string, { orderId, amount }: ConfirmOrder) => {
    const orders = database.db(`${system.namespace}order`).collection<{ _id: string; expiresAt: Date }>('orders')
    const like = await orders.findOne({ _id: likeId })
    if (like === null) throw new Error(`there is no order ${likeId}`)
    const at = new Date()
    const data = {
      orderId,
      amountKrw: amount,
      currency: 'KRW' as const,
      lines: [],
      createdAt: at.toISOString(),
      expiresAt: like.expiresAt.toISOString(),
    }
    const id = `${orderId}:1`
    const event = cloudEvent('order.created', { id, service: 'order', subject: orderId, time: at, data })
    const outbox = [{ id, topic: 'order.created', key: orderId, at, event }]
    await orders.insertOne({ ...like, _id: orderId, amountKrw: amount, outbox } as never)
  }
})

describe("a cancel in Toss's console", () => {
  it('shows up as a refund, in part and in full', async () => {
    const { orderId, paymentKey } = await shop.paid(10_000)
    await shop.happen(paymentKey, 'cancel', { amount: 2_500, reason: '고객센터 요청' })
    await eventually(async () =>
      expect(await account(orderId)).toMatchObject({
        order: 'PAID',
        payment: 'PARTIAL_REFUND',
        remainingKrw: 7_500,
        refundsKrw: [2_500],
      }),
    )
    await shop.happen(paymentKey, 'cancel')
    await eventually(async () =>
      expect(await account(orderId)).toMatchObject({
        ...refunded,
        refundsKrw: [2_500, 7_500],
        toss: { heldKrw: 0, cancelsKrw: [2_500, 7_500], cancels: 0 },
      }),
    )
    expect((await shop.order(orderId)).body.payment?.refunds[0]?.reason).toBe('고객센터 요청')
  })

  it('while the answer to our own is lost leaves both in the books, each once', async () => {
    const { orderId, paymentKey } = await shop.paid(10_000)
    await shop.fault({ match: { operation: 'cancel', paymentKey }, fault: { kind: 'hang-after', ms: 1_000 } })
    const canceling = shop.cancel({ orderId, amount: 3_000 })
    const cancelsKrw = async () => (await account(orderId)).toss.cancelsKrw
    await eventually(async () => expect(await cancelsKrw()).toEqual([3_000]))
    await shop.happen(paymentKey, 'cancel', { amount: 2_000 })
    expect([200, 202]).toContain((await canceling).status)
    await eventually(async () =>
      expect(await account(orderId)).toMatchObject({
        order: 'PAID',
        payment: 'PARTIAL_REFUND',
        remainingKrw: 5_000,
        refundsKrw: [3_000, 2_000],
        toss: { heldKrw: 5_000, cancelsKrw: [3_000, 2_000] },
      }),
    )
  })
})

describe('an answer that never comes', () => {
  const loseWebhooks = (orderId: string) =>
    shop.fault({ match: { operation: 'webhook', orderId }, times: 100, fault: { kind: 'lose' } })

  it('after the approval is answered "not yet", and the payment heals by itself', async () => {
    const order = await shop.withWindow()
    const { orderId, paymentKey } = order
    await loseWebhooks(orderId)
    await shop.fault({ match: { operation: 'confirm', paymentKey }, fault: { kind: 'hang-after' } })
    const confirmed = await shop.confirm(order)
    expect(confirmed).toMatchObject({ status: 202, body: { orderId, amount: order.amount, status: 'CONFIRMING' } })
    expect(confirmed.headers).toMatchObject({ location: `/api/orders/${orderId}`, 'retry-after': expect.any(String) })
    expect(await account(orderId)).toMatchObject({ order: 'PENDING', payment: 'CONFIRMING', toss: { approvals: 1 } })
    expect(await shop.cancel({ orderId })).toMatchObject({ status: 409, body: { code: 'IN_PROGRESS' } })
    await eventually(async () =>
      expect(await account(orderId)).toMatchObject({ ...paid, toss: { approvals: 1, heldKrw: order.amount } }),
    )
    expect(await shop.confirm(order)).toMatchObject({ status: 200, body: { status: 'PAID' } })
  })

  it('because Toss fails after the approval is no decline, and is not charged again', async () => {
    const order = await shop.withWindow()
    const { orderId, paymentKey } = order
    await loseWebhooks(orderId)
    const code = 'FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING'
    await shop.fault({ match: { operation: 'confirm', paymentKey }, fault: { kind: 'error-after', status: 500, code } })
    expect([200, 202]).toContain((await shop.confirm(order)).status)
    await eventually(async () =>
      expect(await account(orderId)).toMatchObject({ ...paid, toss: { approvals: 1, heldKrw: order.amount } }),
    )
  })

  it('keeps nobody waiting who only looks around', async () => {
    const hanging: { orderId: string; amount: number; status: number }[] = []
    // A busy machine may be slow for a moment, so a later round is as good as the first.
    for (let isServed = false, rounds = 0; !isServed; rounds += 1) {
      const orders = await Promise.all(Array.from({ length: 20 }, () => shop.withWindow()))
      await shop.fault({ match: { operation: 'confirm' }, times: orders.length, fault: { kind: 'hang-before' } })
      let answered = 0
      const confirming = orders.map(async (order) => {
        const { status } = await shop.confirm(order)
        answered += 1
        return { orderId: order.orderId, amount: order.amount, status }
      })
      await eventually(async () => {
        const { body: faults } = await shop.faults()
        expect(faults.filter(({ fault }) => fault.kind === 'hang-before')).toEqual([])
      })
      for (let i = 0; i < 20; i += 1) expect(await shop.products()).toMatchObject({ status: 200 })
      isServed = answered === 0
      hanging.push(...(await Promise.all(confirming)))
      if (!isServed) expect(rounds).toBeLessThan(5)
    }
    expect(new Set(hanging.map(({ status }) => status))).toEqual(new Set([202]))
    await eventually(
      async () => {
        for (const { orderId, amount } of hanging)
          expect(await account(orderId)).toMatchObject({ ...paid, toss: { approvals: 1, heldKrw: amount } })
      },
      { timeoutMs: 120_000 },
    )
  })
})

describe('a virtual account', () => {
  it('is paid by the deposit, unpaid by its reversal, and paid by the next deposit', async () => {
    const order = await shop.withWindow(20_000, { method: 'VIRTUAL_ACCOUNT' })
    const { orderId, paymentKey, amount } = order
    expect(await shop.confirm(order)).toMatchObject({ status: 200, body: { status: 'WAITING_FOR_DEPOSIT' } })
    const { body } = await shop.order(orderId)
    expect(body.payment?.virtualAccount).toMatchObject({
      bankCode: '20',
      accountNumber: expect.stringMatching(/^X\d+$/),
    })

    const waiting = { order: 'PENDING', payment: 'WAITING_FOR_DEPOSIT', toss: { heldKrw: 0 } }
    const deposited = { ...paid, remainingKrw: amount, toss: { heldKrw: amount } }
    expect(await account(orderId)).toMatchObject(waiting)
    await shop.happen(paymentKey, 'deposit')
    await eventually(async () => expect(await account(orderId)).toMatchObject(deposited))
    await shop.happen(paymentKey, 'reverse')
    await eventually(async () => expect(await account(orderId)).toMatchObject(waiting))
    await shop.happen(paymentKey, 'deposit')
    await eventually(async () => expect(await account(orderId)).toMatchObject(deposited))
  })
})

describe('an order that expires', () => {
  const TTL_MS = 3_000

  beforeAll(async () => {
    await system.kill('order', 'SIGTERM')
    await system.start('order', { ORDER_TTL_MINUTES: String(TTL_MS / 60_000) })
    // The gateway finds its way back in its own time.
    await eventually(async () => expect(await shop.createOrder(1_000)).toMatchObject({ status: 200 }))
  })

  const expired = { order: 'FAILED', payment: undefined, toss: { approvals: 0, heldKrw: 0, confirms: 0 } }
  const refusal = { status: 409, body: { code: 'ORDER_EXPIRED' } }

  it('takes no confirm any more', async () => {
    const order = await shop.withWindow()
    await eventually(async () => expect(await account(order.orderId)).toMatchObject(expired))
    expect(await shop.confirm(order)).toMatchObject(refusal)
    expect(await account(order.orderId)).toMatchObject(expired)
  })

  it('in the middle of its confirm is left to the outcome', async () => {
    const order = await shop.withWindow()
    const { orderId, paymentKey, amount } = order
    await shop.fault({ match: { operation: 'confirm', paymentKey }, fault: { kind: 'delay', ms: TTL_MS + 1_000 } })
    const expiresAt = Date.parse((await shop.order(orderId)).body.expiresAt ?? '')
    const confirming = shop.confirm(order)
    await eventually(() => expect(Date.now()).toBeGreaterThan(expiresAt))
    expect(await account(orderId)).toMatchObject({ order: 'PENDING', payment: 'CONFIRMING' })
    expect([200, 202]).toContain((await confirming).status)
    await eventually(async () =>
      expect(await account(orderId)).toMatchObject({ ...paid, toss: { approvals: 1, heldKrw: amount, confirms: 1 } }),
    )
  })

  it('in the very moment of its confirm is either paid or expired, never both', async () => {
    const orders = await Promise.all(Array.from({ length: 12 }, () => shop.withWindow()))
    const race = orders.map(async (order, i) => {
      const { orderId, amount } = order
      const expiresAt = Date.parse((await shop.order(orderId)).body.expiresAt ?? '')
      // Some come a little before the deadline and some a little after it.
      await eventually(() => expect(Date.now()).toBeGreaterThanOrEqual(expiresAt - 60 + 10 * i), { intervalMs: 1 })
      const answer = await shop.confirm(order)
      await eventually(async () => {
        if (answer.status === 409) {
          expect(answer).toMatchObject(refusal)
          expect(await account(orderId)).toMatchObject(expired)
        } else {
          expect([200, 202]).toContain(answer.status)
          expect(await account(orderId)).toMatchObject({
            ...paid,
            toss: { approvals: 1, heldKrw: amount, confirms: 1 },
          })
        }
      })
    })
    await Promise.all(race)
  })
})

describe('at the end of all stories', () => {
  it("Toss's books equal ours", () => booksEqual(system))
})
