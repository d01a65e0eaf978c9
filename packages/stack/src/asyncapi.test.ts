import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildAsyncApi } from '@checkout/contracts/asyncapi'
import { topics } from '@checkout/contracts/events'
import { describe, expect, it } from '@jest/globals'
import { Ajv } from 'ajv'
import { repositoryRoot } from './repository.ts'
import { dereference, objectOf } from './schema-mismatch.ts'

const folder = join(repositoryRoot, 'packages/contracts/samples')
const samples = readdirSync(folder).map((file) => {
  const event = objectOf(JSON.parse(readFileSync(join(folder, file), 'utf8')))
  return { file, event, type: String(event['type']) }
})
const document = buildAsyncApi()
const { messages } = document.components
const ajv = new Ajv({ strict: false, validateFormats: false })
const fits = (type: string, event: unknown) => ajv.validate(objectOf(messages[type]?.payload), event)

describe('the AsyncAPI document', () => {
  it.each(samples.map(({ file, ...sample }) => [file, sample] as const))(
    'describes %s, also with fields that came later, and not without its data',
    (_file, { type, event }) => {
      expect(fits(type, event)).toBe(true)
      expect(fits(type, { ...event, later: 1, data: { ...objectOf(event['data']), later: 1 } })).toBe(true)
      expect(fits(type, { ...event, data: {} })).toBe(false)
      expect(fits(type, { ...event, specversion: '2.0' })).toBe(false)
    },
  )

  it('has a sample for each message, one who sends it and at least one who reads it', () => {
    expect(() => dereference(document)).not.toThrow()
    for (const [topic, { messages: carried }] of Object.entries(document.channels)) {
      const operations = Object.entries(document.operations).filter(([name]) => name.endsWith(`.${topic}`))
      expect(operations.filter(([, { action }]) => action === 'send')).toHaveLength(1)
      expect(operations.filter(([, { action }]) => action === 'receive').length).toBeGreaterThan(0)
      for (const type of Object.keys(carried)) expect(samples.map((sample) => sample.type)).toContain(type)
    }
  })

  it('names the same topics and roads as docs/architecture.md', () => {
    const text = readFileSync(join(repositoryRoot, 'docs/architecture.md'), 'utf8')
    for (const [topic, { producer, consumers, retentionMs }] of Object.entries(topics)) {
      const row = text.split('\n').find((line) => line.startsWith(`| \`${topic}\``))
      expect(row).toContain(`| ${producer} → ${consumers.join(', ')} `)
      expect(row).toContain(retentionMs < 0 ? '| for ever' : `| ${retentionMs / 86_400_000} days`)
    }
  })
})
