import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { cloudEvent, topics } from '@checkout/contracts/events'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readBooks } from '../src/testing/books.ts'
import { eventually } from '../src/testing/eventually.ts'
import { eventSchema } from './hostile-bodies.ts'
import { readLogs, readTopics, type TopicMessage, topicEnds } from './sinks.ts'
import { AMOUNT, deep, startTarget, type Target } from './target.ts'

// What a broken producer, or somebody who got at the topics, can write into them: row B5.12 of docs/failure-modes.md.

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 120_000)
afterAll(() => target.close(), 180_000)

type Json = Readonly<Record<string, unknown>>
type Topic = keyof typeof topics
const names = Object.keys(topics).filter((name): name is Topic => name in topics)

const sample = (topic: Topic): Json =>
  JSON.parse(readFileSync(new URL(`../../contracts/samples/${topic}.v1.json`, import.meta.url), 'utf8')) as Json

/** What can never be understood: bytes, JSON of another shape, and each field that must be there missing or of another type. */
const poisonOf = (topic: Topic): (Buffer | null)[] => {
  const event = sample(topic)
  const data = event.data as Json
  const { required, properties } = eventSchema(topic)
  const damaged = [
    ...(required ?? []).map((name) => ({ ...event, [name]: undefined })),
    ...(properties?.data?.required ?? []).flatMap((name) =>
      [undefined, null, { $gt: '' }, -1.5, [[]]].map((value) => ({ ...event, data: { ...data, [name]: value } })),
    ),
    { ...event, type: `${topic}.v9` },
    { ...event, specversion: '2.0' },
  ]
  const texts = ['', 'garbage', 'null', '[]', '{}', '{"data":{}}', '"\\ud800', deep(10_000), 'x'.repeat(500_000)]
  return [
    null,
    Buffer.from([0xff, 0x00, 0xfe]),
    ...texts.map((text) => Buffer.from(text)),
    ...damaged.map((value) => Buffer.from(JSON.stringify(value))),
  ]
}

const deadLetters = (topic: Topic) => `${topic}.${topics[topic].consumers[0]}.dead-letter`

const countLetters = async (topic: Topic): Promise<number> => {
  const ends = [...(await topicEnds(target.kafka, target.system.namespace))]
  const ofLetters = ends.filter(([end]) => end.startsWith(`${target.system.namespace}${deadLetters(topic)} `))
  return ofLetters.reduce((sum, [, end]) => sum + end, 0)
}

/** Waits until the topic holds so many dead letters, and reads everything that lies in Kafka then. */
const readWithLetters = async (topic: Topic, count: number): Promise<readonly TopicMessage[]> => {
  await eventually(async () => expect(await countLetters(topic)).toBe(count), { timeoutMs: 90_000, intervalMs: 300 })
  return readTopics(target.kafka, target.system.namespace)
}
const lettersIn = (messages: readonly TopicMessage[], topic: Topic) =>
  messages.filter((message) => message.topic === deadLetters(topic))

const hex = (value: Buffer | null): string => value?.toString('hex') ?? 'null'

describe('poison', () => {
  it.each(names)(
    'B5.12 in %s is put aside byte for byte with its place and the reason, and the next message is handled',
    async (topic) => {
      const poison = poisonOf(topic)
      const keys = [Buffer.from(`poison-${randomUUID()}`), Buffer.from([0xff, 0x00, 0xfe]), Buffer.alloc(0), null]
      const headers = { 'x-test': 'kept', 'x-bytes': Buffer.from([0xff, 0xfe]) }
      await target.publish(
        topic,
        poison.map((value, i) => ({ key: keys[i % keys.length] ?? null, value, partition: i % 6, headers })),
      )
      const messages = await readWithLetters(topic, poison.length)
      const letters = lettersIn(messages, topic)
      // Where each came from names the original, so that original and letter can be compared one by one.
      const originals = new Map(
        messages.map((message) => [`${message.topic} ${message.partition} ${message.offset}`, message]),
      )
      for (const { headers: told, headerBytes, key, value } of letters) {
        const place = `${told['dead-letter-topic']} ${told['dead-letter-partition']} ${told['dead-letter-offset']}`
        const original = originals.get(place)
        expect([place, hex(value), key]).toEqual([place, hex(original?.value ?? null), original?.key ?? null])
        expect(headerBytes).toMatchObject(original?.headerBytes ?? { missing: place })
        expect(headerBytes).toMatchObject({ 'x-bytes': 'fffe' })
        expect(told['dead-letter-cause']).toMatch(/^InvalidMessage: it/)
      }
      expect(new Set(letters.map(({ value }) => hex(value)))).toEqual(new Set(poison.map(hex)))

      // What comes behind the poison, on whichever partition.
      const next = await target.shop.paid(1000)
      target.acknowledged.add(next.orderId)
      await eventually(async () => {
        const { orders } = await readBooks(target.system)
        expect(orders.find(({ _id }) => _id === next.orderId)).toMatchObject({ status: 'PAID' })
      })
    },
    150_000,
  )

  it('B5.12 that is news of an order under the key of another one, of an order that is not there, or in broken UTF-8, changes no order', async () => {
    const news = (orderId: string) =>
      JSON.stringify(
        cloudEvent('payment.status-changed', {
          id: `${randomUUID()}:99`,
          service: 'payment',
          subject: orderId,
          time: new Date(),
          data: {
            paymentId: randomUUID(),
            orderId,
            version: 99,
            status: 'REFUNDED',
            previousStatus: 'PAID',
            amountKrw: AMOUNT,
            refundedKrw: AMOUNT,
            occurredAt: new Date().toISOString(),
          },
        }),
      )
    const { orderId } = target.paid
    const misplaced = Buffer.from(news(orderId))
    const nobody = Buffer.from(news('ORD-NOBODY'))
    const broken = Buffer.from(news(orderId).replace('/services/payment', '/services/\xff'), 'latin1')
    const before = await countLetters('payment.status-changed')
    await target.publish('payment.status-changed', [
      { key: 'ORD-OTHER', value: misplaced },
      { key: 'ORD-NOBODY', value: nobody },
      { key: orderId, value: broken },
    ])
    const messages = await readWithLetters('payment.status-changed', before + 3)
    const values = lettersIn(messages, 'payment.status-changed').map(({ value }) => hex(value))
    expect(values).toEqual(expect.arrayContaining([misplaced, nobody, broken].map(hex)))
    const { orders } = await readBooks(target.system)
    expect(orders.find(({ _id }) => _id === orderId)).toMatchObject({ status: 'PAID' })
  }, 150_000)

  it('B5.12 that holds personal data lies in the dead letters alone: neither its reason nor a log says what it was', async () => {
    const canaries = [
      '4111111111111111',
      '010-1234-5678',
      '73501928846',
      'canary.bird@example.com',
      'live_sk_canary0123456',
    ]
    const value = Buffer.from(JSON.stringify({ ...sample('order.created'), data: { orderId: canaries.join(' ') } }))
    const key = canaries[2] ?? ''
    const before = await countLetters('order.created')
    await target.publish('order.created', [{ key, value, headers: { note: canaries.join(' ') } }])
    const messages = await readWithLetters('order.created', before + 1)
    const letter = lettersIn(messages, 'order.created').find((message) => hex(message.value) === hex(value))
    expect(letter).toBeDefined()
    const told = Object.entries(letter?.headers ?? {}).filter(([name]) => name.startsWith('dead-letter-'))
    for (const text of [JSON.stringify(told), ...readLogs(target.system).map((log) => log.text)])
      for (const canary of canaries) expect(text).not.toContain(canary)
  }, 150_000)
})

describe('after all this', () => {
  it('no process has ended and nothing is there that was not acknowledged', async () => {
    await expect(target.expectUnharmed()).resolves.toBeUndefined()
  }, 120_000)
})
