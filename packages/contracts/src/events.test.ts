import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { cloudEvent, parseEvent, type Topic, topics } from './events.ts'

const folder = new URL('../samples/', import.meta.url)
const object = z.record(z.string(), z.unknown())
const eventObject = z.looseObject({ data: object })

/** Fields of `data` that a consumer must do without. All others are promised for ever. */
const optional: Record<Topic, readonly string[]> = {
  'order.created': ['customerId'],
  'payment.status-changed': ['method', 'approvedAt', 'failure'],
  'toss.webhook-received': [
    'transmissionId',
    'retriedCount',
    'transmissionTime',
    'orderId',
    'paymentKey',
    'status',
    'transactionKey',
    'createdAt',
  ],
}
const topicNames = z.enum(['order.created', 'payment.status-changed', 'toss.webhook-received']).options

/** `<topic>.v1.json`, and `<topic>.v1.<variant>.json` for what the first one does not show. */
const samples = readdirSync(folder).map((file) => {
  const topic = topicNames.find((name) => file.startsWith(`${name}.v1.`))
  const text = readFileSync(new URL(file, folder), 'utf8')
  return { file, topic, text, event: eventObject.parse(JSON.parse(text)) }
})

const sampleOf = (topic: Topic) => {
  const sample = samples.find(({ file }) => file === `${topic}.v1.json`)
  if (sample === undefined) throw new Error(`there is no sample ${topic}.v1.json`)
  return sample
}

describe('golden samples', () => {
  it('exist for every topic, and for no other', () => {
    expect(topicNames.toSorted()).toEqual(Object.keys(topics).toSorted())
    expect(samples.filter(({ topic }) => topic === undefined)).toEqual([])
    for (const topic of topicNames) expect(sampleOf(topic).topic).toBe(topic)
  })

  it.each(samples.map(({ file, ...sample }) => [file, sample] as const))(
    '%s parses, and nothing of it is lost',
    (_file, { topic = 'order.created', text, event }) => {
      expect(parseEvent(topic, text)).toEqual(event)
    },
  )

  it.each(topicNames)('%s is what its producer builds', (topic) => {
    const { data, subject, id, time, source } = parseEvent(topic, sampleOf(topic).text)
    const service = source.replace('/services/', '')
    expect(cloudEvent(topic, { id, service, subject, time: new Date(time), data })).toEqual(sampleOf(topic).event)
  })
})

describe.each(topicNames)('%s', (topic) => {
  const { event } = sampleOf(topic)
  const parse = (changed: object) => parseEvent(topic, JSON.stringify(changed))

  it('keeps unknown fields out, so that producers may add some', () => {
    expect(parse({ ...event, traceparent: '00-0', data: { ...event.data, addedLater: { a: 1 } } })).toEqual(event)
  })

  it('is refused without any of the fields that consumers rely on', () => {
    const required = Object.keys(event.data).filter((field) => !optional[topic].includes(field))
    expect(required.length).toBeGreaterThan(2)
    for (const field of required) {
      const { [field]: _, ...rest } = event.data
      expect(() => parse({ ...event, data: rest })).toThrow(field)
    }
    for (const field of ['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'data']) {
      const { [field]: _, ...rest } = event
      expect(() => parse(rest)).toThrow(field)
    }
  })

  it('parses without any of its optional fields', () => {
    for (const field of optional[topic]) {
      const { [field]: _, ...data } = event.data
      expect(parse({ ...event, data })).toEqual({ ...event, data })
    }
  })

  it('is not taken for an event of another topic, of another version, or for no event at all', () => {
    for (const other of topicNames.filter((name) => name !== topic)) {
      expect(() => parseEvent(other, JSON.stringify(event))).toThrow('type')
    }
    expect(() => parse({ ...event, type: `${topic}.v2` })).toThrow('type')
    for (const text of ['', 'null', '[]', '"text"', '{"specversion":', '\u0000']) {
      expect(() => parseEvent(topic, text)).toThrow()
    }
  })
})

describe('values that no consumer should meet', () => {
  it.each([
    ['order.created', { amountKrw: 0.5 }],
    ['order.created', { amountKrw: -1 }],
    ['order.created', { amountKrw: '1000' }],
    ['order.created', { amountKrw: 2 ** 53 }],
    ['order.created', { currency: 'USD' }],
    ['order.created', { orderId: '' }],
    ['order.created', { expiresAt: 'tomorrow' }],
    ['payment.status-changed', { status: 'SETTLED' }],
    ['payment.status-changed', { version: 0 }],
    ['payment.status-changed', { refundedKrw: -1 }],
    ['toss.webhook-received', { bodyHash: 'ABC' }],
    ['toss.webhook-received', { retriedCount: -1 }],
  ] as const)('%s with %j is refused', (topic, data) => {
    const { event } = sampleOf(topic)
    expect(() => parseEvent(topic, JSON.stringify({ ...event, data: { ...event.data, ...data } }))).toThrow()
  })
})
