import type { Operation } from './faults.ts'

/** One call to the API as Toss saw it. `status` is null when it was never answered. */
export type Call = Readonly<{
  at: string
  operation: Operation
  method: string
  paymentKey?: string
  orderId?: string
  idempotencyKey?: string
  status: number | null
  code?: string
  replayed: boolean
}>

/** Enough to look back over any test; the calls are for looking only and end with the process. */
const CALLS_KEPT = 10_000

export class CallLog {
  #calls: Call[] = []

  add(call: Call): void {
    this.#calls.push(call)
    // Cutting only now and then keeps each call cheap.
    if (this.#calls.length >= 2 * CALLS_KEPT) this.#calls = this.list().slice()
  }

  list(): readonly Call[] {
    return this.#calls.slice(-CALLS_KEPT)
  }
}
