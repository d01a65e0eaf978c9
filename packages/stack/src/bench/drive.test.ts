import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { drive, quantile } from './drive.ts'

describe('driving', () => {
  it('keeps as many operations under way as there are clients, and finishes what was begun', async () => {
    let running = 0
    let most = 0
    let ended = 0
    const { ok, errors } = await drive(3, 60, async () => {
      running += 1
      most = Math.max(most, running)
      await delay(20)
      running -= 1
      ended += 1
      return 'done'
    })
    expect([most, running, errors]).toEqual([3, 0, {}])
    expect(ok).toBe(ended)
  })

  it('counts failures by their reason, and takes no latency from them', async () => {
    let calls = 0
    const driven = await drive(1, 60, async () => {
      await delay(5)
      calls += 1
      if (calls % 2 === 0) throw new Error('no')
      return 'done'
    })
    expect(driven.errors).toEqual({ no: Math.floor(calls / 2) })
    expect(driven.latenciesMs).toHaveLength(driven.ok)
    expect(driven.ok).toBe(Math.ceil(calls / 2))
  })

  it('ends a client that has nothing left, long before the time is over', async () => {
    const { ok, seconds } = await drive(2, 60_000, () => Promise.resolve('ended'))
    expect(ok).toBe(0)
    expect(seconds).toBeLessThan(60)
  })
})

describe('a quantile', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1)

  it('is a value that was seen, which this share does not exceed', () => {
    expect([quantile(hundred, 0.5), quantile(hundred, 0.99), quantile(hundred, 1)]).toEqual([50, 99, 100])
    expect(quantile([7], 0.99)).toBe(7)
  })

  it('of nothing is no number', () => {
    expect(quantile([], 0.5)).toBeNaN()
  })
})
