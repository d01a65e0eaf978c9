import { AppError } from '@checkout/contracts/errors'
import { describe, expect, it } from '@jest/globals'
import { now } from '../tests/domain-samples.ts'
import { ringLost } from './jobs.ts'
import type { WebhookDeps } from './receive-webhook.ts'
import type { WebhookEvent } from './webhook-events.ts'

const event = (_id: string, paymentId?: string): WebhookEvent => ({
  _id,
  eventType: 'PAYMENT_STATUS_CHANGED',
  orderId: `ORD-${_id}`,
  receivedAt: now.toISOString(),
  storedAt: now,
  looks: 0,
  ...(paymentId === undefined ? {} : { paymentId }),
})

const ring = async (isPutOff: boolean) => {
  const done: string[] = []
  const note = (what: string) => (id: string) => Promise.resolve(void done.push(`${what} ${id}`))
  const deps = {
    clock: { now: () => now },
    hint: () => undefined,
    parkedLadderMs: [5_000],
    orders: { GetOrder: () => Promise.reject(new AppError('SERVICE_UNAVAILABLE')) },
    store: {
      findByOrder: () => Promise.resolve(undefined),
      isPutOff: () => Promise.resolve(isPutOff),
      ring: note('rung'),
    },
    webhookEvents: {
      findDue: () => Promise.resolve([event('a'), event('b', 'pay-b')]),
      assign: note('assigned'),
      postpone: note('postponed'),
    },
  }
  await ringLost(deps as unknown as WebhookDeps, { warn: () => undefined })
  return done
}

describe('rings that were lost', () => {
  it('are made up for although the order service, which another webhook needs, is away', async () => {
    expect(await ring(false)).toEqual(['postponed a', 'assigned b', 'rung pay-b'])
  })

  it('do not break the backoff of a payment that Toss does not answer about', async () => {
    expect(await ring(true)).toEqual(['postponed a', 'assigned b'])
  })
})
