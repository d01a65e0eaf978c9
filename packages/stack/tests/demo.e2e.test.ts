import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { demo } from '../src/demo.ts'
import type { StackAddresses } from '../src/state-file.ts'
import { stopAudited } from '../src/testing/audit.ts'
import { namespace } from '../src/testing/namespace.ts'
import { startSystem } from '../src/testing/system.ts'

describe('the demo', () => {
  let system: Awaited<ReturnType<typeof startSystem>>
  let addresses: StackAddresses
  let lines: string[] = []
  const write = (line: string) => {
    lines.push(line)
  }

  beforeAll(async () => {
    const own = namespace()
    system = await startSystem({ namespace: own })
    const { MONGO_URL = '', KAFKA_BROKERS = '', REDIS_URL = '' } = process.env
    addresses = { urls: system.urls, servers: { MONGO_URL, KAFKA_BROKERS, REDIS_URL }, namespace: own }
  }, 120_000)

  afterAll(() => stopAudited(system), 180_000)

  it('plays every step of the story and exits with 0', async () => {
    lines = []
    const code = await demo(addresses, write)
    // Of a failure the story itself says where it went wrong.
    expect(lines.filter((line) => line.includes('✗'))).toEqual([])
    expect(code).toBe(0)
    for (const told of ['PENDING → CONFIRMING', 'NOOP', 'PARTIAL_REFUND → REFUNDED', 'REJECT_CARD_PAYMENT', '→ 202'])
      expect(lines.join('\n')).toContain(told)
  }, 180_000)

  it('exits with 1 when a step does not end as it should', async () => {
    lines = []
    await system.kill('payment')
    try {
      expect(await demo(addresses, write)).toBe(1)
    } finally {
      await system.start('payment')
    }
    expect(lines.join('\n')).toContain('✗ not played')
  }, 180_000)

  it('says that it needs the simulator where a real Toss is used', async () => {
    const real = { ...addresses, urls: { ...addresses.urls, simulator: '' } }
    await expect(demo(real, write)).rejects.toThrow('needs the simulator')
  })
})
