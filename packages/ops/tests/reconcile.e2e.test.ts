import { eventually } from '@checkout/stack/testing/eventually'
import { namespace } from '@checkout/stack/testing/namespace'
import type { ConfirmOrder } from '@checkout/stack/testing/shop-bodies'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { type OpsSystem, startOpsSystem } from './ops-system.ts'

jest.setTimeout(300_000)

type Report = {
  readonly id: string
  readonly status: string
  readonly rows: number
  readonly counts: readonly { readonly class: string; readonly healed: number; readonly open: number }[]
  readonly differences: readonly { readonly class: string; readonly paymentKey: string; readonly detail: string }[]
}
type Fields = { readonly _id: string; readonly orderId: string; readonly status: string }

const DAY_MS = 24 * 3_600_000
const MINUTE_MS = 60_000
const patience = { timeoutMs: 120_000 }

describe('reconcile', () => {
  let on: OpsSystem
  beforeAll(async () => {
    on = await startOpsSystem({
      namespace: namespace(),
      env: {
        PAYMENT_LOOK_SPACING_MS: '200',
        PAYMENT_SWEEP_MS: '500',
        PAYMENT_LEASE_MS: '3000',
        // Here every row may be judged at once; what is young otherwise waits for its answer or webhook.
        PAYMENT_RECONCILE_FRESH_MS: '0',
        PAYMENT_RECONCILE_PAGE_ROWS: '2',
        PAYMENT_TOSS_BREAKER_FAILURES: '1000',
      },
    })
  })
  afterAll(() => on.stop())

  const payments = () => on.collection<Fields>('payment', 'payments')
  const loseWebhooks = (orderId: string) =>
    on.shop.fault({ match: { operation: 'webhook', orderId }, times: 100, fault: { kind: 'lose' } })
  /** A paid order of which no webhook comes, not even the one about its payment, which would have Toss asked. */
  const paidUnheard = async (): Promise<ConfirmOrder> => {
    const order = await on.shop.withWindow()
    await loseWebhooks(order.orderId)
    expect((await on.shop.confirm(order)).body.status).toBe('PAID')
    return order
  }
  /** The whole time of this test by Toss's clock, which is moved on here. */
  const window = async (): Promise<readonly string[]> => {
    const { now } = (await on.shop.books('none')).body
    return [
      '--from',
      new Date(Date.now() - DAY_MS).toISOString(),
      '--to',
      new Date(Date.parse(now) + MINUTE_MS).toISOString(),
    ]
  }
  const reconcile = async (
    ...args: string[]
  ): Promise<{ code: number; report: Report; openOf: (key: string) => string | undefined }> => {
    const { code, stdout, stderr } = await on.ops(['reconcile', ...(await window()), ...args, '--json'])
    if (stdout === '') throw new Error(`reconcile ended with ${code}: ${stderr}`)
    const report = JSON.parse(stdout) as Report
    return { code, report, openOf: (key) => report.differences.find(({ paymentKey }) => paymentKey === key)?.class }
  }
  const healedIn = (report: Report, name: string) => report.counts.find((count) => count.class === name)?.healed ?? 0
  const shown = async (orderId: string) => (await on.shop.order(orderId)).body
  const healsTold = async (): Promise<number> => {
    const text = await (await fetch(`${on.system.urls.health.payment}/metrics`)).text()
    const values = text.match(/^payment_reconciliation_heals_total\{.*\} (\d+)$/gm) ?? []
    return values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
  }
  const waiting = async (amount = 10_000): Promise<ConfirmOrder> => {
    const order = await on.shop.withWindow(amount, { method: 'VIRTUAL_ACCOUNT' })
    expect((await on.shop.confirm(order)).body.status).toBe('WAITING_FOR_DEPOSIT')
    return order
  }

  it('compares by itself every night', async () => {
    const order = await paidUnheard()
    await on.shop.happen(order.paymentKey, 'cancel')
    await on.system.kill('payment')
    // Midnight in Seoul is past at any time of the day, so tonight's comparison is due at once.
    await on.system.start('payment', { RECONCILE_AT: '00:00' })
    await eventually(async () => expect((await shown(order.orderId)).status).toBe('CANCELED'), patience)
    await eventually(async () => {
      const nights = await on.collection('payment', 'reconciliations').find({ kind: 'NIGHTLY' }).toArray()
      const done = { status: 'DONE', isApplied: true, open: {}, healed: { refund: 1 } }
      expect(nights).toContainEqual(expect.objectContaining(done))
    }, patience)
  })

  it('finds a deposit all eight deliveries of whose webhook were lost', async () => {
    // Before anything can ring: also the webhook about the account would have Toss asked.
    await on.system.kill('webhook-gateway')
    const order = await waiting()
    await on.shop.happen(order.paymentKey, 'deposit')
    const deliveries = async () => {
      const { webhooks } = (await on.shop.books(order.orderId)).body
      expect(webhooks.map(({ status }) => status)).toContain('DONE')
      return webhooks
    }
    // Toss tries again after these minutes, then gives up.
    for (const [tries, minutes] of [1, 4, 16, 64, 256, 1024, 4096].entries()) {
      await eventually(async () => {
        for (const { attempts } of await deliveries()) expect(attempts).toHaveLength(tries + 1)
      }, patience)
      await on.shop.advanceClock(minutes * MINUTE_MS)
    }
    await eventually(async () => {
      for (const { state, attempts } of await deliveries()) expect([state, attempts.length]).toEqual(['GIVEN_UP', 8])
    }, patience)
    await on.system.start('webhook-gateway')
    expect((await shown(order.orderId)).status).toBe('PENDING')

    const dry = await reconcile()
    expect([dry.code, dry.openOf(order.paymentKey)]).toEqual([1, 'state'])
    expect((await shown(order.orderId)).status).toBe('PENDING')

    const before = await healsTold()
    const { code, report } = await reconcile('--apply', '--reason', 'the webhook-gateway was down')
    expect([code, healedIn(report, 'state')]).toEqual([0, 1])
    expect(await shown(order.orderId)).toMatchObject({ status: 'PAID' })
    expect(await healsTold()).toBe(before + 1)
  })

  it("finds a refund made in Toss's console, money under a key that nobody here knows, and an order that paid twice", async () => {
    const refunded = await paidUnheard()
    await on.shop.happen(refunded.paymentKey, 'cancel', { amount: 3_000 })
    const order = await on.shop.withWindow()
    await loseWebhooks(order.orderId)
    await confirmAtToss(order)
    const twice = await paidUnheard()
    const second = (await on.shop.openWindow({ orderId: twice.orderId, amount: twice.amount })).body
    await confirmAtToss({ ...twice, paymentKey: second.paymentKey })

    const dry = await reconcile()
    const found = [refunded, order, second].map(({ paymentKey }) => dry.openOf(paymentKey))
    expect([dry.code, ...found]).toEqual([1, 'refund', 'missing-here', 'duplicate'])
    const { code, report } = await reconcile('--apply')
    const healed = (['refund', 'missing-here', 'duplicate'] as const).map((name) => healedIn(report, name))
    expect([code, ...healed]).toEqual([0, 1, 1, 1])
    const heldFor = async (key: string) =>
      (await on.shop.books(twice.orderId)).body.payments.find(({ paymentKey }) => paymentKey === key)?.balanceAmount
    expect([await heldFor(twice.paymentKey), await heldFor(second.paymentKey)]).toEqual([twice.amount, 0])
    expect(await shown(refunded.orderId)).toMatchObject({
      status: 'PAID',
      payment: { status: 'PARTIAL_REFUND', refundedAmountKrw: 3_000 },
    })
    expect(await shown(order.orderId)).toMatchObject({ status: 'PAID', payment: { status: 'PAID' } })
    expect((await reconcile()).report.counts).toEqual([])
  })

  it('tells what nobody but a person can put right, until it is put right', async () => {
    // As a restored database or the keys of another Toss would have it.
    const invented = { orderId: (await on.shop.createOrder(10_000)).body.orderId ?? '', paymentKey: 'pk-nowhere' }
    await eventually(async () => expect(await payments().findOne({ orderId: invented.orderId })).not.toBeNull())
    const attempt = {
      id: 'att-nowhere',
      keyNo: 1,
      paymentKey: 'pk-nowhere',
      startedAt: new Date(),
      looks: 0,
      outcome: 'ACCEPTED',
    }
    await payments().updateOne(
      { orderId: invented.orderId },
      { $set: { status: 'PAID', paymentKey: 'pk-nowhere', approvedAt: new Date(), attempts: [attempt] } as never },
    )
    const foreign = (await on.shop.openWindow({ orderId: 'ORDER-OF-ANOTHER-SHOP', amount: 5_000 })).body
    await confirmAtToss(foreign)
    const { code, openOf } = await reconcile('--apply')
    expect([code, openOf('pk-nowhere'), openOf(foreign.paymentKey)]).toEqual([1, 'missing-there', 'missing-here'])

    const readable = await on.ops(['reconcile', '--last'])
    expect(readable.code).toBe(1)
    expect(readable.stdout).toMatch(/missing-there +ORD-\w+ +pk-nowhere +it is PAID here and Toss does not know it/)

    await payments().updateOne({ orderId: invented.orderId }, {
      $set: { status: 'PENDING', attempts: [] },
      $unset: { paymentKey: 1, approvedAt: 1 },
    } as never)
    await on.shop.happen(foreign.paymentKey, 'cancel')
    expect(await reconcile()).toMatchObject({ code: 0, report: { counts: [] } })
  })

  it('does not tell for ever of another amount that went back whole, nor of a deposit that the bank took back unseen', async () => {
    const order = await on.shop.withWindow(7_000)
    await loseWebhooks(order.orderId)
    const { body: dearer } = await on.shop.openWindow({ orderId: order.orderId, amount: 9_000 })
    await confirmAtToss({ ...order, paymentKey: dearer.paymentKey, amount: 9_000 })
    const deposited = await waiting()
    await loseWebhooks(deposited.orderId)
    await on.shop.happen(deposited.paymentKey, 'deposit')
    await on.shop.happen(deposited.paymentKey, 'reverse')

    const first = await reconcile('--apply')
    expect(first.report.differences).toMatchObject([{ class: 'amount', paymentKey: dearer.paymentKey }])
    await on.shop.happen(dearer.paymentKey, 'cancel')
    expect(await reconcile()).toMatchObject({ code: 0, report: { counts: [] } })
  })

  it('says by its exit code what came of it, and begins nothing that it should not', async () => {
    const runs = on.collection('payment', 'reconciliations')
    const before = await runs.countDocuments()
    const codeOf = async (args: readonly string[], options?: Parameters<OpsSystem['ops']>[1]) =>
      (await on.ops(['reconcile', ...args], options)).code
    expect(await codeOf(['--from', '2026-03-02', '--to', '2026-03-01'])).toBe(2)
    expect(await codeOf(['--from', 'yesterday'])).toBe(2)
    expect(await codeOf([], { as: 'viewer-1' })).toBe(3)
    expect(await codeOf([], { env: { PAYMENT_ADDR: '127.0.0.1:1' } })).toBe(4)
    expect(await runs.countDocuments()).toBe(before)
    expect(await codeOf(['--last'], { as: 'viewer-1' })).toBe(0)
  })

  it('goes on when the program that asked for it is killed, and tells the end to whoever asks', async () => {
    const order = await paidUnheard()
    await on.shop.happen(order.paymentKey, 'cancel')
    await on.shop.fault({ match: { operation: 'transactions' }, times: 4, fault: { kind: 'delay', ms: 1_000 } })
    const { child } = on.opsStart(['reconcile', ...(await window()), '--apply', '--reason', 'to be killed'])
    const runs = on.collection('payment', 'reconciliations')
    await eventually(async () => expect(await runs.findOne({ status: 'RUNNING' })).not.toBeNull(), patience)
    child.kill('SIGKILL')
    await eventually(async () => {
      const { code, stdout } = await on.ops(['reconcile', '--last', '--json'])
      const { status, counts } = JSON.parse(stdout) as Report
      expect([code, status, counts]).toEqual([0, 'DONE', [{ class: 'refund', healed: 1, open: 0 }]])
    }, patience)
    expect(await shown(order.orderId)).toMatchObject({ status: 'CANCELED' })
  })

  it('goes on after its process was killed half-way, and misses nothing', async () => {
    const orders = [await paidUnheard(), await paidUnheard(), await paidUnheard()]
    for (const { paymentKey } of orders) await on.shop.happen(paymentKey, 'cancel', { amount: 1_000 })
    // Slow enough to be met in the middle.
    await on.shop.fault({ match: { operation: 'transactions' }, times: 1_000, fault: { kind: 'delay', ms: 1_000 } })
    const running = reconcile('--apply')
    const runs = on.collection<{ _id: string; status: string; rows: number }>('payment', 'reconciliations')
    const isHalfWay = async () => expect(await runs.findOne({ status: 'RUNNING', rows: { $gt: 2 } })).not.toBeNull()
    await eventually(isHalfWay, patience)
    await on.system.kill('payment')
    const { rows } = (await runs.findOne({ status: 'RUNNING' })) ?? { rows: 0 }
    await on.shop.clearFaults()
    await on.system.start('payment')
    const { code, report } = await running
    const { transactions } = (await on.shop.books()).body
    expect([code, report.status]).toEqual([0, 'DONE'])
    expect(report.rows).toBe(transactions.length)
    expect(rows).toBeLessThan(report.rows)
    for (const { orderId } of orders) expect((await shown(orderId)).payment?.refundedAmountKrw).toBe(1_000)
  })

  /** A confirm that none of our services knows of. */
  const confirmAtToss = async ({
    orderId,
    paymentKey,
    amount,
  }: {
    orderId: string
    paymentKey: string
    amount: number
  }) => {
    const { status } = await fetch(`${on.system.urls.simulator}/v1/payments/confirm`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from('test_sk_local:').toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ orderId, paymentKey, amount }),
    })
    expect(status).toBe(200)
  }
})
