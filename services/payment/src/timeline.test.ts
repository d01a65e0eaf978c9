import { describe, expect, it } from '@jest/globals'
import { newPayment, type Payment } from './domain/payment.ts'
import type { JournalOf } from './journal.ts'
import { timelineOf } from './timeline.ts'
import type { WebhookEvent } from './webhook-events.ts'

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second))
const opened = newPayment(
  'p',
  { orderId: 'ORD-1', amountKrw: 10, status: 'PENDING', version: 0, expiresAt: at(3600) },
  at(0),
)
const nothing: JournalOf = { requests: [], calls: [], runs: [], takeOvers: [] }
const attempt = { id: 'a', keyNo: 1, paymentKey: 'pk', startedAt: at(1), looks: 0, lastPostAt: at(1) }
const confirming: Payment = {
  ...opened,
  version: 1,
  status: 'CONFIRMING',
  attempts: [attempt],
  history: [{ version: 1, status: 'CONFIRMING', at: at(1), cause: 'confirm requested', requestId: 'r1' }],
}
const call = { at: at(1), ms: 5, call: 'confirm', key: 'a-1', answer: '200 DONE, 10 KRW left' }
const request = { at: at(0), ms: 9, method: 'confirm', requestId: 'r1', outcome: 'PAID' }
const texts = (...given: Parameters<typeof timelineOf>) =>
  timelineOf(...given).map(({ kind, text }) => `${kind} ${text}`)

describe('a timeline', () => {
  it('has the opening, then each version with its cause', () => {
    expect(texts(confirming, { ...nothing, requests: [request], calls: [call] }, [], [])).toEqual([
      'request confirm → PAID, after 9 ms',
      'state opened',
      'state confirm requested',
      'toss POST confirm (a-1) → 200 DONE, 10 KRW left, after 5 ms',
    ])
  })

  it('says so when a process died before it wrote down the answer of Toss and its own', () => {
    expect(texts(confirming, nothing, [], [])).toEqual([
      'state opened',
      'request confirm requested; its answer is not on record',
      'state confirm requested',
      'toss POST confirm (a) was about to be sent; no answer is on record',
    ])
  })

  it('says which versions are not kept any more', () => {
    const history = [{ version: 301, status: 'PAID' as const, at: at(9), cause: 'look' }]
    expect(texts({ ...opened, version: 301, history }, nothing, [], [])).toEqual([
      'state opened',
      'state versions 1 to 300 are not kept any more',
      'state look',
    ])
  })

  it('shows a webhook when it came, and what became of it when Toss was asked', () => {
    const webhook: WebhookEvent = {
      _id: 'f'.repeat(64),
      eventType: 'PAYMENT_STATUS_CHANGED',
      status: 'DONE',
      receivedAt: '',
      storedAt: at(2),
      looks: 1,
      outcome: 'REJECTED',
      reason: 'Toss does not say so',
      justifiedBy: { paymentKey: 'pk', at: at(7), status: 'IN_PROGRESS' },
    }
    expect(timelineOf(opened, nothing, [webhook], []).slice(1)).toEqual([
      { at: at(2), kind: 'webhook', text: 'PAYMENT_STATUS_CHANGED DONE (ffffffffffff) came' },
      {
        at: at(7),
        kind: 'webhook',
        text: 'PAYMENT_STATUS_CHANGED DONE (ffffffffffff) is REJECTED: Toss does not say so, Toss said IN_PROGRESS',
      },
    ])
  })
})
