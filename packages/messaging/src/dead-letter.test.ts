import { describe, expect, it } from '@jest/globals'
import type { Headers, IncomingMessage } from './bus.ts'
import { deadLetterTopic, readDeadLetter, toDeadLetter } from './dead-letter.ts'
import { toReplay } from './replay.ts'

const message: IncomingMessage = {
  topic: 'order.created',
  partition: 3,
  offset: '42',
  key: '\ufffd1',
  value: Buffer.from([0xff, 0x00, 0x7b]),
  headers: { traceparent: '00-1', 'x-bytes': '\ufffd', 'dead-letter-cause': 'of an earlier life' },
  raw: {
    key: Buffer.from([0xfe, 0x31]),
    headers: {
      traceparent: Buffer.from('00-1'),
      'x-bytes': [Buffer.from([0xff]), Buffer.from('2')],
      'dead-letter-cause': 'of an earlier life',
    },
  },
}

/** As they are read again. */
const asText = (headers: Headers = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

describe('a dead letter', () => {
  it('holds the original bytes, and where they came from and why', () => {
    expect(toDeadLetter(message, 'InvalidMessage: unreadable: 010-1234-5678', 1)).toEqual({
      key: Buffer.from([0xfe, 0x31]),
      value: message.value,
      headers: {
        'dead-letter-id': expect.stringMatching(/^order[.]created\/3\/42\/[0-9a-f]{8}$/),
        traceparent: Buffer.from('00-1'),
        'x-bytes': [Buffer.from([0xff]), Buffer.from('2')],
        'dead-letter-cause': 'InvalidMessage: unreadable: [phone]',
        'dead-letter-attempts': '1',
        'dead-letter-topic': 'order.created',
        'dead-letter-partition': '3',
        'dead-letter-offset': '42',
      },
    })
  })

  it('has a cause of bounded length, and no key when the message had none', () => {
    const letter = toDeadLetter({ ...message, raw: { key: null, headers: {} }, value: null }, 'x'.repeat(10_000), 5)
    expect(letter.headers?.['dead-letter-cause']).toHaveLength(500)
    expect(letter).toMatchObject({ key: null, value: null })
  })

  it('stays the same letter when it was replayed, also with other bytes, and dies again', () => {
    const { raw: _, ...plain } = message
    const first = toDeadLetter(plain, 'InvalidMessage: unreadable', 1)
    const inLetters = { ...plain, topic: 'order.created.payment.dead-letter', partition: 0, offset: '7' }
    const letter = { ...inLetters, headers: asText(first.headers) }
    const replay = toReplay({ ...letter, value: Buffer.from('repaired') }, 'run-1', 5)
    expect(replay.headers).toEqual({
      traceparent: '00-1',
      'x-bytes': '\ufffd',
      'dead-letter-id': first.headers?.['dead-letter-id'],
      'replay-run': 'run-1',
      'replay-sequence': '5',
      'original-topic': 'order.created',
      'original-partition': '3',
      'original-offset': '42',
    })
    const replayed = { ...plain, partition: 2, offset: '99', value: Buffer.from('repaired') }
    const second = toDeadLetter({ ...replayed, headers: asText(replay.headers) }, 'InvalidMessage: still', 2)
    expect(readDeadLetter({ ...replayed, headers: asText(second.headers) })).toEqual({
      ...readDeadLetter(letter),
      cause: 'InvalidMessage: still',
      attempts: 2,
    })
  })

  it('is read also without the id that later ones have', () => {
    const { 'dead-letter-id': id, ...headers } = asText(toDeadLetter(message, 'x', 1).headers)
    expect(readDeadLetter({ ...message, topic: 'order.created.payment.dead-letter', headers }).id).toBe(id)
  })

  it('goes to a topic of its topic and group', () => {
    expect(deadLetterTopic('order.created', 'payment')).toBe('order.created.payment.dead-letter')
  })
})
