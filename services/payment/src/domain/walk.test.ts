import { fc, test as property } from '@fast-check/jest'
import { describe, expect } from '@jest/globals'
import { minutes, samples, now as start } from '../../tests/domain-samples.ts'
import { TossModel } from '../../tests/toss-model.ts'
import { cancelRefused, confirmRefused, learnTransaction, type TossAnswer, voidRefused } from './answers.ts'
import { refundTag } from './apply-cancels.ts'
import { beginConfirm, decideConfirm } from './confirm.ts'
import { defaultDurations } from './durations.ts'
import type { Evidence, Verdict } from './evidence.ts'
import { countEchoLook, countLook, nextStep } from './next-step.ts'
import { openAttempt, type Payment, withAttempt, withRefund } from './payment.ts'
import { reconcile } from './reconcile.ts'
import { requestRefund } from './refund.ts'

/** A seeded walk: whatever fails is repeated by its seed. */
const random = (seed: number) => {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1
  return () => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 2 ** 32
  }
}

/**
 * One payment and one Toss under a run that may die at every call, as settle-payment drives the domain: what is saved is
 * `payment`, what a crash forgets is the run's own memory.
 */
class Walk {
  readonly #next: () => number
  readonly toss: TossModel
  payment: Payment = { ...samples.PENDING, expiresAt: minutes(600) }
  #now = start.getTime()
  #ids = 0

  constructor(seed: number) {
    this.#next = random(seed)
    this.toss = new TossModel((p) => this.chance(p))
    this.toss.now = this.#now
  }

  chance(p: number): boolean {
    return this.#next() < p
  }
  pick<T>(...items: readonly [T, ...T[]]): T {
    return items[Math.floor(this.#next() * items.length)] ?? items[0]
  }
  get now(): Date {
    return new Date(this.#now)
  }
  id(prefix: string): string {
    this.#ids += 1
    return `${prefix}-${this.#ids}`
  }
  pass(ms: number): void {
    this.#now += ms
    this.toss.now = this.#now
    if (this.chance(0.5) || !this.toss.hasFaults) this.toss.deliverLate()
  }
  /** `byTime`: Toss denied the approval for 31 minutes; only the late looks can tell then. */
  save(next: Payment, byTime = false): void {
    if (next.refundedKrw + next.reservedKrw > next.amountKrw) throw new Error('refunded + reserved exceed the amount')
    if (this.payment.status === 'PAID' && next.status === 'FAILED') throw new Error('PAID became FAILED')
    for (const refund of next.refunds) {
      const was = this.payment.refunds.find(({ id }) => id === refund.id)?.status
      const isDone = this.#cancelsOf(next).some((reason) => reason.endsWith(refundTag(refund.id)))
      if (was === 'REQUESTED' && refund.status === 'FAILED' && isDone)
        throw new Error('a refund that was done is told to have failed')
    }
    for (const attempt of next.attempts) {
      const was = this.payment.attempts.find(({ id }) => id === attempt.id)
      const isApproved = (this.toss.books.get(attempt.paymentKey ?? '')?.approvals ?? 0) > 0
      if (was?.outcome === undefined && attempt.outcome === 'FAILED' && isApproved && !byTime)
        throw new Error('an approval is told to have failed')
    }
    this.payment = next
  }

  #cancelsOf({ paymentKey }: Payment): string[] {
    return (this.toss.books.get(paymentKey ?? '')?.toss.cancels ?? []).map(({ cancelReason }) => cancelReason)
  }

  confirm(): void {
    const paymentKey = this.pick('pk-a', 'pk-b', 'pk-c')
    if (!this.toss.books.has(paymentKey)) this.toss.open(paymentKey, this.chance(0.3))
    try {
      if (decideConfirm(this.payment, { paymentKey, amountKrw: 1000 }, this.now).kind !== 'begin') return
    } catch {
      return
    }
    const id = this.id('att')
    const isAnnounced = this.chance(0.8)
    this.save(beginConfirm(this.payment, { id, paymentKey, isAnnounced }, this.now))
    if (this.chance(0.85)) this.run(isAnnounced ? id : undefined)
  }

  refund(): void {
    const refundId = this.id('ref')
    const isAnnounced = this.chance(0.8)
    try {
      this.save(
        requestRefund(
          this.payment,
          { refundId, reason: 'x', amountKrw: this.pick(undefined, 100, 300, 500), isAnnounced },
          this.now,
        ),
      )
    } catch {
      return
    }
    const announced = this.payment.refunds.some(({ id, lastPostAt }) => id === refundId && lastPostAt !== undefined)
    if (this.chance(0.85)) this.run(announced ? refundId : undefined)
  }

  console(): void {
    const { paymentKey } = this.payment
    const entry = paymentKey === undefined ? undefined : this.toss.books.get(paymentKey)
    if (paymentKey === undefined || entry === undefined || entry.toss.balanceAmount === 0) return
    const amountKrw = Math.min(entry.toss.balanceAmount, this.pick(100, 200, 1000))
    this.toss.cancelNow(paymentKey, { amountKrw, refundableKrw: entry.toss.balanceAmount, reason: 'by hand' })
  }

  /** One run of settle; dies at any call while there are faults. */
  run(fresh?: string, rung: readonly string[] = []): 'rest' | 'open' {
    const seen = new Set<string>()
    const posted = new Set<string>()
    const dies = () => this.toss.hasFaults && this.chance(0.05)
    for (let steps = 0; steps < 60; steps += 1) {
      const step = nextStep(this.payment, { seen, posted, rung }, this.now, fresh, defaultDurations)
      if (step.kind === 'wait') return 'open'
      if (step.kind === 'rest') return step.due === undefined || this.payment.status === 'PENDING' ? 'rest' : 'open'
      if (step.kind === 'change') {
        this.save(step.to, step.cause === 'the confirm was never approved')
        continue
      }
      if (step.kind === 'look') {
        for (const paymentKey of step.paymentKeys) {
          const evidence = this.toss.look(paymentKey)
          if (evidence === undefined || dies()) return 'open'
          const isOpen =
            openAttempt(this.payment) !== undefined || this.payment.refunds.some(({ status }) => status === 'REQUESTED')
          if (this.#takeIn(paymentKey, evidence, true) === 'stale' && isOpen) return 'open'
          seen.add(paymentKey)
          this.save({ ...this.payment, scheduledLooks: this.payment.scheduledLooks.filter(({ at }) => at > this.now) })
        }
        continue
      }
      const end =
        step.kind === 'cancel'
          ? this.#cancel(step.refundId, step.isFirst, fresh, seen, dies)
          : this.#pay(step, fresh, seen, dies)
      posted.add(step.kind === 'cancel' ? step.refundId : step.attemptId)
      if (end === 'ended') return 'open'
    }
    throw new Error('a run without end')
  }

  #takeIn(paymentKey: string, evidence: Evidence, isLook: boolean): Verdict {
    const { payment, verdict } = reconcile(this.payment, paymentKey, evidence, {
      now: this.now,
      newId: this.id('att'),
      durations: defaultDurations,
    })
    if (verdict === 'undecided') this.save(countLook(payment, paymentKey, this.now, defaultDurations))
    else this.save(verdict === 'decided' && isLook ? countEchoLook(payment, paymentKey) : payment)
    return verdict
  }

  #pay(
    step: { kind: 'confirm' | 'void'; attemptId: string; isFirst: boolean },
    fresh: string | undefined,
    seen: Set<string>,
    dies: () => boolean,
  ): 'ended' | 'goes-on' {
    const mark = { lastPostAt: this.now }
    this.save(
      withAttempt(this.payment, step.attemptId, (attempt) => {
        if (step.kind === 'confirm') return step.attemptId === fresh ? attempt : { ...attempt, ...mark }
        return attempt.void === undefined ? attempt : { ...attempt, void: { ...attempt.void, ...mark } }
      }),
    )
    if (dies()) return 'ended'
    const attempt = this.payment.attempts.find(({ id }) => id === step.attemptId)
    const paymentKey = attempt?.paymentKey
    if (attempt === undefined || paymentKey === undefined) throw new Error('no such attempt')
    seen.delete(paymentKey)
    const answer =
      step.kind === 'confirm'
        ? this.toss.confirm(paymentKey, `${attempt.id}-${attempt.keyNo}`)
        : this.toss.cancel(paymentKey, `${attempt.id}-void-${attempt.void?.keyNo ?? 1}`, {
            amountKrw: undefined,
            refundableKrw: 1000,
            reason: 'void',
          })
    if (dies()) return 'ended'
    if (answer.kind === 'ok' && step.isFirst) this.#takeIn(paymentKey, { kind: 'found', toss: answer.toss }, false)
    if (answer.kind === 'refused') {
      this.save(
        step.kind === 'confirm'
          ? confirmRefused(this.payment, attempt.id, answer, step.isFirst)
          : voidRefused(this.payment, attempt.id, answer),
      )
    }
    return this.#after(answer)
  }

  #cancel(
    refundId: string,
    isFirst: boolean,
    fresh: string | undefined,
    seen: Set<string>,
    dies: () => boolean,
  ): 'ended' | 'goes-on' {
    if (refundId !== fresh) this.save(withRefund(this.payment, refundId, (kept) => ({ ...kept, lastPostAt: this.now })))
    if (dies()) return 'ended'
    const refund = this.payment.refunds.find(({ id }) => id === refundId)
    const { paymentKey } = this.payment
    if (refund === undefined || paymentKey === undefined) throw new Error('no such refund')
    seen.delete(paymentKey)
    const answer = this.toss.cancel(paymentKey, `${refund.id}-${refund.keyNo}`, {
      amountKrw: refund.amountKrw,
      refundableKrw: this.payment.amountKrw - this.payment.refundedKrw,
      reason: `x${refundTag(refund.id)}`,
    })
    if (dies()) return 'ended'
    if (answer.kind === 'ok') {
      if (isFirst) this.#takeIn(paymentKey, { kind: 'found', toss: answer.toss }, false)
      else this.save(learnTransaction(this.payment, refundId, answer.toss))
    }
    if (answer.kind === 'refused') this.save(cancelRefused(this.payment, refundId, answer))
    return this.#after(answer)
  }

  #after(answer: TossAnswer): 'ended' | 'goes-on' {
    const waits =
      answer.kind === 'none' || (answer.kind === 'refused' && ['temporary', 'same-key'].includes(answer.meaning))
    return waits ? 'ended' : 'goes-on'
  }

  /** Toss is well again and everything on its way has arrived: a few runs and a day of looks must bring rest. */
  heal(): void {
    this.toss.hasFaults = false
    this.toss.deliverLate()
    for (let hours = 0; hours < 30; hours += 1) {
      for (let runs = 0; runs < 12; runs += 1) {
        const outcome = this.run(undefined, this.payment.paymentKey === undefined ? [] : [this.payment.paymentKey])
        this.pass(10_000)
        if (outcome === 'rest') return
      }
      this.pass(3_600_000)
    }
  }
}

/** What must hold at rest between Toss's books and ours. */
const violations = ({ payment, toss }: Walk): string[] => {
  const found: string[] = []
  const must = (holds: boolean, text: string) => {
    if (!holds) found.push(text)
  }
  const approved = [...toss.books.values()].filter(({ approvals }) => approvals > 0)
  const withMoney = approved.filter(({ toss: { balanceAmount } }) => balanceAmount > 0)
  must(withMoney.length <= 1, 'two approvals with money left')
  for (const { toss: books, approvals } of approved) {
    must(approvals === 1, 'approved twice')
    must(books.balanceAmount === 0 || payment.paymentKey === books.paymentKey, 'orphan money')
  }
  const isPaid = payment.status === 'PAID' || payment.status === 'PARTIAL_REFUND'
  must(!isPaid || withMoney[0]?.toss.paymentKey === payment.paymentKey, 'paid without money at Toss')
  must(withMoney.length === 0 || isPaid, 'money at Toss and not paid')
  const books = toss.books.get(payment.paymentKey ?? '')?.toss
  must(
    books === undefined || payment.refundedKrw === books.totalAmount - books.balanceAmount,
    'refunded differs from Toss',
  )
  must(payment.reservedKrw === 0 && payment.refunds.every(({ status }) => status !== 'REQUESTED'), 'a refund is stuck')
  must(payment.status !== 'CONFIRMING' && openAttempt(payment) === undefined, 'a confirm is stuck')
  const ours = payment.refunds.filter(({ status }) => status === 'DONE').map(({ transactionKey }) => transactionKey)
  must(new Set(ours).size === ours.length, 'two refunds for one cancel')
  must(ours.length === (books?.cancels.length ?? 0), 'refunds and cancels do not match one to one')
  for (const refund of payment.refunds.filter(({ origin }) => origin === 'API')) {
    const done = (books?.cancels ?? []).filter(({ cancelReason }) => cancelReason.endsWith(refundTag(refund.id)))
    must(
      done.length === (refund.status === 'DONE' ? 1 : 0),
      `a refund that is ${refund.status} was done ${done.length} times`,
    )
  }
  return found
}

describe('walks through crashes, lost answers, late effects, stale looks and console cancels', () => {
  property.prop([fc.integer({ min: 1, max: 2 ** 31 }), fc.integer({ min: 5, max: 60 })], { numRuns: 3_000 })(
    'end with our books equal to those of Toss',
    (seed, length) => {
      const walk = new Walk(seed)
      for (let i = 0; i < length; i += 1) {
        const action = walk.pick(
          'confirm',
          'refund',
          'refund',
          'console',
          'settle',
          'settle',
          'ring',
          'wait',
          'wait long',
        )
        if (action === 'confirm') walk.confirm()
        if (action === 'refund') walk.refund()
        if (action === 'console' && walk.chance(0.4)) walk.console()
        if (action === 'settle') walk.run()
        if (action === 'ring') walk.run(undefined, [...walk.toss.books.keys()].slice(0, 2))
        walk.pass(action === 'wait' ? 20_000 : action === 'wait long' ? walk.pick(400_000, 700_000, 2_000_000) : 2_000)
      }
      walk.heal()
      expect(violations(walk)).toEqual([])
    },
  )
})
