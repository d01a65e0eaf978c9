import { orderService } from '@checkout/contracts/rpc'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { extremesOf, rpcs } from './proto-messages.ts'
import type { RpcAnswer } from './raw-grpc.ts'
import { startTarget, type Target } from './target.ts'

// What a broken or a strange caller can send to the services' own doors: row B5.11 of docs/failure-modes.md.

let target: Target
let before: Readonly<Record<string, unknown>>
beforeAll(async () => {
  target = await startTarget()
  before = await target.effects()
}, 120_000)
afterAll(() => target.close(), 180_000)

/** The statuses by which a server says that it failed, and not its caller: UNKNOWN, INTERNAL, UNAVAILABLE, DATA_LOSS. */
const failures: readonly (number | undefined)[] = [2, 13, 14, 15, undefined]

const INVALID_ARGUMENT = 3
const DEADLINE_EXCEEDED = 4
const RESOURCE_EXHAUSTED = 8
const UNIMPLEMENTED = 12
const UNAUTHENTICATED = 16

/** Readable when it is not as it should be. */
const verdict = ({ status, text }: RpcAnswer) => ({ isFailure: failures.includes(status), text })
const noFailure = { isFailure: false }

describe('a call over gRPC', () => {
  it.each(rpcs)(
    'B5.11 $path refuses garbage, size, deadlines that are over and strangers',
    async ({ service, path }) => {
      const channel = target.channels[service]
      // A length that ends behind the message, and groups that nest as deep as a megabyte allows.
      for (const message of [Buffer.from([0x7a, 0xff, 0x7f]), Buffer.alloc(500_000, 0x7b), Buffer.alloc(20, 0xff)]) {
        const answer = await channel.call(path, { message })
        expect([answer.status, answer.errorCode]).toEqual([INVALID_ARGUMENT, 'INVALID_INPUT_VALUE'])
      }
      const large = await channel.call(path, { message: Buffer.alloc(1024 * 1024 + 1) })
      expect(large.status).toBe(RESOURCE_EXHAUSTED)
      const late = await channel.call(path, { headers: { 'grpc-timeout': '1n' } })
      expect(late.status).toBe(DEADLINE_EXCEEDED)
      for (const authorization of ['', 'wrong', `${target.token}x`, `Bearer ${target.token}`]) {
        const stranger = await channel.call(path, { headers: { authorization } })
        expect(stranger.status).toBe(UNAUTHENTICATED)
        expect(stranger.text).not.toContain(target.token)
      }
      // No deadline at all, and an empty message.
      expect(verdict(await channel.call(path))).toMatchObject(noFailure)
    },
  )

  it.each(rpcs)('B5.11 $path survives frames that are no message', async ({ service, path }) => {
    const frames = [
      Buffer.alloc(0),
      Buffer.from([0]),
      Buffer.from([1, 0, 0, 0, 1, 0]),
      Buffer.from([0, 0xff, 0xff, 0xff, 0xff]),
      Buffer.from([0, 0, 0, 0, 9, 1]),
      Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ]
    // What is wrong below the message is answered by the library as the protocol tells it; it must be answered.
    for (const frame of frames) await target.channels[service].call(path, { frame })
    for (const headers of [{ 'grpc-timeout': 'soon' }, { 'content-type': 'text/html' }, { 'grpc-encoding': 'br' }])
      await target.channels[service].call(path, { headers })
    expect(verdict(await target.channels[service].call(path))).toMatchObject(noFailure)
  })

  it.each(rpcs)('B5.11 $path takes no extreme of a field for a reason to fail or to act', async (rpc) => {
    for (const message of extremesOf(rpc)) {
      const answer = await target.channels[rpc.service].call(rpc.path, { message: rpc.encode(message) })
      expect({ ...verdict(answer), message }).toMatchObject(noFailure)
    }
  })

  it('B5.11 of a method or a service that is not there is told so', async () => {
    for (const path of [
      '/order.v1.OrderService/DropOrders',
      '/order.v1.Nothing/GetOrder',
      '/',
      '/order.v1.OrderService/',
    ])
      expect((await target.channels.order.call(path)).status).toBe(UNIMPLEMENTED)
  })

  it('B5.11 that is not refused answers as it always does, behind all of these', async () => {
    const answer = await target.channels.order.call(orderService.GetOrder.path, {
      message: orderService.GetOrder.requestSerialize({ orderId: target.paid.orderId }),
    })
    expect(answer.status).toBe(0)
    expect(orderService.GetOrder.responseDeserialize(answer.message)).toMatchObject({ orderId: target.paid.orderId })
  })

  it('had no effect: no document, no message in a topic, no call to Toss', async () => {
    expect(await target.effects()).toEqual(before)
    await target.expectUnharmed()
  }, 120_000)
})
