import { describe, expect, it } from '@jest/globals'
import { ask, journalProblems } from './diagnose.ts'

const wiredTiger = { storageEngine: { name: 'wiredTiger', persistent: true } }

describe('journalProblems', () => {
  it('finds nothing at a mongod that journals, whether it was told to or not', () => {
    expect(journalProblems({}, wiredTiger)).toEqual([])
    expect(journalProblems({ parsed: { storage: { journal: { enabled: true } } } }, wiredTiger)).toEqual([])
  })

  it('finds a mongod without its journal, and one that keeps everything in memory', () => {
    const started = { parsed: { storage: { journal: { enabled: false } } } }
    expect(journalProblems(started, wiredTiger)).toEqual(['it was started without its journal'])
    const inMemory = { storageEngine: { name: 'inMemory', persistent: false } }
    expect(journalProblems({}, inMemory)).toEqual(['its storage engine inMemory keeps nothing on disk'])
  })
})

describe('ask', () => {
  it('is unknown, never wrong, when whoever could tell does not answer', async () => {
    const check = await ask('a question', 'do something', () => Promise.reject(new Error('not allowed')))
    expect(check).toMatchObject({ name: 'a question', state: 'unknown', detail: 'not allowed' })
  })
})
