import { createHash } from 'node:crypto'
import type { Books } from './books.ts'
import type { Clock } from './clock.ts'
import { TossError } from './errors.ts'
import { ANSWER_VALID_MS, type StoredAnswer } from './records.ts'

const LONGEST_KEY = 300

export type IdempotentCall = Readonly<{ key: string; secretKey: string; method: string; url: string }>

/** Which calls run now, and what was answered to those that ran before. */
export class Idempotency {
  readonly #books: Books
  readonly #clock: Clock
  readonly #running = new Set<string>()

  constructor(books: Books, clock: Clock) {
    this.#books = books
    this.#clock = clock
  }

  /**
   * The stored answer, or the id under which this call now runs and which `end` has to release. Toss matches by key,
   * API key, method and URL; the body is not looked at, so a repeat with another body gets the old answer.
   */
  begin(call: IdempotentCall): StoredAnswer | string {
    if (call.key.length > LONGEST_KEY) throw new TossError('INVALID_IDEMPOTENCY_KEY')
    // Hashed, so that neither the secret key nor 300 free characters end up in the books.
    const id = createHash('sha256')
      .update(JSON.stringify([call.key, call.secretKey, call.method, call.url]))
      .digest('base64url')
    if (this.#running.has(id)) throw new TossError('IDEMPOTENT_REQUEST_PROCESSING')
    const stored = this.#books.answers.get(id)
    if (stored && this.#clock.now() < stored.at + ANSWER_VALID_MS) return stored
    this.#running.add(id)
    return id
  }

  end(id: string): void {
    this.#running.delete(id)
  }
}
