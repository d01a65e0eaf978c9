import { describe, expect, it } from '@jest/globals'
import { minutes, now } from '../tests/domain-samples.ts'
import { closeWebhooks } from './close-webhooks.ts'
import type { WebhookEvent } from './webhook-events.ts'

const event = (looks: number): WebhookEvent => ({
  _id: 'hash',
  eventType: 'PAYMENT_STATUS_CHANGED',
  status: 'DONE',
  receivedAt: now.toISOString(),
  storedAt: now,
  looks,
})
const look = async (looks: number, at: Date) => {
  const done: [string, unknown][] = []
  const webhookEvents = {
    lookAgain: (_id: string, lookAt: Date) => Promise.resolve(void done.push(['again', lookAt])),
    close: (_id: string, end: { outcome?: unknown }) => Promise.resolve(void done.push(['closed', end.outcome])),
  }
  await closeWebhooks({ webhookEvents, config: { webhookLadderMs: [5_000, 60_000] } }, [event(looks)], {
    paymentKey: 'pk-1',
    evidence: { kind: 'not-found' },
    at,
    verdict: 'decided',
    isNews: false,
  })
  return done
}

describe('a webhook that a look cannot explain', () => {
  it('climbs its ladder from the look on, however long Toss was away before', async () => {
    const at = minutes(90)
    expect(await look(0, at)).toEqual([['again', new Date(at.getTime() + 5_000)]])
    expect(await look(1, at)).toEqual([['again', new Date(at.getTime() + 55_000)]])
  })

  it('is given up at the end of its ladder', async () => {
    expect(await look(2, minutes(90))).toEqual([['closed', 'REJECTED']])
  })
})
