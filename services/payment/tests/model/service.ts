import { AppError } from '@checkout/contracts/errors'
import type { Logger } from '@checkout/runtime/log'
import { v7 as newId } from 'uuid'
import type { PayDeps } from '../../src/confirm-payment.ts'
import { defaultDurations } from '../../src/domain/durations.ts'
import type { WebhookDeps } from '../../src/receive-webhook.ts'
import { type SettleDeps, settlePayment } from '../../src/settle-payment.ts'
import { Died, Mortal } from './process.ts'

const MINUTE_MS = 60_000
const LEASE_MS = 15_000

/** An order as the order service has it. */
export type PlacedOrder = { readonly orderId: string; readonly amountKrw: number; readonly expiresAt: Date }

export type Deps = PayDeps & WebhookDeps

/** One process of the payment service: its own memory, and tools that it shares with the others. */
export type Service = { readonly mortal: Mortal; readonly deps: Deps; readonly running: Set<Promise<unknown>> }

/** The payment service as `service.ts` puts it together, with every tool in the hands of one mortal process. */
export const startService = (
  tools: Pick<SettleDeps, 'store' | 'webhookEvents' | 'toss' | 'clock'> & {
    readonly log: Logger
    readonly orders: ReadonlyMap<string, PlacedOrder>
  },
): Service => {
  const mortal = new Mortal()
  const running = new Set<Promise<unknown>>()
  const shared = {
    store: mortal.hold(tools.store),
    webhookEvents: mortal.hold(tools.webhookEvents),
    clock: tools.clock,
    newId,
    // Jobs are hints; here time passes only when somebody says so.
    hint: () => undefined,
  }
  const settleDeps: SettleDeps = {
    ...shared,
    toss: mortal.hold(tools.toss),
    log: tools.log,
    journal: { note: () => undefined },
    config: {
      leaseMs: LEASE_MS,
      lookSpacingMs: 2_000,
      webhookLadderMs: [5_000, MINUTE_MS, 10 * MINUTE_MS, 31 * MINUTE_MS],
      durations: defaultDurations,
    },
  }
  const deps: Deps = {
    ...shared,
    orders: { GetOrder: ({ orderId }) => Promise.resolve(answerOrder(tools.orders, orderId ?? '')) },
    isTossAvailable: () => true,
    settle: (paymentId, fresh) => track(running, settlePayment(settleDeps, paymentId, fresh)),
    parkedLadderMs: [5_000, MINUTE_MS, 60 * MINUTE_MS],
    // Nobody waits here: whoever got no final answer asks again.
    config: { leaseMs: LEASE_MS, answerWaitMs: 0 },
  }
  return { mortal, deps, running }
}

type OrderAnswer = Awaited<ReturnType<Deps['orders']['GetOrder']>>

/** The part of an order that opening its payment needs. */
const answerOrder = (orders: ReadonlyMap<string, PlacedOrder>, orderId: string): OrderAnswer => {
  const order = orders.get(orderId)
  if (order === undefined) throw new AppError('ORDER_NOT_FOUND')
  return { orderId, amountKrw: String(order.amountKrw), expiresAt: order.expiresAt.toISOString() } as OrderAnswer
}

/** Keeps what is under way, and forgets what a dead process leaves. */
export const track = (running: Set<Promise<unknown>>, work: Promise<unknown>): void => {
  const tracked: Promise<unknown> = work
    .catch((error: unknown) => {
      if (!(error instanceof Died)) throw error
    })
    .finally(() => running.delete(tracked))
  running.add(tracked)
}
