import type { Evidence, Verdict } from './domain/evidence.ts'
import { judge, unexplained } from './domain/webhook.ts'
import type { WebhookEvent, WebhookEventStore } from './webhook-events.ts'

type Deps = {
  readonly webhookEvents: Pick<WebhookEventStore, 'close' | 'lookAgain'>
  readonly config: { readonly webhookLadderMs: readonly number[] }
}

/** A look that was begun at `at`, after these webhooks had been stored. */
type LookTaken = {
  readonly paymentKey: string
  readonly evidence: Evidence
  readonly at: Date
  readonly verdict: Verdict
  readonly isNews: boolean
}

/** Ends the webhooks that a look explains; one that claims more is looked at again, and given up at the end of its ladder. */
export const closeWebhooks = async (deps: Deps, events: readonly WebhookEvent[], look: LookTaken): Promise<void> => {
  const { evidence, verdict, paymentKey, at } = look
  const status = evidence.kind === 'found' ? evidence.toss.status : 'not found'
  for (const event of events) {
    const ladderMs = deps.config.webhookLadderMs
    const againMs = ladderMs[event.looks]
    const explained = judge(event, { evidence, verdict, isChanged: look.isNews })
    if (explained === undefined && againMs !== undefined) {
      // Spaced from this look on: after an outage or a time of being parked the whole ladder would lie in the past.
      const stepMs = againMs - (ladderMs[event.looks - 1] ?? 0)
      await deps.webhookEvents.lookAgain(event._id, new Date(at.getTime() + stepMs))
    } else {
      const end = explained ?? unexplained(event)
      await deps.webhookEvents.close(event._id, { ...end, justifiedBy: { paymentKey, at, status } })
    }
  }
}
