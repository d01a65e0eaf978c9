import { randomUUID } from 'node:crypto'
import { isObject, numberOf, textOf } from './http.ts'
import { StepFailed } from './narrator.ts'
import type { Stage } from './stage.ts'

const partKrw = 4_000

/** The long life of one order: bought, paid, told by a webhook, refunded in two goes. */
export async function buyAndRefund(stage: Stage): Promise<void> {
  const { narrator } = stage
  let orderId = ''
  let amountKrw = 0
  const steps: readonly (readonly [string, () => Promise<void>])[] = [
    [
      'Buy: a customer orders two boxes of green tea',
      async () => {
        const order = await buy(stage)
        orderId = order.orderId
        amountKrw = order.amountKrw
      },
    ],
    ['Pay: Toss is asked once, the order follows by an event', () => pay(stage, orderId, amountKrw)],
    ['Webhook: Toss rings, and nothing changes', () => hearWebhook(stage, orderId)],
    ['Refund a part: the same request twice is one refund', () => refundPart(stage, orderId, amountKrw)],
    ['Refund the rest', () => refundRest(stage, orderId, amountKrw)],
  ]
  let isWhole = true
  for (const [title, play] of steps) {
    if (isWhole) isWhole = await narrator.step(title, play)
    else narrator.skip(title)
  }
}

async function buy({ http, expect, expectAnswer, eventsOf, soon, tell }: Stage) {
  const answer = await http('POST', '/api/order-commands', {
    body: { userId: 1, items: [{ productId: 1, quantity: 2 }] },
    idempotencyKey: randomUUID(),
  })
  expectAnswer(answer, 200, { currency: 'KRW' })
  const orderId = textOf(answer.body, 'orderId')
  const amountKrw = numberOf(answer.body, 'totalAmountKrw')
  const created = await soon(() => {
    const event = eventsOf(orderId, 'order.created')[0]
    if (event === undefined) throw new StepFailed('order.created is not in Kafka')
    return event
  })
  await tell(orderId)
  expect(
    created.data.amountKrw === amountKrw,
    `order.created carries the price of today, ${amountKrw} KRW`,
    created.data,
  )
  return { orderId, amountKrw }
}

async function pay(stage: Stage, orderId: string, amountKrw: number): Promise<void> {
  const { http, books, narrator, expect, expectAnswer, paymentEvent, soon, tell } = stage
  const paymentKey = await books.openWindow({ orderId, amount: amountKrw })
  narrator.happened('Buyer', `authenticates in the payment window: paymentKey ${paymentKey}`)
  const body = { paymentKey, orderId, amount: amountKrw }
  expectAnswer(await http('POST', '/api/payments/confirm', { body }), 200, { status: 'PAID', amount: amountKrw })
  await paymentEvent(orderId, 'PAID')
  const { payments, calls } = await tell(orderId)
  const confirms = calls.filter(({ operation }) => operation === 'confirm')
  expect(payments[0]?.approvals === 1 && confirms.length === 1, 'Toss was asked once and took the money once', {
    payments,
    confirms,
  })
  // The list asks the order service alone: what it shows has come to it by Kafka.
  await soon(async () => {
    const { body: mine } = await http('GET', '/api/orders/me?userId=1', { isQuiet: true })
    const rows: unknown = mine.list
    const row = Array.isArray(rows) ? rows.filter(isObject).find((order) => order.orderId === orderId) : undefined
    if (row?.status !== 'PAID') throw new StepFailed(`the order service says ${String(row?.status)}, not PAID`)
  })
  expect(true, 'the order service has consumed the event: /api/orders/me shows PAID')
}

async function hearWebhook(stage: Stage, orderId: string): Promise<void> {
  const { http, books, narrator, expect, eventsOf, soon, tell, webhookRows } = stage
  const read = () => http('GET', `/api/orders/${orderId}?userId=1`, { isQuiet: true })
  const before = await read()
  const versions = () => eventsOf(orderId, 'payment.status-changed').length
  const versionsBefore = versions()
  const webhook = await soon(async () => {
    const delivered = (await books.of(orderId)).webhooks.find(({ status }) => status === 'DONE')
    if (delivered?.delivered !== true) throw new StepFailed('Toss has not delivered its webhook')
    return delivered
  })
  const answered = webhook.attempts.map(({ status }) => status).join(', ')
  narrator.happened('HTTP', `Toss: POST ${new URL(webhook.url).pathname} ${webhook.eventType} DONE → ${answered}`)
  // Written when Toss has been asked, which is all that a webhook is good for.
  const row = await soon(async () => {
    const closed = (await webhookRows.of(orderId)).find(({ outcome }) => outcome !== undefined)
    if (closed === undefined) throw new StepFailed('the webhook has no outcome yet')
    return closed
  })
  const { calls } = await tell(orderId)
  narrator.happened('MongoDB', `payment.webhookEvents: ${row.outcome} (${row.reason})`)
  expect(
    calls.some(({ operation, status }) => operation === 'get' && status === 200),
    'the body was not believed: Toss was asked instead',
    calls,
  )
  expect(row.outcome === 'NOOP', 'it told nothing that was not known', row)
  const after = await read()
  expect(
    versions() === versionsBefore && JSON.stringify(after.body) === JSON.stringify(before.body),
    'no new version, no new event, the same order as before',
    after.body,
  )
}

async function refundPart(stage: Stage, orderId: string, amountKrw: number): Promise<void> {
  const { http, expect, expectAnswer, paymentEvent, tell } = stage
  const request = { body: { orderId, amount: partKrw, reason: '단순 변심' }, idempotencyKey: randomUUID() }
  const first = await http('POST', '/api/payments/cancel', request)
  expectAnswer(first, 200, { status: 'PARTIAL_REFUND', canceledAmount: partKrw })
  const again = await http('POST', '/api/payments/cancel', request)
  expectAnswer(again, 200, { status: 'PARTIAL_REFUND', refundId: first.body.refundId })
  await paymentEvent(orderId, 'PARTIAL_REFUND')
  const { payments, calls } = await tell(orderId)
  const cancels = calls.filter(({ operation }) => operation === 'cancel')
  expect(
    again.headers.get('idempotent-replayed') === 'true' && cancels.length === 1,
    'the repetition was answered from the document, Toss was asked once',
    cancels,
  )
  const left = amountKrw - partKrw
  expect(payments[0]?.balanceAmount === left, `Toss holds ${left} KRW of ${amountKrw}`, payments)
}

async function refundRest(stage: Stage, orderId: string, amountKrw: number): Promise<void> {
  const { http, expect, expectAnswer, paymentEvent, tell } = stage
  const canceled = await http('POST', '/api/payments/cancel', { body: { orderId, reason: '나머지 환불' } })
  expectAnswer(canceled, 200, { status: 'REFUNDED', canceledAmount: amountKrw - partKrw })
  const { data } = await paymentEvent(orderId, 'REFUNDED')
  const { payments } = await tell(orderId)
  expectAnswer(await http('GET', `/api/orders/${orderId}?userId=1`), 200, { status: 'CANCELED' })
  expect(
    data.refundedKrw === amountKrw && payments[0]?.balanceAmount === 0,
    'nothing is left, here and at Toss',
    payments,
  )
}
