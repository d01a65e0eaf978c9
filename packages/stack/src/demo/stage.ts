import type { CloudEvent, Topic } from '@checkout/contracts/events'
import { eventually } from '../testing/eventually.ts'
import type { EventLog, SeenEvent } from './event-log.ts'
import type { Answer, Http } from './http.ts'
import { type Narrator, StepFailed } from './narrator.ts'
import type { Books, TossBooks, TossCall } from './toss-books.ts'
import type { WebhookRows } from './webhook-rows.ts'

interface Parts {
  readonly http: Http
  readonly books: TossBooks
  readonly events: EventLog
  readonly webhookRows: WebhookRows
  readonly narrator: Narrator
}

/** What the steps of the story play with. */
export interface Stage extends Parts {
  /** Ends the step unless the condition holds; says so when it does. */
  readonly expect: (isSo: boolean, what: string, found?: unknown) => void
  /** Ends the step unless the answer has this status and, if given, these fields. */
  readonly expectAnswer: (answer: Answer, status: number, fields?: Readonly<Record<string, unknown>>) => void
  /** Tries until it passes; for what happens behind the answer. */
  readonly soon: <T>(look: () => T | Promise<T>, timeoutMs?: number) => Promise<T>
  readonly eventsOf: <T extends Topic>(orderId: string, topic: T) => readonly CloudEvent<T>[]
  /** The newest state of the order's payment that Kafka has, once it has this status. */
  readonly paymentEvent: (orderId: string, status: string) => Promise<CloudEvent<'payment.status-changed'>>
  /** Tells what Toss and Kafka have of this order that was not told yet. */
  readonly tell: (orderId: string) => Promise<Books>
}

const patienceMs = 20_000

export function createStage(parts: Parts): Stage {
  const { books, events, narrator } = parts
  const told = new Map<string, { calls: number; events: number }>()

  const expect: Stage['expect'] = (isSo, what, found) => {
    if (!isSo) throw new StepFailed(`not so: ${what}${found === undefined ? '' : `; found ${JSON.stringify(found)}`}`)
    narrator.holds(what)
  }
  const soon: Stage['soon'] = (look, timeoutMs = patienceMs) => eventually(look, { timeoutMs, intervalMs: 100 })
  const eventsOf = <T extends Topic>(orderId: string, topic: T) =>
    events
      .of(orderId)
      .filter((seen): seen is SeenEvent<T> => seen.topic === topic)
      .map(({ event }) => event)

  return {
    ...parts,
    expect,
    soon,
    eventsOf,
    expectAnswer: ({ status, body }, wanted, fields = {}) => {
      const names = Object.keys(fields)
      const found = Object.fromEntries(names.map((name) => [name, body[name]]))
      if (status !== wanted || names.some((name) => body[name] !== fields[name])) {
        throw new StepFailed(`expected ${wanted} ${JSON.stringify(fields)}, found ${status} ${JSON.stringify(found)}`)
      }
    },
    paymentEvent: (orderId, status) =>
      soon(() => {
        const newest = eventsOf(orderId, 'payment.status-changed').at(-1)
        if (newest?.data.status !== status) {
          throw new StepFailed(`Kafka has no payment.status-changed with ${status} as its newest of ${orderId}`)
        }
        return newest
      }),
    tell: async (orderId) => {
      const book = await books.of(orderId)
      const seen = events.of(orderId)
      const { calls, events: known } = told.get(orderId) ?? { calls: 0, events: 0 }
      told.set(orderId, { calls: book.calls.length, events: seen.length })
      for (const call of book.calls.slice(calls)) narrator.happened('Toss', describeCall(call))
      for (const event of seen.slice(known)) narrator.happened('Kafka', describeEvent(event))
      return book
    },
  }
}

function describeCall({ operation, method, paymentKey = '', idempotencyKey, status, code }: TossCall): string {
  const path = {
    confirm: '/v1/payments/confirm',
    cancel: `/v1/payments/${short(paymentKey)}/cancel`,
    get: `/v1/payments/${short(paymentKey)}`,
    getByOrder: '/v1/payments/orders/…',
  }[operation]
  const key = idempotencyKey === undefined ? '' : `, Idempotency-Key ${short(idempotencyKey)}`
  return `${method} ${path} → ${status ?? 'no answer'}${code === undefined ? '' : ` ${code}`}${key}`
}

function describeEvent(seen: SeenEvent): string {
  return `${seen.topic} partition ${seen.partition} offset ${seen.offset}: ${contentOf(seen)}`
}

function contentOf({ event }: SeenEvent): string {
  const { data } = event
  if ('bodyHash' in data) return `${data.eventType} ${data.status ?? ''}`
  if ('lines' in data) return `${data.amountKrw} KRW`
  const refunded = data.refundedKrw > 0 ? `, refunded ${data.refundedKrw} KRW` : ''
  return `version ${data.version}, ${data.previousStatus} → ${data.status}${refunded}`
}

/** Both ends, which is enough to find it in a log. */
function short(id: string): string {
  return id.length <= 20 ? id : `${id.slice(0, 8)}…${id.slice(-8)}`
}
