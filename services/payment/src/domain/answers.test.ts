import { describe, expect, it } from '@jest/globals'
import { now, refund, samples, tossView } from '../../tests/domain-samples.ts'
import { cancelRefused, confirmRefused, learnTransaction, voidRefused } from './answers.ts'
import { refundTag } from './apply-cancels.ts'
import type { Payment } from './payment.ts'
import { classifyTossCode, knownTossCodes, type TossCodeClass } from './toss-codes.ts'

const refused = (meaning: TossCodeClass, httpStatus = 400) =>
  ({ kind: 'refused', failure: { code: 'CODE', message: 'm', httpStatus }, meaning }) as const
const attemptAfter = (meaning: TossCodeClass, isFirst: boolean) =>
  confirmRefused(samples.CONFIRMING, 'att-1', refused(meaning), isFirst)

describe('a refused confirm', () => {
  it('ends the attempt by a final code only as the answer to the first call', () => {
    expect(attemptAfter('final', true)).toMatchObject({
      status: 'FAILED',
      attempts: [{ outcome: 'FAILED', failure: { code: 'CODE' } }],
    })
    expect(attemptAfter('final', false)).toMatchObject({
      status: 'CONFIRMING',
      attempts: [{ keyNo: 2, refusal: { code: 'CODE' } }],
    })
  })

  it('for our own configuration ends a first call with 502 and leaves a later one in doubt', () => {
    expect(attemptAfter('configuration', true)).toMatchObject({
      status: 'FAILED',
      attempts: [{ failure: { httpStatus: 502 } }],
    })
    expect(attemptAfter('configuration', false)).toMatchObject({ status: 'CONFIRMING', attempts: [{ keyNo: 2 }] })
  })

  it.each(['temporary', 'ask', 'echo'] as const)('that is %s uses up the key and decides nothing', (meaning) => {
    expect(attemptAfter(meaning, true)).toMatchObject({ status: 'CONFIRMING', attempts: [{ keyNo: 2 }] })
    expect(attemptAfter(meaning, true).attempts[0]?.isAlreadyProcessed).toBe(meaning === 'echo' ? true : undefined)
  })

  it('that is still running at Toss keeps its key', () => {
    expect(attemptAfter('same-key', true)).toBe(samples.CONFIRMING)
  })
})

describe('a refused cancel', () => {
  const refunding: Payment = { ...samples.PAID, refunds: [refund({ lastPostAt: now })], reservedKrw: 300 }
  const after = (meaning: TossCodeClass) => cancelRefused(refunding, 'ref-1', refused(meaning)).refunds[0]

  it.each(['final', 'echo'] as const)('that is %s is remembered until a look explains it', (meaning) => {
    expect(after(meaning)).toMatchObject({ status: 'REQUESTED', keyNo: 2, refusal: { code: 'CODE', looks: 0 } })
  })

  it.each(['temporary', 'ask', 'mismatch', 'configuration'] as const)(
    'that is %s is sent again under the next key',
    (meaning) => {
      expect(after(meaning)).toMatchObject({ status: 'REQUESTED', keyNo: 2 })
      expect(after(meaning)?.refusal).toBeUndefined()
    },
  )

  it('that is still running at Toss keeps its key', () => {
    expect(after('same-key')?.keyNo).toBe(1)
  })

  it('repeated with success only tells which transaction was ours', () => {
    const cancels = [
      {
        transactionKey: 'tx-7',
        cancelAmount: 300,
        cancelReason: `x${refundTag('ref-1')}`,
        cancelStatus: 'DONE',
        canceledAt: now,
      },
    ]
    expect(learnTransaction(refunding, 'ref-1', tossView({ cancels }))).toMatchObject({
      refundedKrw: 0,
      refunds: [{ status: 'REQUESTED', transactionKey: 'tx-7' }],
    })
    expect(learnTransaction(refunding, 'ref-1', tossView())).toBe(refunding)
  })

  it('of a second approval goes on under the next key', () => {
    const [paid] = samples.PAID.attempts
    const attempts = paid === undefined ? [] : [{ ...paid, void: { keyNo: 1, status: 'REQUESTED' as const } }]
    expect(voidRefused({ ...samples.PAID, attempts }, 'att-1', refused('temporary')).attempts[0]?.void?.keyNo).toBe(2)
    expect(voidRefused({ ...samples.PAID, attempts }, 'att-1', refused('same-key')).attempts[0]?.void?.keyNo).toBe(1)
  })
})

describe('the classes of codes', () => {
  it.each([
    ['confirm', 400, 'ALREADY_PROCESSED_PAYMENT', 'echo'],
    ['confirm', 400, 'PROVIDER_ERROR', 'temporary'],
    ['confirm', 403, 'REJECT_CARD_PAYMENT', 'final'],
    ['confirm', 404, 'NOT_FOUND_PAYMENT_SESSION', 'final'],
    ['confirm', 403, 'NOT_AVAILABLE_BANK', 'final'],
    ['cancel', 403, 'NOT_AVAILABLE_BANK', 'temporary'],
    ['cancel', 400, 'ALREADY_CANCELED_PAYMENT', 'echo'],
    ['cancel', 403, 'NOT_CANCELABLE_AMOUNT', 'echo'],
    ['cancel', 400, 'NOT_MATCHES_REFUNDABLE_AMOUNT', 'mismatch'],
    ['cancel', 400, 'REFUND_REJECTED', 'final'],
    ['cancel', 404, 'NOT_FOUND_PAYMENT', 'ask'],
    ['confirm', 409, 'IDEMPOTENT_REQUEST_PROCESSING', 'same-key'],
    ['cancel', 401, 'UNAUTHORIZED_KEY', 'configuration'],
    ['confirm', 403, 'FORBIDDEN_CONSECUTIVE_REQUEST', 'temporary'],
    ['confirm', 400, 'A_CODE_OF_NEXT_YEAR', 'ask'],
    ['confirm', 500, 'A_CODE_OF_NEXT_YEAR', 'temporary'],
    ['confirm', 429, 'UNREADABLE_ANSWER', 'temporary'],
    ['confirm', 502, 'REJECT_CARD_PAYMENT', 'temporary'],
  ] as const)('%s answered %i %s is %s', (operation, httpStatus, code, expected) => {
    expect(classifyTossCode(operation, httpStatus, code)).toBe(expected)
  })

  it('a 5xx never ends anything, whatever its code', () => {
    for (const code of knownTossCodes) {
      for (const operation of ['confirm', 'cancel'] as const)
        expect(classifyTossCode(operation, 503, code)).not.toBe('final')
    }
  })
})
