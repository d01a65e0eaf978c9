import { topics } from '@checkout/contracts/events'
import { orderStatuses } from '@checkout/contracts/order-status'
import { replayService } from '@checkout/contracts/rpc'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { barrage, cases } from './barrage.ts'
import { all, canaries, leaksIn, topicSinks } from './canaries.ts'
import { hostileText } from './hostile-bodies.ts'
import { extremesOf, messageOf, operatorRpcs, type Rpc } from './proto-messages.ts'
import type { RpcAnswer } from './raw-grpc.ts'
import { readLogs, readRedis, type Sink, topicEnds } from './sinks.ts'
import { startTarget, type Target } from './target.ts'

// The methods for operators, at the doors that the services keep for each other: an operator's token may be in the wrong hands, and
// an operator's script may be wrong.

let target: Target
let tokens: { readonly operator: string; readonly viewer: string }
let ends: ReadonlyMap<string, number>
const heard: Sink[] = []

beforeAll(async () => {
  target = await startTarget()
  const tokenOf = (role: string) => target.system.ops.operators.find((one) => one.role === role)?.token ?? ''
  tokens = { operator: tokenOf('operator'), viewer: tokenOf('viewer') }
  ends = await topicEnds(target.kafka, target.system.namespace)
}, 120_000)
afterAll(() => target.close(), 180_000)

const call = async (
  { service, path }: Pick<Rpc, 'service' | 'path'>,
  request: { message?: Uint8Array; authorization?: string; headers?: Record<string, string> } = {},
): Promise<RpcAnswer> => {
  const { authorization = tokens.operator, message = new Uint8Array(), headers = {} } = request
  const answer = await target.channels[service].call(path, { message, headers: { authorization, ...headers } })
  if (answer.status !== OK) heard.push({ name: `answer of ${service} to ${path}`, text: answer.text })
  return answer
}

const OK = 0
const INVALID_ARGUMENT = 3
const DEADLINE_EXCEEDED = 4
const PERMISSION_DENIED = 7
const RESOURCE_EXHAUSTED = 8
const UNAUTHENTICATED = 16
/** The statuses by which a server says that it failed, and not its caller: UNKNOWN, INTERNAL, UNAVAILABLE, DATA_LOSS, none. */
const failures: readonly (number | undefined)[] = [2, 13, 14, 15, undefined]

/** What changes something, and so is not for viewers. */
const acts = new Set(
  [
    ['SettlePayment', 'ResolvePayment', 'RetryWebhook', 'StartReconciliation'],
    ['BeginRun', 'SaveCursor', 'EndRun', 'TakeLetters', 'DiscardLetters', 'Reproject', 'RewriteTopic'],
  ].flat(),
)
const nameOf = ({ path }: Pick<Rpc, 'path'>) => path.split('/').at(-1) ?? ''

/** Instants at the ends of what dates can be, and texts that only look like instants. */
const instants = [
  ['2026-11-29T00:00:00Z', '+275760-09-13T00:00:00.000Z', '-271821-04-20T00:00:00.000Z', '0000-01-01T00:00:00Z'],
  ['9999-12-31T23:59:59.999+23:59', '2026-02-30', '2026', '0', '-1', 'now', 'Infinity'],
].flat()

/** Messages of this method: hostile texts, and here and there what would be right. What both together could do is harmless. */
const messagesOf = (rpc: Rpc, runId: string): fc.Arbitrary<object> => {
  const texts = fc.oneof(
    { weight: 3, arbitrary: hostileText },
    { weight: 2, arbitrary: fc.constantFrom(...Object.values(canaries), all, 'x'.repeat(100_000)) },
    { weight: 2, arbitrary: fc.constantFrom(...instants, '', 'clear', 'not-paid', '00000000', 'PARKED', 'REJECTED') },
  )
  // Nothing waits for a person's decision about the paid order, and asking Toss about it changes nothing.
  const isReproject = nameOf(rpc) === 'Reproject'
  const orderId = fc.oneof(texts, fc.constantFrom('ORD-UNKNOWN', isReproject ? 'ORD-UNKNOWN' : target.paid.orderId))
  const known: Record<string, fc.Arbitrary<unknown>> = {
    orderId,
    paymentKey: fc.oneof(texts, fc.constant(target.paid.paymentKey)),
    runId: fc.oneof(texts, fc.constant(runId)),
    status: fc.oneof(texts, fc.constantFrom(...orderStatuses)),
    seenStatus: fc.oneof(texts, fc.constantFrom(...orderStatuses)),
    // What is written anew goes out again, as it should.
    topic: nameOf(rpc) === 'RewriteTopic' ? texts : fc.oneof(texts, fc.constantFrom(...Object.keys(topics))),
    // A window that is right begins a comparison, which would look at Toss's books while others are at work here.
    ...(nameOf(rpc) === 'StartReconciliation' ? { to: fc.constantFrom(...instants.slice(4)) } : {}),
  }
  const fields = new Set(rpc.fields.map(({ name }) => name))
  return messageOf(rpc, texts, Object.fromEntries(Object.entries(known).filter(([name]) => fields.has(name))))
}

describe("an operator's call over gRPC", () => {
  it('is one of those that this test knows for acts or for reads', () => {
    expect(new Set(operatorRpcs.map(nameOf).filter((name) => acts.has(name)))).toEqual(acts)
  })

  it.each(operatorRpcs)(
    'B5.11 $service $path refuses garbage, size, deadlines that are over, strangers and viewers who would act',
    async (rpc) => {
      for (const message of [Buffer.from([0x7a, 0xff, 0x7f]), Buffer.alloc(500_000, 0x7b), Buffer.alloc(20, 0xff)]) {
        const answer = await call(rpc, { message })
        expect([answer.status, answer.errorCode]).toEqual([INVALID_ARGUMENT, 'INVALID_INPUT_VALUE'])
      }
      expect((await call(rpc, { message: Buffer.alloc(1024 * 1024 + 1) })).status).toBe(RESOURCE_EXHAUSTED)
      expect((await call(rpc, { headers: { 'grpc-timeout': '1n' } })).status).toBe(DEADLINE_EXCEEDED)
      const strange = ['', 'wrong', target.token, `${tokens.operator}x`, `Bearer ${tokens.operator}`, canaries.bearer]
      for (const authorization of strange) {
        const stranger = await call(rpc, { authorization })
        expect([stranger.status, stranger.errorCode]).toEqual([UNAUTHENTICATED, 'UNAUTHENTICATED'])
        expect(stranger.text).not.toContain(tokens.operator)
      }
      const { status } = await call(rpc, { authorization: tokens.viewer })
      if (acts.has(nameOf(rpc))) expect(status).toBe(PERMISSION_DENIED)
      else expect(status).not.toBe(PERMISSION_DENIED)
    },
  )

  it.each(operatorRpcs)('B5.11 $service $path takes no extreme of a field for a reason to fail', async (rpc) => {
    for (const message of extremesOf(rpc)) {
      const { status, text } = await call(rpc, { message: rpc.encode(message) })
      expect({ isFailure: failures.includes(status), text, message }).toMatchObject({ isFailure: false })
    }
  })

  it('that is generated from the proto files fails nowhere', async () => {
    const { BeginRun } = replayService
    const runs = new Map<string, string>()
    for (const [service, topic] of [
      ['order', 'payment.status-changed'],
      ['payment', 'toss.webhook-received'],
    ] as const) {
      const run = { topic, reason: 'for this test', selection: '{}', planned: 1 }
      const begun = await call({ service, path: BeginRun.path }, { message: BeginRun.requestSerialize(run) })
      expect([begun.status, begun.text]).toEqual([OK, expect.any(String)])
      runs.set(service, BeginRun.responseDeserialize(begun.message).runId ?? '')
    }
    const one = fc.constantFrom(...operatorRpcs).chain((rpc) =>
      fc.record({
        rpc: fc.constant(rpc),
        message: messagesOf(rpc, runs.get(rpc.service) ?? ''),
        authorization: fc.constantFrom(tokens.operator, tokens.operator, tokens.operator, tokens.viewer),
      }),
    )
    const seen = new Map<string, Set<number | undefined>>()
    await barrage(
      'an operator',
      one,
      Math.max(100, Math.round(cases * 0.15)),
      async ({ rpc, message, authorization }) => {
        const { status, text } = await call(rpc, { message: rpc.encode(message), authorization })
        const key = `${rpc.service} ${rpc.path}`
        seen.set(key, (seen.get(key) ?? new Set()).add(status))
        if (failures.includes(status)) throw new Error(`${rpc.path}: ${status} ${text}`)
      },
    )
    // The generator would be worth nothing if everything were refused at the door.
    const reached = [...seen].filter(([, statuses]) => statuses.has(OK)).map(([path]) => path)
    expect(reached.length).toBeGreaterThan(operatorRpcs.length / 2)
  }, 300_000)

  it('left no personal data in answers, logs, topics and Redis', async () => {
    expect(leaksIn(heard)).toEqual([])
    expect(leaksIn(readLogs(target.system))).toEqual([])
    expect(leaksIn(await readRedis(target.system.namespace))).toEqual([])
    expect(leaksIn(await topicSinks(target))).toEqual([])
  }, 120_000)

  it('had no effect on an order or a payment, published nothing and ended no process', async () => {
    await target.expectUnharmed()
    expect(await topicEnds(target.kafka, target.system.namespace)).toEqual(ends)
  }, 120_000)
})
