import type { BillingCard } from './billing-card.ts'
import type { OtherEventType } from './other-events.ts'
import type { Payment, PaymentRecord, PaymentStatus, Transaction } from './payment.ts'

/** Toss: an Idempotency-Key is valid for 15 days from its first use; after that it is a new request. */
export const ANSWER_VALID_MS = 15 * 24 * 60 * 60 * 1000

/** What was answered to the first call with an Idempotency-Key, for as long as Toss would replay it. */
export type StoredAnswer = Readonly<{
  /** Names key, API key, method and URL. */
  id: string
  /** When the key was first used, in milliseconds. */
  at: number
  traceId: string
  status: number
  body: unknown
}>

export type Attempt = Readonly<{ at: string; status: number | null }>

export type WebhookState = 'PENDING' | 'DELIVERED' | 'GIVEN_UP' | 'LOST'

/** Which payment something is about, as far as it is known. */
export type Subject = Readonly<{ paymentKey?: string | undefined; orderId?: string | undefined }>

type Transmission = {
  readonly transmissionId: string
  readonly url: string
  /** How often each round sends it: 2 for a doubled one. */
  readonly copies: number
  /** Held back until a later event that fits this has been sent. */
  readonly heldFor: Subject | null
  state: WebhookState
  nextAtMs: number
  rounds: number
  /** Somebody asked for one more attempt: no schedule follows it. */
  isLast?: boolean
  attempts: Attempt[]
}

export type PaymentWebhook = Transmission & {
  readonly eventType: 'PAYMENT_STATUS_CHANGED' | 'DEPOSIT_CALLBACK'
  readonly createdAt: string
  /** The payment as it was then, and the status that the event tells. */
  readonly payment: Payment
  readonly status: PaymentStatus
}

/** About something that is not imitated: its body as it goes out. */
export type OtherWebhook = Transmission & {
  readonly eventType: OtherEventType
  readonly payment?: undefined
  readonly body: unknown
}

/** One event on its way to one URL. */
export type Webhook = PaymentWebhook | OtherWebhook

/** One delivery round, after which the webhook is settled or waits for its next. */
export type Round = Readonly<{
  transmissionId: string
  attempts: readonly Attempt[]
  state: WebhookState
  nextAtMs: number
}>

/** The merchant's console sends a webhook once more, whatever became of it. */
export type Retry = Readonly<{ transmissionId: string; atMs: number }>

/**
 * A key that took the place of the one before. Secret keys are remembered by their hash, so that the books let nobody
 * in; a security key has to sign, and opens nothing.
 */
export type IssuedKey = Readonly<
  { atMs: number } & ({ kind: 'secret'; hash: string } | { kind: 'security'; securityKey: string })
>

/**
 * One line of the books. All that one call did is in one line, so a kill leaves either all of it or nothing: never
 * money without the answer that a repeat must get, or without its webhook.
 */
export type Entry = Readonly<{
  record?: PaymentRecord
  transaction?: Transaction
  card?: BillingCard
  issuedKey?: IssuedKey
  answer?: StoredAnswer
  webhooks?: readonly Webhook[]
  round?: Round
  retry?: Retry
  skippedMs?: number
}>

/** The payment is in a line once; answers and webhooks that carry the same one are written without it. */
export function lineOf(entry: Entry): string {
  const payment = entry.record?.payment
  return JSON.stringify({
    ...entry,
    answer: entry.answer && entry.answer.body === payment ? { ...entry.answer, body: undefined } : entry.answer,
    webhooks: entry.webhooks?.map((webhook) => ({ ...webhook, payment: undefined })),
  })
}

/** The books are written by nobody else, so a line that is JSON is taken for what `lineOf` made. */
export function entryOf(line: string): Entry {
  const entry = JSON.parse(line) as Entry
  const payment = entry.record?.payment
  const { answer, webhooks } = entry
  return {
    ...entry,
    ...(answer && answer.body === undefined ? { answer: { ...answer, body: payment } } : {}),
    ...(webhooks && payment ? { webhooks: webhooks.map((webhook) => withPayment(webhook, payment)) } : {}),
  }
}

/** Of the webhooks of a line, those about something else stay as they are. */
function withPayment(webhook: Webhook, payment: Payment): Webhook {
  return 'body' in webhook ? webhook : { ...webhook, payment }
}
