import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { createClock } from './clock.ts'

const serverTime = new Date('2031-05-05T12:00:00.000Z')
const later = (ms: number) => new Date(serverTime.getTime() + ms)

describe('the clock', () => {
  beforeEach(() => {
    // A host whose own clock is decades wrong.
    jest.useFakeTimers({ now: new Date('2001-01-01T00:00:00.000Z') })
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it("shows the server's time, carried on by the monotonic clock", async () => {
    const clock = await createClock(async () => serverTime)
    expect(clock.now()).toEqual(serverTime)
    await jest.advanceTimersByTimeAsync(1_234)
    expect(clock.now()).toEqual(later(1_234))
    clock.close()
  })

  it("does not follow jumps of the host's clock", async () => {
    const clock = await createClock(async () => serverTime)
    jest.setSystemTime(new Date('2099-01-01T00:00:00.000Z'))
    expect(clock.now()).toEqual(serverTime)
    clock.close()
  })

  it('takes the reading for the middle of its round trip', async () => {
    const clock = await createClock(async () => {
      jest.advanceTimersByTime(100)
      return serverTime
    })
    expect(clock.now()).toEqual(later(50))
    clock.close()
  })

  it('reads again every 30 s', async () => {
    let driftMs = 0
    const clock = await createClock(async () => later(driftMs))
    driftMs = 3_600_000
    await jest.advanceTimersByTimeAsync(29_999)
    expect(clock.now()).toEqual(later(29_999))
    await jest.advanceTimersByTimeAsync(1)
    expect(clock.now()).toEqual(later(3_600_000))
    clock.close()
  })

  it('carries on when a later reading fails', async () => {
    let isAway = false
    const clock = await createClock(() => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(serverTime)))
    isAway = true
    await jest.advanceTimersByTimeAsync(95_000)
    expect(clock.now()).toEqual(later(95_000))
    clock.close()
  })

  it('is no clock at all without a first reading', async () => {
    await expect(createClock(() => Promise.reject(new Error('away')))).rejects.toThrow('away')
  })

  it('reads no more once it is closed', async () => {
    let readings = 0
    const clock = await createClock(async () => {
      readings += 1
      return serverTime
    })
    clock.close()
    await jest.advanceTimersByTimeAsync(120_000)
    expect(readings).toBe(1)
  })
})
