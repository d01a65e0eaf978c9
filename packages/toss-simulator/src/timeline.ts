import type { PaymentStatus, Transaction } from './payment.ts'

/** A transaction and what it made of its payment at that moment; later ones do not change it. */
export type Row = Readonly<{ transaction: Transaction; status: PaymentStatus }>

export type Span = Readonly<{ fromMs: number; toMs: number; after: string | undefined; limit: number }>

/**
 * Every transaction in the order of its time. It only grows at its end, so a page is found by two binary searches
 * and costs no more in a book of millions than in an empty one.
 */
export class Timeline {
  readonly #rows: Row[] = []
  readonly #atMs: number[] = []
  readonly #positions = new Map<string, number>()

  add(row: Row): void {
    this.#positions.set(row.transaction.transactionKey, this.#rows.length)
    // The machine's clock may be set back; the order of the rows must not follow it.
    this.#atMs.push(Math.max(Date.parse(row.transaction.at), this.#atMs.at(-1) ?? 0))
    this.#rows.push(row)
  }

  has(transactionKey: string): boolean {
    return this.#positions.has(transactionKey)
  }

  /** From the first to the last millisecond, both included, beginning behind the transaction `after`. */
  page({ fromMs, toMs, after, limit }: Span): readonly Row[] {
    const behind = after === undefined ? 0 : (this.#positions.get(after) ?? this.#rows.length) + 1
    const first = Math.max(this.#firstAtOrAfter(fromMs), behind)
    return this.#rows.slice(first, Math.min(this.#firstAtOrAfter(toMs + 1), first + limit))
  }

  #firstAtOrAfter(atMs: number): number {
    let low = 0
    let high = this.#atMs.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#atMs[middle] ?? Number.POSITIVE_INFINITY) < atMs) low = middle + 1
      else high = middle
    }
    return low
  }
}
