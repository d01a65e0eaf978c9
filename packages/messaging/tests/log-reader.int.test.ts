import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { connectKafkaBus, type KafkaBus } from '../src/kafka-bus.ts'
import { type KafkaLog, type LoggedMessage, openKafkaLog } from '../src/log-reader.ts'

const TOPIC = 'payment.status-changed'
const KEYS = 20
const EACH = 30
const ns = namespace()
const brokers = process.env.KAFKA_BROKERS ?? ''
const log = createLogger('log-reader-test', 'silent')
let bus: KafkaBus
let reader: KafkaLog
let admin: Admin

const publish = (from: number, to: number) =>
  bus.publish(
    TOPIC,
    Array.from({ length: (to - from) * KEYS }, (_, i) => ({
      key: `key-${i % KEYS}`,
      value: String(from + Math.floor(i / KEYS)),
      headers: { origin: 'test' },
    })),
  )
const all = async (messages: AsyncIterable<LoggedMessage>): Promise<LoggedMessage[]> => {
  const read: LoggedMessage[] = []
  for await (const message of messages) read.push(message)
  return read
}
const readers = async () => (await admin.listGroups()).groups.filter(({ groupId }) => groupId.startsWith(ns))

beforeAll(async () => {
  bus = connectKafkaBus({
    brokers,
    namespace: ns,
    service: 'writer',
    log,
    metrics: createMetrics('writer'),
    onFatal: (error) => {
      throw error
    },
    topics: [TOPIC],
  })
  await bus.ping()
  await publish(0, EACH)
  reader = await openKafkaLog({ brokers, namespace: ns, log })
  admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
})
afterAll(async () => {
  await Promise.all([reader.close(), admin.disconnect(), bus.close()])
})

describe('the log reader', () => {
  it('reads everything once, in the order of each key, and leaves no group behind', async () => {
    const messages = await all(reader.read(TOPIC, await reader.ranges(TOPIC)))
    expect(messages).toHaveLength(KEYS * EACH)
    for (let key = 0; key < KEYS; key += 1) {
      const values = messages.filter((message) => message.key === `key-${key}`).map(({ value }) => String(value))
      expect(values).toEqual(Array.from({ length: EACH }, (_, i) => String(i)))
    }
    expect(messages[0]).toMatchObject({ topic: TOPIC, headers: { origin: 'test' }, at: expect.any(Date) })
    expect(await readers()).toEqual([])
  })

  it('reads from any offset to any other, and nothing of an empty range', async () => {
    const between = { from: { offset: 7 }, to: { offset: 19 } }
    const ranges = await reader.ranges(TOPIC, between)
    const messages = await all(reader.read(TOPIC, ranges))
    for (const { partition, from, to } of ranges) {
      const offsets = messages.filter((message) => message.partition === partition).map(({ offset }) => Number(offset))
      expect(offsets).toEqual(Array.from({ length: to - from }, (_, i) => from + i))
    }
    expect(messages.length).toBeGreaterThan(0)
    const empty = await reader.ranges(TOPIC, { from: { offset: 1_000_000 }, to: { offset: 3 } })
    expect(empty).toHaveLength(6)
    expect(await all(reader.read(TOPIC, empty))).toEqual([])
  })

  it('reads the messages of some keys alone', async () => {
    const keys = new Set(['key-3', 'key-11'])
    const messages = await all(reader.read(TOPIC, await reader.ranges(TOPIC), { keys }))
    expect(new Set(messages.map(({ key }) => key))).toEqual(keys)
    expect(messages).toHaveLength(2 * EACH)
  })

  it('ends where the log ended when it was asked, however much is written meanwhile and however slowly it is read', async () => {
    const ranges = await reader.ranges(TOPIC)
    let count = 0
    for await (const message of reader.read(TOPIC, ranges)) {
      if (count === 0) await publish(EACH, EACH + 5)
      expect(Number(message.value?.toString())).toBeLessThan(EACH)
      count += 1
    }
    expect(count).toBe(KEYS * EACH)
  })

  it('reads from one moment to another', async () => {
    const before = await reader.ranges(TOPIC)
    const last = (await all(reader.read(TOPIC, before))).reduce((a, b) => (a.at > b.at ? a : b)).at
    // The broker's time stamps have a millisecond's grain.
    while (Date.now() <= last.getTime()) await new Promise(setImmediate)
    const from = new Date()
    await bus.publish(TOPIC, [{ key: 'later', value: 'one' }])
    while (Date.now() <= from.getTime() + 1) await new Promise(setImmediate)
    const to = new Date()
    await bus.publish(TOPIC, [{ key: 'later', value: 'two' }])
    const messages = await all(reader.read(TOPIC, await reader.ranges(TOPIC, { from: { at: from }, to: { at: to } })))
    expect(messages.map(({ value }) => String(value))).toEqual(['one'])
    const never = await reader.ranges(TOPIC, { from: { at: new Date(Date.now() + 3_600_000) } })
    expect(await all(reader.read(TOPIC, never))).toEqual([])
  })

  it('may be left at any message', async () => {
    for await (const message of reader.read(TOPIC, await reader.ranges(TOPIC))) {
      expect(message.topic).toBe(TOPIC)
      break
    }
    expect(await readers()).toEqual([])
  })

  it('knows the topics of its namespace and what a group has committed', async () => {
    expect(await reader.topics()).toEqual([TOPIC])
    expect(await reader.committed('nobody', TOPIC)).toEqual(new Map())
    await admin.setOffsets({ groupId: `${ns}somebody`, topic: ns + TOPIC, partitions: [{ partition: 2, offset: '5' }] })
    expect(await reader.committed('somebody', TOPIC)).toEqual(new Map([[2, 5]]))
    await admin.deleteGroups([`${ns}somebody`])
  })
})
