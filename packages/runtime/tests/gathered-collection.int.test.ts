import { randomUUID } from 'node:crypto'
import { freePort } from '@checkout/stack/ports'
import { namespace } from '@checkout/stack/testing/namespace'
import { fc } from '@fast-check/jest'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mongo } from 'mongoose'
import { DuplicateKey, gatherReads, gatherWrites } from '../src/gathered-collection.ts'
import { isInfrastructureError } from '../src/infrastructure.ts'

type Row = { _id: string; version: number; log: number[]; key?: string }

const client = new mongo.MongoClient(process.env.MONGO_URL ?? '')
const database = client.db(`${namespace()}gathered`)
const rows = database.collection<Row>('rows')

beforeAll(async () => {
  await rows.createIndex({ key: 1 }, { name: 'key', unique: true, partialFilterExpression: { key: { $exists: true } } })
})
afterAll(async () => {
  await database.dropDatabase()
  await client.close()
})

const insertRows = async (count: number): Promise<string[]> => {
  const ids = Array.from({ length: count }, () => randomUUID())
  await rows.insertMany(ids.map((_id) => ({ _id, version: 0, log: [] })))
  return ids
}

describe('gathered writes', () => {
  it('come to what they come to one by one: each version of a document is written by one of its callers', async () => {
    const step = fc.record({ row: fc.nat(2), version: fc.nat(4), waits: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        const writes = gatherWrites(rows)
        const ids = await insertRows(3)
        const asked: Promise<boolean>[] = []
        for (const [number, { row, version, waits }] of steps.entries()) {
          const change = { $set: { version: version + 1 }, $push: { log: number } }
          asked.push(writes.update({ _id: ids[row] ?? '', version }, change))
          if (waits) await asked.at(-1)
        }
        const won = await Promise.all(asked)
        for (const [row, _id] of ids.entries()) {
          const after = await rows.findOne({ _id })
          const winners = steps.flatMap((at, number) => (at.row === row && won[number] === true ? [number] : []))
          // Whoever was told that it had won is in the document, once, in the order of the versions; nobody else is.
          expect(after?.log).toEqual(winners.toSorted((a, b) => (steps[a]?.version ?? 0) - (steps[b]?.version ?? 0)))
          expect(winners.map((number) => steps[number]?.version ?? -1).toSorted((a, b) => a - b)).toEqual(
            winners.map((_, i) => i),
          )
          expect(after?.version).toBe(winners.length)
        }
        expect(await rows.countDocuments({ log: { $exists: false } })).toBe(0)
      }),
      { numRuns: 25 },
    )
  })

  it('tell each caller of its own refusal and of no other', async () => {
    const writes = gatherWrites(rows)
    const [first = '', second = '', third = ''] = await insertRows(3)
    const key = randomUUID()
    const busy = writes.update({ _id: first, version: 0 }, { $set: { version: 1, key } })
    const outcomes = await Promise.allSettled([
      busy,
      writes.update({ _id: first, version: 0 }, { $set: { version: 1, key } }),
      writes.update({ _id: second, version: 0 }, { $set: { version: 1, key } }),
      writes.update({ _id: third, version: 0 }, { $set: { version: 1 } }),
      writes.insert({ _id: third, version: 0, log: [] }),
      writes.insert({ _id: randomUUID(), version: 0, log: [] }),
      writes.touch({ _id: third, version: 7 }, { $set: { version: 8 } }),
      writes.touch({ _id: randomUUID() }, { $set: { version: 8 } }),
    ])
    const shown = outcomes.map((outcome): unknown =>
      outcome.status === 'fulfilled'
        ? outcome.value
        : outcome.reason instanceof DuplicateKey
          ? outcome.reason.index
          : outcome.reason,
    )
    expect(shown).toEqual([true, false, 'key', true, '_id_', undefined, undefined, undefined])
    expect((await rows.findOne({ _id: second }))?.version).toBe(0)
    expect((await rows.findOne({ _id: third }))?.version).toBe(1)
    expect(await rows.countDocuments({ version: 8 })).toBe(0)
  })

  it('of a server that is away fail all, as a failure of our infrastructure', async () => {
    const away = new mongo.MongoClient(`mongodb://127.0.0.1:${await freePort()}`, { serverSelectionTimeoutMS: 200 })
    const writes = gatherWrites(away.db('gathered').collection<Row>('rows'))
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c'].map((_id) => writes.update({ _id, version: 0 }, { $set: { version: 1 } })),
    )
    await away.close()
    const reasons = outcomes.map((outcome) => outcome.status === 'rejected' && isInfrastructureError(outcome.reason))
    expect(reasons).toEqual([true, true, true])
  })

  it('refuse an update of a document that does not exist', async () => {
    const _id = randomUUID()
    const update = gatherWrites(rows).update({ _id, version: 3 }, { $set: { version: 4 } })
    await expect(update).rejects.toThrow('found no document')
    await rows.deleteOne({ _id })
  })
})

describe('gathered reads', () => {
  it('bring each caller its own document, or none', async () => {
    const read = gatherReads(rows, '_id', { log: 0 })
    const ids = await insertRows(20)
    const asked = [...ids, randomUUID(), ...ids.slice(0, 3)]
    const found = await Promise.all(asked.map(read))
    expect(found.map((row) => row?._id)).toEqual(asked.map((id) => (ids.includes(id) ? id : undefined)))
    expect(found[0]).toEqual({ _id: ids[0], version: 0 })
  })

  it('see what was written before they were asked for, also while others are under way', async () => {
    const read = gatherReads(rows, '_id', {})
    const [id = ''] = await insertRows(1)
    for (let version = 1; version <= 20; version += 1) {
      const earlier = read(id)
      await rows.updateOne({ _id: id }, { $set: { version } })
      const [, later] = await Promise.all([earlier, read(id)])
      expect(later?.version).toBe(version)
    }
  })
})
