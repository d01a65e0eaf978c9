import { describe, expect, it } from '@jest/globals'
import { createProgress, STALL_MS } from './progress.ts'

const watch = () => {
  let ms = 0
  const progress = createProgress(() => ms)
  return {
    progress,
    pass: (by: number) => (ms += by),
    isStalled: (offset = '5', lag = 3) => progress.isStalled('t', 0, offset, lag),
  }
}

describe('a consumer stands still', () => {
  it('when there is lag and the committed offset has not moved for 20 s', () => {
    const { pass, isStalled } = watch()
    expect(isStalled()).toBe(false)
    pass(STALL_MS)
    expect(isStalled()).toBe(false)
    pass(1)
    expect(isStalled()).toBe(true)
  })

  it('not while its offset moves, or while there is nothing to do', () => {
    const { pass, isStalled } = watch()
    for (let offset = 0; offset < 5; offset += 1) {
      expect(isStalled(String(offset))).toBe(false)
      pass(STALL_MS + 1)
    }
    isStalled('9', 0)
    pass(STALL_MS + 1)
    expect(isStalled('9', 0)).toBe(false)
    expect(isStalled('9', 1)).toBe(false)
    pass(STALL_MS + 1)
    expect(isStalled('9', 1)).toBe(true)
  })

  it('not while its handler gives signs of life', () => {
    const { progress, pass, isStalled } = watch()
    isStalled()
    pass(STALL_MS)
    progress.mark('t', 0)
    pass(STALL_MS)
    expect(isStalled()).toBe(false)
  })

  it('not when another member holds the partition, but when nobody holds any', () => {
    const { progress, pass, isStalled } = watch()
    progress.assigned({ t: [1] })
    isStalled()
    pass(STALL_MS + 1)
    expect(isStalled()).toBe(false)
    progress.assigned({ t: [0] })
    isStalled()
    pass(STALL_MS + 1)
    expect(isStalled()).toBe(true)
  })
})
