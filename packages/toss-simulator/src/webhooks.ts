import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Logger } from 'pino'
import type { Books } from './books.ts'
import type { Clock, Task } from './clock.ts'
import { type Faults, fits } from './faults.ts'
import { newMicroseconds, newTransmissionId } from './ids.ts'
import type { IssuedKeys } from './issued-keys.ts'
import { bodyOfOther, isSigned, type OtherEvent, signatureOf } from './other-events.ts'
import type { Payment, PaymentStatus } from './payment.ts'
import type { Attempt, PaymentWebhook, Subject, Webhook } from './records.ts'
import { seoulInstant, seoulLocalTime } from './seoul-time.ts'
import { type Subscription, subscriptionOf } from './subscriptions.ts'

/** Soon enough to race the answer of the call that caused it, as Toss's webhooks do. */
const FIRST_DELAY_MS = 50
/** Toss: the receiver has ten seconds. */
const TIMEOUT_MS = 10_000
/** Toss: resent seven times, 3 days and 19 hours in all. Each wait starts with the end of the attempt before. */
const RESEND_AFTER_MS = [1, 4, 16, 64, 256, 1024, 4096].map((minutes) => minutes * 60_000)

/** Shorter than receivers keep idle connections, so that none is used in the moment in which it is closed. */
const CONNECTIONS = { keepAlive: true, maxSockets: 64, timeout: 4_000 }

const TOLD_BY_STATUS_CHANGED: readonly PaymentStatus[] = ['DONE', 'ABORTED', 'EXPIRED', 'CANCELED', 'PARTIAL_CANCELED']
const TOLD_BY_DEPOSIT_CALLBACK: readonly PaymentStatus[] = [
  'WAITING_FOR_DEPOSIT',
  'DONE',
  'CANCELED',
  'PARTIAL_CANCELED',
]

/** Makes the webhooks of an effect and sends them until they are answered 200 or seven resends were in vain. */
export class Webhooks {
  readonly #subscriptions: readonly Subscription[]
  readonly #keys: IssuedKeys
  readonly #clock: Clock
  readonly #books: Books
  readonly #faults: Faults
  readonly #log: Logger
  readonly #sending = new Set<ClientRequest>()
  readonly #httpAgent = new HttpAgent(CONNECTIONS)
  readonly #httpsAgent = new HttpsAgent(CONNECTIONS)
  /** The next attempt of each webhook that has one. */
  readonly #next = new Map<string, Task>()
  readonly #held = new Set<Webhook>()
  #isStopped = false

  constructor(parts: {
    urls: readonly string[]
    keys: IssuedKeys
    clock: Clock
    books: Books
    faults: Faults
    log: Logger
  }) {
    this.#subscriptions = parts.urls.map(subscriptionOf)
    this.#keys = parts.keys
    this.#clock = parts.clock
    this.#books = parts.books
    this.#faults = parts.faults
    this.#log = parts.log
  }

  /** The webhooks that this state of a payment causes, to be committed with it. One fault takes one event to all URLs. */
  announce(payment: Payment, status: PaymentStatus = payment.status): Webhook[] {
    if (this.#subscriptions.length === 0) return []
    const nowMs = this.#clock.now()
    return eventTypesOf(payment, status).flatMap((eventType) => {
      const createdAt = createdAtOf(eventType, nowMs)
      return this.#transmissions(eventType, payment, nowMs).map((one) => ({
        ...one,
        eventType,
        createdAt,
        payment,
        status,
      }))
    })
  }

  /** The webhooks of an event that tells no payment, though it may come from one, whose faults it then meets. */
  announceOther({ eventType, data }: OtherEvent, cause: Subject = {}): Webhook[] {
    const nowMs = this.#clock.now()
    const body = bodyOfOther(eventType, data, nowMs, newMicroseconds())
    return this.#transmissions(eventType, cause, nowMs).map((one) => ({ ...one, eventType, body }))
  }

  /** One event to each URL that is registered for it; a fault meets all of them. */
  #transmissions(eventType: string, { paymentKey, orderId }: Subject, nowMs: number) {
    const taken = this.#faults.takeForWebhook({ paymentKey, orderId })
    const fault = taken?.fault
    const urls = this.#subscriptions.filter(({ isFor }) => isFor(eventType))
    return urls.map(({ url }) => ({
      transmissionId: newTransmissionId(),
      url,
      copies: fault?.kind === 'double' ? 2 : 1,
      heldFor: fault?.kind === 'reorder' && taken ? taken.match : null,
      state: fault?.kind === 'lose' ? ('LOST' as const) : ('PENDING' as const),
      nextAtMs: nowMs + FIRST_DELAY_MS + (fault?.kind === 'late' ? fault.ms : 0),
      rounds: 0,
      attempts: [],
    }))
  }

  /** Sends when it is time. Also for those that a restart found open. */
  schedule(webhooks: Iterable<Webhook>): void {
    for (const webhook of webhooks) {
      if (webhook.state !== 'PENDING') continue
      const { transmissionId, nextAtMs } = webhook
      if (webhook.heldFor && webhook.rounds === 0 && webhook.isLast !== true) this.#held.add(webhook)
      else
        this.#next.set(
          transmissionId,
          this.#clock.at(nextAtMs, () => void this.#deliver(webhook)),
        )
    }
  }

  /** Toss: the retry button of the console calls off the running schedule and sends once more. */
  retry(webhook: Webhook): void {
    const { transmissionId } = webhook
    this.#next.get(transmissionId)?.cancel()
    this.#held.delete(webhook)
    this.#books.commit({ retry: { transmissionId, atMs: this.#clock.now() } })
    this.schedule([webhook])
  }

  /** What is under way is taken back and counts as not sent. */
  stop(): void {
    this.#isStopped = true
    for (const sending of this.#sending) sending.destroy()
    this.#httpAgent.destroy()
    this.#httpsAgent.destroy()
  }

  async #deliver(webhook: Webhook): Promise<void> {
    this.#next.delete(webhook.transmissionId)
    try {
      // Nobody may hear of an effect that a kill could still take back.
      await this.#books.durable()
      const attempts = await Promise.all(Array.from({ length: webhook.copies }, () => this.#send(webhook)))
      if (this.#isStopped) return
      this.#close(webhook, attempts)
    } catch (err) {
      this.#log.error({ err, transmissionId: webhook.transmissionId }, 'webhook not sent')
    }
  }

  #close(webhook: Webhook, attempts: Attempt[]): void {
    const isFirst = webhook.rounds === 0
    const wait = webhook.isLast === true ? undefined : RESEND_AFTER_MS[webhook.rounds]
    const isDelivered = [...webhook.attempts, ...attempts].some(({ status }) => status === 200)
    this.#books.commit({
      round: {
        transmissionId: webhook.transmissionId,
        attempts,
        state: isDelivered ? 'DELIVERED' : wait === undefined ? 'GIVEN_UP' : 'PENDING',
        nextAtMs: this.#clock.now() + (wait ?? 0),
      },
    })
    this.schedule([webhook])
    if (isFirst) this.#release(webhook)
  }

  #release(sent: Webhook): void {
    const { paymentKey, orderId } = subjectOf(sent)
    for (const held of this.#held) {
      if (held.url !== sent.url || !fits(held.heldFor ?? {}, { paymentKey, orderId })) continue
      this.#held.delete(held)
      void this.#deliver(held)
    }
  }

  async #send(webhook: Webhook): Promise<Attempt> {
    const at = seoulInstant(this.#clock.now())
    try {
      return { at, status: await this.#post(webhook, at) }
    } catch (err) {
      this.#log.debug({ err, transmissionId: webhook.transmissionId }, 'webhook not answered')
      return { at, status: null }
    }
  }

  /** Resolves with the status of the answer. A redirect is an answer too, and is not followed. */
  #post(webhook: Webhook, at: string): Promise<number> {
    const text = JSON.stringify(bodyOf(webhook))
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      'tosspayments-webhook-transmission-time': at,
      'tosspayments-webhook-transmission-retried-count': String(webhook.rounds),
      'tosspayments-webhook-transmission-id': webhook.transmissionId,
      ...(isSigned(webhook.eventType)
        ? { 'tosspayments-webhook-signature': signatureOf(this.#keys.securityKeys(), text, at) }
        : {}),
    }
    return new Promise((resolve, reject) => {
      const isTls = webhook.url.startsWith('https:')
      const options = { method: 'POST', headers, agent: isTls ? this.#httpsAgent : this.#httpAgent }
      const sending = (isTls ? httpsRequest : httpRequest)(webhook.url, options, (response) => {
        // Nobody wants the body, but the connection can only be used again when it has been read.
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      const timer = setTimeout(() => sending.destroy(new Error('not answered in time')), TIMEOUT_MS)
      this.#sending.add(sending)
      sending.once('error', reject)
      sending.once('close', () => {
        clearTimeout(timer)
        this.#sending.delete(sending)
        reject(new Error('closed without an answer'))
      })
      sending.end(text)
    })
  }
}

const subjectOf = ({ payment }: Webhook): Subject =>
  payment === undefined ? {} : { paymentKey: payment.paymentKey, orderId: payment.orderId }

function eventTypesOf(payment: Payment, status: PaymentStatus): PaymentWebhook['eventType'][] {
  const eventTypes: PaymentWebhook['eventType'][] = []
  if (TOLD_BY_STATUS_CHANGED.includes(status)) eventTypes.push('PAYMENT_STATUS_CHANGED')
  if (payment.virtualAccount && TOLD_BY_DEPOSIT_CALLBACK.includes(status)) eventTypes.push('DEPOSIT_CALLBACK')
  return eventTypes
}

/** Toss: the time of a DEPOSIT_CALLBACK comes with an offset or without, so here every second one has it. */
function createdAtOf(eventType: PaymentWebhook['eventType'], nowMs: number): string {
  const microseconds = newMicroseconds()
  const hasOffset = eventType === 'DEPOSIT_CALLBACK' && microseconds % 2 === 1
  return `${seoulLocalTime(nowMs, microseconds)}${hasOffset ? '+09:00' : ''}`
}

function bodyOf(webhook: Webhook): unknown {
  if (webhook.payment === undefined) return webhook.body
  const { eventType, createdAt, payment, status } = webhook
  if (eventType === 'PAYMENT_STATUS_CHANGED') return { eventType, createdAt, data: { ...payment, status } }
  // Toss: flat, with neither eventType nor paymentKey.
  const { secret, lastTransactionKey, orderId } = payment
  return { createdAt, secret, status, transactionKey: lastTransactionKey, orderId }
}
