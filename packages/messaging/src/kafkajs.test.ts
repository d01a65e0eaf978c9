import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from '@jest/globals'
import './kafkajs.ts'

type Queue = {
  throttleCheckTimeoutId: unknown
  push(request: object): void
  fulfillRequest(response: { correlationId: number; size: number; payload: object }): void
  checkPendingRequests(): void
  maybeThrottle(ms: number): void
  destroy(): void
}
const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (
  options: object,
) => Queue

const logger = { debug: () => undefined, warn: () => undefined }
/** The requests that were sent, by their number. */
const sent: number[] = []
const open = () =>
  new RequestQueue({ logger, maxInFlightRequests: 1, requestTimeout: 30_000, enforceRequestTimeout: false })
const request = (correlationId: number) => ({
  entry: { correlationId, resolve: () => undefined, reject: () => undefined },
  expectResponse: true,
  sendRequest: () => void sent.push(correlationId),
})

it('a connection sets no timer while no request waits for it, and sends each that has waited', async () => {
  const queue = open()
  queue.checkPendingRequests()
  queue.push(request(1))
  expect(queue.throttleCheckTimeoutId).toBeNull()
  queue.push(request(2))
  expect(queue.throttleCheckTimeoutId).not.toBeNull()
  expect(sent).toEqual([1])
  queue.fulfillRequest({ correlationId: 1, size: 0, payload: {} })
  expect(sent).toEqual([1, 2])

  queue.fulfillRequest({ correlationId: 2, size: 0, payload: {} })
  queue.maybeThrottle(20)
  queue.push(request(3))
  expect(sent).toEqual([1, 2])
  while (sent.length < 3) await sleep(10)
  while (queue.throttleCheckTimeoutId !== null) await sleep(10)
  queue.destroy()
})
