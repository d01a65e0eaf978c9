import { AppError } from '@checkout/contracts/errors'
import type { TossWebhookReceived } from '@checkout/contracts/events'
import { isHarmlessId } from '@checkout/contracts/personal-data'

/** What is known of a body by its hash. */
export type Seen =
  /** Nobody delivers it but us, until the lease ends. */
  | { readonly state: 'ours'; readonly token: string }
  /** Another delivery of it is under way. */
  | { readonly state: 'in-flight' }
  /** Kafka has it. */
  | { readonly state: 'done' }
  /** Nobody delivers it, or nobody any more. */
  | { readonly state: 'free' }

type Json = Readonly<Record<string, unknown>>

/** Toss's headers of one delivery. */
export type TransmissionHeaders = {
  readonly transmissionId?: string | undefined
  readonly retriedCount?: string | undefined
  readonly transmissionTime?: string | undefined
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The JSON object that was sent.
 * @throws AppError INVALID_INPUT_VALUE when it is none.
 */
export const readBody = (bytes: Uint8Array): Json => {
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // The parser's message would quote the body.
    throw new AppError('INVALID_INPUT_VALUE', { detail: 'the body is not JSON' })
  }
  if (!isObject(parsed)) throw new AppError('INVALID_INPUT_VALUE', { detail: 'the body is not a JSON object' })
  return parsed
}

// Whatever of a body goes on into Kafka, logs and URLs has one of these shapes. Toss: orderId is 6..64 of [A-Za-z0-9_-], its SDK
// also takes "="; paymentKey is at most 200 characters. The rest is wide enough for what was seen of Toss. A stranger can write
// a card or a key where an id is due, so none that looks like one goes on.
const shapes = {
  eventType: /^[A-Za-z0-9_.-]{1,64}$/,
  orderId: /^[A-Za-z0-9_=-]{1,64}$/,
  paymentKey: /^[A-Za-z0-9_-]{1,200}$/,
  status: /^[A-Z_]{1,40}$/,
  transactionKey: /^[A-Za-z0-9_-]{1,64}$/,
  createdAt: /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?$/,
  transmissionId: /^[A-Za-z0-9_.:-]{1,200}$/,
  retriedCount: /^\d{1,4}$/,
} as const

const read = (shape: keyof typeof shapes, value: unknown): string | undefined =>
  typeof value === 'string' && shapes[shape].test(value) && (shape === 'retriedCount' || isHarmlessId(value))
    ? value
    : undefined

/**
 * The little of a webhook that is needed to know whom to ask about. Everything else stays behind: it may hold cards, phones and
 * accounts, and the state is always asked of Toss. What is not of its proper shape is left out, never refused.
 */
export const describeWebhook = (
  body: Json,
  delivery: TransmissionHeaders & { readonly bodyHash: string; readonly receivedAt: Date },
): TossWebhookReceived => {
  // Toss: DEPOSIT_CALLBACK is flat and names no event; all others wrap their subject in `data`.
  const isFlat =
    body.eventType === undefined && body.secret !== undefined && body.status !== undefined && body.orderId !== undefined
  const subject = isFlat ? body : isObject(body.data) ? body.data : {}
  const retriedCount = read('retriedCount', delivery.retriedCount)
  const fields = {
    transmissionId: read('transmissionId', delivery.transmissionId),
    retriedCount: retriedCount === undefined ? undefined : Number(retriedCount),
    transmissionTime: read('createdAt', delivery.transmissionTime),
    orderId: read('orderId', subject.orderId),
    paymentKey: read('paymentKey', subject.paymentKey),
    status: read('status', subject.status),
    transactionKey: read('transactionKey', transactionKeyOf(subject)),
    createdAt: read('createdAt', body.createdAt),
  }
  return {
    bodyHash: delivery.bodyHash,
    receivedAt: delivery.receivedAt.toISOString(),
    eventType: isFlat ? 'DEPOSIT_CALLBACK' : (read('eventType', body.eventType) ?? 'UNKNOWN'),
    ...definedOnly(fields),
  }
}

/** The transaction that the news is about: of a canceled payment its newest cancel, else the last one. */
const transactionKeyOf = (subject: Json): unknown => {
  const isCancel = subject.status === 'CANCELED' || subject.status === 'PARTIAL_CANCELED'
  const cancels = isCancel && Array.isArray(subject.cancels) ? subject.cancels.filter(isObject) : []
  return newest(cancels)?.transactionKey ?? subject.lastTransactionKey ?? subject.transactionKey
}

const newest = (cancels: readonly Json[]): Json | undefined =>
  cancels.reduce<Json | undefined>(
    (latest, cancel) => (canceledAt(cancel) >= canceledAt(latest) ? cancel : latest),
    undefined,
  )

/** Of two cancels without a readable time the later in the list counts as the newer. */
const canceledAt = (cancel: Json | undefined): number => {
  const at = typeof cancel?.canceledAt === 'string' ? Date.parse(cancel.canceledAt) : Number.NaN
  return Number.isNaN(at) ? 0 : at
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

const definedOnly = <T extends Json>(fields: T): Defined<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>

/** What is said of one order or payment stays in order. */
export const messageKey = ({ orderId, paymentKey, bodyHash }: TossWebhookReceived): string =>
  orderId ?? paymentKey ?? bodyHash
