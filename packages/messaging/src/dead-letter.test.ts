import { describe, expect, it } from '@jest/globals'
import type { IncomingMessage } from './bus.ts'
import { deadLetterTopic, toDeadLetter } from './dead-letter.ts'

const message: IncomingMessage = {
  topic: 'order.created',
  partition: 3,
  offset: '42',
  key: 'ORD-1',
  value: Buffer.from([0xff, 0x00, 0x7b]),
  headers: { traceparent: '00-1', 'dead-letter-cause': 'of an earlier life' },
}

describe('a dead letter', () => {
  it('holds the original bytes, and where they came from and why', () => {
    expect(toDeadLetter(message, 'InvalidMessage: unreadable', 1)).toEqual({
      key: 'ORD-1',
      value: message.value,
      headers: {
        traceparent: '00-1',
        'dead-letter-cause': 'InvalidMessage: unreadable',
        'dead-letter-attempts': '1',
        'dead-letter-topic': 'order.created',
        'dead-letter-partition': '3',
        'dead-letter-offset': '42',
      },
    })
  })

  it('has a cause of bounded length, and no key when the message had none', () => {
    const letter = toDeadLetter({ ...message, key: null, value: null }, 'x'.repeat(10_000), 5)
    expect(letter.headers?.['dead-letter-cause']).toHaveLength(500)
    expect(letter).toMatchObject({ key: null, value: null })
  })

  it('goes to a topic of its topic and group', () => {
    expect(deadLetterTopic('order.created', 'payment')).toBe('order.created.payment.dead-letter')
  })
})
