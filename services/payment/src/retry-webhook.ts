import { AppError, invalidInput } from '@checkout/contracts/errors'
import { ringFor, type WebhookDeps } from './receive-webhook.ts'
import type { WebhookEvent } from './webhook-events.ts'

/** The webhook whose hash begins so. @throws AppError INVALID_INPUT_VALUE, NOT_FOUND */
export const findWebhook = async (
  { webhookEvents }: Pick<WebhookDeps, 'webhookEvents'>,
  bodyHash: string,
): Promise<WebhookEvent> => {
  if (!/^[0-9a-f]{8,64}$/.test(bodyHash))
    throw invalidInput('bodyHash', 'must be a hash, or at least its first 8 characters')
  const found = await webhookEvents.findByPrefix(bodyHash)
  const [event] = found
  if (event === undefined)
    throw new AppError('NOT_FOUND', { detail: 'no such webhook is stored (they are kept for 90 days)' })
  if (found.length > 1)
    throw new AppError('INVALID_INPUT_VALUE', { detail: 'several webhooks begin so; give more of the hash' })
  return event
}

/** Opens it again and rings, as when it had just come; Toss is asked, and the webhook is judged anew. */
export const retryWebhook = async (deps: WebhookDeps, bodyHash: string): Promise<WebhookEvent> => {
  const event = await findWebhook(deps, bodyHash)
  if (event.orderId === undefined && event.paymentKey === undefined)
    throw new AppError('INVALID_INPUT_VALUE', {
      detail: 'it names neither an order nor a payment, so nobody can be rung',
    })
  await ringFor(deps, await deps.webhookEvents.reopen(event._id))
  return findWebhook(deps, event._id)
}
