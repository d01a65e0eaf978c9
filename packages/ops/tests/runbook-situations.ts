import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoggedMessage } from '@checkout/messaging/log-reader'
import { eventually } from '@checkout/stack/testing/eventually'
import { expect } from '@jest/globals'
import { editLog } from './edit-log.ts'
import type { OpsSystem } from './ops-system.ts'
import { openStores } from './stores.ts'

const TOPIC = 'payment.status-changed'
const DAY_MS = 24 * 3_600_000
const patience = { timeoutMs: 120_000 }

/** What the operator has in hand: values of the names on the page. */
export type Hand = Readonly<Partial<Record<'ORDER' | 'HASH' | 'LETTER' | 'FROM' | 'TO' | 'TIME', string>>>
type Letter = { readonly letter: string; readonly key: string }
type Stored = { readonly _id: string; readonly orderId: string; readonly version: number }
export type Situations = Awaited<ReturnType<typeof openSituations>>

/** The situations that the runbook has commands for, brought about on a running system. */
export const openSituations = async (on: OpsSystem) => {
  const stores = await openStores(on)
  const log = await editLog(on, stores)
  const folder = mkdtempSync(join(tmpdir(), 'runbook-'))
  const repaired = join(folder, 'repaired.json')
  const first = await on.shop.paid()
  let hand: Hand = {
    ORDER: first.orderId,
    FROM: new Date(Date.now() - DAY_MS).toISOString(),
    TO: new Date(Date.now() + DAY_MS).toISOString(),
    TIME: new Date(Date.now() + DAY_MS).toISOString(),
  }
  let lost: readonly LoggedMessage[] = []
  let restored: { _id: string } | undefined

  const orders = () => stores.collection('order', 'orders')
  const loseWebhooks = (orderId: string) =>
    on.shop.fault({ match: { operation: 'webhook', orderId }, times: 100, fault: { kind: 'lose' } })
  const eventOf = (orderId: string): Promise<LoggedMessage> =>
    eventually(async () => {
      const event = (await stores.messages(TOPIC)).filter(({ key }) => key === orderId).at(-1)
      expect(String(event?.value)).toContain('"PAID"')
      if (event === undefined) throw new Error('no event')
      return event
    }, patience)
  const orderIs = (status: string) =>
    eventually(async () => expect((await on.shop.order(hand.ORDER ?? '')).body.status).toBe(status), patience)
  const letters = () => on.opsJson<Letter[]>(['dead-letters', 'list'])
  /** The letter that a message under this key becomes. */
  const poison = async (key: string, value: Buffer | string): Promise<string> => {
    await log.append(TOPIC, [{ key, value }])
    return eventually(async () => {
      const letter = (await letters()).find((one) => one.key === key)?.letter ?? ''
      expect(letter).not.toBe('')
      return letter
    }, patience)
  }
  /** Paid, followed by its order, and nothing more to come. */
  const paid = async (): Promise<string> => {
    const { orderId } = await on.shop.paid()
    const followed = { _id: orderId, status: 'PAID' }
    await eventually(async () => expect(await orders().findOne(followed)).not.toBeNull(), patience)
    return orderId
  }

  return {
    hand: () => hand,
    take: (taken: Hand) => {
      hand = { ...hand, ...taken }
    },
    /** The page names a file of the operator's. */
    pathOf: (arg: string) => (arg === 'repaired.json' ? repaired : arg),
    orderIs,
    close: async () => {
      rmSync(folder, { recursive: true })
      await log.close()
      await stores.close()
    },

    /** A buyer who paid, of which nobody here heard. */
    paidUnheard: async (): Promise<Hand> => {
      const order = await on.shop.withWindow()
      await loseWebhooks(order.orderId)
      await on.shop.confirmAtToss(order)
      expect((await on.shop.order(order.orderId)).body.status).toBe('PENDING')
      return { ORDER: order.orderId }
    },

    /** A confirm whose outcome nobody learns. */
    undecided: async (): Promise<Hand> => {
      const asked = await on.shop.withWindow()
      const error = { kind: 'error-before', status: 500, code: 'UNKNOWN_ERROR' } as const
      for (const operation of ['confirm', 'get', 'getByOrder'] as const)
        await on.shop.fault({ match: { operation, orderId: asked.orderId }, times: 10_000, fault: error })
      await on.shop.fault({ match: { paymentKey: asked.paymentKey }, times: 10_000, fault: error })
      await on.shop.confirm(asked)
      const flagged = { orderId: asked.orderId, needsAttention: { $exists: true } }
      await eventually(
        async () => expect(await stores.collection('payment', 'payments').findOne(flagged)).not.toBeNull(),
        patience,
      )
      return { ORDER: asked.orderId }
    },
    secondOperator: async (args: readonly string[]) => {
      expect(await on.ops(args, { as: 'operator-2' })).toMatchObject({ code: 0 })
      await on.shop.clearFaults()
      await orderIs('FAILED')
    },

    /** A webhook that claimed money before Toss had it. */
    rejectedWebhook: async (): Promise<Hand> => {
      const asked = await on.shop.withWindow()
      await loseWebhooks(asked.orderId)
      const { paymentKey, orderId } = asked
      const data = { paymentKey, orderId, status: 'DONE' }
      await on.shop.deliver({
        eventType: 'PAYMENT_STATUS_CHANGED',
        createdAt: '2026-01-02T14:46:59.653',
        data,
      })
      const row = await eventually(async () => {
        const found = await stores.collection('payment', 'webhookEvents').findOne({ orderId, outcome: 'REJECTED' })
        if (found === null) throw new Error('it is not rejected yet')
        return found
      }, patience)
      await on.shop.confirmAtToss(asked)
      return { ORDER: orderId, HASH: row._id }
    },
    webhookIsApplied: async () => {
      await eventually(async () => {
        const row = await stores.collection('payment', 'webhookEvents').findOne({ _id: hand.HASH ?? '' })
        expect(row).toMatchObject({ outcome: 'APPLIED' })
      }, patience)
      await orderIs('PAID')
    },

    /** A refund in Toss's console of which no webhook came. */
    refundedUnheard: async (): Promise<Hand> => {
      const order = await on.shop.withWindow()
      await loseWebhooks(order.orderId)
      expect((await on.shop.confirm(order)).body.status).toBe('PAID')
      await on.shop.happen(order.paymentKey, 'cancel', { amount: 3_000 })
      return { ORDER: order.orderId }
    },
    orderIsPartlyRefunded: () =>
      eventually(async () => {
        const { body } = await on.shop.order(hand.ORDER ?? '')
        expect(body.payment).toMatchObject({ status: 'PARTIAL_REFUND', refundedAmountKrw: 3_000 })
      }, patience),

    spoiledOrder: async (): Promise<Hand> => {
      const orderId = await paid()
      await orders().updateOne({ _id: orderId }, { $set: { status: 'PENDING', paymentVersion: 0 } })
      return { ORDER: orderId }
    },

    lostTopic: async (topic: string): Promise<Hand> => {
      lost = await stores.messages(topic)
      await log.write(topic, [])
      return {}
    },
    /** The newest version of everything is there again. The test then puts back what a real loss would have taken for good. */
    topicIsBack: async (topic: string) => {
      const payments = (await stores.collection('payment', 'payments').find().toArray()) as unknown as Stored[]
      const ids =
        topic === TOPIC
          ? payments.filter(({ version }) => version > 0).map(({ _id, version }) => `${_id}:${version}`)
          : payments.map(({ orderId }) => `${orderId}:1`)
      await eventually(async () => {
        const found = (await stores.messages(topic)).map(
          ({ value }) => (JSON.parse(String(value)) as { id: string }).id,
        )
        expect(new Set(found)).toEqual(new Set(ids))
      }, patience)
      await log.write(topic, lost)
    },

    letterOfNoOrder: async (): Promise<Hand> => {
      const orderId = await paid()
      const event = await eventOf(orderId)
      restored = (await orders().findOne({ _id: orderId })) ?? undefined
      await orders().deleteOne({ _id: orderId })
      return { ORDER: orderId, LETTER: await poison(orderId, event.value ?? '') }
    },
    orderIsRestored: async (): Promise<Hand> => {
      if (restored === undefined) throw new Error('no order was lost')
      await orders().insertOne({ ...restored, status: 'PENDING', paymentVersion: 0 })
      return {}
    },
    undecodableLetter: async (): Promise<Hand> => {
      const orderId = await paid()
      const text = String((await eventOf(orderId)).value)
      writeFileSync(repaired, text)
      return { ORDER: orderId, LETTER: await poison(orderId, Buffer.from(text.replace('PAID', 'PA\xff'), 'latin1')) }
    },
    letterUnderAnotherKey: async (): Promise<Hand> => {
      const orderId = await paid()
      return { ORDER: orderId, LETTER: await poison('ORD-ELSEWHERE', (await eventOf(orderId)).value ?? '') }
    },
    letterOfNobody: async (): Promise<Hand> => {
      const event = await eventOf(hand.ORDER ?? '')
      const text = String(event.value).replaceAll(hand.ORDER ?? '', 'ORD-NOWHERE')
      return { LETTER: await poison('ORD-NOWHERE', text) }
    },
    noLetterIsLeft: async () => expect(await letters()).toEqual([]),
  }
}
