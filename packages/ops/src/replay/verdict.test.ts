import { readFileSync } from 'node:fs'
import type { Topic } from '@checkout/contracts/events'
import { describe, expect, it } from '@jest/globals'
import { verdictOn } from './verdict.ts'

const sample = (file: string): string =>
  readFileSync(new URL(`../../../contracts/samples/${file}.json`, import.meta.url), 'utf8')
const message = (topic: Topic, text: string, key?: string) => {
  const { subject } = JSON.parse(text) as { subject: string }
  return { topic, partition: 0, offset: '0', key: key ?? subject, value: Buffer.from(text), headers: {} }
}
const changed = sample('payment.status-changed.v1')
const { orderId, version, status } = (
  JSON.parse(changed) as { data: { orderId: string; version: number; status: string } }
).data

describe('what a message would do', () => {
  it('to an order is what the order service would make of it', () => {
    const on = (known: { status: string; version: number } | undefined) =>
      verdictOn(
        'payment.status-changed',
        message('payment.status-changed', changed),
        known && { id: orderId, ...known },
      )
    expect(on({ status: 'PENDING', version: 0 })).toMatchObject({
      id: orderId,
      kind: 'change',
      before: 'PENDING version 0',
      next: { id: orderId, version },
    })
    expect(on({ status: 'CANCELED', version: version + 2 })).toMatchObject({
      kind: 'none',
      why: `version ${version} ≤ ${version + 2}`,
    })
    expect(on(undefined)).toMatchObject({ kind: 'refused', before: 'unknown', why: 'there is no order of this id' })
    expect(status).toEqual(expect.any(String))
  })

  it('to a payment is to open it, or nothing', () => {
    const created = message('order.created', sample('order.created.v1'))
    expect(verdictOn('order.created', created, undefined)).toMatchObject({ kind: 'change', after: 'PENDING version 0' })
    const open = { id: 'x', status: 'PAID', version: 3 }
    expect(verdictOn('order.created', created, open)).toMatchObject({ kind: 'none', next: open })
  })

  it('as a webhook is to ring, or nothing once it has ended', () => {
    const text = sample('toss.webhook-received.v1')
    const { data } = JSON.parse(text) as { data: { bodyHash: string } }
    const webhook = message('toss.webhook-received', text)
    expect(verdictOn('toss.webhook-received', webhook, undefined)).toMatchObject({
      id: data.bodyHash,
      kind: 'change',
      after: expect.stringContaining('rings'),
    })
    const ended = { id: data.bodyHash, outcome: 'NOOP' }
    expect(verdictOn('toss.webhook-received', webhook, ended)).toMatchObject({ kind: 'none', before: 'NOOP' })
  })

  it('is to become a dead letter when its consumer could not read it', () => {
    const wrongKey = message('payment.status-changed', changed, 'another')
    expect(verdictOn('payment.status-changed', wrongKey, undefined)).toMatchObject({
      id: 'another',
      kind: 'refused',
      why: 'its key is not what it is about',
    })
  })
})
