import { describe, expect, it } from '@jest/globals'
import { replicasFor } from './topic-settings.ts'

describe('how many brokers hold a message', () => {
  it.each([
    [
      { alive: 1, told: 1 },
      { replicationFactor: 1, minInSync: 1 },
    ],
    [
      { alive: 2, told: 1 },
      { replicationFactor: 2, minInSync: 1 },
    ],
    // An address that leads to all of them is enough.
    [
      { alive: 3, told: 1 },
      { replicationFactor: 3, minInSync: 2 },
    ],
    [
      { alive: 5, told: 3 },
      { replicationFactor: 3, minInSync: 2 },
    ],
  ])('is as many as there are, at most three: %j', (brokers, expected) => {
    expect(replicasFor(brokers)).toEqual(expected)
  })

  it('is not fewer because one is away just now', () => {
    expect(replicasFor({ alive: 2, told: 3 })).toEqual({ replicationFactor: 3, minInSync: 2 })
  })
})
