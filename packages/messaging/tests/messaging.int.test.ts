import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '@checkout/contracts/errors'
import { type PaymentStatusChanged, parseEvent } from '@checkout/contracts/events'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { connectMongo, type Mongo } from '@checkout/runtime/mongo'
import { eventually } from '@checkout/stack/testing/eventually'
import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Kafka, logLevel } from 'kafkajs'
import { type IncomingMessage, InvalidMessage } from '../src/bus.ts'
import { readDeadLetter } from '../src/dead-letter.ts'
import { connectKafkaBus, type KafkaBus } from '../src/kafka-bus.ts'
import { outboxEntry, startOutboxRelay, type WithOutbox } from '../src/outbox.ts'
import { replayTopic, toReplay } from '../src/replay.ts'

const TOPIC = 'payment.status-changed'
const ns = namespace()
const log = createLogger('messaging-test', 'silent')
const buses: KafkaBus[] = []
let db: Mongo

const connect = (service: string, group?: string) => {
  const bus = connectKafkaBus({
    brokers: process.env.KAFKA_BROKERS ?? '',
    namespace: ns,
    service,
    log,
    metrics: createMetrics(service),
    onFatal: (error) => {
      throw error
    },
    topics: [TOPIC],
    ...(group === undefined ? {} : { group }),
  })
  buses.push(bus)
  return bus
}

beforeAll(async () => {
  db = await connectMongo({ url: process.env.MONGO_URL ?? '', namespace: ns, database: 'messaging', log })
})
afterAll(async () => {
  await Promise.all(buses.map((bus) => bus.close()))
  await db.connection.dropDatabase()
  await db.close()
})

describe('the bus', () => {
  it('delivers what was published before the group existed, in the order of each key', async () => {
    const bus = connect('a', 'ordered')
    await bus.ping()
    const keys = ['x', 'y', 'z']
    await Promise.all(
      Array.from({ length: 60 }, (_, i) => bus.publish(TOPIC, [{ key: keys[i % 3] ?? '', value: String(i) }])),
    )
    const seen: [string, number][] = []
    bus.consume({
      group: 'ordered',
      topics: [TOPIC],
      handle: (message) => {
        seen.push([message.key ?? '', Number(message.value?.toString())])
        return Promise.resolve()
      },
    })
    await eventually(() => expect(seen).toHaveLength(60), { timeoutMs: 40_000 })
    for (const key of keys) {
      const values = seen.filter(([of]) => of === key).map(([, value]) => value)
      expect(values).toEqual(values.toSorted((a, b) => a - b))
    }
  })

  it('moves what can never succeed to the dead letters with where it came from, waits out an outage, and goes on', async () => {
    const bus = connect('b', 'picky')
    const handled: string[] = []
    const letters: IncomingMessage[] = []
    let outages = 0
    await bus.ping()
    bus.consume({
      group: 'picky',
      topics: [TOPIC],
      handle: (message) => {
        const text = message.value?.toString() ?? ''
        if (text === 'poison') throw new InvalidMessage('it is poison')
        if (text === 'outage' && outages < 3) {
          outages += 1
          throw new AppError('SERVICE_UNAVAILABLE')
        }
        handled.push(text)
        return Promise.resolve()
      },
    })
    bus.consume({
      group: 'reader',
      topics: [`${TOPIC}.picky.dead-letter`],
      handle: (message) => {
        letters.push(message)
        return Promise.resolve()
      },
    })
    await bus.publish(
      TOPIC,
      ['poison', 'outage', 'after'].map((value) => ({ key: 'one', value, headers: { origin: 'test' } })),
    )
    await eventually(() => expect(handled.slice(-2)).toEqual(['outage', 'after']), { timeoutMs: 40_000 })
    await eventually(() => expect(letters).toHaveLength(1), { timeoutMs: 40_000 })
    expect(outages).toBe(3)
    expect(letters[0]?.value?.toString()).toBe('poison')
    expect(letters[0]?.headers).toMatchObject({
      origin: 'test',
      'dead-letter-cause': 'InvalidMessage: it is poison',
      'dead-letter-attempts': '1',
      'dead-letter-topic': TOPIC,
    })
  })
})

describe('a replay', () => {
  it('is heard by its group alone, as if it came from the topic, and what dies of it again is the same dead letter', async () => {
    const heard: Record<string, IncomingMessage[]> = { named: [], other: [] }
    const letters: IncomingMessage[] = []
    const [named, other] = [connect('e', 'named'), connect('f', 'other')]
    await Promise.all([named.ping(), other.ping()])
    for (const [group, bus] of [['named', named] as const, ['other', other] as const]) {
      bus.consume({
        group,
        topics: [TOPIC],
        handle: (message) => {
          if (message.key === 'replayed') heard[group]?.push(message)
          if (message.value?.toString() === 'poison') throw new InvalidMessage('it is poison')
          return Promise.resolve()
        },
      })
    }
    named.consume({
      group: 'letters',
      topics: [`${TOPIC}.named.dead-letter`],
      handle: (letter) => {
        if (letter.key === 'replayed') letters.push(letter)
        return Promise.resolve()
      },
    })
    await named.publish(
      TOPIC,
      ['poison', 'fine'].map((value) => ({ key: 'replayed', value })),
    )
    const [letter] = await eventually(
      () => {
        expect(letters).toHaveLength(1)
        for (const messages of Object.values(heard)) expect(messages).toHaveLength(2)
        return letters
      },
      { timeoutMs: 40_000 },
    )
    if (letter === undefined) throw new Error('no letter')
    await named.publish(replayTopic(TOPIC, 'named'), [toReplay(letter, 'run-1', 0)])
    await eventually(() => expect(letters).toHaveLength(2), { timeoutMs: 40_000 })
    expect(heard['named']?.at(-1)).toMatchObject({
      topic: TOPIC,
      value: letter.value,
      headers: { 'replay-run': 'run-1' },
    })
    // Whatever the others will hear, they hear after this.
    await named.publish(TOPIC, [{ key: 'replayed', value: 'the end' }])
    await eventually(() => expect(String(heard['other']?.at(-1)?.value)).toBe('the end'), { timeoutMs: 40_000 })
    expect(heard['other']).toHaveLength(3)
    const [first, second] = letters.map((message) => readDeadLetter(message))
    expect(second).toEqual(first)
  })
})

describe('a topic that could lose what was acknowledged', () => {
  it('ends the process that would use it, with what is wrong', async () => {
    const unsafe = namespace()
    const admin = new Kafka({ brokers: [process.env.KAFKA_BROKERS ?? ''], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    const configEntries = [{ name: 'retention.ms', value: '60000' }]
    await admin.createTopics({
      topics: [{ topic: unsafe + TOPIC, numPartitions: 1, configEntries }],
      waitForLeaders: true,
    })
    await admin.disconnect()
    const refused = await new Promise<Error>((resolve) => {
      buses.push(
        connectKafkaBus({
          brokers: process.env.KAFKA_BROKERS ?? '',
          namespace: unsafe,
          service: 'unsafe',
          log,
          metrics: createMetrics('unsafe'),
          onFatal: resolve,
          topics: [TOPIC],
        }),
      )
    })
    expect(refused.message).toContain(
      `KAFKA_BROKERS: these topics could lose acknowledged messages: ${unsafe}${TOPIC}: retention.ms is 60000, not -1`,
    )
  })
})

describe('the outbox relay', () => {
  const data = (version: number): PaymentStatusChanged => ({
    paymentId: 'p',
    orderId: 'o',
    version,
    status: 'PAID',
    previousStatus: 'CONFIRMING',
    amountKrw: 1,
    refundedKrw: 0,
    occurredAt: new Date().toISOString(),
  })
  const entry = (id: string, version: number) =>
    outboxEntry(TOPIC, { id: `${id}:${version}`, service: 'test', key: id, at: new Date(0), data: data(version) })

  it('publishes whole outboxes oldest first, empties them, and sweeps what nobody nudged', async () => {
    const bus = connect('c', 'folding')
    await bus.ping()
    const collection = db.connection.collection<WithOutbox>('documents')
    const seen: string[] = []
    bus.consume({
      group: 'folding',
      topics: [TOPIC],
      handle: (message) => {
        const text = message.value?.toString() ?? ''
        if (text.startsWith('{')) seen.push(parseEvent(TOPIC, text).id)
        return Promise.resolve()
      },
    })
    await collection.insertMany([
      { _id: 'left-behind', outbox: [entry('left-behind', 1), entry('left-behind', 2)] },
      { _id: 'nudged', outbox: [entry('nudged', 1)] },
    ])
    const relays = ['one', 'two'].map((name) =>
      startOutboxRelay({ collection, bus, clock: db.clock, log, metrics: createMetrics(name) }),
    )
    for (const relay of relays) relay.nudge('nudged')
    await collection.updateOne({ _id: 'nudged' }, { $push: { outbox: entry('nudged', 2) } })
    await eventually(
      () => {
        // Two relays may publish twice; the first occurrences are in order and complete.
        const firsts = [...new Set(seen)]
        expect(firsts.filter((id) => id.startsWith('left'))).toEqual(['left-behind:1', 'left-behind:2'])
        expect(firsts.filter((id) => id.startsWith('nudged'))).toEqual(['nudged:1', 'nudged:2'])
      },
      { timeoutMs: 40_000 },
    )
    await eventually(async () => expect(await collection.countDocuments({ 'outbox.id': { $exists: true } })).toBe(0))
    await Promise.all(relays.map((relay) => relay.close()))
  })

  it('publishes what piled up in pieces that a broker takes', async () => {
    const collection = db.connection.collection<WithOutbox>('piled-up')
    const bus = connect('d')
    await bus.ping()
    const long = (version: number) => ({ ...data(version), paymentId: 'x'.repeat(20_000) })
    const events = Array.from({ length: 120 }, (_, version) =>
      outboxEntry(TOPIC, { id: `big:${version}`, service: 'test', key: 'big', at: new Date(0), data: long(version) }),
    )
    await collection.insertOne({ _id: 'big', outbox: events })
    const relay = startOutboxRelay({ collection, bus, clock: db.clock, log, metrics: createMetrics('pieces') })
    relay.nudge('big')
    await eventually(async () => expect(await collection.countDocuments({ 'outbox.id': { $exists: true } })).toBe(0))
    await relay.close()
  })

  it('keeps the events while the broker is away and publishes them when it is back', async () => {
    const collection = db.connection.collection<WithOutbox>('patient')
    const published: string[] = []
    let isAway = true
    const relay = startOutboxRelay({
      collection,
      bus: {
        publish: async (_topic, messages) => {
          await sleep(1)
          if (isAway) throw new Error('no broker')
          published.push(...messages.map(({ key }) => String(key)))
        },
        consume: () => ({ close: () => Promise.resolve() }),
      },
      clock: db.clock,
      log,
      metrics: createMetrics('patient'),
    })
    await collection.insertOne({ _id: 'kept', outbox: [entry('kept', 1)] })
    relay.nudge('kept')
    await eventually(async () => expect(await collection.countDocuments({ 'outbox.id': 'kept:1' })).toBe(1))
    expect(published).toEqual([])
    isAway = false
    await eventually(() => expect(published).toEqual(['kept']), { timeoutMs: 20_000 })
    await relay.close()
  })
})
