import { describe, expect, it } from '@jest/globals'
import { replayTopic, toReplay } from './replay.ts'

const message = {
  topic: 'payment.status-changed',
  partition: 4,
  offset: '17',
  key: 'ORD-1',
  value: Buffer.from([0xff, 0x00]),
  headers: { 'content-type': 'application/cloudevents+json' },
}

describe('a replayed message', () => {
  it('has the same key and bytes, and says which run it belongs to and where it came from', () => {
    expect(toReplay(message, 'run-1', 0)).toEqual({
      key: 'ORD-1',
      value: message.value,
      headers: {
        'content-type': 'application/cloudevents+json',
        'replay-run': 'run-1',
        'replay-sequence': '0',
        'original-topic': 'payment.status-changed',
        'original-partition': '4',
        'original-offset': '17',
      },
    })
  })

  it('goes to a topic that one group alone reads', () => {
    expect(replayTopic('payment.status-changed', 'order')).toBe('payment.status-changed.order.replay')
  })
})
