import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectKafkaBus, type KafkaBus } from '@checkout/messaging/kafka-bus'
import type { LoggedMessage } from '@checkout/messaging/log-reader'
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
const LETTERS = `${TOPIC}.order.dead-letter`
const slow = { timeoutMs: 90_000 }

type LetterJson = {
  letter: string
  key: string
  cause: string
  attempts: number
  replays: number
  state: string
  occurrences: number
  by?: string
  reason?: string
}
type OutcomeJson = { sent: number; unhandled: number; died: { cause: string }[]; refused: string[] }

let it_: OpsSystem
let stores: Awaited<ReturnType<typeof openStores>>
let bus: KafkaBus
let orderId: string
/** The newest event of the order, as it came from the payment service. */
let newest: LoggedMessage
const folder = mkdtempSync(join(tmpdir(), 'dead-letters-'))

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
  orderId = (await it_.shop.paid(10_000)).orderId
  await booksEqual(it_.system, slow)
  const last = (await stores.messages(TOPIC)).filter(({ key }) => key === orderId).at(-1)
  if (last === undefined) throw new Error('no event')
  newest = last
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await bus.close()
  await stores.close()
  await it_.stop()
})

const text = () => String(newest.value)
const list = (...args: string[]) => it_.opsJson<LetterJson[]>(['dead-letters', 'list', ...args])
const redrive = (letter: string, ...args: string[]) =>
  it_.opsJson<OutcomeJson>(['dead-letters', 'redrive', letter, ...args, '--apply', '--reason', 'a test'])
const poison = async (key: string, value: string | Buffer): Promise<LetterJson> => {
  const known = (await stores.messages(LETTERS)).length
  await bus.publish(TOPIC, [{ key, value, headers: { origin: 'test' } }])
  await eventually(async () => expect(await stores.messages(LETTERS)).toHaveLength(known + 1), slow)
  const letter = (await list()).at(-1)
  if (letter === undefined) throw new Error('it is not in the list')
  return letter
}
const statusOf = async (id: string) => {
  const order = await stores.collection('order', 'orders').findOne({ _id: id })
  return order?.['status']
}
const handledWell = { sent: 1, unhandled: 0, died: [], refused: [] }

it('lists nothing while nothing has died', async () => {
  expect(await it_.ops(['dead-letters', 'list'])).toMatchObject({
    code: 0,
    stdout: 'there are no dead letters to deal with\n',
  })
})

describe('a poisoned message is found, shown, repaired and redriven:', () => {
  it('one that nobody can decode', async () => {
    const letter = await poison(orderId, Buffer.from(text().replace('PAID', 'PA\xff'), 'latin1'))
    expect(letter).toMatchObject({
      key: orderId,
      attempts: 1,
      replays: 0,
      state: 'OPEN',
      cause: expect.stringMatching(/not JSON in UTF-8/),
    })
    const shown = await it_.ops(['dead-letters', 'show', letter.letter])
    expect(shown.stdout).toContain('(no UTF-8; in hexadecimal) 7b22')
    expect(shown.stdout).toContain(`${TOPIC} partition ${newest.partition} offset `)
    expect(shown.stdout).toMatch(/cause +InvalidMessage/)

    const dry = await it_.ops(['dead-letters', 'redrive', letter.letter])
    expect(dry).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('dead letter: it is no payment.status-changed event'),
    })

    // What it would have said is lost on the order, too.
    await stores
      .collection('order', 'orders')
      .updateOne({ _id: orderId }, { $set: { status: 'PENDING', paymentVersion: 1 } })
    const file = join(folder, 'repaired.json')
    writeFileSync(file, 'no JSON either')
    expect((await it_.ops(['dead-letters', 'redrive', letter.letter, '--value', file])).code).toBe(2)
    writeFileSync(file, text())
    expect(await redrive(letter.letter, '--value', file)).toMatchObject(handledWell)
    expect(await statusOf(orderId)).toBe('PAID')
    expect(await list()).toEqual([])
    expect(await list('--all')).toEqual([
      expect.objectContaining({
        letter: letter.letter,
        state: 'REDRIVEN',
        replays: 1,
        by: 'operator-1',
        reason: 'a test',
      }),
    ])
  })

  it('one of a schema that nobody knows, whose repair must stay the same event', async () => {
    const letter = await poison(orderId, text().replace('status-changed.v1', 'status-changed.v9'))
    expect(letter.cause).toContain('wrong or missing: type')
    const shown = await it_.opsJson<{ json: object; headers: object }>(['dead-letters', 'show', letter.letter])
    expect(shown).toMatchObject({ json: { type: `${TOPIC}.v9` }, headers: { origin: 'test' } })
    const file = join(folder, 'v1.json')
    writeFileSync(file, text().replace(/"id":"[^"]+"/, '"id":"another:1"'))
    const refused = await it_.ops(['dead-letters', 'redrive', letter.letter, '--value', file])
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('has the event id another:1') })
    writeFileSync(file, text())
    expect(await redrive(letter.letter, '--value', file)).toMatchObject(handledWell)
    expect(await list()).toEqual([])
  })

  it('one under a wrong key', async () => {
    const letter = await poison('ORD-ELSEWHERE', text())
    expect(letter).toMatchObject({
      key: 'ORD-ELSEWHERE',
      cause: expect.stringContaining('its key is not what it is about'),
    })
    expect(await redrive(letter.letter, '--new-key', orderId)).toMatchObject(handledWell)
    expect(await list()).toEqual([])
  })

  it('one that breaks a rule, once the rule is kept', async () => {
    const other = (await it_.shop.paid(5_000)).orderId
    await booksEqual(it_.system, slow)
    const orders = stores.collection('order', 'orders')
    const order = await orders.findOne({ _id: other })
    if (order === null) throw new Error('no order')
    const event = (await stores.messages(TOPIC)).filter(({ key }) => key === other).at(-1)
    await orders.deleteOne({ _id: other })
    const letter = await poison(other, event?.value ?? '')
    expect(letter.cause).toContain('there is no order of this id')
    await orders.insertOne({ ...order, status: 'PENDING', paymentVersion: 0 })
    const redriven = await it_.opsJson<OutcomeJson>([
      'replay',
      '--topic',
      TOPIC,
      '--dead-letter',
      '--cause',
      'NO ORDER',
      '--apply',
      '--reason',
      'the order is back',
    ])
    expect(redriven).toMatchObject(handledWell)
    expect(await statusOf(other)).toBe('PAID')
    expect(await list()).toEqual([])
  })
})

it('a letter that three replays did not help is refused a fourth, whoever asks, and can be discarded', async () => {
  const letter = await poison('ORD-NOWHERE', text().replaceAll(orderId, 'ORD-NOWHERE'))
  for (let replays = 1; replays <= 3; replays += 1) {
    const outcome = await redrive(letter.letter)
    expect(outcome).toMatchObject({
      sent: 1,
      unhandled: 0,
      died: [{ cause: expect.stringContaining('there is no order') }],
    })
  }
  expect(await list()).toEqual([
    expect.objectContaining({ letter: letter.letter, replays: 3, occurrences: 4, state: 'OPEN' }),
  ])
  const replayEnds = await stores.log.ranges(`${TOPIC}.order.replay`)
  const fourth = await it_.ops(['dead-letters', 'redrive', letter.letter, '--apply', '--reason', 'once more'], {
    as: 'operator-2',
  })
  expect(fourth).toMatchObject({ code: 5, stderr: expect.stringContaining('replayed three times') })
  expect(await stores.log.ranges(`${TOPIC}.order.replay`)).toEqual(replayEnds)

  const discard = ['dead-letters', 'discard', letter.letter]
  expect((await it_.ops([...discard, '--apply'])).code).toBe(2)
  expect((await it_.ops([...discard, '--apply', '--reason', 'x'], { as: 'viewer-1' })).code).toBe(3)
  expect((await it_.ops(discard)).stderr).toContain('Nothing was changed')
  expect(await list()).toHaveLength(1)
  expect((await it_.ops([...discard, '--apply', '--reason', 'test data'])).code).toBe(0)
  expect(await list()).toEqual([])
  expect(await list('--all', '--key', 'ORD-NOWHERE')).toEqual([
    expect.objectContaining({ state: 'DISCARDED', by: 'operator-1', reason: 'test data' }),
  ])
  const [record] = await stores
    .collection('order', 'operatorActions')
    .find({ method: 'DiscardLetters', kind: 'act', outcome: 'OK' })
    .toArray()
  expect(record).toMatchObject({
    operator: 'operator-1',
    reason: 'test data',
    request: expect.stringContaining(letter.letter.slice('order:'.length)),
  })
})

it('the list is of a topic, a group, a cause, a key and an age', async () => {
  const letter = await poison('ORD-NOBODY', text().replaceAll(orderId, 'ORD-NOBODY'))
  const fits = [
    '--topic',
    TOPIC,
    '--group',
    'order',
    '--cause',
    'no order',
    '--key',
    'ORD-NOBODY',
    '--newer-than',
    '1h',
  ]
  expect(await list(...fits)).toEqual([expect.objectContaining({ letter: letter.letter })])
  const others = [
    ['--topic', 'order.created'],
    ['--group', 'payment'],
    ['--cause', 'JSON'],
    ['--key', 'ORD-X'],
    ['--older-than', '1h'],
  ]
  for (const other of others) expect(await list(...other)).toEqual([])
  expect((await it_.ops(['dead-letters', 'list'])).code).toBe(1)
  expect((await it_.ops(['dead-letters', 'show', 'order:nothing'])).code).toBe(2)
})
