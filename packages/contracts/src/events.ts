import { z } from 'zod'
import { paymentStatuses } from './order-status.ts'

const amountKrw = z.int().nonnegative()
const instant = z.iso.datetime({ offset: true })
const id = z.string().min(1).max(200)

/** order.created: an order exists and waits for its payment. */
export const orderCreatedSchema = z.object({
  orderId: id,
  customerId: z.string().optional(),
  amountKrw,
  currency: z.literal('KRW'),
  lines: z.array(
    z.object({
      productId: z.int().positive(),
      name: z.string(),
      unitPriceKrw: amountKrw,
      quantity: z.int().positive(),
    }),
  ),
  createdAt: instant,
  expiresAt: instant,
})
export type OrderCreated = z.infer<typeof orderCreatedSchema>

/** payment.status-changed: the whole public state of a payment at one version, so the newest alone is enough. */
export const paymentStatusChangedSchema = z.object({
  paymentId: id,
  orderId: id,
  version: z.int().positive(),
  status: z.enum(paymentStatuses),
  previousStatus: z.enum(paymentStatuses),
  amountKrw,
  refundedKrw: amountKrw,
  method: z.string().optional(),
  approvedAt: instant.optional(),
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
  occurredAt: instant,
})
export type PaymentStatusChanged = z.infer<typeof paymentStatusChangedSchema>

/**
 * toss.webhook-received: Toss rang. Only what is needed to know whom to ask about; the rest of the body may hold cards, phones and
 * accounts and is never needed, because the state is always fetched.
 */
export const tossWebhookReceivedSchema = z.object({
  bodyHash: z.string().regex(/^[0-9a-f]{64}$/),
  transmissionId: z.string().optional(),
  retriedCount: z.int().nonnegative().optional(),
  transmissionTime: z.string().optional(),
  receivedAt: instant,
  eventType: z.string(),
  orderId: z.string().optional(),
  paymentKey: z.string().optional(),
  status: z.string().optional(),
  transactionKey: z.string().optional(),
  createdAt: z.string().optional(),
})
export type TossWebhookReceived = z.infer<typeof tossWebhookReceivedSchema>

/**
 * Topic → schema of its `data`, who sends and who reads it, its Kafka key (the first of these fields that is there), and how long Kafka
 * keeps it (milliseconds, -1 for ever).
 */
export const topics = {
  'order.created': {
    schema: orderCreatedSchema,
    summary: 'An order exists and waits for its payment',
    producer: 'order',
    consumers: ['payment'],
    key: ['orderId'],
    retentionMs: -1,
  },
  'payment.status-changed': {
    schema: paymentStatusChangedSchema,
    summary: 'The whole public state of a payment at one version, so the newest alone is enough',
    producer: 'payment',
    consumers: ['order'],
    key: ['orderId'],
    retentionMs: -1,
  },
  'toss.webhook-received': {
    schema: tossWebhookReceivedSchema,
    summary: 'Toss rang: whom to ask about, and nothing that is to be believed',
    producer: 'webhook-gateway',
    consumers: ['payment'],
    key: ['orderId', 'paymentKey', 'bodyHash'],
    retentionMs: 30 * 24 * 3_600_000,
  },
} as const
export type Topic = keyof typeof topics
export const isTopic = (name: string): name is Topic => Object.hasOwn(topics, name)
export type EventData<T extends Topic> = z.infer<(typeof topics)[T]['schema']>

/** A CloudEvents 1.0 event in structured JSON, the value of every Kafka message. */
export type CloudEvent<T extends Topic = Topic> = {
  readonly specversion: '1.0'
  /** `<aggregateId>:<version>`, for webhooks the body hash: the same fact always has the same id. */
  readonly id: string
  readonly source: string
  readonly type: `${T}.v1`
  readonly subject: string
  readonly time: string
  readonly datacontenttype: 'application/json'
  readonly data: EventData<T>
}

const envelopeSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.string().min(1),
  subject: z.string(),
  time: instant,
  datacontenttype: z.literal('application/json'),
})

const inEnvelope = <T extends Topic>(topic: T) =>
  envelopeSchema.extend({ type: z.literal(`${topic}.v1`), data: topics[topic].schema })

/** Topic → schema of the whole event. Made once: zod compiles a schema at its first use, which costs a hundred times one parse. */
export const eventSchemas = {
  'order.created': inEnvelope('order.created'),
  'payment.status-changed': inEnvelope('payment.status-changed'),
  'toss.webhook-received': inEnvelope('toss.webhook-received'),
}

/** Wraps `data` in its envelope. `service` is the producing service's name, `subject` the message key. */
export const cloudEvent = <T extends Topic>(
  topic: T,
  event: { id: string; service: string; subject: string; time: Date; data: EventData<T> },
): CloudEvent<T> => ({
  specversion: '1.0',
  id: event.id,
  source: `/services/${event.service}`,
  type: `${topic}.v1`,
  subject: event.subject,
  time: event.time.toISOString(),
  datacontenttype: 'application/json',
  data: event.data,
})

/**
 * Parses a Kafka message's value. Unknown extra fields are dropped, not refused, so that producers may add some.
 * @throws ZodError or SyntaxError when it can never be understood.
 */
export const parseEvent = <T extends Topic>(topic: T, value: string): CloudEvent<T> =>
  eventSchemas[topic].parse(JSON.parse(value)) as CloudEvent<T>

/** Why `parseEvent` refused a message, by field names only: the parsers' own words quote the message, which may hold anything. */
export const describeMisfit = (error: unknown): string =>
  error instanceof z.ZodError
    ? `wrong or missing: ${[...new Set(error.issues.map(({ path }) => path.join('.') || 'the whole'))].join(', ')}`
    : 'not JSON in UTF-8'
