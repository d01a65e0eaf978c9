import type { LoggedMessage, PartitionRange } from '@checkout/messaging/log-reader'
import type { AuditedOrder, AuditedPayment, TossPaymentView, TossRow } from './records.ts'

/** What is audited: orders whose ids lie between these, and of them only some, if named. */
export type Scope = {
  readonly fromKey?: string | undefined
  /** Not in it. */
  readonly toKey?: string | undefined
  readonly only?: ReadonlySet<string> | undefined
  /** No event or transaction about these orders is older. */
  readonly since?: Date | undefined
}

/** A webhook's row as far as it is audited. */
export type WebhookRow = { readonly _id: string; readonly outcome?: string; readonly lookAt?: Date }

/** Where an audit reads. All of it is read-only. Streams of documents are in the order of their key. */
export type Sources = {
  /** The database's clock. */
  now(): Promise<Date>
  orders(scope: Scope): AsyncIterable<AuditedOrder>
  payments(scope: Scope): AsyncIterable<AuditedPayment>
  webhooks(ids: readonly string[]): Promise<readonly WebhookRow[]>
  /** Webhooks that nobody will look at any more, or should have looked at before `at`; at most 1,000. */
  stuckWebhooks(at: Date): Promise<readonly WebhookRow[]>
  tossRows(since: Date): AsyncIterable<TossRow>
  tossPayment(paymentKey: string, orderId: string): Promise<TossPaymentView | undefined>
  /** When the oldest order was made; undefined when there is none. */
  beginning(): Promise<Date | undefined>
  topics(): Promise<readonly string[]>
  ranges(topic: string, since: Date | undefined): Promise<readonly PartitionRange[]>
  messages(
    topic: string,
    ranges: readonly PartitionRange[],
    keys: ReadonlySet<string> | undefined,
  ): AsyncIterable<LoggedMessage>
  committed(group: string, topic: string): Promise<ReadonlyMap<number, number>>
}

export const isIn = ({ fromKey, toKey, only }: Scope, key: string): boolean =>
  (fromKey === undefined || key >= fromKey) &&
  (toKey === undefined || key < toKey) &&
  (only === undefined || only.has(key))

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The least order id that can have been made at this time: ids begin with their time, 48 bits of milliseconds. */
export const firstOrderIdAt = (at: Date): string => {
  let rest = BigInt(at.getTime()) << 80n
  let text = ''
  for (let index = 0; index < 26; index += 1) {
    text = (ALPHABET[Number(rest & 31n)] ?? '') + text
    rest >>= 5n
  }
  return `ORD-${text}`
}
