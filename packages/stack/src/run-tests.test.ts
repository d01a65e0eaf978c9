import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { repositoryRoot } from './repository.ts'
import { summarise } from './run-tests.ts'

describe('the summary of a test run', () => {
  const suite = (name: string, durations: readonly number[]) => ({
    name: join(repositoryRoot, name),
    assertionResults: durations.map((duration) => ({ fullName: `takes ${duration}`, duration })),
  })

  it('counts a suite that could not run as a failure', () => {
    const report = { numPassedTests: 3, numFailedTests: 1, numRuntimeErrorTestSuites: 2, testResults: [] }
    expect(summarise(report)).toMatchObject({ passed: 3, failed: 3 })
  })

  it('names the ten slowest tests, the slowest first', () => {
    const durations = Array.from({ length: 12 }, (_, index) => index * 1000)
    const testResults = [suite('packages/a/src/a.test.ts', durations), suite('packages/b/src/b.test.ts', [5500])]
    const { slowest } = summarise({ numPassedTests: 13, numFailedTests: 0, numRuntimeErrorTestSuites: 0, testResults })
    expect(slowest).toHaveLength(10)
    expect(slowest[0]).toBe('   11.0 s  packages/a/src/a.test.ts › takes 11000')
    expect(slowest).toContain('    5.5 s  packages/b/src/b.test.ts › takes 5500')
  })
})
