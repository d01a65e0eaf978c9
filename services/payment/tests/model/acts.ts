import { createHash, randomUUID } from 'node:crypto'
import type { TossWebhookReceived } from '@checkout/contracts/events'
import type { fc } from '@fast-check/jest'
import { failPayment } from '../../src/fail-payment.ts'
import { confirm, refund } from './clients.ts'
import { type Sale, sum } from './ledger.ts'
import type { Fate } from './process.ts'
import type { World } from './world.ts'

/** The ledger's side of a walk. */
export type Book = { readonly sales: Sale[]; readonly heard: TossWebhookReceived[]; readonly news: Set<string> }
export type Command = fc.AsyncCommand<Book, World>
type Act = (book: Book, world: World) => Promise<void>

/** A command that is always allowed and finds by itself whether there is anything to do. */
const command = (name: string, act: Act): Command => ({
  check: () => true,
  run: async (book, world) => {
    await act(book, world)
    await world.idle()
    if (world.problems.length > 0) throw new Error(world.problems.join('\n'))
  },
  toString: () => name,
})

const at = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)]
const shareOf = (sale: Sale, thousandths: number | undefined) =>
  thousandths === undefined ? undefined : Math.floor((sale.amountKrw * thousandths) / 1_000)

export const order = (amountKrw: number, means: Sale['means'], isAnnounced: boolean): Command =>
  command(`order(${amountKrw}, ${means}${isAnnounced ? '' : ', unheard'})`, async ({ sales }, world) => {
    if (sales.length >= 2) return
    const order = world.place(amountKrw)
    const { orderId, expiresAt } = order
    const fresh = { windows: [], refunds: [], consoleKrw: new Map<string, number>(), isReversed: false }
    sales.push({ orderId, amountKrw, expiresAtMs: expiresAt.getTime(), means, ...fresh })
    if (isAnnounced) await world.announceOrder(order)
  })

export const openWindow = (i: number, mayDecline: boolean): Command =>
  command(`window(${i}${mayDecline ? ', declines' : ''})`, async ({ sales }, world) => {
    const sale = at(sales, i)
    if (sale !== undefined) await addWindow(sale, world, mayDecline && sale.means === 'card')
  })

const addWindow = async (sale: Sale, world: World, isDeclined: boolean): Promise<void> => {
  if (sale.windows.length >= (sale.means === 'card' ? 3 : 1)) return
  const paymentKey = await world.toss.openWindow({
    orderId: sale.orderId,
    amount: sale.amountKrw,
    method: sale.means === 'card' ? 'CARD' : 'VIRTUAL_ACCOUNT',
    ...(isDeclined ? { declineCode: 'REJECT_CARD_PAYMENT' } : {}),
  })
  const openedAtMs = world.now.getTime()
  sale.windows.push({
    paymentKey,
    isDeclined,
    openedAtMs,
    asked: 'never',
    told: 'nothing',
    isRefusalKept: false,
    asksAgain: true,
    isApprovedElsewhere: false,
  })
}

/** A buyer comes to the page of success: with a window that is there, or through a new one. */
export const confirms = (i: number, j: number, { isWrong = false, asksAgain = true } = {}): Command =>
  command(
    `confirm(${i}, ${j}${isWrong ? ', another amount' : ''}${asksAgain ? '' : ', once'})`,
    async ({ sales }, world) => {
      const sale = at(sales, i)
      if (sale === undefined) return
      if (sale.windows.length === 0) await addWindow(sale, world, false)
      const window = at(sale.windows, j)
      if (window === undefined) return
      window.asksAgain = asksAgain
      await confirm(world, sale, window, isWrong ? sale.amountKrw + 1 : sale.amountKrw)
      await world.idle()
      if (window.told === 'open' && asksAgain) await confirm(world, sale, window)
    },
  )

const newRefund = (sale: Sale, thousandths: number | undefined, asksAgain: boolean): Sale['refunds'][number] => {
  const asked = {
    key: randomUUID(),
    askedKrw: shareOf(sale, thousandths),
    told: 'open' as const,
    isRefusalKept: false,
    amountKrw: 0,
    asksAgain,
  }
  sale.refunds.push(asked)
  return asked
}

export const refunds = (i: number, thousandths: number | undefined, asksAgain: boolean): Command =>
  command(`refund(${i}, ${thousandths ?? 'all'}${asksAgain ? '' : ', once'})`, async ({ sales }, world) => {
    const sale = at(sales, i)
    if (sale === undefined || sale.refunds.length >= 6) return
    await refund(world, sale, newRefund(sale, thousandths, asksAgain))
  })

export const askAgain = (i: number, j: number): Command =>
  command(`ask-again(${i}, ${j})`, async ({ sales }, world) => {
    const sale = at(sales, i)
    const asked = sale && at(sale.refunds, j)
    if (sale !== undefined && asked !== undefined) await refund(world, sale, asked)
  })

/** All at once: confirms of every window, and some refunds. */
export const together = (i: number, first: number | undefined, second: number | undefined): Command =>
  command(`together(${i}, ${first ?? 'all'}, ${second ?? 'all'})`, async ({ sales }, world) => {
    const sale = at(sales, i)
    if (sale === undefined) return
    if (sale.windows.length < 2) await addWindow(sale, world, false)
    const asked = sale.refunds.length >= 6 ? [] : [newRefund(sale, first, true), newRefund(sale, second, true)]
    await Promise.all([
      ...sale.windows.flatMap((window) => [confirm(world, sale, window), confirm(world, sale, window)]),
      ...asked.map((one) => refund(world, sale, one)),
      world.sweep(),
    ])
  })

export const outside = (
  i: number,
  j: number,
  what: 'cancel' | 'deposit' | 'reverse' | 'elsewhere',
  thousandths: number | undefined,
): Command =>
  command(`toss(${i}, ${j}, ${what}, ${thousandths ?? 'all'})`, async ({ sales, news }, world) => {
    const sale = at(sales, i)
    const window = sale && at(sale.windows, j)
    if (sale === undefined || window === undefined) return
    const { paymentKey } = window
    if (what === 'elsewhere') {
      if (sale.means !== 'card') return
      const order = { paymentKey, orderId: sale.orderId, amount: sale.amountKrw }
      await world.toss.confirmElsewhere(order)
      window.isApprovedElsewhere = true
    } else if (what === 'cancel') {
      const amountKrw = shareOf(sale, thousandths)
      const before = await balanceOf(world, sale, paymentKey)
      const body = amountKrw === undefined ? {} : { amount: amountKrw }
      if (amountKrw === 0 || !(await world.toss.happen(paymentKey, 'cancel', body))) return
      sale.consoleKrw.set(paymentKey, (sale.consoleKrw.get(paymentKey) ?? 0) + (amountKrw ?? before))
    } else {
      if (!(await world.toss.happen(paymentKey, what))) return
      if (what === 'reverse') sale.isReversed = true
    }
    news.add(paymentKey)
  })

const balanceOf = async (world: World, { orderId }: Sale, paymentKey: string): Promise<number> => {
  const { payments } = await world.toss.books(orderId)
  return sum(payments.filter((payment) => payment.paymentKey === paymentKey).map(({ balanceAmount }) => balanceAmount))
}

/** Toss's webhook about a window as it is now; `times` it is delivered. */
export const webhookOf = async (world: World, sale: Sale, paymentKey: string): Promise<TossWebhookReceived> => {
  const { payments } = await world.toss.books(sale.orderId)
  const payment = payments.find((candidate) => candidate.paymentKey === paymentKey)
  const last = payment?.cancels?.at(-1)?.transactionKey
  return received(world, {
    orderId: sale.orderId,
    paymentKey,
    ...(payment === undefined ? {} : { status: payment.status }),
    ...(last === undefined ? {} : { transactionKey: last }),
  })
}

const received = (world: World, said: Partial<TossWebhookReceived>): TossWebhookReceived => ({
  bodyHash: createHash('sha256').update(randomUUID()).digest('hex'),
  receivedAt: world.now.toISOString(),
  eventType: 'PAYMENT_STATUS_CHANGED',
  ...said,
})

export const webhook = (i: number, j: number, times: number): Command =>
  command(`webhook(${i}, ${j}, ${times} times)`, async ({ sales, heard, news }, world) => {
    const sale = at(sales, i)
    const window = sale && at(sale.windows, j)
    if (sale === undefined || window === undefined) return
    const webhook = await webhookOf(world, sale, window.paymentKey)
    heard.push(webhook)
    news.delete(window.paymentKey)
    await Promise.all(Array.from({ length: times }, () => world.hear(webhook)))
  })

export const forged = (i: number, whom: 'window' | 'other key' | 'other order' | 'no key'): Command =>
  command(`forged(${i}, ${whom})`, async ({ sales, heard }, world) => {
    const sale = at(sales, i)
    if (sale === undefined) return
    const paymentKey =
      whom === 'window' ? sale.windows[0]?.paymentKey : whom === 'no key' ? undefined : `forged_${randomUUID()}`
    const orderId = whom === 'other order' ? `ORD-${randomUUID()}` : sale.orderId
    const webhook = received(world, { orderId, status: 'DONE', ...(paymentKey === undefined ? {} : { paymentKey }) })
    heard.push(webhook)
    await world.hear(webhook)
  })

/** Everything that was ever heard of is heard again. */
export const replay = (): Command =>
  command('replay', async ({ sales, heard }, world) => {
    for (const { orderId, amountKrw, expiresAtMs } of sales)
      await world.announceOrder({ orderId, amountKrw, expiresAt: new Date(expiresAtMs) })
    for (const webhook of heard) await world.hear(webhook)
  })

export const browserFails = (i: number): Command =>
  command(`browser-fails(${i})`, async ({ sales }, world) => {
    const sale = at(sales, i)
    if (sale === undefined) return
    const context = { deadline: new Date(Date.now() + 60_000), requestId: 'model' }
    await world.ask((deps) => failPayment(deps, { orderId: sale.orderId, code: 'PAY_PROCESS_CANCELED' }, context))
  })

export const passes = (ms: number): Command => command(`pass(${ms / 1_000} s)`, (_, world) => world.pass(ms))

export const almostExpired = (i: number): Command =>
  command(`almost-expired(${i})`, async ({ sales }, world) => {
    const leftMs = (at(sales, i)?.expiresAtMs ?? 0) - world.now.getTime()
    if (leftMs > 5_000) await world.pass(leftMs - 5_000)
  })

export const trouble = (i: number, operation: string, kind: string, times: number): Command =>
  command(`trouble(${i}, ${operation}, ${kind}, ${times} times)`, async ({ sales }, world) => {
    const sale = at(sales, i)
    if (sale === undefined) return
    const error = kind.startsWith('error') ? { status: 500, code: 'PROVIDER_ERROR' } : {}
    await world.toss.fault({ match: { operation, orderId: sale.orderId }, times, fault: { kind, ...error } })
  })

export const crash = (fate: Fate, calls: number): Command =>
  command(`crash(${fate} call ${calls})`, (_, world) => {
    world.arm(fate, calls)
    return Promise.resolve()
  })

export const thaw = (): Command => command('thaw', (_, world) => world.thaw())
