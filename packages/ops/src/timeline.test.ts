import { describe, expect, it } from '@jest/globals'
import type { OrderEvent } from './read-order-events.ts'
import { mergeTimeline, type Sources, shownStatus } from './timeline.ts'

const time = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second))
const entry = (second: number, kind: string, version?: number, status?: string) => ({
  at: time(second).toISOString(),
  kind,
  text: kind,
  ...(version === undefined ? {} : { version: String(version) }),
  ...(status === undefined ? {} : { status }),
})
const event = (second: number, version: number, status: 'CONFIRMING' | 'PAID' | 'FAILED'): OrderEvent => ({
  at: time(second + 1),
  topic: 'payment.status-changed',
  partition: 2,
  offset: String(version),
  text: `version ${version}`,
  payment: {
    paymentId: 'p',
    orderId: 'ORD-1',
    version,
    status,
    previousStatus: 'PENDING',
    amountKrw: 10,
    refundedKrw: 0,
    ...(status === 'FAILED' ? { failure: { code: 'REJECT_CARD_PAYMENT', message: '거절' } } : {}),
    occurredAt: time(second).toISOString(),
  },
})

const sources: Sources = {
  order: [entry(1, 'order', 0, 'PENDING'), entry(9, 'order', 2, 'FAILED'), entry(20, 'order', 4, 'PAID')],
  payment: [
    entry(2, 'state', 0, 'PENDING'),
    entry(4, 'state', 1, 'CONFIRMING'),
    entry(6, 'state', 2, 'FAILED'),
    entry(12, 'state', 3, 'CONFIRMING'),
    entry(14, 'state', 4, 'PAID'),
  ],
  events: [event(4, 1, 'CONFIRMING'), event(6, 2, 'FAILED'), event(12, 3, 'CONFIRMING'), event(14, 4, 'PAID')],
}

describe('a timeline', () => {
  it('is one list, oldest first, with the place of each event', () => {
    const { lines } = mergeTimeline(sources, time(60))
    expect(lines).toHaveLength(12)
    expect(lines.map(({ at }) => at)).toEqual(lines.map(({ at }) => at).toSorted())
    expect(lines.at(3)).toMatchObject({
      kind: 'event',
      text: 'payment.status-changed 2/1: version 1',
      version: 1,
      topic: 'payment.status-changed',
      partition: 2,
      offset: '1',
    })
  })

  it.each([
    [0, 'there was no such order yet', undefined],
    [1, 'PENDING', undefined],
    [5, 'PENDING', { status: 'CONFIRMING', version: 1, refundedKrw: 0 }],
    [7, 'FAILED', { status: 'FAILED', version: 2, refundedKrw: 0, failure: 'REJECT_CARD_PAYMENT' }],
    // The order itself follows at 20, and is shown by its payment until then.
    [15, 'PAID', { status: 'PAID', version: 4, refundedKrw: 0 }],
  ])('as of second %i a client was shown: %s', (second, shown, payment) => {
    const { lines, state } = mergeTimeline(sources, time(second))
    expect([shownStatus(state), state.payment]).toEqual([shown, payment])
    expect(lines.every(({ at }) => at <= time(second).toISOString())).toBe(true)
  })

  it('takes the state from the events where the history is not kept any more, and from the history before they are out', () => {
    expect(mergeTimeline({ ...sources, payment: [] }, time(15)).state.payment).toMatchObject({ version: 4 })
    expect(mergeTimeline({ ...sources, events: [] }, time(15)).state.payment).toEqual({ status: 'PAID', version: 4 })
  })

  it('lets no secret through, whoever wrote it', () => {
    const payment = [{ ...entry(1, 'toss'), text: 'card 4242 4242 4242 4242, 010-1234-5678', requestId: '01012345678' }]
    const { lines } = mergeTimeline({ order: [], payment, events: [] }, time(60))
    expect(lines).toMatchObject([{ text: 'card [card], [phone]', requestId: '[phone]' }])
  })
})
