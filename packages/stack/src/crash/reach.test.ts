import { describe, expect, it } from '@jest/globals'
import { flows } from './flows.ts'
import { planTrials } from './matrix.ts'
import { findCrashPoints, keyOf } from './points.ts'
import { reachOf } from './reach.ts'

describe('the matrix of crash points and flows', () => {
  const points = findCrashPoints()

  it('has every service die somewhere, and the command line of the operators', () => {
    const processes = new Set(points.map(({ process }) => process))
    expect([...processes].toSorted()).toEqual(['api-gateway', 'catalog', 'ops', 'order', 'payment', 'webhook-gateway'])
  })

  it.each(points.map((point) => [keyOf(point), point] as const))('has a flow that passes %s', (_, point) => {
    expect(flows.map((flow) => reachOf(point, flow).kind)).toContain('always')
  })

  it('declares no pair impossible, or up to chance, without a reason', () => {
    const reasons = points.flatMap((point) =>
      flows.flatMap((flow) => {
        const reach = reachOf(point, flow)
        return reach.kind === 'always' ? [] : [reach.reason]
      }),
    )
    expect(reasons.length).toBeGreaterThan(0)
    expect(reasons).not.toContain('')
  })

  it('tries each point once, or with every flow that passes it', () => {
    expect(planTrials({ isOnce: true })).toHaveLength(points.length)
    expect(planTrials({ isOnce: false }).length).toBeGreaterThan(points.length)
  })
})
