import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { planTrials } from '../crash/matrix.ts'
import { keyOf } from '../crash/points.ts'
import { repositoryRoot } from '../repository.ts'
import { applyPatch } from './apply-patch.ts'
import { readPlantedBugs } from './planted-bugs.ts'

describe('the planted bugs', () => {
  const bugs = readPlantedBugs()

  it('are fifteen at least', () => {
    expect(bugs.length).toBeGreaterThanOrEqual(15)
  })

  it.each(bugs.map((bug) => [bug.bug, bug] as const))('"%s" fits the code as it is', (_, { file }) => {
    expect(() => applyPatch(repositoryRoot, file, 'check')).not.toThrow()
  })

  it('a patch that does not fit is told', () => {
    // Any file that is none.
    expect(() => applyPatch(repositoryRoot, 'package.json', 'check')).toThrow('package.json does not fit any more')
  })

  it.each(bugs.map((bug) => [bug.name, bug] as const))('%s has an alarm that there is', (_, { alarm, says }) => {
    const planned = planTrials({ isOnce: false }).map(({ point, flow }) => `${keyOf(point)}: ${flow.name}`)
    if (alarm.kind === 'crash') expect(planned).toContain(`${alarm.point}: ${alarm.flow}`)
    if (alarm.kind === 'test') expect(existsSync(join(repositoryRoot, alarm.path))).toBe(true)
    expect(says.source).not.toBe('')
  })

  it('touch what runs, and no test', () => {
    const touched = bugs.flatMap(({ file }) =>
      [...readFileSync(join(repositoryRoot, file), 'utf8').matchAll(/^\+\+\+ b\/(.+)$/gm)].map(([, path = '']) => path),
    )
    expect(touched.length).toBeGreaterThanOrEqual(bugs.length)
    expect(
      touched.filter((path) => !/^(packages|services)\/[\w-]+\/src\/.+\.ts$/.test(path) || path.includes('.test.')),
    ).toEqual([])
  })
})
