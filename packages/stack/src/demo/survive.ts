import { isObject, textOf } from './http.ts'
import { StepFailed } from './narrator.ts'
import type { Stage } from './stage.ts'

const amountKrw = 15_000
/** Longer than a client is made to wait (10 s), short enough to watch. */
const hangMs = 15_000
/** The hang, then the first look at Toss; a limit that is reached means that the payment does not heal. */
const healingMs = 90_000

/** What goes wrong in real life: a card that is declined, and a Toss that takes the money and says nothing. */
export async function survive(stage: Stage): Promise<void> {
  const { narrator } = stage
  let orderId = ''
  const isDeclined = await narrator.step('Decline: the first card is refused', async () => {
    orderId = await orderAmount(stage)
    await decline(stage, orderId)
  })
  const another = 'Another card: the same order is paid after all'
  if (isDeclined) await narrator.step(another, () => payWithAnother(stage, orderId))
  else narrator.skip(another)
  await narrator.step('Outage: Toss approves, then hangs; the payment heals itself', () => heal(stage))
}

async function orderAmount({ http, expectAnswer }: Stage): Promise<string> {
  const answer = await http('POST', '/api/orders', { body: { amount: amountKrw } })
  expectAnswer(answer, 200, { amount: amountKrw })
  return textOf(answer.body, 'orderId')
}

async function decline(stage: Stage, orderId: string): Promise<void> {
  const { http, books, narrator, expect, expectAnswer, paymentEvent, tell } = stage
  const declineCode = 'REJECT_CARD_PAYMENT'
  const paymentKey = await books.openWindow({ orderId, amount: amountKrw, declineCode })
  narrator.happened('Buyer', 'pays with a card that has reached its limit')
  const answer = await http('POST', '/api/payments/confirm', { body: { paymentKey, orderId, amount: amountKrw } })
  expectAnswer(answer, 403, { code: 'TOSS_API_ERROR', tossCode: declineCode })
  const { data } = await paymentEvent(orderId, 'FAILED')
  await tell(orderId)
  expect(data.failure?.code === declineCode, "the payment is FAILED with Toss's reason", data)
}

async function payWithAnother(stage: Stage, orderId: string): Promise<void> {
  const { http, books, narrator, expect, expectAnswer, paymentEvent, tell } = stage
  const paymentKey = await books.openWindow({ orderId, amount: amountKrw })
  narrator.happened('Buyer', 'opens the payment window again and takes another card')
  const body = { paymentKey, orderId, amount: amountKrw }
  expectAnswer(await http('POST', '/api/payments/confirm', { body }), 200, { status: 'PAID' })
  await paymentEvent(orderId, 'PAID')
  const { payments } = await tell(orderId)
  const approvals = payments.reduce((sum, payment) => sum + payment.approvals, 0)
  expect(approvals === 1, 'one approval for this order in the books of Toss', payments)
}

async function heal(stage: Stage): Promise<void> {
  const { http, books, narrator, expect, expectAnswer, paymentEvent, soon, tell } = stage
  const orderId = await orderAmount(stage)
  const paymentKey = await books.openWindow({ orderId, amount: amountKrw })
  await books.break({ match: { operation: 'confirm', paymentKey }, fault: { kind: 'hang-after', ms: hangMs } })
  narrator.note(`Toss will take the money, stay silent for ${hangMs / 1000} s and cut the connection.`)
  const startedAt = performance.now()
  const answer = await http('POST', '/api/payments/confirm', { body: { paymentKey, orderId, amount: amountKrw } })
  expectAnswer(answer, 202, { status: 'CONFIRMING' })
  const location = answer.headers.get('location') ?? ''
  expect(
    location === `/api/orders/${orderId}` && answer.headers.has('retry-after'),
    'the client is told neither paid nor failed, but where to look, and when',
    { location },
  )
  narrator.note('Nobody repeats the request now. Toss still has not answered …')
  const decided = await soon(async () => {
    const { body } = await http('GET', location, { isQuiet: true })
    const status = isObject(body.payment) ? body.payment.status : undefined
    if (status === undefined || status === 'CONFIRMING') throw new StepFailed(`the payment is still ${String(status)}`)
    return status
  }, healingMs)
  narrator.note(
    `… and ${((performance.now() - startedAt) / 1000).toFixed(1)} s after the request the payment is settled.`,
  )
  await http('GET', location)
  expect(decided === 'PAID', 'the payment is PAID without any help', decided)
  await paymentEvent(orderId, 'PAID')
  const { payments } = await tell(orderId)
  expect(payments.length === 1 && payments[0]?.approvals === 1, 'the money was taken once', payments)
}
