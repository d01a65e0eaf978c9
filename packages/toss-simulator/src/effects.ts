import type { BillingCard } from './billing-card.ts'
import type { Books } from './books.ts'
import type { Clock, Task } from './clock.ts'
import type { OtherEvent } from './other-events.ts'
import type { Change, PaymentRecord } from './payment.ts'
import type { StoredAnswer } from './records.ts'
import { deadlineOf, lapse } from './transitions.ts'
import type { Webhooks } from './webhooks.ts'

/** All that one call or one turn of events did. It is booked as one. */
export type Effect = Readonly<Partial<Change> & { card?: BillingCard; event?: OtherEvent }>

/** Makes an effect happen: books it with its answer and its webhooks, and watches the payment's next deadline. */
export class Effects {
  readonly #books: Books
  readonly #clock: Clock
  readonly #webhooks: Webhooks
  readonly #deadlines = new Map<string, Task>()

  constructor(books: Books, clock: Clock, webhooks: Webhooks) {
    this.#books = books
    this.#clock = clock
    this.#webhooks = webhooks
  }

  commit({ record, transaction, isNews, card, event }: Effect, answer?: StoredAnswer): void {
    const webhooks = [
      ...(record && isNews === true ? this.#webhooks.announce(record.payment) : []),
      ...(event ? this.#webhooks.announceOther(event, record?.payment) : []),
    ]
    this.#books.commit({
      ...(record ? { record } : {}),
      ...(transaction ? { transaction } : {}),
      ...(card ? { card } : {}),
      ...(answer ? { answer } : {}),
      ...(webhooks.length > 0 ? { webhooks } : {}),
    })
    this.#webhooks.schedule(webhooks)
    if (record) this.#watch(record)
  }

  /** Takes up after a restart what the books say is still to come. */
  resume(): void {
    for (const record of this.#books.payments.values()) this.#watch(record)
    this.#webhooks.schedule(this.#books.openWebhooks.values())
  }

  #watch(record: PaymentRecord): void {
    const { paymentKey } = record.payment
    this.#deadlines.get(paymentKey)?.cancel()
    this.#deadlines.delete(paymentKey)
    const deadline = deadlineOf(record)
    if (deadline === null) return
    this.#deadlines.set(
      paymentKey,
      this.#clock.at(deadline, () => this.#lapse(paymentKey)),
    )
  }

  #lapse(paymentKey: string): void {
    const record = this.#books.payments.get(paymentKey)
    const change = record && lapse(record, this.#clock.now())
    if (change) this.commit(change)
  }
}
