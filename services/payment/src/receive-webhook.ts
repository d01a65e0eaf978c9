import { effectOfWebhook } from '@checkout/contracts/effects'
import { AppError } from '@checkout/contracts/errors'
import type { TossWebhookReceived } from '@checkout/contracts/events'
import { crashPoint } from '@checkout/runtime/crash-point'
import { ensurePayment, type OpenDeps } from './open-payment.ts'
import type { WebhookEvent } from './webhook-events.ts'

export type WebhookDeps = OpenDeps & { readonly parkedLadderMs: readonly number[] }

const ASK_ORDER_TIMEOUT_MS = 5_000

/**
 * A webhook is a doorbell, not a letter: it is stored, then the payment is rung, and settle asks Toss. The body is never
 * believed. Doing this twice is doing it once: the row is unique by the body's hash, and one with an outcome is done.
 */
export const receiveWebhook = async (deps: WebhookDeps, received: TossWebhookReceived): Promise<void> => {
  const { bodyHash, eventType, orderId, paymentKey, status, transactionKey, transmissionId, receivedAt } = received
  const given = Object.fromEntries(
    Object.entries({ orderId, paymentKey, status, transactionKey, transmissionId }).filter(
      ([, value]) => value !== undefined,
    ),
  )
  const event = await deps.webhookEvents.insert({ _id: bodyHash, eventType, receivedAt, ...given })
  crashPoint('webhook-event.after-insert')
  const effect = effectOfWebhook(event, received)
  if (effect.kind !== 'change') return
  const verdict = effect.after
  if (verdict.kind === 'rings') await ringFor(deps, event)
  else await deps.webhookEvents.close(bodyHash, { outcome: verdict.outcome, reason: verdict.reason })
}

/** Finds the payment that an open or parked event is about and rings it, or parks the event until its order appears. */
export const ringFor = async (deps: WebhookDeps, event: WebhookEvent): Promise<void> => {
  const { store, webhookEvents, clock } = deps
  const paymentId = event.paymentId ?? (await findPayment(deps, event))
  if (paymentId === undefined) {
    const ladderMs = deps.parkedLadderMs[event.looks]
    const lookAt = ladderMs === undefined ? undefined : new Date(event.storedAt.getTime() + ladderMs)
    await webhookEvents.park(event._id, 'no order of ours', lookAt)
    crashPoint('webhook-event.after-park')
    return
  }
  await webhookEvents.assign(event._id, paymentId)
  crashPoint('webhook-event.after-assign')
  // One that was rung for before and whose look Toss did not answer waits with its payment's backoff.
  if (event.paymentId !== undefined && (await store.isPutOff(paymentId))) return
  await store.ring(paymentId)
  crashPoint('webhook-event.after-ring')
  deps.hint(paymentId, clock.now())
}

const findPayment = async (deps: WebhookDeps, { orderId, paymentKey }: WebhookEvent): Promise<string | undefined> => {
  if (orderId !== undefined) {
    try {
      const context = { deadline: new Date(Date.now() + ASK_ORDER_TIMEOUT_MS), requestId: `webhook-${orderId}` }
      return (await ensurePayment(deps, orderId, context))._id
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'ORDER_NOT_FOUND') throw error
    }
  }
  return paymentKey === undefined ? undefined : (await deps.store.findByPaymentKey(paymentKey))?._id
}
