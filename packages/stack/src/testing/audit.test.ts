import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { repositoryRoot } from '../repository.ts'

const suites = ['packages', 'services']
  .flatMap((folder) =>
    readdirSync(join(repositoryRoot, folder)).map((name) => join(repositoryRoot, folder, name, 'tests')),
  )
  .flatMap((folder) => {
    try {
      return readdirSync(folder).map((name) => join(folder, name))
    } catch {
      return []
    }
  })
  .filter((path) => path.endsWith('.e2e.test.ts'))
  .map((path) => ({ path: relative(repositoryRoot, path), text: readFileSync(path, 'utf8') }))
  .filter(({ text }) => /\b(startSystem|startOpsSystem|startTarget|startCrashWorld)\(/.test(text))

describe('a suite that starts the system', () => {
  it('is found here', () => expect(suites.length).toBeGreaterThan(20))

  it.each(suites)('ends with the audit: $path', ({ text }) => {
    expect(text).toMatch(
      /afterAll\((?:async )?\(\) =>[^;]*?\b(?:stopAudited\(|audited\(|on\.stop\(|it_\.stop\(|target\.close\()/s,
    )
  })
})
