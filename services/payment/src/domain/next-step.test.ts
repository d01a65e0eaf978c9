import { describe, expect, it } from '@jest/globals'
import { minutes, now, refund, samples } from '../../tests/domain-samples.ts'
import { defaultDurations } from './durations.ts'
import { backoffMs, countEchoLook, countLook, nextStep, type Progress } from './next-step.ts'
import type { Attempt, Payment, Refund } from './payment.ts'

const none: Progress = { seen: new Set(), posted: new Set(), rung: [] }
const seen: Progress = { ...none, seen: new Set(['pk-1']) }
const step = (payment: Payment, progress: Progress = none, at: Date = now, fresh?: string) =>
  nextStep(payment, progress, at, fresh, defaultDurations)
const confirming = (change: Partial<Attempt> = {}): Payment => ({
  ...samples.CONFIRMING,
  attempts: samples.CONFIRMING.attempts.map((attempt) => ({ ...attempt, ...change })),
})
const refunding = (change: Partial<Refund> = {}): Payment => ({
  ...samples.PAID,
  refunds: [refund(change)],
  reservedKrw: 300,
})

describe('an open confirm', () => {
  it('is POSTed at once by the run that wrote it', () => {
    expect(step(confirming(), none, now, 'att-1')).toEqual({ kind: 'confirm', attemptId: 'att-1', isFirst: true })
  })

  it('that nobody has announced is POSTed at once by any run', () => {
    const { lastPostAt: _, ...silent } = samples.CONFIRMING.attempts[0] ?? {
      id: '',
      keyNo: 1,
      startedAt: now,
      looks: 0,
    }
    expect(step({ ...samples.CONFIRMING, attempts: [silent] })).toMatchObject({ kind: 'confirm', isFirst: true })
  })

  it('that may have been sent is looked at before anything else', () => {
    expect(step(confirming())).toEqual({ kind: 'look', paymentKeys: ['pk-1'] })
  })

  it('that a look leaves undecided is POSTed again, once per run', () => {
    expect(step(confirming(), seen)).toEqual({ kind: 'confirm', attemptId: 'att-1', isFirst: false })
    expect(step(confirming(), { ...seen, posted: new Set(['att-1']) })).toEqual({ kind: 'wait', since: now })
  })

  it('is never POSTed after its session', () => {
    expect(step(confirming(), seen, minutes(11)).kind).toBe('confirm')
    expect(step(confirming(), seen, new Date(minutes(11).getTime() + 1)).kind).toBe('wait')
  })

  it('is never POSTed again once Toss said that it is processed already, and time alone never fails it', () => {
    expect(step(confirming({ isAlreadyProcessed: true, looks: 9 }), seen, minutes(600)).kind).toBe('wait')
  })

  it('is never POSTed while a person has to decide', () => {
    const flagged = { ...confirming(), needsAttention: { reason: 'x', at: now, stopsPosts: true } }
    expect(step(flagged, seen).kind).toBe('wait')
    expect(step(flagged).kind).toBe('look')
  })

  it('is never failed by time while a person has to decide', () => {
    const flagged = {
      ...confirming({ looks: 3 }),
      needsAttention: { reason: 'another amount', at: now, stopsPosts: true },
    }
    expect(step(flagged, seen, minutes(600)).kind).toBe('wait')
  })

  it('is never POSTed once another attempt has the money', () => {
    expect(step({ ...confirming(), paymentKey: 'pk-2' }, seen).kind).toBe('wait')
  })

  it('fails after 31 minutes and three answered looks, one of them after that, and is looked at thrice more', () => {
    let payment = confirming()
    for (let i = 0; i < 10; i += 1) payment = countLook(payment, 'pk-1', minutes(5), defaultDurations)
    expect(payment.attempts[0]?.looks).toBe(2)
    expect(step(payment, seen, minutes(32)).kind).toBe('wait')
    payment = countLook(payment, 'pk-1', minutes(32), defaultDurations)
    const failed = step(payment, seen, minutes(32))
    if (failed.kind !== 'change') throw new Error(failed.kind)
    expect([failed.to.status, failed.to.scheduledLooks.map(({ at }) => at)]).toEqual([
      'FAILED',
      [minutes(92), minutes(392), minutes(1472)],
    ])
  })
})

describe('an open refund', () => {
  it('that nobody has sent goes before the looks that webhooks ask for, unless a person has to decide', () => {
    const rung: Progress = { ...none, rung: ['pk-1'] }
    expect(step(refunding(), rung)).toEqual({ kind: 'cancel', refundId: 'ref-1', isFirst: true })
    expect(step(refunding({ lastPostAt: now }), rung).kind).toBe('look')
    const flagged = { ...refunding(), needsAttention: { reason: 'x', at: now, stopsPosts: true } }
    expect(step(flagged, rung).kind).toBe('look')
    expect(step(flagged, { ...rung, seen: new Set(['pk-1']) }).kind).toBe('wait')
  })

  it('is POSTed at once when nothing was sent, and after a look otherwise', () => {
    expect(step(refunding())).toEqual({ kind: 'cancel', refundId: 'ref-1', isFirst: true })
    expect(step(refunding({ lastPostAt: now }))).toEqual({ kind: 'look', paymentKeys: ['pk-1'] })
    expect(step(refunding({ lastPostAt: now }), seen)).toEqual({ kind: 'cancel', refundId: 'ref-1', isFirst: false })
  })

  it('whose transaction is known is only looked at', () => {
    expect(step(refunding({ lastPostAt: now, transactionKey: 'tx' }), seen).kind).toBe('wait')
  })

  it('is given up after 14 days, because Toss forgets keys', () => {
    const given = step(refunding({ lastPostAt: now }), seen, minutes(14 * 1440 + 1))
    expect(given).toMatchObject({
      kind: 'change',
      to: { reservedKrw: 0, refunds: [{ status: 'FAILED', failure: { code: 'REFUND_EXPIRED' } }] },
    })
  })

  const refused = (code: string, looks: number) =>
    refunding({ lastPostAt: now, refusal: { code, message: '', httpStatus: 403, looks } })
  it('that was refused fails once a look has been taken', () => {
    expect(step(refused('NOT_CANCELABLE_PAYMENT', 0)).kind).toBe('look')
    expect(step(refused('NOT_CANCELABLE_PAYMENT', 0), seen)).toMatchObject({
      kind: 'change',
      to: { refunds: [{ status: 'FAILED' }] },
    })
  })

  it('that was refused as done already is believed only after five looks', () => {
    expect(step(refused('ALREADY_CANCELED_PAYMENT', 4), seen).kind).toBe('wait')
    expect(step(refused('ALREADY_CANCELED_PAYMENT', 5), seen).kind).toBe('change')
  })
})

describe('nothing open', () => {
  it('a pending order is due when it expires, and then fails', () => {
    expect(step(samples.PENDING)).toEqual({ kind: 'rest', due: minutes(40) })
    expect(step(samples.PENDING, none, minutes(40))).toMatchObject({
      kind: 'change',
      to: { status: 'FAILED', failure: { code: 'ORDER_EXPIRED' } },
    })
  })

  it('a scheduled look is due when it is due', () => {
    const payment = { ...samples.PAID, scheduledLooks: [{ paymentKey: 'pk-1', at: minutes(5) }] }
    expect(step(payment)).toEqual({ kind: 'rest', due: minutes(5) })
    expect(step(payment, none, minutes(5))).toEqual({ kind: 'look', paymentKeys: ['pk-1'] })
  })

  it('a webhook has its keys looked at', () => {
    expect(step(samples.PAID, { ...none, rung: ['pk-1', 'pk-9'] })).toEqual({
      kind: 'look',
      paymentKeys: ['pk-1', 'pk-9'],
    })
  })

  it('a second approval is canceled', () => {
    const [paid] = samples.PAID.attempts
    if (paid === undefined) throw new Error('no sample')
    const { lastPostAt: _, ...second } = {
      ...paid,
      id: 'att-2',
      paymentKey: 'pk-2',
      outcome: 'VOID' as const,
      void: { keyNo: 1, status: 'REQUESTED' as const },
    }
    expect(step({ ...samples.PAID, attempts: [paid, second] })).toEqual({
      kind: 'void',
      attemptId: 'att-2',
      isFirst: true,
    })
  })
})

describe('backoff', () => {
  it('has full jitter, doubles, and is capped by how long it has lasted', () => {
    const most = (tries: number, openForMs: number) => backoffMs(tries, openForMs, 1)
    expect([0, 1, 2, 9].map((tries) => most(tries, 0))).toEqual([1_000, 2_000, 4_000, 30_000])
    expect([most(20, 2 * 3_600_000), most(20, 30 * 3_600_000)]).toEqual([300_000, 3_600_000])
    expect(backoffMs(5, 0, 0)).toBe(0)
  })
})

describe('a look after a refusal that may be an echo', () => {
  const refusal = { code: 'NOT_CANCELABLE_AMOUNT', message: '', httpStatus: 403, looks: 0 }
  it("counts at the payment's own key only, because anybody can ring with another", () => {
    const payment = refunding({ lastPostAt: now, refusal })
    expect(countEchoLook(payment, 'pk-forged')).toBe(payment)
    expect(countEchoLook(payment, 'pk-1').refunds[0]?.refusal?.looks).toBe(1)
  })
})
