import { describe, expect, it } from '@jest/globals'
import { Clock } from './clock.ts'

describe('the clock', () => {
  it('runs what became due before advance returns, oldest first, and leaves the rest', () => {
    const clock = new Clock(0)
    const nowMs = clock.now()
    const done: string[] = []
    clock.at(nowMs + 300_000, () => done.push('later'))
    clock.at(nowMs + 200_000, () => done.push('second'))
    clock.at(nowMs + 100_000, () => done.push('first'))
    clock.advance(200_000)
    expect(done).toEqual(['first', 'second'])
    clock.advance(100_000)
    expect(done).toEqual(['first', 'second', 'later'])
    clock.stop()
  })

  it('what was called off does not run', () => {
    const clock = new Clock(0)
    const done: string[] = []
    clock.at(clock.now() + 1_000, () => done.push('never')).cancel()
    clock.advance(5_000)
    expect(done).toEqual([])
    clock.stop()
  })

  it('goes with the time of the machine as well', async () => {
    const clock = new Clock(0)
    const later = clock.at(clock.now() + 3_600_000, () => undefined)
    const dueAtMs = clock.now() + 20
    await new Promise<void>((done) => clock.at(dueAtMs, done))
    expect(clock.now()).toBeGreaterThanOrEqual(dueAtMs)
    later.cancel()
    clock.stop()
  })

  it('a task that fails does not take the others with it', async () => {
    const clock = new Clock(0)
    const nowMs = clock.now()
    const done = new Promise<void>((resolve) => clock.at(nowMs + 2_000, resolve))
    clock.at(nowMs + 1_000, () => {
      throw new Error('a task failed')
    })
    expect(() => clock.advance(5_000)).toThrow('a task failed')
    await done
    clock.stop()
  })

  it('after a stop nothing runs any more', () => {
    const clock = new Clock(0)
    const done: string[] = []
    clock.at(clock.now() + 1_000, () => {
      clock.stop()
      done.push('first')
    })
    clock.at(clock.now() + 1_000, () => done.push('second'))
    clock.advance(5_000)
    expect(done).toEqual(['first'])
  })
})
