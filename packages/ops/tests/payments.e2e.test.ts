import { createHash, randomUUID } from 'node:crypto'
import { eventually } from '@checkout/stack/testing/eventually'
import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { type OpsSystem, startOpsSystem } from './ops-system.ts'

jest.setTimeout(600_000)

type Summary = { orderId: string; status: string; resolutions: string[]; attention?: { reason: string } }
type Stored = { orderId: string; status: string; needsAttention: object; history: { cause: string }[] }
type Webhook = { bodyHash: string; orderId: string; outcome?: string; reason?: string }

const patience = { timeoutMs: 120_000 }

describe('payments and webhooks that wait for an operator', () => {
  let on: OpsSystem
  beforeAll(async () => {
    on = await startOpsSystem({
      namespace: namespace(),
      env: {
        // Toss's own webhooks are lost; the tests deliver theirs.
        TOSS_SIMULATOR_WEBHOOK_URLS: 'http://127.0.0.1:9/lost',
        PAYMENT_ATTENTION_MS: '1',
        PAYMENT_CONFIRM_SESSION_MS: '1',
        PAYMENT_ANSWER_WAIT_MS: '200',
        PAYMENT_LOOK_SPACING_MS: '20',
        PAYMENT_TOSS_BREAKER_RESET_MS: '100',
        PAYMENT_WEBHOOK_LADDER_MS: '20,40',
      },
    })
  })
  afterAll(() => on.stop())

  const payments = () => on.collection<Stored>('payment', 'payments')
  const find = async (orderId: string): Promise<Partial<Stored>> => (await payments().findOne({ orderId })) ?? {}
  const actions = (orderId: string) =>
    on.collection('payment', 'operatorActions').find({ orderId }).sort({ at: 1 }).toArray()
  const listed = async (...filter: string[]) =>
    (await on.opsJson<Summary[]>(['payments', 'list', '--limit', '1000', ...filter])).map(({ orderId }) => orderId)
  const resolve = (orderId: string, as: string, who?: 'operator-2' | 'viewer-1') =>
    on.ops(
      ['payments', 'resolve', orderId, '--as', as, '--reason', 'ticket 4711'],
      who === undefined ? {} : { as: who },
    )
  /** A confirm whose outcome nobody learns: Toss fails without doing it, and no look is answered. */
  const undecided = async () => {
    const asked = await on.shop.withWindow()
    const error = { kind: 'error-before', status: 500, code: 'UNKNOWN_ERROR' } as const
    for (const operation of ['confirm', 'get', 'getByOrder'] as const)
      await on.shop.fault({ match: { operation, orderId: asked.orderId }, times: 10_000, fault: error })
    await on.shop.fault({ match: { paymentKey: asked.paymentKey }, times: 10_000, fault: error })
    await on.shop.confirm(asked)
    await eventually(async () => expect(await find(asked.orderId)).toMatchObject({ needsAttention: {} }), patience)
    return asked
  }

  it('settle asks Toss about an order at once, and takes in what nobody had told us', async () => {
    const { orderId, paymentKey } = await on.shop.paid()
    await on.shop.happen(paymentKey, 'cancel', { amount: 4_000, reason: 'by hand' })
    expect(await find(orderId)).toMatchObject({ status: 'PAID' })
    const { code, stdout } = await on.ops(['payments', 'settle', orderId])
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/status +PARTIAL_REFUND/) })
    expect(stdout).toContain('look: Toss says PARTIAL_CANCELED')
    const again = await on.ops(['payments', 'settle', orderId])
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing changed') })
  })

  it('settle of an order that nobody knows is exit code 2', async () => {
    expect(await on.ops(['payments', 'settle', 'ORD-00000000000000000000000000'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('ORDER_NOT_FOUND'),
    })
  })

  it('says of a stuck confirm that it was not paid only when two different operators agree, and Toss may still know better', async () => {
    const asked = await undecided()
    const { orderId } = asked
    await eventually(async () => expect(await listed('--stuck')).toContain(orderId), patience)
    expect(await listed('--attention')).toContain(orderId)
    expect(await listed('--status', 'CONFIRMING')).toEqual([orderId])
    expect(await listed('--status', 'CONFIRMING', '--older-than', '1h')).toEqual([])
    expect((await on.ops(['payments', 'list', '--attention'])).code).toBe(1)
    const wrong = await resolve(orderId, 'paid-back')
    expect(wrong).toMatchObject({ code: 5, stderr: expect.stringContaining('no money that has to be paid back') })

    expect(await resolve(orderId, 'not-paid', 'viewer-1')).toMatchObject({ code: 3 })
    expect(await resolve(orderId, 'not-paid')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('another operator'),
    })
    const twice = await resolve(orderId, 'not-paid')
    expect(twice).toMatchObject({ code: 1, stderr: expect.stringContaining('somebody else has to agree') })
    expect(await find(orderId)).toMatchObject({ status: 'CONFIRMING' })
    const shown = await on.ops(['payments', 'list', '--attention'])
    expect(shown.stdout).toContain('operator-1 proposed not-paid (ticket 4711)')

    expect(await resolve(orderId, 'not-paid', 'operator-2')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('operator-1 and operator-2'),
    })
    const payment = await find(orderId)
    expect(payment).toMatchObject({ status: 'FAILED', failure: { code: 'NOT_PAID' } })
    expect(payment).not.toHaveProperty('needsAttention')
    expect(payment.history?.at(-1)?.cause).toBe(
      'resolved as not-paid by operator-1 and operator-2: ticket 4711 / ticket 4711',
    )
    expect(await actions(orderId)).toEqual([
      expect.objectContaining({ operator: 'operator-1', outcome: 'INVALID_PAYMENT_STATUS' }),
      expect.objectContaining({ operator: 'viewer-1', outcome: 'FORBIDDEN', reason: 'ticket 4711' }),
      expect.objectContaining({ operator: 'operator-1', outcome: 'OK', kind: 'act', method: 'ResolvePayment' }),
      expect.objectContaining({ operator: 'operator-1', outcome: 'OK' }),
      expect.objectContaining({ operator: 'operator-2', outcome: 'OK' }),
    ])
    await eventually(async () => expect((await on.shop.order(orderId)).body.status).toBe('FAILED'), patience)

    await on.shop.clearFaults()
    await on.shop.confirmAtToss(asked)
    await eventually(async () => {
      expect((await on.ops(['payments', 'settle', orderId])).stdout).toMatch(/status +PAID/)
    }, patience)
  })

  it('does not take a proposal for agreed once it has expired', async () => {
    const { orderId } = await undecided()
    await on.system.kill('payment')
    await on.system.start('payment', { RESOLUTION_PROPOSAL_MS: '1' })
    expect(await resolve(orderId, 'not-paid')).toMatchObject({ code: 1 })
    // Not for the reason that the payment has changed, which would be said.
    const second = await resolve(orderId, 'not-paid', 'operator-2')
    expect(second).toMatchObject({ code: 1, stderr: expect.not.stringContaining('had proposed it') })
    expect(await find(orderId)).toMatchObject({ status: 'CONFIRMING' })
    await on.shop.clearFaults()
  })

  it('lets one operator clear a flag that stops nothing, and keeps the payment as it is', async () => {
    const { orderId } = await on.shop.paid()
    const needsAttention = {
      reason: 'Toss says ABORTED for the paymentKey that paid',
      at: new Date(),
      stopsPosts: false,
    }
    await payments().updateOne({ orderId }, { $set: { needsAttention } })
    const [flagged] = (await on.opsJson<Summary[]>(['payments', 'list', '--attention'])).filter(
      (row) => row.orderId === orderId,
    )
    expect(flagged?.resolutions).toEqual(['clear', 'not-paid'])
    expect(await resolve(orderId, 'clear')).toMatchObject({ code: 0, stdout: expect.stringContaining('operator-1') })
    expect(await find(orderId)).toMatchObject({ status: 'PAID', refundedKrw: 0 })
    expect(await find(orderId)).not.toHaveProperty('needsAttention')
  })

  it('lists page by page, and says that there is more', async () => {
    for (let count = 0; count < 3; count += 1) await on.shop.paid()
    const { stderr } = await on.ops(['payments', 'list', '--limit', '2'])
    expect(stderr).toContain('there are more')
    const all = await listed()
    expect(new Set(all).size).toBe(await payments().countDocuments())
    expect(await on.ops(['payments', 'list', '--status', 'PAYED'])).toMatchObject({ code: 2 })
  })

  it('shows a parked webhook and rings for it again', async () => {
    const order = `ORD-${randomUUID()}`
    const body = JSON.stringify({
      eventType: 'PAYMENT_STATUS_CHANGED',
      createdAt: '2026-01-02T14:46:59.653',
      data: { paymentKey: `pk-${randomUUID()}`, orderId: order, status: 'DONE' },
    })
    await on.shop.deliver(body)
    const hash = await eventually(async () => {
      const parked = await on.opsJson<Webhook[]>(['webhooks', 'list', '--parked'])
      const found = parked.find(({ orderId }) => orderId === order)
      expect(found).toMatchObject({ outcome: 'PARKED', reason: 'no order of ours' })
      return found?.bodyHash ?? ''
    }, patience)
    expect(hash).toBe(createHash('sha256').update(body).digest('hex'))
    expect(await on.ops(['webhooks', 'show', hash.slice(0, 8)])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`order +${order}`)),
    })
    expect(await on.opsJson<Webhook>(['webhooks', 'retry', hash])).toMatchObject({ outcome: 'PARKED' })
    expect((await on.ops(['webhooks', 'list', '--parked'])).code).toBe(1)
    expect((await on.ops(['webhooks', 'retry', hash], { as: 'viewer-1' })).code).toBe(3)
    expect((await on.ops(['webhooks', 'show', 'ffffffffffff'])).code).toBe(2)
  })

  it('retries a rejected webhook, which then tells the truth', async () => {
    const asked = await on.shop.withWindow()
    const { paymentKey, orderId } = asked
    await on.shop.deliver({
      eventType: 'PAYMENT_STATUS_CHANGED',
      createdAt: '2026-01-02T14:46:59.653',
      data: { paymentKey, orderId, status: 'DONE' },
    })
    const hash = await eventually(async () => {
      const rejected = await on.opsJson<Webhook[]>(['webhooks', 'list', '--rejected'])
      const found = rejected.find((row) => row.orderId === orderId)
      expect(found).toMatchObject({ outcome: 'REJECTED' })
      return found?.bodyHash ?? ''
    }, patience)
    expect((await find(orderId)).status).toBe('PENDING')
    await on.shop.confirmAtToss(asked)
    expect((await on.ops(['webhooks', 'retry', hash.slice(0, 12)])).code).toBe(0)
    await eventually(async () => {
      expect(await on.opsJson<Webhook>(['webhooks', 'show', hash])).toMatchObject({ outcome: 'APPLIED' })
    }, patience)
    expect((await find(orderId)).status).toBe('PAID')
  })
})
