import { join } from 'node:path'
import type { BillingCard } from './billing-card.ts'
import { Ledger } from './ledger.ts'
import type { PaymentRecord, Transaction } from './payment.ts'
import {
  ANSWER_VALID_MS,
  type Entry,
  entryOf,
  type IssuedKey,
  lineOf,
  type Retry,
  type Round,
  type StoredAnswer,
  type Webhook,
} from './records.ts'
import { Timeline } from './timeline.ts'

/** Enough to look back over any test; more would only be memory. */
const SETTLED_WEBHOOKS_KEPT = 10_000

/**
 * All that the simulated Toss knows, in memory for reading and in the ledger for good. A commit is visible at once;
 * whoever tells somebody about it waits for `durable()` first.
 */
export class Books {
  readonly payments = new Map<string, PaymentRecord>()
  /** The cards that were registered for billing, by authKey. */
  readonly cards = new Map<string, BillingCard>()
  /** Oldest first. */
  readonly issuedKeys: IssuedKey[] = []
  readonly answers = new Map<string, StoredAnswer>()
  /** Webhooks that still have to be sent, by transmission id. */
  readonly openWebhooks = new Map<string, Webhook>()
  readonly settledWebhooks = new Map<string, Webhook>()
  readonly timeline = new Timeline()
  skippedMs = 0
  readonly #authKeys = new Map<string, string>()
  readonly #paymentKeys: string[] = []
  readonly #paymentKeysByOrder = new Map<string, string[]>()
  readonly #transactions = new Map<string, Transaction[]>()
  #ledger: Ledger | undefined

  static async open(directory: string, onBroken: (cause: unknown) => void): Promise<Books> {
    const books = new Books()
    let lines = 0
    const replay = (line: string): void => {
      lines += 1
      try {
        books.#apply(entryOf(line))
      } catch (cause) {
        throw new Error(`line ${lines} of the books in ${directory} cannot be read`, { cause })
      }
    }
    books.#ledger = await Ledger.open(join(directory, 'books.jsonl'), replay, onBroken)
    return books
  }

  commit(entry: Entry): void {
    this.#apply(entry)
    this.#ledger?.append(lineOf(entry))
  }

  async durable(): Promise<void> {
    await this.#ledger?.durable()
  }

  async close(): Promise<void> {
    await this.#ledger?.close()
  }

  paymentsOf(orderId: string): PaymentRecord[] {
    const keys = this.#paymentKeysByOrder.get(orderId) ?? []
    return keys.flatMap((key) => this.payments.get(key) ?? [])
  }

  /** Those that were opened last, oldest first. */
  latestPayments(count: number): PaymentRecord[] {
    return this.#paymentKeys.slice(-count).flatMap((key) => this.payments.get(key) ?? [])
  }

  /**
   * Toss does not say which payment an order id means when there were several. Here it is the youngest that got as far
   * as money or an account, else the youngest.
   */
  findByOrder(orderId: string): PaymentRecord | undefined {
    const records = this.paymentsOf(orderId)
    return records.findLast(({ payment }) => payment.lastTransactionKey !== null) ?? records.at(-1)
  }

  transactionsOf(paymentKey: string): readonly Transaction[] {
    return this.#transactions.get(paymentKey) ?? []
  }

  /** By its billing key. */
  findCard(billingKey: string): BillingCard | undefined {
    return this.cards.get(this.#authKeys.get(billingKey) ?? '')
  }

  findWebhook(transmissionId: string): Webhook | undefined {
    return this.openWebhooks.get(transmissionId) ?? this.settledWebhooks.get(transmissionId)
  }

  #apply({ record, transaction, card, issuedKey, answer, webhooks, round, retry, skippedMs }: Entry): void {
    if (record) this.#file(record)
    if (transaction) this.#enter(transaction)
    if (card) this.#register(card)
    if (issuedKey) this.issuedKeys.push(issuedKey)
    if (answer) this.#keep(answer)
    for (const webhook of webhooks ?? []) {
      if (webhook.state === 'PENDING') this.openWebhooks.set(webhook.transmissionId, webhook)
      else this.#settle(webhook)
    }
    if (round) this.#finish(round)
    if (retry) this.#reopen(retry)
    if (skippedMs !== undefined) this.skippedMs = skippedMs
  }

  #file(record: PaymentRecord): void {
    const { paymentKey, orderId } = record.payment
    if (!this.payments.has(paymentKey)) {
      this.#paymentKeys.push(paymentKey)
      append(this.#paymentKeysByOrder, orderId, paymentKey)
    }
    this.payments.set(paymentKey, record)
  }

  #enter(transaction: Transaction): void {
    append(this.#transactions, transaction.paymentKey, transaction)
    const status = this.payments.get(transaction.paymentKey)?.payment.status
    if (status !== undefined) this.timeline.add({ transaction, status })
  }

  #register(card: BillingCard): void {
    this.cards.set(card.authKey, card)
    if (card.billingKey !== null) this.#authKeys.set(card.billingKey, card.authKey)
  }

  /** The oldest come first in the map, so what is no longer valid is at its front, and looking for it costs nothing. */
  #keep(answer: StoredAnswer): void {
    this.answers.delete(answer.id)
    this.answers.set(answer.id, answer)
    for (const [id, { at }] of this.answers) {
      if (answer.at < at + ANSWER_VALID_MS) return
      this.answers.delete(id)
    }
  }

  #finish(round: Round): void {
    const webhook = this.findWebhook(round.transmissionId)
    if (!webhook) return
    webhook.attempts.push(...round.attempts)
    webhook.rounds += 1
    webhook.state = round.state
    webhook.nextAtMs = round.nextAtMs
    if (round.state !== 'PENDING') this.#settle(webhook)
  }

  #reopen({ transmissionId, atMs }: Retry): void {
    const webhook = this.findWebhook(transmissionId)
    if (!webhook) return
    webhook.state = 'PENDING'
    webhook.nextAtMs = atMs
    webhook.isLast = true
    this.settledWebhooks.delete(transmissionId)
    this.openWebhooks.set(transmissionId, webhook)
  }

  #settle(webhook: Webhook): void {
    this.openWebhooks.delete(webhook.transmissionId)
    this.settledWebhooks.set(webhook.transmissionId, webhook)
    if (this.settledWebhooks.size <= SETTLED_WEBHOOKS_KEPT) return
    for (const oldest of this.settledWebhooks.keys()) {
      this.settledWebhooks.delete(oldest)
      break
    }
  }
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}
