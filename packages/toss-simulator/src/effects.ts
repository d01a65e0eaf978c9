import type { Books } from './books.ts'
import type { Clock, Task } from './clock.ts'
import type { Change, PaymentRecord } from './payment.ts'
import type { StoredAnswer } from './records.ts'
import { deadlineOf, lapse } from './transitions.ts'
import type { Webhooks } from './webhooks.ts'

/** Makes a change happen: books it with its answer and its webhooks, and watches the payment's next deadline. */
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

  commit({ record, transaction, isNews }: Change, answer?: StoredAnswer): void {
    const webhooks = isNews ? this.#webhooks.announce(record.payment) : []
    this.#books.commit({
      record,
      ...(transaction ? { transaction } : {}),
      ...(answer ? { answer } : {}),
      ...(webhooks.length > 0 ? { webhooks } : {}),
    })
    this.#webhooks.schedule(webhooks)
    this.#watch(record)
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
