import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { repositoryRoot } from '../src/repository.ts'
import { findPromtool } from '../src/servers/promtool.ts'
import { runCommand } from '../src/servers/run-command.ts'

// Where promtool cannot be had these tests say so and check nothing; the unit tests of @checkout/runtime parse every expression all the same.
const found = await findPromtool(() => undefined).catch((error: unknown) => String(error).split('\n')[0] ?? '')
const isFound = found.startsWith('/')

const describeWith = isFound ? describe : describe.skip

describeWith(`the alert rules, by promtool${isFound ? '' : ` (SKIPPED, ${found})`}`, () => {
  const promtool = (...args: string[]) => runCommand(found, args, { timeoutMs: 60_000 })
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'alerts-'))
    cpSync(join(repositoryRoot, 'deploy/prometheus'), folder, { recursive: true })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('are rules, and the scrape configuration is one', async () => {
    expect(await promtool('check', 'rules', join(folder, 'alerts.yml'))).toMatch(/SUCCESS: \d+ rules found/)
    expect(await promtool('check', 'config', join(folder, 'prometheus.yml'))).toContain('valid prometheus config')
  }, 100_000)

  it('fire when they should, with the words that they should, and at no other time', async () => {
    expect(await promtool('test', 'rules', join(folder, 'alerts.test.yml'))).toContain('SUCCESS')
  }, 100_000)

  it('are found out when they are wrong', async () => {
    const rules = readFileSync(join(folder, 'alerts.yml'), 'utf8')
    const wrong = rules.replace('max(payment_due_oldest_age_seconds) > 60', 'max(payment_due_oldest_age_seconds) > 600')
    expect(wrong).not.toBe(rules)
    writeFileSync(join(folder, 'alerts.yml'), wrong)
    await expect(promtool('test', 'rules', join(folder, 'alerts.test.yml'))).rejects.toThrow('SettleIsBehind')
    writeFileSync(join(folder, 'alerts.yml'), rules)
  }, 100_000)
})
