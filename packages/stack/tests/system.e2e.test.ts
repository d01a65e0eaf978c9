import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { stopAudited } from '../src/testing/audit.ts'
import { eventually } from '../src/testing/eventually.ts'
import { namespace } from '../src/testing/namespace.ts'
import { startSystem, type TestSystem } from '../src/testing/system.ts'
import { processNames } from '../src/topology.ts'

describe('the system in separate processes', () => {
  let system: TestSystem
  beforeAll(async () => {
    system = await startSystem({ namespace: namespace() })
  })
  afterAll(() => stopAudited(system), 180_000)

  const statusOf = async (url = '') => (await fetch(`${url}/healthz`)).status
  const pidOf = (name: string) => system.processes().find((entry) => entry.name === name)?.pid

  it('is ready and seeded when it has started', async () => {
    expect(system.processes().map(({ name }) => name)).toEqual(expect.arrayContaining([...processNames]))
    const products = await (await fetch(`${system.urls.gateway}/api/products`)).json()
    expect(products).toHaveLength(4)
  })

  it('stays up when one process is killed, and that one comes back where it was', async () => {
    const before = pidOf('payment')
    await system.kill('payment')
    expect(pidOf('payment')).toBeUndefined()
    expect(await statusOf(system.urls.health.order)).toBe(200)
    await system.start('payment', { LOG_LEVEL: 'debug' })
    expect(pidOf('payment')).not.toBe(before)
    expect(await statusOf(system.urls.health.payment)).toBe(200)
  })

  it('freezes and thaws a process without ending it', async () => {
    const before = pidOf('catalog')
    await system.kill('catalog', 'SIGSTOP')
    const frozen = fetch(`${system.urls.health.catalog}/healthz`, { signal: AbortSignal.timeout(300) })
    await expect(frozen).rejects.toThrow()
    await system.kill('catalog', 'SIGCONT')
    expect(await eventually(() => statusOf(system.urls.health.catalog))).toBe(200)
    expect(pidOf('catalog')).toBe(before)
  })

  it('writes what each process says to a file of its own', () => {
    expect(readFileSync(system.logs('order'), 'utf8')).toContain('"level"')
  })
})
