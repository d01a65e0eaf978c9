import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Books } from './books.ts'
import { ANSWER_VALID_MS } from './records.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'toss-books-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const open = () =>
  Books.open(directory, (cause) => {
    throw cause
  })
const answer = (id: string, at: number) => ({ answer: { id, at, traceId: '', status: 200, body: {} } })

describe('stored answers', () => {
  it('of more than fifteen days ago are forgotten, so that they do not fill the memory for ever', async () => {
    const books = await open()
    for (let day = 0; day < 100; day += 1) books.commit(answer(`day ${day}`, (day * ANSWER_VALID_MS) / 15))
    expect([...books.answers.keys()]).toEqual(Array.from({ length: 15 }, (_, index) => `day ${85 + index}`))
    await books.close()
    const again = await open()
    expect(again.answers.size).toBe(15)
    await again.close()
  })

  it('a key that was used anew lives as long as its new answer', async () => {
    const books = await open()
    books.commit(answer('often', 0))
    books.commit(answer('once', 1))
    books.commit(answer('often', ANSWER_VALID_MS))
    books.commit(answer('later', ANSWER_VALID_MS + 1))
    expect([...books.answers.keys()]).toEqual(['often', 'later'])
    await books.close()
  })
})
