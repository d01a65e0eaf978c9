import { describe, expect, it } from '@jest/globals'
import { asCount, asGroup, asPlace, asPosition, asTopic } from './options.ts'

describe('options', () => {
  it('read places, counts and names', () => {
    expect(asPosition('42')).toEqual({ offset: 42 })
    expect(asPosition('2026-11-29T11:00+09:00')).toEqual({ at: new Date('2026-11-29T02:00:00Z') })
    expect(asPlace('beginning')).toBe('beginning')
    expect([asCount('3'), asGroup('order'), asTopic('order.created')]).toEqual([3, 'order', 'order.created'])
  })

  it.each([
    [asPosition, 'yesterday'],
    // Whose midnight?
    [asPosition, '2026-11-29'],
    [asPosition, '2026-11-29T11:00'],
    [asCount, '0'],
    [asCount, '1.5'],
    [asGroup, 'catalog'],
    [asTopic, 'toString'],
  ])('refuse what they do not understand (%#)', (read: (text: string) => unknown, text) => {
    expect(() => read(text)).toThrow()
  })
})
