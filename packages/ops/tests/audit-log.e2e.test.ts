import type { LoggedMessage } from '@checkout/messaging/log-reader'
import { eventually } from '@checkout/stack/testing/eventually'
import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { type Edit, editLog } from './edit-log.ts'
import { type OpsSystem, startOpsSystem } from './ops-system.ts'
import { openStores } from './stores.ts'

jest.setTimeout(600_000)

const LETTERS = 'toss.webhook-received.payment.dead-letter'
const patience = { timeoutMs: 120_000 }

type Result = {
  readonly invariants: readonly {
    readonly id: string
    readonly violations: readonly { readonly subject: string; readonly detail: string }[]
  }[]
}

/** The event with other data, and so with another version in its id. */
const saying = (message: LoggedMessage, change: Readonly<Record<string, unknown>>): LoggedMessage => {
  const { data, ...event } = JSON.parse(String(message.value)) as { id: string; data: object }
  const id = 'version' in change ? event.id.replace(/:\d+$/, `:${String(change['version'])}`) : event.id
  return { ...message, value: Buffer.from(JSON.stringify({ ...event, id, data: { ...data, ...change } })) }
}
const last = (messages: readonly LoggedMessage[]): LoggedMessage => {
  const message = messages.at(-1)
  if (message === undefined) throw new Error('no event')
  return message
}

/** How the log of one order's payment can be wrong, by what the audit says of it. */
const changed = {
  I4: (all) => [...all.slice(0, -1), saying(last(all), { refundedKrw: 1_000_000 })],
  'I12 is not in Kafka': (all) => all.slice(1),
  'I13 is in Kafka behind': (all) => all.toReversed(),
  'I13 is in partition': (all) => [
    ...all,
    ...all.slice(0, 1).map((message) => ({ ...message, partition: message.partition === 0 ? 1 : 0 })),
  ],
  'I13 here it is at version': (all) => [...all, saying(last(all), { version: 100 })],
  'I14 the log makes it FAILED': (all) => [...all.slice(0, -1), saying(last(all), { status: 'FAILED' })],
  'I14 is in Kafka as': (all) => [...all, saying(last(all), { status: 'FAILED' })],
} satisfies Record<string, Edit>
/** And that of the order. */
const created = {
  'I12 :1 is not in Kafka': () => [],
  'I14 order.created of': (all) => all.map((message) => saying(message, { amountKrw: 1 })),
} satisfies Record<string, Edit>
const names = [...Object.keys(changed), ...Object.keys(created)]

describe('audit of a log that was broken by hand', () => {
  let on: OpsSystem
  let stores: Awaited<ReturnType<typeof openStores>>
  let log: Awaited<ReturnType<typeof editLog>>
  beforeAll(async () => {
    on = await startOpsSystem({
      namespace: namespace(),
      env: { PAYMENT_LOOK_SPACING_MS: '200', PAYMENT_SWEEP_MS: '500' },
    })
    stores = await openStores(on)
    log = await editLog(on, stores)
  })
  afterAll(async () => {
    await log.close()
    await stores.close()
    await on.stop()
  })

  const audit = async (...args: string[]): Promise<{ code: number; red: string[] }> => {
    const { code, stdout, stderr } = await on.ops(['audit', ...args, '--json'])
    if (stdout === '') throw new Error(`audit ended with ${code}: ${stderr}`)
    const red = (JSON.parse(stdout) as Result).invariants.flatMap(({ id, violations }) =>
      violations.map(({ subject, detail }) => `${subject} ${id}: ${detail}`),
    )
    return { code, red }
  }

  it('is red for each kind of thing that can be wrong with it, and green again once it is as it was', async () => {
    const orderIds = new Map<string, string>()
    for (const name of names) orderIds.set(name, (await on.shop.paid()).orderId)
    await log.append(
      'toss.webhook-received',
      ['one', 'two'].map((key) => ({ key, value: `{"not an event":"${key}"}` })),
    )
    const letters = await eventually(async () => {
      const found = await stores.messages(LETTERS)
      expect(found).toHaveLength(2)
      return found
    }, patience)
    expect(await audit('--wait', '120')).toEqual({ code: 0, red: [] })
    // It would take in what is forged here; the payment service knows its payments already, and audit needs it.
    await on.system.kill('order', 'SIGTERM')

    const by = (edits: Readonly<Record<string, Edit>>) =>
      new Map(Object.entries(edits).map(([name, edit]) => [orderIds.get(name) ?? '', edit]))
    const originals = {
      'payment.status-changed': await log.edit('payment.status-changed', by(changed)),
      'order.created': await log.edit('order.created', by(created)),
      [LETTERS]: await log.edit(
        LETTERS,
        new Map<string, Edit>([
          ['one', () => []],
          ['two', (all) => all.map((letter) => ({ ...letter, value: Buffer.from('{"of other bytes":1}') }))],
        ]),
      ),
    }
    const { code, red } = await audit('--wait', '1')
    expect(code).toBe(1)
    for (const [name, orderId] of orderIds) {
      const [id = '', ...words] = name.split(' ')
      const told = red.filter((line) => line.startsWith(`${orderId} ${id}: `))
      expect([name, told]).toEqual([name, [expect.stringContaining(words.join(' '))]])
    }
    const placeOf = (key: string) => {
      const headers = letters.find((letter) => letter.key === key)?.headers
      return `toss.webhook-received/${headers?.['dead-letter-partition']}/${headers?.['dead-letter-offset']}`
    }
    expect(red).toContain(
      `${placeOf('one')} I15: payment has consumed it without an effect, and it is not among the dead letters`,
    )
    expect(red).toContain(`${placeOf('two')} I15: its dead letter has other bytes`)
    expect(red).toContainEqual(
      expect.stringMatching(/^order payment\.status-changed I19: \d+ messages are not consumed yet$/),
    )

    for (const [topic, messages] of Object.entries(originals)) await log.write(topic, messages)
    await on.system.start('order')
    expect(await audit('--wait', '120')).toEqual({ code: 0, red: [] })
  })
})
