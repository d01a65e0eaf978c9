import { setImmediate as turn } from 'node:timers/promises'
import { fc, test } from '@fast-check/jest'
import { describe, expect, it } from '@jest/globals'
import { gather, type Outcome } from './gather.ts'

describe('gathering while busy', () => {
  it('begins at once when nothing is under way, and takes all that came meanwhile in one round', async () => {
    const rounds: number[][] = []
    const open: (() => void)[] = []
    const run = gather<number, number>(async (jobs) => {
      rounds.push([...jobs])
      await new Promise<void>((resolve) => open.push(resolve))
      return jobs.map((job) => ({ result: job * 2 }))
    }, 10)
    const first = run(1)
    expect(rounds).toEqual([[1]])
    const others = [run(2), run(3), run(4)]
    await turn()
    // Never into a round that has begun before it.
    expect(rounds).toEqual([[1]])
    open.shift()?.()
    expect(await first).toBe(2)
    await turn()
    expect(rounds).toEqual([[1], [2, 3, 4]])
    open.shift()?.()
    expect(await Promise.all(others)).toEqual([4, 6, 8])
  })

  it('lets an error of a round reach all of it and all who wait behind it, and begins anew with the next', async () => {
    let rounds = 0
    const run = gather<number, number>(async (jobs) => {
      rounds += 1
      await turn()
      if (rounds === 2) throw new Error('the second round')
      return jobs.map((job) => ({ result: job }))
    }, 2)
    const results = await Promise.allSettled([run(1), run(2), run(3), run(4)])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected'])
    expect(rounds).toBe(2)
    expect(await run(5)).toBe(5)
  })

  it('rejects a job that its round forgot', async () => {
    await expect(gather<number, number>(() => Promise.resolve([]), 1)(1)).rejects.toThrow('no outcome')
  })

  test.prop([fc.array(fc.nat(50), { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), fc.scheduler()])(
    'gives every caller what its own job comes to, however rounds and jobs fall together',
    async (numbers, maxJobs, scheduler) => {
      const sizes: number[] = []
      const outcome = (job: number): Outcome<number> => (job % 3 === 0 ? { error: job } : { result: job * 10 })
      const run = gather<number, number>(async (jobs) => {
        sizes.push(jobs.length)
        await scheduler.schedule(Promise.resolve())
        return jobs.map(outcome)
      }, maxJobs)
      const asked = numbers.map(async (number) => {
        await scheduler.schedule(Promise.resolve())
        return run(number)
      })
      const settled = await scheduler.waitFor(Promise.allSettled(asked))
      expect(settled).toEqual(
        numbers.map((number) =>
          number % 3 === 0 ? { status: 'rejected', reason: number } : { status: 'fulfilled', value: number * 10 },
        ),
      )
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(numbers.length)
      expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(maxJobs)
    },
  )
})
