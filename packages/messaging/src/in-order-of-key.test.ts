import { fc, test } from '@fast-check/jest'
import { describe, expect, it } from '@jest/globals'
import { chunksOf, inOrderOfKey } from './in-order-of-key.ts'

type Message = { key: string | null; number: number }
const keyOf = ({ key }: Message) => key

describe('messages of one partition', () => {
  test.prop([fc.array(fc.option(fc.constantFrom('a', 'b', 'c'))), fc.nat(30), fc.scheduler()])(
    'are handled in the order of their key, and none of a key after one that was left',
    async (keys, leftAt, scheduler) => {
      const messages = keys.map((key, number): Message => ({ key, number }))
      const begun: Message[] = []
      const handling = new Set<string>()
      const outcomes = inOrderOfKey(messages, keyOf, async (message) => {
        if (message.key !== null) {
          expect(handling.has(message.key)).toBe(false)
          handling.add(message.key)
        }
        begun.push(message)
        await scheduler.schedule(Promise.resolve())
        if (message.key !== null) handling.delete(message.key)
        return message.number === leftAt ? 'abandoned' : 'handled'
      })
      await scheduler.waitFor(outcomes)
      const left = messages[leftAt]
      const isLeft = ({ key, number }: Message) =>
        number === leftAt || (left !== undefined && left.key !== null && key === left.key && number > leftAt)
      expect(await outcomes).toEqual(messages.map((message) => (isLeft(message) ? 'abandoned' : 'handled')))
      for (const key of ['a', 'b', 'c']) {
        const numbers = begun.filter((message) => message.key === key).map(({ number }) => number)
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
      }
    },
  )

  it('of different keys are under way together', async () => {
    let running = 0
    let most = 0
    const messages = ['a', 'b', null, null].map((key, number) => ({ key, number }))
    await inOrderOfKey(messages, keyOf, async () => {
      running += 1
      most = Math.max(most, running)
      await Promise.resolve()
      running -= 1
      return 'handled'
    })
    expect(most).toBe(4)
  })

  it('come in chunks of at most the given size', () => {
    expect(chunksOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
    expect(chunksOf([], 2)).toEqual([])
  })
})
