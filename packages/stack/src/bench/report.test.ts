import { describe, expect, it } from '@jest/globals'
import type { Line } from './measure.ts'
import { header, peaks, ratios, row, targets } from './report.ts'

const line = (over: Partial<Line>): Line => ({
  name: 'checkout',
  clients: 64,
  tossDelayMs: 50,
  ok: 100,
  errors: {},
  perSecond: 100,
  p50Ms: 80,
  p99Ms: 200,
  cpuMs: 7.5,
  cpuAboveRestMs: 7,
  cpuMsByProcess: { payment: 3, mongod: 12 },
  rssMb: { payment: 120 },
  ...over,
})

describe('the report', () => {
  it('has a row for each line, in the columns of its header', () => {
    const shown = row(line({ errors: { 'confirm: 503': 2, 'read: 500': 1 } }))
    expect(shown).toHaveLength(header().length)
    expect(shown.split(/\s+/).slice(0, 10)).toEqual([
      'checkout',
      '64',
      '50',
      '100',
      '3',
      '100',
      '80.0',
      '200.0',
      '7.50',
      '7.00',
    ])
  })

  it('holds the figures against the targets', () => {
    const found = targets([
      line({}),
      line({ p99Ms: 1_101, cpuMs: 8.1 }),
      line({ name: 'products', perSecond: 590 }),
      line({ name: 'bare Express', perSecond: 1_000 }),
      line({ name: 'products, Toss hangs', clients: 16, p99Ms: 49, rssMb: { payment: 151 } }),
    ])
    expect(found.map(({ isReached }) => isReached)).toEqual([true, true, false, false, false, true, false])
    expect(found[4]?.seen).toContain('59 %')
    expect(found.at(-1)).toMatchObject({ what: 'RSS of payment', seen: '151.0 MB' })
  })

  it('shows costs as multiples of the bare parts at the same number of clients', () => {
    const shown = ratios([
      line({}),
      line({ name: 'bare MongoDB write', cpuMs: 0.5 }),
      line({ name: 'bare gRPC', clients: 1 }),
    ])
    expect(shown).toContain('15.0 × MongoDB write')
    expect(shown).not.toContain('gRPC')
  })

  it('compares what an operation costs with many orders to what it costs with few', () => {
    const found = targets([
      line({ name: 'checkout, few', clients: 16, cpuMs: 10 }),
      line({ name: 'expiry, few', clients: 16, cpuMs: 10 }),
      line({ name: 'checkout, 1000', clients: 16, cpuMs: 10.9 }),
      line({ name: 'expiry, 1000', clients: 16, cpuMs: 11.2 }),
    ])
    expect(found.slice(0, 2).map(({ seen, isReached }) => [seen, isReached])).toEqual([
      ['1.09 ×', true],
      ['1.12 ×', false],
    ])
  })

  it('keeps the most memory that each process was seen to have', () => {
    expect(peaks([line({}), line({ rssMb: { payment: 90, order: 80 } })])).toEqual({ payment: 120, order: 80 })
  })
})
