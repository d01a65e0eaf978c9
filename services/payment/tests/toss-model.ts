import type { TossAnswer } from '../src/domain/answers.ts'
import type { Evidence, TossCancel, TossPayment } from '../src/domain/evidence.ts'
import { classifyTossCode } from '../src/domain/toss-codes.ts'
import { tossView } from './domain-samples.ts'

type Stored = { status: number; code?: string; view?: TossPayment }
type Entry = { toss: TossPayment; approvals: number; declines: boolean; sessionEndsAt: number }
type Cancel = { amountKrw: number | undefined; refundableKrw: number; reason: string }

/** Toss in memory, as far as walks need it: its books, its replaying idempotency keys, and every way of losing an answer. */
export class TossModel {
  readonly books = new Map<string, Entry>()
  readonly #answers = new Map<string, Stored | 'running'>()
  readonly #late: (() => void)[] = []
  #transactions = 0
  readonly #chance: (p: number) => boolean
  hasFaults = true
  now = 0

  constructor(chance: (p: number) => boolean) {
    this.#chance = chance
  }

  open(paymentKey: string, declines: boolean): void {
    const toss = tossView({ paymentKey, status: 'IN_PROGRESS', approvedAt: undefined })
    this.books.set(paymentKey, { toss, approvals: 0, declines, sessionEndsAt: this.now + 600_000 })
  }

  /** What was sent and is still on its way arrives now. */
  deliverLate(): void {
    for (const effect of this.#late.splice(0)) effect()
  }

  confirm(paymentKey: string, key: string): TossAnswer {
    return this.#post('confirm', `confirm|${key}`, () => {
      const entry = this.#entry(paymentKey)
      if (entry === undefined || entry.toss.status === 'EXPIRED')
        return { status: 404, code: 'NOT_FOUND_PAYMENT_SESSION' }
      if (entry.toss.status !== 'IN_PROGRESS') return { status: 400, code: 'ALREADY_PROCESSED_PAYMENT' }
      if (entry.declines) {
        entry.toss = { ...entry.toss, status: 'ABORTED' }
        return { status: 403, code: 'REJECT_CARD_PAYMENT' }
      }
      entry.toss = { ...entry.toss, status: 'DONE', approvedAt: new Date(this.now) }
      entry.approvals += 1
      return { status: 200, view: entry.toss }
    })
  }

  cancel(paymentKey: string, key: string, cancel: Cancel): TossAnswer {
    return this.#post('cancel', `cancel|${paymentKey}|${key}`, () => this.cancelNow(paymentKey, cancel))
  }

  /** Also what a person does in the console. */
  cancelNow(paymentKey: string, { amountKrw, refundableKrw, reason }: Cancel): Stored {
    const entry = this.#entry(paymentKey)
    if (entry === undefined || entry.toss.approvedAt === undefined)
      return { status: 403, code: 'NOT_CANCELABLE_PAYMENT' }
    const { toss } = entry
    if (toss.balanceAmount === 0) return { status: 400, code: 'ALREADY_CANCELED_PAYMENT' }
    if (refundableKrw !== toss.balanceAmount) return { status: 400, code: 'NOT_MATCHES_REFUNDABLE_AMOUNT' }
    const amount = amountKrw ?? toss.balanceAmount
    if (amount > toss.balanceAmount) return { status: 403, code: 'NOT_CANCELABLE_AMOUNT' }
    this.#transactions += 1
    const entryOfCancel: TossCancel = {
      transactionKey: `tx-${this.#transactions}`,
      cancelAmount: amount,
      cancelReason: reason,
      cancelStatus: 'DONE',
      canceledAt: new Date(this.now),
    }
    const balanceAmount = toss.balanceAmount - amount
    entry.toss = {
      ...toss,
      balanceAmount,
      cancels: [...toss.cancels, entryOfCancel],
      status: amount === toss.totalAmount ? 'CANCELED' : 'PARTIAL_CANCELED',
    }
    return { status: 200, view: entry.toss }
  }

  /** Undefined: no answer. Now and then Toss says 404, or what was true a moment ago. */
  look(paymentKey: string): Evidence | undefined {
    if (this.hasFaults && this.#chance(0.15)) return undefined
    if (this.hasFaults && this.#chance(0.1)) return { kind: 'not-found' }
    const entry = this.#entry(paymentKey)
    if (entry === undefined) return { kind: 'not-found' }
    const { toss } = entry
    const last = toss.cancels.at(-1)
    if (this.hasFaults && last !== undefined && this.#chance(0.1)) {
      const cancels = toss.cancels.slice(0, -1)
      const stale: TossPayment = {
        ...toss,
        cancels,
        balanceAmount: toss.balanceAmount + last.cancelAmount,
        status: cancels.length === 0 ? 'DONE' : 'PARTIAL_CANCELED',
      }
      return { kind: 'found', toss: stale }
    }
    return { kind: 'found', toss }
  }

  #entry(paymentKey: string): Entry | undefined {
    const entry = this.books.get(paymentKey)
    if (entry?.toss.status === 'IN_PROGRESS' && this.now > entry.sessionEndsAt)
      entry.toss = { ...entry.toss, status: 'EXPIRED' }
    return entry
  }

  #post(operation: 'confirm' | 'cancel', slot: string, effect: () => Stored): TossAnswer {
    const fault = (p: number) => this.hasFaults && this.#chance(p)
    if (fault(0.1)) return { kind: 'none' }
    const known = this.#answers.get(slot)
    if (known === 'running') return this.#answer(operation, { status: 409, code: 'IDEMPOTENT_REQUEST_PROCESSING' })
    if (known !== undefined) return fault(0.1) ? { kind: 'none' } : this.#answer(operation, known)
    const run = (): Stored => {
      const hasErrorBefore = fault(0.08)
      const result = hasErrorBefore ? undefined : effect()
      const hasErrorAfter = result?.status === 200 && fault(0.1)
      const isServerError = this.#chance(0.5)
      const stored: Stored =
        result === undefined || hasErrorAfter ? { status: isServerError ? 500 : 400, code: 'PROVIDER_ERROR' } : result
      if (stored.status < 500) this.#answers.set(slot, stored)
      else this.#answers.delete(slot)
      return stored
    }
    if (fault(0.1)) {
      this.#answers.set(slot, 'running')
      this.#late.push(run)
      return { kind: 'none' }
    }
    const stored = run()
    return fault(0.15) ? { kind: 'none' } : this.#answer(operation, stored)
  }

  #answer(operation: 'confirm' | 'cancel', { status, code, view }: Stored): TossAnswer {
    if (view !== undefined) return { kind: 'ok', toss: view }
    const text = code ?? ''
    return {
      kind: 'refused',
      failure: { code: text, message: '', httpStatus: status < 500 ? status : 502 },
      meaning: classifyTossCode(operation, status, text),
    }
  }
}
