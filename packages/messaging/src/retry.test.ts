import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { backoffMs, waitWithSteps } from './retry.ts'

describe('backoffMs', () => {
  it('doubles from the base up to the cap', () => {
    const longest = (attempt: number) => backoffMs(attempt, 200, 5_000, () => 1)
    expect([1, 2, 3, 4, 5, 6, 7].map(longest)).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000])
  })

  it('takes the whole range below it, so that clients which failed together come back apart', () => {
    expect(backoffMs(5, 200, 5_000, () => 0)).toBe(0)
    expect(backoffMs(5, 200, 5_000, () => 0.5)).toBe(1_600)
  })

  it('is a wait that a timer can take, after however many attempts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 60_000 }),
        fc.integer({ min: 1, max: 3_600_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, baseMs, capMs, random) => {
          const ms = backoffMs(attempt, baseMs, capMs, () => random)
          expect(Number.isSafeInteger(ms)).toBe(true)
          expect(ms).toBeGreaterThanOrEqual(0)
          expect(ms).toBeLessThanOrEqual(capMs)
        },
      ),
    )
  })
})

describe('waitWithSteps', () => {
  it('waits its time with a step in it', async () => {
    let steps = 0
    const startedAt = performance.now()
    const isWanted = await waitWithSteps(
      40,
      async () => {
        steps += 1
      },
      () => true,
    )
    expect(isWanted).toBe(true)
    expect(steps).toBeGreaterThan(0)
    // A timer may fire within the millisecond before its time.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(39)
  })

  it('takes a step at least every half second', async () => {
    let steps = 0
    await waitWithSteps(
      1_100,
      async () => {
        steps += 1
      },
      () => true,
    )
    expect(steps).toBeGreaterThanOrEqual(3)
  })

  it('ends at the next step once nobody wants it any more', async () => {
    let steps = 0
    const isWanted = await waitWithSteps(
      3_600_000,
      async () => {
        steps += 1
      },
      () => steps < 1,
    )
    expect(isWanted).toBe(false)
    expect(steps).toBe(1)
  })

  it('waits not at all for nothing', async () => {
    const step = () => Promise.reject(new Error('there is no time for a step'))
    expect(await waitWithSteps(0, step, () => true)).toBe(true)
    expect(await waitWithSteps(0, step, () => false)).toBe(false)
  })

  it('passes on what a step throws', async () => {
    const step = () => Promise.reject(new Error('the group has moved on'))
    await expect(waitWithSteps(10, step, () => true)).rejects.toThrow('moved on')
  })
})
