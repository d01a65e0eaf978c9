import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Merchant, makeDataDir } from './merchant.ts'
import { endProcesses, spawnSimulator } from './spawned.ts'

let dataDir: string
let remove: () => Promise<void>
beforeEach(async () => {
  const made = await makeDataDir()
  dataDir = made.dataDir
  remove = made.remove
})
afterEach(async () => {
  await endProcesses()
  await remove()
})

const HEAP_MB = 48
const BODY_BYTES = 90 * 1024

describe('the memory', () => {
  // A heap that is full ends the process, so the last call would not be answered.
  it('keeps the books and nothing of what was only asked: two heaps full of calls leave nothing', async () => {
    const { port } = await spawnSimulator(dataDir, [`--max-old-space-size=${HEAP_MB}`])
    const merchant = new Merchant(port)
    const order = await merchant.paid()
    const junk = 'x'.repeat(BODY_BYTES)
    const calls = (2 * HEAP_MB * 1024 * 1024) / BODY_BYTES
    let left = calls
    const client = async (): Promise<void> => {
      for (; left > 0; left -= 1) {
        const key = { 'idempotency-key': randomUUID() }
        const { status, body } = await order.confirm(key, { junk })
        expect([status, body.code]).toEqual([400, 'ALREADY_PROCESSED_PAYMENT'])
      }
    }
    await Promise.all(Array.from({ length: 8 }, client))
    expect((await order.get()).body.status).toBe('DONE')
  })
})
