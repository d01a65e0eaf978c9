import { describe, expect, it } from '@jest/globals'
import type { IncomingMessage } from './bus.ts'
import { deadLetterTopic, readDeadLetter, toDeadLetter } from './dead-letter.ts'
import { toReplay } from './replay.ts'

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
        'dead-letter-id': expect.stringMatching(/^order[.]created\/3\/42\/[0-9a-f]{8}$/),
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

  it('stays the same letter when it was replayed, also with other bytes, and dies again', () => {
    const first = toDeadLetter(message, 'InvalidMessage: unreadable', 1)
    const inLetters = { ...message, topic: 'order.created.payment.dead-letter', partition: 0, offset: '7' }
    const letter = { ...inLetters, headers: first.headers ?? {} }
    const replay = toReplay({ ...letter, value: Buffer.from('repaired') }, 'run-1', 5)
    expect(replay.headers).toEqual({
      traceparent: '00-1',
      'dead-letter-id': first.headers?.['dead-letter-id'],
      'replay-run': 'run-1',
      'replay-sequence': '5',
      'original-topic': 'order.created',
      'original-partition': '3',
      'original-offset': '42',
    })
    const replayed = { ...message, partition: 2, offset: '99', value: Buffer.from('repaired') }
    const second = toDeadLetter({ ...replayed, headers: replay.headers ?? {} }, 'InvalidMessage: still', 2)
    expect(readDeadLetter({ ...replayed, headers: second.headers ?? {} })).toEqual({
      ...readDeadLetter(letter),
      cause: 'InvalidMessage: still',
      attempts: 2,
    })
  })

  it('is read also without the id that later ones have', () => {
    const { 'dead-letter-id': id, ...headers } = toDeadLetter(message, 'x', 1).headers ?? {}
    expect(readDeadLetter({ ...message, topic: 'order.created.payment.dead-letter', headers }).id).toBe(id)
  })

  it('goes to a topic of its topic and group', () => {
    expect(deadLetterTopic('order.created', 'payment')).toBe('order.created.payment.dead-letter')
  })
})
