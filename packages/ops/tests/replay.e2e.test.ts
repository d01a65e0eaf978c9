import { once } from 'node:events'
import { topics } from '@checkout/contracts/events'
import { connectKafkaBus, type KafkaBus } from '@checkout/messaging/kafka-bus'
import { createKafkaClient } from '@checkout/messaging/kafka-client'
import { replayTopic, toReplay } from '@checkout/messaging/replay'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { booksEqual } from '@checkout/stack/testing/books'
import { eventually } from '@checkout/stack/testing/eventually'
import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { type OpsSystem, startOpsSystem } from './ops-system.ts'
import { openStores } from './stores.ts'

// Each command is a process of its own, which takes long to start on a busy machine.
jest.setTimeout(600_000)

const TOPIC = 'payment.status-changed'
const REPLAYS = replayTopic(TOPIC, 'order')
const ORDERS = 8
const slow = { timeoutMs: 90_000 }

type PlanJson = {
  messages: number
  changes: number
  noOps: number
  refused: number
  rows: { id: string; effect: string; before: string; after: string; why?: string }[]
}
type OutcomeJson = {
  run: string
  sent: number
  unhandled: number
  missing: number[]
  died: object[]
  refused: string[]
}
type RebuildJson = { differences: { orderId: string; live?: object; log: object }[]; left?: object[]; events: number }

let it_: OpsSystem
let stores: Awaited<ReturnType<typeof openStores>>
let bus: KafkaBus
let before: Record<string, string>
const orderIds: string[] = []

beforeAll(async () => {
  it_ = await startOpsSystem({ namespace: namespace(), env: { LOOK_SPACING_MS: '200', SWEEP_MS: '500' } })
  stores = await openStores(it_)
  bus = connectKafkaBus({
    brokers: it_.system.ops.env.KAFKA_BROKERS ?? '',
    namespace: it_.system.namespace,
    service: 'test',
    log: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    onFatal: (error) => {
      throw error
    },
    topics: [TOPIC],
  })
  await bus.ping()
  for (let i = 0; i < ORDERS; i += 1) {
    const { orderId } = await it_.shop.paid(10_000 + i)
    orderIds.push(orderId)
    if (i % 3 === 0) await it_.shop.cancel({ orderId, ...(i % 2 === 0 ? { amount: 1_000 } : {}) })
  }
  await booksEqual(it_.system, slow)
  await handled()
  before = await stores.hashes()
})
afterAll(async () => {
  await bus.close()
  await stores.close()
  await it_.stop()
})

/** Waits until each group has handled all that there is, in its topics and in its replay topics. */
const handled = () =>
  eventually(async () => {
    for (const [topic, { consumers }] of Object.entries(topics)) {
      for (const group of consumers) {
        for (const name of [topic, replayTopic(topic, group)]) {
          const committed = await stores.log.committed(group, name)
          for (const { partition, from, to } of await stores.log.ranges(name))
            if (from < to) expect([name, partition, committed.get(partition)]).toEqual([name, partition, to])
        }
      }
    }
  }, slow)

const ends = async (topic: string) => (await stores.log.ranges(topic)).map(({ to }) => to)
const spoil = (orderId: string, to: Readonly<Record<string, unknown>>) =>
  stores.collection('order', 'orders').updateOne({ _id: orderId }, { $set: to })
const spoiled = (index: number): string => orderIds[index] ?? ''

describe('a dry run', () => {
  it('shows for each order what would become of it by the rules of the consumer, and changes nothing', async () => {
    const [topicEnds, replayEnds] = [await ends(TOPIC), await ends(REPLAYS)]
    const plan = await it_.opsJson<PlanJson>(['replay', '--topic', TOPIC])
    const messages = await stores.messages(TOPIC)
    expect(plan).toMatchObject({ messages: messages.length, noOps: messages.length, changes: 0, refused: 0 })
    expect(plan.rows.map(({ id }) => id).toSorted()).toEqual(orderIds.toSorted())
    for (const row of plan.rows)
      expect(row).toMatchObject({ effect: 'no-op', why: expect.stringMatching(/^version \d ≤ \d$/) })

    const { code, stdout, stderr } = await it_.ops(['replay', '--topic', TOPIC, '--order', spoiled(0)], {
      as: 'viewer-1',
    })
    expect(code).toBe(0)
    expect(stdout).toContain('no-op: version')
    expect(stderr).toMatch(/partition \d: \d+ messages, offset \d+ .* to \d+/)
    expect(stderr).toContain('Nothing was changed')
    expect(await stores.hashes()).toEqual(before)
    expect([await ends(TOPIC), await ends(REPLAYS)]).toEqual([topicEnds, replayEnds])
  })

  it('of orders and of webhooks asks the payment service in the same way', async () => {
    for (const topic of ['order.created', 'toss.webhook-received']) {
      const plan = await it_.opsJson<PlanJson>(['replay', '--topic', topic])
      expect(plan).toMatchObject({ noOps: plan.messages, changes: 0, refused: 0 })
      expect(plan.messages).toBeGreaterThan(0)
    }
  })

  it('selects by key, type, place and number', async () => {
    const count = async (...args: string[]) =>
      (await it_.opsJson<PlanJson>(['replay', '--topic', TOPIC, ...args])).messages
    const messages = await stores.messages(TOPIC)
    expect(await count('--order', spoiled(0), spoiled(1))).toBe(
      messages.filter(({ key }) => key === spoiled(0) || key === spoiled(1)).length,
    )
    expect(await count('--type', 'PAID')).toBe(
      messages.filter(({ value }) => String(value).includes('"status":"PAID"')).length,
    )
    expect(await count('--from', '1', '--limit', '2')).toBe(2)
    expect(await count('--from', new Date(Date.now() + 3_600_000).toISOString())).toBe(0)
  })
})

describe('a projection that was spoiled by hand', () => {
  it('is found by a rebuild, shown by a dry run and healed by a replay that its group alone hears', async () => {
    const orderId = spoiled(0)
    await spoil(orderId, { status: 'FAILED' })
    const found = await it_.opsJson<RebuildJson>([
      'replay',
      '--group',
      'order',
      '--from',
      'beginning',
      '--into',
      'scratch',
    ])
    expect(found.differences).toEqual([
      expect.objectContaining({ orderId, live: expect.objectContaining({ status: 'FAILED' }) }),
    ])
    const select = ['replay', '--topic', TOPIC, '--order', orderId]
    const plan = await it_.opsJson<PlanJson>(select)
    expect(plan.rows).toEqual([
      expect.objectContaining({ id: orderId, effect: 'change', before: expect.stringContaining('FAILED') }),
    ])

    const untouched = await Promise.all(Object.keys(topics).map(ends))
    const outcome = await it_.opsJson<OutcomeJson>([...select, '--apply', '--reason', 'spoiled by hand'])
    expect(outcome).toMatchObject({ sent: plan.messages, unhandled: 0, missing: [], died: [], refused: [] })
    expect(await stores.hashes()).toEqual(before)

    // The others read the topics, in which nothing is new.
    expect(await Promise.all(Object.keys(topics).map(ends))).toEqual(untouched)
    const originals = (await stores.messages(TOPIC)).filter(({ key }) => key === orderId)
    const replayed = (await stores.messages(REPLAYS)).filter(({ headers }) => headers['replay-run'] === outcome.run)
    expect(replayed.map(({ key, value }) => [key, String(value)])).toEqual(
      originals.map(({ key, value }) => [key, String(value)]),
    )
    expect(replayed[0]?.headers).toMatchObject({ 'original-topic': TOPIC, 'original-offset': originals[0]?.offset })

    const [record] = await stores.collection('order', 'operatorActions').find({ method: 'BeginRun' }).toArray()
    expect(record).toMatchObject({ operator: 'operator-1', reason: 'spoiled by hand', outcome: 'OK' })
    expect(Number(record?.['at'])).toBeLessThanOrEqual(replayed[0]?.at.getTime() ?? 0)
  })

  it('to a version that there never was is beyond a replay, and set right by a rebuild with --apply', async () => {
    const orderId = spoiled(1)
    await spoil(orderId, { status: 'CANCELED', paymentVersion: 99 })
    const plan = await it_.opsJson<PlanJson>(['replay', '--topic', TOPIC, '--order', orderId])
    expect(plan).toMatchObject({ changes: 0, rows: [{ why: expect.stringMatching(/≤ 99$/) }] })
    const rebuild = ['replay', '--group', 'order', '--from', 'beginning', '--into', 'scratch']
    const { code } = await it_.ops(rebuild)
    expect(code).toBe(1)
    const healed = await it_.opsJson<RebuildJson>([...rebuild, '--apply', '--reason', 'spoiled by hand'])
    expect(healed).toMatchObject({ differences: [{ orderId }], left: [] })
    expect(await stores.hashes()).toEqual(before)
    expect(await it_.ops(rebuild)).toMatchObject({ code: 0, stdout: 'every order is what the log says\n' })
  })
})

describe('a replay', () => {
  it('of any subset in any order, twice, leaves every collection as it was', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    const random = generator(seed)
    const all = await Promise.all(
      Object.entries(topics).map(
        async ([
          topic,
          {
            consumers: [group],
          },
        ]) => ({
          name: replayTopic(topic, group),
          messages: await stores.messages(topic),
        }),
      ),
    )
    try {
      for (let round = 0; round < 3; round += 1) {
        for (const { name, messages } of all) {
          const subset = messages.filter(() => random() < 0.5)
          const twice = [...subset, ...subset]
            .map((message) => ({ message, at: random() }))
            .toSorted((a, b) => a.at - b.at)
          await bus.publish(
            name,
            twice.map(({ message }, index) => toReplay(message, `seed-${seed}`, index)),
          )
        }
        await handled()
        expect(await stores.hashes()).toEqual(before)
      }
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error })
    }
    for (const [
      topic,
      {
        consumers: [group],
      },
    ] of Object.entries(topics))
      expect(await stores.messages(`${topic}.${group}.dead-letter`)).toEqual([])
  })

  it('that is killed half-way goes on behind what Kafka has acknowledged', async () => {
    const { child, stderr } = it_.opsStart([
      'replay',
      '--topic',
      TOPIC,
      '--rate',
      '2',
      '--apply',
      '--reason',
      'to be killed',
    ])
    const ended = once(child, 'exit')
    const runId = await eventually(() => {
      const run = /run (?<id>order-[0-9a-f-]+)/.exec(stderr())?.groups?.id
      if (run === undefined) throw new Error(stderr())
      return run
    }, slow)
    const sentBy = async () => (await stores.messages(REPLAYS)).filter(({ headers }) => headers['replay-run'] === runId)
    await eventually(async () => expect((await sentBy()).length).toBeGreaterThanOrEqual(3), slow)
    child.kill('SIGKILL')
    expect(await ended).toEqual([null, 'SIGKILL'])
    const all = await stores.messages(TOPIC)
    const half = await sentBy()
    expect(half.length).toBeLessThan(all.length)

    const outcome = await it_.opsJson<OutcomeJson>(['replay', '--resume', runId])
    expect(outcome).toMatchObject({ run: runId, sent: all.length, unhandled: 0, missing: [] })
    const places = (await sentBy()).map(
      ({ headers }) => `${headers['original-partition']}/${headers['original-offset']}`,
    )
    expect(new Set(places)).toEqual(new Set(all.map(({ partition, offset }) => `${partition}/${offset}`)))
    // Killed between the acknowledgement and the cursor, it sends one batch twice, and no more.
    expect(places.length - all.length).toBeLessThanOrEqual(1)
    expect(await stores.hashes()).toEqual(before)
    expect(await it_.ops(['replay', '--resume', runId])).toMatchObject({ code: 5 })
  })

  it('needs a reason, an operator and a group that consumes the topic', async () => {
    const replayEnds = await ends(REPLAYS)
    const select = ['replay', '--topic', TOPIC]
    expect((await it_.ops([...select, '--apply'])).code).toBe(2)
    expect((await it_.ops([...select, '--apply', '--reason', 'x'], { as: 'viewer-1' })).code).toBe(3)
    expect((await it_.ops([...select, '--group', 'payment'])).code).toBe(2)
    expect((await it_.ops(['replay', '--resume', 'order-nothing'])).code).toBe(2)
    expect(await ends(REPLAYS)).toEqual(replayEnds)
  })
})

describe('a topic that was lost', () => {
  it('is written anew from the documents, with the same events, and nothing else changes', async () => {
    const topic = 'order.created'
    const lost = await stores.messages(topic)
    await it_.system.kill('payment')
    const admin = createKafkaClient(it_.system.ops.env.KAFKA_BROKERS ?? '', 'test').admin()
    await admin.connect()
    await admin.deleteTopics({ topics: [it_.system.namespace + topic] })
    await admin.disconnect()
    const command = ['replay', '--topic', topic, '--from-documents']
    expect(await it_.opsJson(command)).toMatchObject({ dryRun: true, service: 'order', events: lost.length })
    expect(await it_.opsJson([...command, '--apply', '--reason', 'topic deleted'])).toMatchObject({
      events: lost.length,
    })
    const texts = (messages: { value: Buffer | null }[]) => new Set(messages.map(({ value }) => String(value)))
    await eventually(async () => expect(texts(await stores.messages(topic))).toEqual(texts(lost)), slow)
    await it_.system.start('payment')
    await handled()
    expect(await stores.hashes()).toEqual(before)
  })

  it("of payments has each one's newest event again, as it was", async () => {
    const original = await stores.messages(TOPIC)
    const newest = new Map(original.map(({ key, value }) => [key, String(value)]))
    await it_.opsJson(['replay', '--topic', TOPIC, '--from-documents', '--apply', '--reason', 'topic deleted'])
    await eventually(async () => {
      expect(await stores.messages(TOPIC)).toHaveLength(original.length + orderIds.length)
    }, slow)
    const last = new Map((await stores.messages(TOPIC)).map(({ key, value }) => [key, String(value)]))
    expect(last).toEqual(newest)
    await handled()
    expect(await stores.hashes()).toEqual(before)
  })
})

/** mulberry32: the same numbers for the same seed. */
const generator = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
