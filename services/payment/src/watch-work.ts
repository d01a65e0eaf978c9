import type { Metrics } from '@checkout/runtime/metrics'
import type { PaymentStore } from './store.ts'
import type { WebhookEventStore } from './webhook-events.ts'

/** The gauges of what waits in MongoDB, read at each scrape: due work, payments for a person, parked webhooks. */
export const watchWork = (
  metrics: Metrics,
  store: Pick<PaymentStore, 'dueStats' | 'countNeedingAttention'>,
  webhookEvents: Pick<WebhookEventStore, 'parkedStats'>,
): void => {
  const seconds = (ms: number) => Math.max(0, ms / 1000)
  metrics.gauge('payment_due', 'Payments whose work is due', async (gauge) => gauge.set((await store.dueStats()).count))
  metrics.gauge('payment_due_oldest_age_seconds', 'How long the oldest due work has waited', async (gauge) =>
    gauge.set(seconds((await store.dueStats()).oldestAgeMs)),
  )
  metrics.gauge('payment_needs_attention', 'Payments that a person should look at', async (gauge) =>
    gauge.set(await store.countNeedingAttention()),
  )
  metrics.gauge('webhook_parked', 'Webhooks whose order is not known', async (gauge) =>
    gauge.set((await webhookEvents.parkedStats()).count),
  )
  metrics.gauge('webhook_parked_oldest_age_seconds', 'Age of the oldest parked webhook', async (gauge) =>
    gauge.set(seconds((await webhookEvents.parkedStats()).oldestAgeMs)),
  )
}
