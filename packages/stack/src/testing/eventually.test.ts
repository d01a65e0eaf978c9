import { describe, expect, it } from '@jest/globals'
import { eventually } from './eventually.ts'

describe('eventually', () => {
  it('tries again until the assertion passes, and returns its value', async () => {
    let tries = 0
    const value = await eventually(
      () => {
        tries += 1
        expect(tries).toBe(3)
        return 'done'
      },
      { intervalMs: 1 },
    )
    expect(value).toBe('done')
  })

  it('rejects with the last error once the deadline is over', async () => {
    let tries = 0
    const never = () => {
      tries += 1
      throw new Error(`try ${tries}`)
    }
    await expect(eventually(never, { timeoutMs: 20, intervalMs: 1 })).rejects.toThrow(/^try \d+$/)
    expect(tries).toBeGreaterThan(1)
  })

  it('gives up at once when told to', async () => {
    const never = () => Promise.reject(new Error('still not'))
    await expect(eventually(never, { timeoutMs: 600_000, signal: AbortSignal.abort() })).rejects.toThrow('still not')
  })
})
