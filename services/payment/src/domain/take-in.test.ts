import { describe, expect, it } from '@jest/globals'
import { minutes, now, samples, tossView } from '../../tests/domain-samples.ts'
import { defaultDurations } from './durations.ts'
import { reconcile } from './reconcile.ts'
import { flag, UNRESOLVED } from './take-in.ts'

const told = flag(samples.PAID, 'one thing', now, false)

describe('what a person must be told', () => {
  it('is not kept back by a reason that goes away by itself', () => {
    const slow = flag(samples.PAID, UNRESOLVED, now, false)
    const { payment } = reconcile(
      slow,
      'pk-2',
      { kind: 'found', toss: tossView({ paymentKey: 'pk-2', method: '가상계좌' }) },
      { now, newId: 'att-new', durations: defaultDurations },
    )
    expect(payment.attempts[1]?.void?.status).toBe('BLOCKED')
    expect(payment.needsAttention?.reason).toBe('a second deposit must be paid back by hand')
  })

  it('joins what was told before, and stops POSTs once one reason does', () => {
    expect(flag(told, 'another', minutes(1), true).needsAttention).toEqual({
      reason: 'one thing; another',
      at: now,
      stopsPosts: true,
    })
  })

  it('is told once', () => {
    expect(flag(told, 'one thing', minutes(1), false)).toBe(told)
    const both = flag(told, 'another', minutes(1), false)
    expect(flag(flag(both, 'one thing', minutes(2), false), 'another', minutes(2), false)).toBe(both)
  })
})
