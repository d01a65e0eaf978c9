import type { KafkaLog, LoggedMessage } from '@checkout/messaging/log-reader'
import { toReplay } from '@checkout/messaging/replay'
import { describe, expect, it } from '@jest/globals'
import { type Selection, select } from './selection.ts'

const message = (offset: string, value: string): LoggedMessage => ({
  topic: 'payment.status-changed.order.dead-letter',
  partition: 0,
  offset,
  key: 'wrong',
  value: Buffer.from(value),
  headers: {},
  raw: { key: Buffer.from('wrong'), headers: {} },
  at: new Date(0),
})
const log = (messages: readonly LoggedMessage[]) =>
  ({
    read: async function* () {
      yield* messages
    },
  }) as unknown as KafkaLog

const selected = async (selection: Partial<Selection>, messages: readonly LoggedMessage[]) => {
  const found: LoggedMessage[] = []
  const whole: Selection = { source: 'log', ranges: [], rate: 1, ...selection }
  for await (const one of select(log(messages), 'payment.status-changed', 'order', whole)) found.push(one.message)
  return found
}

describe('a selection', () => {
  it('has the letters that it names, and a repaired one as it will be published', async () => {
    const letters = [{ id: 'x', partition: 0, offset: '1', at: '' }]
    const repair = { key: 'right', value: 'repaired' }
    const messages = [message('0', 'a'), message('1', 'b')]
    const [only, ...others] = await selected({ source: 'dead-letters', letters, repair }, messages)
    expect(others).toEqual([])
    const { key, value } = toReplay(only ?? message('none', ''), 'run', 0)
    expect([String(key), String(value)]).toEqual(['right', 'repaired'])
  })

  it('has events of a type, by its name or by what they say, and nothing that cannot be read', async () => {
    const event = (status: string) => JSON.stringify({ type: 'payment.status-changed.v1', data: { status } })
    const messages = [message('0', event('PAID')), message('1', event('FAILED')), message('2', 'no JSON')]
    const offsets = async (...types: string[]) => (await selected({ types }, messages)).map(({ offset }) => offset)
    expect(await offsets('PAID')).toEqual(['0'])
    expect(await offsets('payment.status-changed')).toEqual(['0', '1'])
    expect(await offsets('payment.status-changed.v2')).toEqual([])
  })
})
