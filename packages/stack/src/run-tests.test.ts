import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { repositoryRoot } from './repository.ts'
import { redOnServers, replaceSuites, summarise } from './run-tests.ts'

const suite = (
  name: string,
  statuses: readonly string[],
  status = statuses.includes('failed') ? 'failed' : 'passed',
) => ({
  name: join(repositoryRoot, name),
  status,
  assertionResults: statuses.map((result, index) => ({
    fullName: `takes ${index * 1000}`,
    status: result,
    duration: index * 1000,
  })),
})

describe('the summary of a test run', () => {
  it('counts tests by what became of them, and a suite that could not run as a failure', () => {
    const testResults = [
      suite('packages/a/src/a.test.ts', ['passed', 'failed', 'pending']),
      suite('packages/b/src/b.test.ts', [], 'failed'),
      suite('packages/b/src/c.test.ts', ['passed', 'passed'], 'failed'),
    ]
    expect(summarise({ testResults })).toMatchObject({ passed: 3, failed: 3 })
  })

  it('names the ten slowest tests, the slowest first', () => {
    const testResults = [
      suite(
        'packages/a/src/a.test.ts',
        Array.from({ length: 12 }, () => 'passed'),
      ),
      suite('packages/b/src/b.test.ts', ['passed']),
    ]
    const { slowest } = summarise({ testResults })
    expect(slowest).toHaveLength(10)
    expect(slowest[0]).toBe('   11.0 s  packages/a/src/a.test.ts › takes 11000')
  })
})

describe('a suite that was red', () => {
  const red = suite('packages/a/tests/a.int.test.ts', ['failed'])
  const green = suite('packages/a/tests/a.int.test.ts', ['passed'])
  const other = suite('packages/a/tests/b.e2e.test.ts', ['passed'])

  it('runs again only if it needs servers', () => {
    const unit = suite('packages/a/src/a.test.ts', ['failed'])
    const neverRan = suite('packages/a/tests/c.e2e.test.ts', [], 'failed')
    expect(redOnServers({ testResults: [red, unit, other, neverRan] })).toEqual([red.name, neverRan.name])
  })

  it('counts by its second run, and the others by their first', () => {
    expect(replaceSuites({ testResults: [red, other] }, { testResults: [green] }).testResults).toEqual([green, other])
    expect(replaceSuites({ testResults: [red, other] }, { testResults: [red] }).testResults).toEqual([red, other])
  })
})
