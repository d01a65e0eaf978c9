import { describe, expect, it } from '@jest/globals'
import { measurements, readOptions } from './options.ts'

describe('the options of the bench', () => {
  it('measure everything unless told otherwise', () => {
    expect(readOptions([])).toMatchObject({ only: measurements, clients: [1, 16, 64], delaysMs: [0, 50, 300] })
  })

  it('take lists, and keep the order of measuring', () => {
    const options = readOptions(['--quick', '--only=checkout,products', '--clients=2', '--delays=0,10'])
    expect(options).toMatchObject({ only: ['products', 'checkout'], clients: [2], delaysMs: [0, 10] })
    expect(options.lineMs).toBeLessThan(readOptions([]).lineMs)
  })

  it.each([
    [['--only=checkouts'], 'there is no checkouts'],
    [['--clients=0'], '--clients is "0"'],
    [['--delays=1,x'], '--delays is "x"'],
    [['--orders=0'], '--orders is "0"'],
    [['--seconds=1.5'], '--seconds is "1.5"'],
    [['--fast'], '--fast'],
  ])('%j is refused with the usage', (args, why) => {
    expect(() => readOptions(args)).toThrow(why)
    expect(() => readOptions(args)).toThrow('usage: npm run bench')
  })
})
