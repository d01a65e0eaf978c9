import { describe, expect, it } from '@jest/globals'
import { createAcknowledgements } from './acknowledgements.ts'

const answer = (partition: number, errorCode = 0) => ({ topicName: 'topic', partition, errorCode })

/** Sends messages to the partitions that their keys name. */
const sent = (...keys: readonly string[]) => {
  const acknowledgements = createAcknowledgements(
    () =>
      ({ message }) =>
        Number(message.key),
  )
  acknowledgements.begin('topic')
  const choose = acknowledgements.createPartitioner()
  for (const key of keys) choose({ topic: 'topic', partitionMetadata: [], message: { key, value: '' } })
  return acknowledgements
}

describe('what Kafka acknowledged', () => {
  it('is everything when each partition that was written to has answered', () => {
    expect(() => sent('0', '3', '3').assertAll('topic', [answer(3), answer(0)])).not.toThrow()
  })

  it('is not everything when a partition has no answer, although the client reports success', () => {
    expect(() => sent('0', '3').assertAll('topic', [answer(0)])).toThrow(
      expect.objectContaining({ code: 'SERVICE_UNAVAILABLE', isRetryable: true }),
    )
  })

  it('is not everything when a partition answers with an error', () => {
    expect(() => sent('0').assertAll('topic', [answer(0, 6)])).toThrow(
      expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }),
    )
  })

  it('is of the last send alone', () => {
    const acknowledgements = sent('0', '3')
    acknowledgements.begin('topic')
    expect(() => acknowledgements.assertAll('topic', [])).not.toThrow()
  })
})
