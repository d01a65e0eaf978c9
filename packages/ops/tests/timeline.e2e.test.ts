import { createHash } from 'node:crypto'
import { createLogger } from '@checkout/runtime/log'
import { connectMongo } from '@checkout/runtime/mongo'
import { createOperatorActions } from '@checkout/runtime/operator-actions'
import { eventually } from '@checkout/stack/testing/eventually'
import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type { Line, StateAsOf } from '../src/timeline.ts'
import { type OpsSystem, startOpsSystem } from './ops-system.ts'

jest.setTimeout(300_000)

type Timeline = { readonly orderId: string; readonly state: StateAsOf; readonly lines: readonly Line[] }

const AMOUNT = 10_000
const patience = { timeoutMs: 60_000 }
const canaries = {
  card: '4242 4242 4242 4242',
  phone: '010-1234-5678',
  email: 'buyer@example.com',
  secretKey: 'test_sk_canary0123456789',
}
/** A request id is chosen by the client, who may put anything into it. */
const phoneAsRequestId = '01012345678'

describe('the timeline of an order to which everything happened', () => {
  let on: OpsSystem
  let orderId: string
  let paidAt: string
  /** How the timeline names it. */
  let webhook: string
  let whole: Timeline
  const timeline = (...args: string[]) => on.opsJson<Timeline>(['timeline', orderId, ...args], { as: 'viewer-1' })

  const cancel = (body: object, requestId = 'cancel-by-hand') =>
    fetch(`${on.system.urls.gateway}/api/payments/cancel`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': requestId },
      body: JSON.stringify({ orderId, ...body }),
    })
  const refunded = (krw: number) =>
    eventually(async () => {
      const { body } = await on.shop.order(orderId)
      expect(body.payment?.refundedAmountKrw).toBe(krw)
    }, patience)

  const actAsOperator = async () => {
    const log = createLogger('timeline-test', 'silent')
    const { mongoUrl, namespace: own } = on.system
    const db = await connectMongo({ url: mongoUrl, namespace: own, database: 'payment', log })
    const actions = createOperatorActions(db.connection, db.clock)
    const id = await actions.begin({
      operator: { name: 'operator-1', role: 'operator' },
      method: 'SettlePayment',
      isAct: true,
      request: { orderId, reason: `the buyer called from ${canaries.phone}` },
      requestId: 'ops-1',
    })
    await actions.end(id, 'OK')
    await db.close()
  }

  beforeAll(async () => {
    on = await startOpsSystem({
      namespace: namespace(),
      env: {
        PAYMENT_ANSWER_WAIT_MS: '1000',
        PAYMENT_LEASE_MS: '1500',
        PAYMENT_LOOK_SPACING_MS: '20',
        PAYMENT_SWEEP_MS: '300',
      },
    })
    const { shop, system } = on
    const order = await shop.withWindow(AMOUNT)
    orderId = order.orderId
    const { paymentKey } = order

    // Toss takes the money, and its answer is lost.
    await shop.fault({ match: { operation: 'confirm', paymentKey }, fault: { kind: 'drop-after' } })
    await shop.confirm(order)
    await eventually(async () => expect((await shop.order(orderId)).body.status).toBe('PAID'), patience)
    // Order and Kafka follow before the clock is read.
    await eventually(async () => {
      const shown = await timeline()
      expect(shown.lines.filter(({ kind, status }) => kind === 'order' && status === 'PAID')).toHaveLength(1)
      expect(shown.lines.filter(({ kind, status }) => kind === 'event' && status === 'PAID')).not.toHaveLength(0)
      paidAt = shown.state.at
    }, patience)

    // The same webhook twice, beside those that Toss itself has sent.
    const body = {
      eventType: 'PAYMENT_STATUS_CHANGED',
      createdAt: '2026-01-01T00:00:00.000000',
      data: {
        orderId,
        paymentKey,
        status: 'DONE',
        card: { number: canaries.card },
        customerMobilePhone: canaries.phone,
      },
    }
    webhook = createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 12)
    for (const _ of [1, 2]) expect((await shop.deliver(body)).status).toBe(200)
    await eventually(async () => {
      expect((await timeline()).lines.filter(({ text }) => text.includes(`(${webhook}) is `))).toHaveLength(1)
    }, patience)

    await cancel({ amount: 1000, reason: `card ${canaries.card}, ${canaries.email}` }, phoneAsRequestId)
    await refunded(1000)
    // A person at Toss's console.
    await shop.happen(paymentKey, 'cancel', { amount: 2000, reason: `${canaries.phone} ${canaries.secretKey}` })
    await refunded(3000)

    // A worker dies in the middle of a call, and another goes on.
    await system.kill('toss-simulator', 'SIGSTOP')
    expect((await cancel({ amount: 3000, reason: '변심' })).status).toBe(202)
    await system.kill('payment')
    await system.kill('toss-simulator', 'SIGCONT')
    await system.start('payment')
    await refunded(6000)

    await actAsOperator()
    await eventually(async () => {
      whole = await timeline()
      const kinds = new Set(whole.lines.map(({ kind }) => kind))
      expect([...kinds].sort()).toEqual(
        ['event', 'job', 'lease', 'operator', 'order', 'request', 'state', 'toss', 'webhook'].sort(),
      )
      const { state } = whole
      expect(
        whole.lines.filter(({ kind, version }) => kind === 'event' && version === state.payment?.version),
      ).not.toHaveLength(0)
      expect(state.order?.paymentVersion).toBe(state.payment?.version)
    }, patience)
  })
  afterAll(() => on.stop(), 180_000)

  const texts = (kind: string) => whole.lines.filter((line) => line.kind === kind).map(({ text }) => text)
  const first = (kind: string, pattern: RegExp) =>
    whole.lines.findIndex((line) => line.kind === kind && pattern.test(line.text))

  it('has every kind of line, oldest first', () => {
    const times = whole.lines.map(({ at }) => Date.parse(at))
    expect(times.toSorted((a, b) => a - b)).toEqual(times)
    const story = [
      first('request', /^create order/),
      first('order', /^created/),
      first('state', /^confirm requested/),
      first('toss', /^POST confirm .* → no answer/),
      first('toss', /^GET .* → 200 DONE, 10000 KRW left/),
      first('state', /^look: Toss says DONE/),
      whole.lines.findIndex(({ kind, status }) => kind === 'order' && status === 'PAID'),
      first('request', /^cancel → /),
      first('toss', /^POST cancel .* → 200 PARTIAL_CANCELED, 9000 KRW left/),
      first('lease', /is dead/),
      first('operator', /^operator-1: SettlePayment/),
    ]
    expect(story).not.toContain(-1)
    expect(story.slice(2)).toEqual(story.slice(2).toSorted((a, b) => a - b))
    expect(texts('job').some((text) => text.includes('by the request'))).toBe(true)
    expect(texts('job').some((text) => text.includes('by the job'))).toBe(true)
  })

  it('has each version of the payment once, and its event with topic, partition and offset', () => {
    const versions = (kind: string) => [
      ...new Set(whole.lines.filter((line) => line.kind === kind).flatMap(({ version }) => version ?? [])),
    ]
    const states = versions('state')
    expect(states).toEqual(Array.from({ length: states.length }, (_, version) => version))
    expect(versions('event').toSorted((a, b) => a - b)).toEqual(states.slice(1))
    for (const { topic, partition, offset } of whole.lines.filter(({ kind }) => kind === 'event')) {
      expect(['order.created', 'payment.status-changed', 'toss.webhook-received']).toContain(topic)
      expect([typeof partition, typeof offset]).toEqual(['number', 'string'])
    }
  })

  it('shows a webhook that came twice once, with what became of it', () => {
    expect(texts('webhook').filter((text) => text.includes(webhook))).toEqual([
      `PAYMENT_STATUS_CHANGED DONE (${webhook}) came`,
      expect.stringMatching(/is NOOP: .*, Toss said DONE$/),
    ])
  })

  it('names the request that asked for a change', () => {
    const requested = whole.lines.filter(({ text }) => text.startsWith('cancel requested'))
    expect(requested.map(({ requestId }) => requestId)).toContain('cancel-by-hand')
  })

  it('holds no card, phone, mail, key or account, in JSON and for people', async () => {
    const { code, stdout, stderr } = await on.ops(['timeline', orderId])
    expect(code).toBe(0)
    expect(stderr).toContain('PARTIAL_REFUND')
    expect(stdout.split('\n')[0]).toMatch(/^TIME +KIND +VERSION +STATUS +WHAT$/)
    for (const output of [JSON.stringify(whole), stdout + stderr]) {
      for (const canary of [...Object.values(canaries), phoneAsRequestId, '4242424242424242'])
        expect(output).not.toContain(canary)
    }
  })

  it('--at shows only what had happened, and how the order stood', async () => {
    expect(whole.state).toMatchObject({ payment: { status: 'PARTIAL_REFUND', refundedKrw: 6000 } })
    const then = await timeline('--at', paidAt)
    expect(then.state).toMatchObject({ order: { status: 'PAID' }, payment: { status: 'PAID', refundedKrw: 0 } })
    expect(then.lines).toEqual(whole.lines.filter(({ at }) => at <= paidAt))
    const before = await timeline('--at', '2020-01-01T00:00:00Z')
    expect([before.lines, before.state.order, before.state.payment]).toEqual([[], undefined, undefined])
  })

  it('says what it cannot do: no such order, no time, nobody', async () => {
    expect((await on.ops(['timeline', 'ORD-UNKNOWN'])).code).toBe(2)
    expect((await on.ops(['timeline', orderId, '--at', 'yesterday'])).code).toBe(2)
    expect((await on.ops(['timeline', orderId], { env: { OPERATOR_TOKEN: 'nobody' } })).code).toBe(3)
  })
})
