import { mongo } from 'mongoose'

/** What became of a webhook, as the payment service has written it down. */
export interface WebhookRow {
  readonly status?: string
  readonly outcome?: string
  readonly reason?: string
}

export interface WebhookRows {
  readonly of: (orderId: string) => Promise<readonly WebhookRow[]>
  readonly close: () => Promise<void>
}

/** Looks into the payment service's database: an outcome that changes nothing leaves no trace anywhere else. */
export function openWebhookRows({ url, namespace }: { url: string; namespace: string }): WebhookRows {
  const client = new mongo.MongoClient(url, { serverSelectionTimeoutMS: 3000 })
  const rows = client.db(`${namespace}payment`).collection<WebhookRow & { orderId: string }>('webhookEvents')
  return {
    of: (orderId) => rows.find({ orderId }).sort({ storedAt: 1 }).toArray(),
    close: () => client.close(),
  }
}
