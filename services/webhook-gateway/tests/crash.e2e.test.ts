import { randomUUID } from 'node:crypto'
import { eventually } from '@checkout/stack/testing/eventually'
import { namespace } from '@checkout/stack/testing/namespace'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { openTopic, paymentChanged, sha256, spawnGateway, testConfig } from './webhook-gateway.ts'

// A lease that a dead process left runs out while the test waits, long before Toss would send again.
const config = testConfig({ NAMESPACE: namespace(), LEASE_MS: '1500', IN_FLIGHT_WAIT_MS: '100' })

let topic: ReturnType<typeof openTopic>

beforeAll(async () => {
  topic = openTopic(config)
  await topic.ping()
})

afterAll(() => topic.close())

it.each([
  { crashPoint: 'webhook.after-lease', times: 1 },
  // Nobody could know that Kafka had it: the consumer keeps one row for each hash.
  { crashPoint: 'webhook.after-publish', times: 2 },
])(
  'a webhook whose gateway dies at $crashPoint is not answered, and taken when it comes again',
  async ({ crashPoint, times }) => {
    const orderId = randomUUID()
    const body = paymentChanged(orderId)
    const dying = await spawnGateway(config, crashPoint)
    try {
      await dying.isReady()
      await expect(dying.post(body)).rejects.toThrow()
      expect(await dying.ended()).toBe('SIGKILL')
    } finally {
      await dying.close()
    }
    const next = await spawnGateway(config)
    try {
      await next.isReady()
      await eventually(async () => expect((await next.post(body)).status).toBe(200), { timeoutMs: 120_000 })
      const events = await topic.eventsOf(orderId)
      expect(events.map(({ id }) => id)).toEqual(Array.from({ length: times }, () => sha256(body)))
      expect((await next.post(body)).status).toBe(200)
      expect(await topic.eventsOf(orderId)).toHaveLength(times)
    } finally {
      await next.close()
    }
  },
)
