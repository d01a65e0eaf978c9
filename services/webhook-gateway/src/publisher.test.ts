import { expect, it } from '@jest/globals'
import { createPublisher } from './publisher.ts'

const event = { bodyHash: 'a'.repeat(64), receivedAt: '2026-01-02T03:04:05.000Z', eventType: 'UNKNOWN' }
const never = () => new Promise<void>(() => undefined)

it('gives up on a Kafka that does not answer', async () => {
  await expect(createPublisher({ publish: never })(event, 10)).rejects.toThrow('in time')
})

it('refuses at once when too many already wait for Kafka', async () => {
  const publish = createPublisher({ publish: never })
  await Promise.allSettled(Array.from({ length: 2_000 }, () => publish(event, 1)))
  await expect(publish(event, 3_600_000)).rejects.toThrow('too many')
})

it('is free again once Kafka has answered', async () => {
  const publish = createPublisher({ publish: () => Promise.resolve() })
  const outcomes = []
  for (let i = 0; i < 2_001; i += 1) outcomes.push(await publish(event, 1_000))
  expect(outcomes).toHaveLength(2_001)
})
