import { randomUUID } from 'node:crypto'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { connectMongo, type Mongo } from '@checkout/runtime/mongo'
import { eventually } from '@checkout/stack/testing/eventually'
import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createJournal, type Journal, MAX_LINES } from '../src/journal.ts'

const log = createLogger('journal-test', 'silent')
let db: Mongo
let journal: Journal

beforeAll(async () => {
  db = await connectMongo({ url: process.env.MONGO_URL ?? '', namespace: namespace(), database: 'payment', log })
  journal = createJournal(db.connection, { log, metrics: createMetrics('payment') })
}, 60_000)
afterAll(async () => {
  await db.connection.dropDatabase()
  await db.close()
}, 60_000)

const call = (ms: number) => ({ at: new Date(ms), ms, call: 'look', key: 'pk', answer: '200 DONE, 10000 KRW left' })

describe('the journal', () => {
  it('holds the last hundred of 500 looks, in order, in a document of a few KiB', async () => {
    const orderId = randomUUID()
    // In bursts, so that some are cut before they are written and some by the database.
    for (let ms = 0; ms < 500; ms += 1) {
      journal.note(orderId, 'calls', call(ms))
      if (ms % 70 === 0) await journal.close()
    }
    await journal.close()
    await eventually(async () => {
      const { calls } = await journal.of(orderId)
      expect(calls.map(({ ms }) => ms)).toEqual(Array.from({ length: MAX_LINES }, (_, index) => 400 + index))
    })
    const [document] = await db.connection
      .collection<{ _id: string }>('journal')
      .aggregate<{ bytes: number }>([{ $match: { _id: orderId } }, { $project: { bytes: { $bsonSize: '$$ROOT' } } }])
      .toArray()
    expect(document?.bytes).toBeLessThan(16 * 1024)
  })

  it('is written soon without being asked, several lists of several orders at once', async () => {
    const [a, b] = [randomUUID(), randomUUID()]
    const at = new Date()
    journal.note(a, 'calls', call(1))
    journal.note(b, 'requests', { at, ms: 1, method: 'confirm', requestId: 'r', outcome: 'PAID' })
    journal.note(a, 'takeOvers', { at, from: 'x', endedAt: at, to: 'y' })
    await eventually(async () => {
      expect(await journal.of(a)).toMatchObject({ calls: [{ ms: 1 }], takeOvers: [{ from: 'x' }] })
      expect(await journal.of(b)).toMatchObject({ requests: [{ requestId: 'r', outcome: 'PAID' }] })
    })
  })

  it('begins nothing for an order that may not exist, and adds to one that does', async () => {
    const [unknown, known] = [randomUUID(), randomUUID()]
    const line = { at: new Date(), ms: 1, method: 'fail', requestId: 'r', outcome: 'OK' }
    journal.note(known, 'calls', call(1))
    await journal.close()
    for (const orderId of [unknown, known]) journal.note(orderId, 'requests', line, { creates: false })
    await journal.close()
    await eventually(async () => expect((await journal.of(known)).requests).toHaveLength(1))
    expect(await db.connection.collection<{ _id: string }>('journal').findOne({ _id: unknown })).toBeNull()
  })
})
