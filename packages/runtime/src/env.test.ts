import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { ConfigError, commonEnv, durationMs, grpcEnv, ladderMs, readEnv } from './env.ts'

const service = z.object({
  ...commonEnv.shape,
  ...grpcEnv.shape,
  MONGO_URL: z.string(),
  LEASE_MS: durationMs(15_000),
  LADDER_MS: ladderMs([5_000, 60_000]),
})
const minimal = { HTTP_PORT: '4103', SERVICE_TOKEN: 'sixteen-or-more!', MONGO_URL: 'mongodb://127.0.0.1/' }

const problemOf = (env: Record<string, string>): string => {
  try {
    readEnv(service, env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('it was accepted')
}

describe('readEnv', () => {
  it('reads the environment into typed values, with defaults for what may be missing', () => {
    expect(readEnv(service, minimal)).toEqual({
      ...minimal,
      HTTP_PORT: 4103,
      NAMESPACE: '',
      OTEL_TRACES_SAMPLER_ARG: 1,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      LEASE_MS: 15_000,
      LADDER_MS: [5_000, 60_000],
    })
  })

  it('takes an empty variable for one that is not set', () => {
    expect(readEnv(service, { ...minimal, LOG_LEVEL: '', LEASE_MS: '', GRPC_TLS_CA: '' })).toMatchObject({
      LOG_LEVEL: 'info',
      LEASE_MS: 15_000,
    })
    expect(problemOf({ ...minimal, MONGO_URL: '' })).toContain('MONGO_URL')
  })

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(readEnv(service, minimal))).toBe(true)
  })

  it('lists every problem at once', () => {
    const problem = problemOf({ HTTP_PORT: '70000', LOG_LEVEL: 'loud', NAMESPACE: 'Has Space', LEASE_MS: '-1' })
    for (const name of ['HTTP_PORT', 'LOG_LEVEL', 'NAMESPACE', 'LEASE_MS', 'SERVICE_TOKEN', 'MONGO_URL'])
      expect(problem).toContain(`  ${name}: `)
  })

  it('never quotes a value: it may be a secret', () => {
    expect(problemOf({ ...minimal, SERVICE_TOKEN: 'hunter2', LEASE_MS: 'hunter3' })).not.toMatch(/hunter/)
  })

  it.each([
    ['HTTP_PORT', '65536'],
    ['HTTP_PORT', '-1'],
    ['HTTP_PORT', '80.5'],
    ['HTTP_PORT', 'http'],
    ['NAMESPACE', 'a'.repeat(41)],
    ['NAMESPACE', 'dot.ted'],
    ['LEASE_MS', '1.5'],
    ['LADDER_MS', '5000,soon'],
    ['LADDER_MS', '5000,-1'],
    ['LADDER_MS', '5000,,60000'],
    ['SERVICE_TOKEN', 'too-short'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemOf({ ...minimal, [name]: value })).toContain(`  ${name}`)
  })
})

describe('ladderMs', () => {
  it('reads a comma list', () => {
    expect(readEnv(service, { ...minimal, LADDER_MS: '10,200, 3000' }).LADDER_MS).toEqual([10, 200, 3000])
  })
})
