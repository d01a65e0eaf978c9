import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createSorter, groupReader } from './external-sort.ts'

const sortedBy = async (keys: readonly string[], inMemory: number) => {
  const sorter = createSorter<{ key: string; index: number }>(({ key }) => key, inMemory)
  try {
    for (const [index, key] of keys.entries()) await sorter.add({ key, index })
    const sorted = []
    for await (const keyed of sorter.sorted()) sorted.push(keyed)
    return sorted
  } finally {
    await sorter.close()
  }
}

describe('the external sort', () => {
  it('is the sort of an array, and keeps what has one key in the order in which it was added', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'b', 'B', '-', 'ORD-1', 'ORD-10', 'ORD-2', ''), { maxLength: 40 }),
        fc.integer({ min: 1, max: 10 }),
        async (keys, inMemory) => {
          const expected = keys.map((key, index) => ({ key, item: { key, index } }))
          expected.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.item.index - b.item.index))
          expect(await sortedBy(keys, inMemory)).toEqual(expected)
        },
      ),
      { numRuns: 60, seed: 20_260_303 },
    )
  })

  it('is read one key at a time', async () => {
    const sorter = createSorter<number>((value) => String(value % 3), 4)
    for (let value = 0; value < 9; value += 1) await sorter.add(value)
    const reader = groupReader(sorter.sorted())
    expect(await reader.peek()).toBe('0')
    expect(await reader.take('x')).toEqual([])
    expect(await reader.take('0')).toEqual([0, 3, 6])
    expect(await reader.take('1')).toEqual([1, 4, 7])
    expect(await reader.take('2')).toEqual([2, 5, 8])
    expect(await reader.peek()).toBeUndefined()
    await sorter.close()
  })
})
