import { describe, expect, it } from '@jest/globals'
import { now, tossView } from '../../tests/domain-samples.ts'
import type { TossPayment, Verdict } from './evidence.ts'
import { judge, unexplained } from './webhook.ts'

const look = (toss: Partial<TossPayment>, isChanged = false, verdict: Verdict = 'decided') =>
  ({ evidence: { kind: 'found', toss: tossView(toss) }, verdict, isChanged }) as const
const cancel = { transactionKey: 'tx-c', cancelAmount: 300, cancelReason: '', cancelStatus: 'DONE', canceledAt: now }

describe('a webhook', () => {
  it('is applied when the look it caused changed something, and no news when it was known', () => {
    expect(judge({ status: 'DONE' }, look({}, true))?.outcome).toBe('APPLIED')
    expect(judge({ status: 'DONE' }, look({}))?.outcome).toBe('NOOP')
  })

  it('of the past is explained by what came after it', () => {
    expect(judge({ status: 'WAITING_FOR_DEPOSIT' }, look({ status: 'DONE' }))?.outcome).toBe('NOOP')
    expect(
      judge({ status: 'DONE', transactionKey: 'tx-a' }, look({ status: 'PARTIAL_CANCELED', cancels: [cancel] }))
        ?.outcome,
    ).toBe('NOOP')
  })

  it('that claims more than a look shows stays open', () => {
    expect(judge({ status: 'DONE' }, look({ status: 'IN_PROGRESS' }, false, 'undecided'))).toBeUndefined()
    expect(
      judge(
        { status: 'PARTIAL_CANCELED', transactionKey: 'tx-new' },
        look({ status: 'PARTIAL_CANCELED', cancels: [cancel] }),
      ),
    ).toBeUndefined()
    expect(
      judge({ status: 'DONE' }, { evidence: { kind: 'not-found' }, verdict: 'undecided', isChanged: false }),
    ).toBeUndefined()
  })

  it('stays open when the look was older than what we know', () => {
    expect(judge({ status: 'DONE' }, look({}, false, 'stale'))).toBeUndefined()
  })

  it('is explained by the transaction that it names', () => {
    expect(
      judge(
        { status: 'PARTIAL_CANCELED', transactionKey: 'tx-c' },
        look({ status: 'PARTIAL_CANCELED', cancels: [cancel] }),
      )?.outcome,
    ).toBe('NOOP')
  })

  it('about another order is rejected', () => {
    expect(judge({ status: 'DONE' }, look({}, false, 'foreign'))?.outcome).toBe('REJECTED')
  })

  it('that no look could explain is rejected when it claims money, and no news otherwise', () => {
    expect(unexplained({ status: 'DONE' }).outcome).toBe('REJECTED')
    expect(unexplained({ status: 'EXPIRED' }).outcome).toBe('NOOP')
  })
})
