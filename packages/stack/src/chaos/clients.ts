import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Urls } from '../system.ts'
import { openShop, type Shop } from '../testing/shop.ts'
import type { Reply } from '../testing/shop-bodies.ts'
import type { History, Operation } from './history.ts'
import type { Random } from './random.ts'

/** What the clients do, and how often. */
const mix = {
  buy: 40,
  'partial cancel': 15,
  'full cancel': 5,
  repeat: 10,
  read: 10,
  'foreign read': 3,
  'console cancel': 5,
  'forged webhook': 5,
  malformed: 7,
}
/** Buyers, not a load test. */
const THINK_MS = { low: 20, high: 250 }
const AMOUNTS_KRW = { low: 1_000, high: 100_000 }
/** Of the seeded products and customers. */
const PRODUCT_IDS = [1, 2, 3, 4]
const OWNER = 1
const STRANGER = 2
const KEPT_FOR_REPEATS = 50
/** Personal data as buyers write it into a free text. None of it may come up in a log. */
export const canaries = ['4111 1111 1111 1111', '010-1234-5678', 'chaos@example.com']

type Known = { readonly orderId: string; readonly amountKrw: number; readonly paymentKey: string }
type Ask = (shop: Shop) => Promise<Reply<object>>
/** One intent, which may be sent as often as one likes. */
export type Intent = Pick<Operation, 'kind' | 'intent'> & Partial<Operation> & { readonly ask: Ask }

/** Answers that leave the outcome open: the effect may have happened or may yet. */
const isOpen = (status: number | undefined): boolean => status === undefined || status === 202 || status >= 500

/** Sends it and writes down what was told. */
export async function tell(
  history: History,
  shop: Shop,
  client: number,
  { ask, ...intent }: Intent,
): Promise<Operation> {
  const invokedAt = history.now()
  const reply = await ask(shop).catch(() => undefined)
  const { orderId, paymentId, refundId, code, status, amount, totalAmountKrw, canceledAmount } = (reply?.body ??
    {}) as Partial<Record<string, unknown>>
  const texts = Object.entries({ orderId, paymentId, refundId, code, told: status }).filter(
    ([, value]) => typeof value === 'string',
  )
  const amountKrw = [canceledAmount, totalAmountKrw, amount].find((value) => typeof value === 'number')
  return history.add({
    ...intent,
    client,
    invokedAt,
    endedAt: history.now(),
    outcome: isOpen(reply?.status) ? 'info' : reply?.status === 200 ? 'ok' : 'fail',
    ...(reply === undefined ? {} : { status: reply.status }),
    ...(amountKrw === undefined ? {} : { amountKrw }),
    ...Object.fromEntries(texts),
  })
}

/**
 * Clients that buy, refund, repeat, read, forge and blunder until they are aborted, and write down what they were told. One that
 * got no final answer goes on with something else; later it may repeat the request as it was. Resolves with every intent.
 */
export async function runClients(options: {
  gateways: readonly string[]
  urls: Pick<Urls, 'webhookGateway' | 'simulator'>
  history: History
  random: Random
  count: number
  signal: AbortSignal
}): Promise<readonly Intent[]> {
  const { gateways, urls, history, count, signal } = options
  const intents: Intent[] = []
  const shops = gateways.map((gateway) => openShop({ ...urls, gateway }))
  await Promise.all(
    Array.from({ length: count }, async (_, client) => {
      const random = options.random.fork(`client ${client}`)
      const send = (intent: Intent) => tell(history, random.pick(shops), client, intent)
      const acts = actsOf({ send, random, shop: () => random.pick(shops), intents })
      while (!signal.aborted) {
        await acts[random.weighted(mix)]()
        await sleep(random.int(THINK_MS.low, THINK_MS.high))
      }
    }),
  )
  return intents
}

function actsOf(options: {
  send: (intent: Intent) => Promise<Operation>
  random: Random
  shop: () => Shop
  intents: Intent[]
}): Record<keyof typeof mix, () => Promise<unknown>> {
  const { send, random, shop, intents } = options
  const bought: Known[] = []
  const unpaid: Known[] = []
  const owned: string[] = []
  const repeatable: Intent[] = []
  const sendAndKeep = (intent: Intent) => {
    intents.push(intent)
    repeatable.push(intent)
    if (repeatable.length > KEPT_FOR_REPEATS) repeatable.shift()
    return send(intent)
  }

  const create = async (): Promise<{ orderId: string; amountKrw: number } | undefined> => {
    const key = randomUUID()
    const isOwned = random.chance(0.3)
    const items = [{ productId: random.pick(PRODUCT_IDS), quantity: random.int(1, 3) }]
    const amount = random.int(AMOUNTS_KRW.low, AMOUNTS_KRW.high)
    const ask: Ask = isOwned
      ? (to) => to.orderProducts(items, { key, userId: OWNER })
      : (to) => to.createOrder(amount, { key })
    const { outcome, orderId, amountKrw } = await sendAndKeep({ kind: 'create', intent: key, ask })
    if (outcome !== 'ok' || orderId === undefined || amountKrw === undefined) return undefined
    if (isOwned) owned.push(orderId)
    return { orderId, amountKrw }
  }
  const buy = async () => {
    const order = await create()
    if (order === undefined) return
    const { orderId, amountKrw } = order
    const decline = random.chance(0.05) ? { declineCode: 'REJECT_CARD_PAYMENT' } : {}
    const window = await shop()
      .openWindow({ orderId, amount: amountKrw, ...decline })
      .catch(() => undefined)
    if (window?.status !== 200) return
    const known = { ...order, paymentKey: window.body.paymentKey }
    if (random.chance(0.1)) {
      unpaid.push(known)
      return
    }
    const { paymentKey } = known
    const ask: Ask = (to) => to.confirm({ orderId, paymentKey, amount: amountKrw })
    const { outcome } = await sendAndKeep({ kind: 'confirm', intent: paymentKey, orderId, amountKrw, ask })
    if (outcome !== 'fail') bought.push(known)
  }
  const cancel = async (isFull: boolean) => {
    if (bought.length === 0) return
    const { orderId, amountKrw: paidKrw } = random.pick(bought)
    const part = isFull ? {} : { amount: random.int(1, Math.ceil(paidKrw / 3)) }
    const key = randomUUID()
    const body = { orderId, ...part, reason: `${key} ${random.pick(canaries)}` }
    const amount = part.amount === undefined ? {} : { amountKrw: part.amount }
    await sendAndKeep({ kind: 'cancel', intent: key, orderId, ...amount, ask: (to) => to.cancel(body, key) })
  }
  const read = async () => {
    if (bought.length === 0) return
    const { orderId } = random.pick(bought.slice(-3))
    await send({ kind: 'read', intent: orderId, orderId, ask: (to) => to.order(orderId, OWNER) })
  }
  const foreignRead = async () => {
    if (owned.length === 0) return
    const orderId = random.pick(owned)
    await send({ kind: 'foreign read', intent: orderId, orderId, ask: (to) => to.order(orderId, STRANGER) })
  }
  const consoleCancel = async () => {
    if (bought.length === 0) return
    const { orderId, paymentKey, amountKrw: paidKrw } = random.pick(bought)
    const amount = random.int(1, Math.ceil(paidKrw / 4))
    const ask: Ask = (to) => to.happen(paymentKey, 'cancel', { amount, reason: 'console' })
    await send({ kind: 'console cancel', intent: randomUUID(), orderId, amountKrw: amount, ask })
  }
  const forge = async () => {
    const order = unpaid.at(-1)
    if (order === undefined) return
    const { orderId, paymentKey } = order
    const createdAt = new Date().toISOString().replace('Z', '000')
    const body = { eventType: 'PAYMENT_STATUS_CHANGED', createdAt, data: { orderId, paymentKey, status: 'DONE' } }
    await send({ kind: 'forged webhook', intent: paymentKey, orderId, ask: (to) => to.deliver(body) })
  }
  const blunder = async () => {
    const orderId = bought.at(-1)?.orderId ?? `ORD-${'0'.repeat(26)}`
    const ask = random.pick<Ask>([
      (to) => to.createOrder(-5),
      (to) => to.confirm({ orderId, paymentKey: '../x', amount: 10 }),
      (to) => to.confirm({ orderId, paymentKey: `tgen_${randomUUID()}`, amount: 1.5 }),
      (to) => to.cancel({ orderId, amount: 0 }),
      (to) => to.deliver('{"eventType":'),
    ])
    await send({ kind: 'malformed', intent: randomUUID(), ask })
  }
  return {
    buy,
    'partial cancel': () => cancel(false),
    'full cancel': () => cancel(true),
    repeat: async () => (repeatable.length === 0 ? undefined : send(random.pick(repeatable))),
    read,
    'foreign read': foreignRead,
    'console cancel': consoleCancel,
    'forged webhook': forge,
    malformed: blunder,
  }
}
