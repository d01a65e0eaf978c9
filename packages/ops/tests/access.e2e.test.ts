import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { type OpsSystem, startOpsSystem } from './ops-system.ts'

jest.setTimeout(300_000)
const serviceToken = 'what the services show each other'

describe('who may run an operators command', () => {
  let on: OpsSystem
  beforeAll(async () => {
    on = await startOpsSystem({
      namespace: namespace(),
      env: { SERVICE_TOKEN: serviceToken },
      services: ['catalog', 'order', 'payment', 'toss-simulator'],
    })
  })
  afterAll(() => on.stop())
  const recorded = (service: 'catalog' | 'order' | 'payment') =>
    on.collection(service, 'operatorActions').find().sort({ at: 1 }).toArray()

  it('whoami says who the token is to each service, and each has it on record', async () => {
    const { code, stdout, stderr } = await on.ops(['whoami'], { as: 'operator-2' })
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout:
        'SERVICE  NAME        ROLE\npayment  operator-2  operator\norder    operator-2  operator\ncatalog  operator-2  operator\n',
      stderr: '',
    })
    for (const service of ['order', 'payment', 'catalog'] as const) {
      const action = { operator: 'operator-2', method: 'WhoAmI', kind: 'read', request: '{}', outcome: 'OK' }
      expect(await recorded(service)).toEqual([expect.objectContaining(action)])
    }
  })

  it('prints one JSON document for machines', async () => {
    expect(await on.opsJson(['whoami'], { as: 'viewer-1' })).toEqual([
      { service: 'payment', name: 'viewer-1', role: 'viewer' },
      { service: 'order', name: 'viewer-1', role: 'viewer' },
      { service: 'catalog', name: 'viewer-1', role: 'viewer' },
    ])
  })

  it('a wrong token is told so, and leaves nothing but a line in the log', async () => {
    const before = await recorded('payment')
    const { code, stdout, stderr } = await on.ops(['whoami'], { env: { OPERATOR_TOKEN: 'somebody else' } })
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain('this is the token of no operator')
    expect(await recorded('payment')).toHaveLength(before.length)
  })

  it('the token of the services opens no admin method', async () => {
    const { code } = await on.ops(['whoami'], { env: { OPERATOR_TOKEN: serviceToken } })
    expect(code).toBe(3)
  })

  it('without a token it says which variable is missing', async () => {
    const { code, stderr } = await on.ops(['whoami'], { env: { OPERATOR_TOKEN: '' } })
    expect(code).toBe(3)
    expect(stderr).toContain('OPERATOR_TOKEN is not set')
  })

  it('a service that is away is exit code 4', async () => {
    const { code, stderr } = await on.ops(['whoami'], { env: { ORDER_ADDR: '127.0.0.1:1' } })
    expect(code).toBe(4)
    expect(stderr).toContain('SERVICE_UNAVAILABLE')
  })

  it('a service without OPERATOR_TOKENS refuses everybody', async () => {
    await on.system.kill('order')
    await on.system.start('order', { OPERATOR_TOKENS: '' })
    const { code, stderr } = await on.ops(['whoami'])
    expect(code).toBe(3)
    expect(stderr).toContain('no operator is configured')
  })
})
