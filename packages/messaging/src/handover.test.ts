import { describe, expect, it } from '@jest/globals'
import { createHandover } from './handover.ts'

const wait = () => Promise.resolve()

describe('a handover', () => {
  it('lets the giver go on only when its item was taken, so that nothing piles up', async () => {
    const handover = createHandover<number>()
    const given: number[] = []
    const giving = (async () => {
      for (const item of [1, 2, 3]) {
        await handover.put(item, wait)
        given.push(item)
      }
      handover.end()
    })()
    await new Promise(setImmediate)
    expect(given).toEqual([])
    expect(await handover.take(1_000)).toBe(1)
    await new Promise(setImmediate)
    expect(given).toEqual([1])
    expect(await handover.take(1_000)).toBe(2)
    expect(await handover.take(1_000)).toBe(3)
    await giving
    expect(await handover.take(1_000)).toBe('ended')
  })

  it('tells the taker when nothing has come, and wakes it when something does', async () => {
    const handover = createHandover<string>()
    expect(await handover.take(1)).toBe('nothing yet')
    const taking = handover.take(60_000)
    await handover.put('late', wait)
    expect(await taking).toBe('late')
  })

  it('lets the giver go when the taker has ended', async () => {
    const handover = createHandover<string>()
    const giving = handover.put('nobody takes it', wait)
    handover.end()
    await giving
    await handover.put('nor this', wait)
    // What was offered last is still there, and nothing after it.
    expect(await handover.take(1)).toBe('nobody takes it')
    expect(await handover.take(1)).toBe('ended')
  })

  it('hands a failure to the taker, waiting or not', async () => {
    const handover = createHandover<string>()
    const taking = handover.take(60_000)
    handover.fail(new Error('crashed'))
    await expect(taking).rejects.toThrow('crashed')
    await expect(handover.take(60_000)).rejects.toThrow('crashed')
  })
})
