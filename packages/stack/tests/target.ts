import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type ErrorCode, errorTable, isErrorCode } from '@checkout/contracts/errors'
import { expect } from '@jest/globals'
import type { Kafka, Message } from 'kafkajs'
import type { Variables } from '../src/environment.ts'
import { stopAudited } from '../src/testing/audit.ts'
import { booksEqual, readBooks } from '../src/testing/books.ts'
import { eventually } from '../src/testing/eventually.ts'
import { createJudge, type OpenApiDocument } from '../src/testing/http-contract.ts'
import { namespace } from '../src/testing/namespace.ts'
import { openShop, type Shop } from '../src/testing/shop.ts'
import type { ConfirmOrder } from '../src/testing/shop-bodies.ts'
import { startSystem, type TestSystem } from '../src/testing/system.ts'
import type { RequestSchema } from './hostile-bodies.ts'
import { openChannel, type RawChannel } from './raw-grpc.ts'
import { connectKafka, readDatabase, topicEnds } from './sinks.ts'

/** Of a payment's journal. */
type Run = { readonly at: string; readonly ms: number }
type Operation = {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: RequestSchema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: RequestSchema }>> }
}
type ServedDocument = OpenApiDocument & {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, RequestSchema>> }
}

/** As many as Toss makes. */
const MAX_RESENDS = 7

/** A machine that is busy enough takes this long until a consumer has joined its group. */
const patience = { timeoutMs: 120_000 }

export type Answered = { readonly status: number; readonly headers: Headers; readonly text: string }
export type GrpcService = 'catalog' | 'order' | 'payment'

export const AMOUNT = 50_000

/** A running system at which everything may be thrown, with two orders that refused input must leave as they are. */
export interface Target {
  readonly system: TestSystem
  readonly shop: Shop
  readonly kafka: Kafka
  readonly document: ServedDocument
  /** What the services show each other. */
  readonly token: string
  readonly channels: Readonly<Record<GrpcService, RawChannel>>
  readonly paid: ConfirmOrder
  /** Nobody has paid it. */
  readonly open: { readonly orderId: string }
  /** Every order that was acknowledged to somebody; tests add theirs. */
  readonly acknowledged: Set<string>
  /** Sends to the API and judges the answer by the served document. A failure of ours is an error, an order that was made is noted. */
  call(method: string, path: string, sent?: Sent): Promise<Answered>
  post(path: string, body: Buffer | string, headers?: Record<string, string>): Promise<Answered>
  /** To the webhook gateway. */
  deliver(body: Buffer | string, headers?: Record<string, string>): Promise<Answered>
  publish(topic: string, messages: Message[]): Promise<void>
  /** All that a request can leave behind, once everything is at rest: documents, the ends of the topics, calls to Toss. */
  effects(): Promise<Readonly<Record<string, unknown>>>
  /** No process ended, the books are equal, and there is no order or payment that was not acknowledged. */
  expectUnharmed(): Promise<void>
  close(): Promise<void>
}

type Sent = { body?: Buffer | string; address?: string; headers?: Record<string, string> }

/** @param env laid over the environment of all processes */
export const startTarget = async (env: Variables = {}): Promise<Target> => {
  const token = `token-${randomUUID()}`
  const system = await startSystem({ namespace: namespace(), env: { ...env, SERVICE_TOKEN: token } })
  const shop = openShop(system.urls)
  const kafka = connectKafka()
  const pids = system.processes().map(({ pid }) => pid)
  const served = await fetch(`${system.urls.gateway}/openapi.json`)
  const document = (await served.json()) as ServedDocument
  const judge = createJudge(document)
  const channels = {
    catalog: await openChannel(grpcPortOf(system, 'catalog'), token),
    order: await openChannel(grpcPortOf(system, 'order'), token),
    payment: await openChannel(grpcPortOf(system, 'payment'), token),
  }
  const paid = await shop.paid(AMOUNT)
  const open = { orderId: (await shop.createOrder(AMOUNT)).body.orderId ?? '' }
  const acknowledged = new Set([paid.orderId, open.orderId])
  // The webhook that follows the confirm has rung, and what was seen then is on record: nothing of ours is still to come.
  await eventually(async () => {
    const journal = (await readDatabase(system, 'payment')).find(({ name }) => name === 'MongoDB payment.journal')
    const [lines] = JSON.parse(journal?.text ?? '[]') as { calls: { at: string; call: string }[]; runs: Run[] }[]
    const look = lines?.calls.find(({ call }) => call === 'look')
    expect(lines?.runs.some(({ at, ms }) => look !== undefined && Date.parse(at) + ms >= Date.parse(look.at))).toBe(
      true,
    )
  }, patience)
  const untouched = await eventually(() => atRest(system, paid, open), patience)

  const call: Target['call'] = async (method, path, sent = {}) => {
    const response = await send(system.urls.gateway + (sent.address ?? path), {
      method,
      headers: { ...(sent.body === undefined ? {} : { 'content-type': 'application/json' }), ...sent.headers },
      ...(sent.body === undefined ? {} : { body: sent.body }),
    })
    const text = await response.text()
    const { status, headers } = response
    if (status >= 500) throw new Error(`${method} ${path}: ${status} ${text}`)
    const body: unknown = text === '' ? text : JSON.parse(text)
    judge(method, path, { status, headers, body })
    if (status >= 400) expectProblem({ status, headers, text })
    const orderId = field(body, 'orderId')
    if (status === 200 && path.startsWith('/api/order') && method === 'POST' && orderId !== undefined)
      acknowledged.add(orderId)
    return { status, headers, text }
  }

  return {
    system,
    shop,
    kafka,
    document,
    token,
    channels,
    paid,
    open,
    acknowledged,
    call,
    post: (path, body, headers = {}) => call('POST', path, { body, headers }),
    deliver: async (body, headers = {}) => {
      const once = () =>
        send(`${system.urls.webhookGateway}/api/webhooks/toss`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body,
        })
      let response = await once()
      // Kafka was too slow on a busy machine: Toss would send it again, too.
      for (let resends = 0; response.status === 503 && resends < MAX_RESENDS; resends += 1) response = await once()
      const answer = { status: response.status, headers: response.headers, text: await response.text() }
      if (answer.status >= 500) throw new Error(`webhook: ${answer.status} ${answer.text}`)
      if (answer.status !== 200) expectProblem(answer)
      return answer
    },
    publish: async (topic, messages) => {
      const producer = kafka.producer({ allowAutoTopicCreation: false })
      await producer.connect()
      try {
        await producer.send({ topic: system.namespace + topic, acks: -1, messages })
      } finally {
        await producer.disconnect()
      }
    },
    effects: () => effects(system, shop, kafka),
    expectUnharmed: async () => {
      await booksEqual(system)
      expect(system.processes().map(({ pid }) => pid)).toEqual(pids)
      const { orders, payments } = await readBooks(system)
      expect(new Set(orders.map(({ _id }) => _id))).toEqual(acknowledged)
      expect(new Set(payments.map(({ orderId }) => orderId))).toEqual(acknowledged)
      expect(await eventually(() => atRest(system, paid, open))).toBe(untouched)
    },
    close: async () => {
      for (const channel of Object.values(channels)) channel.close()
      await stopAudited(system)
    },
  }
}

/** On a busy machine it may be us who are too slow to say what we want: then once more. */
const send = async (url: string, init: RequestInit): Promise<Response> => {
  const response = await fetch(url, init)
  return response.status === 408 ? fetch(url, init) : response
}

/** Services say in their logs where they listen. */
const grpcPortOf = (system: TestSystem, name: GrpcService): number =>
  Number(/"grpcPort":(\d+)/.exec(readFileSync(system.logs(name), 'utf8'))?.[1])

/** Fields of a payment that say when to look at Toss's books again, and who does. */
const ofLooking = new Set(['due', 'tries', 'bell', 'askedAt', 'lease'])

/** The two orders with their payments, as they are stored; without what a webhook may ring for: when to look, and who does. */
const atRest = async (system: TestSystem, paid: ConfirmOrder, open: { orderId: string }): Promise<string> => {
  const { orders, payments } = await readBooks(system)
  const ids: readonly string[] = [paid.orderId, open.orderId]
  const ourOrders = orders.filter(({ _id }) => ids.includes(_id))
  const ourPayments = payments.filter(({ orderId }) => ids.includes(orderId))
  expect([...ourOrders, ...ourPayments].map(({ outbox }) => outbox.length)).toEqual([0, 0, 0, 0])
  expect(ourOrders.find(({ _id }) => _id === paid.orderId)).toMatchObject({ status: 'PAID' })
  const lasting = ourPayments.map((payment) => ({
    // Left out, not overwritten: they come and go, and with them the order of the fields.
    ...Object.fromEntries(Object.entries(payment).filter(([name]) => !ofLooking.has(name))),
    _id: payment._id,
    attempts: payment.attempts.map((attempt) => ({ ...attempt, looks: 0 })),
  }))
  return JSON.stringify([ourOrders, lasting].map((documents) => documents.toSorted((a, b) => (a._id < b._id ? -1 : 1))))
}

const effects = async (system: TestSystem, shop: Shop, kafka: Kafka): Promise<Readonly<Record<string, unknown>>> => {
  await booksEqual(system)
  const databases = await Promise.all(
    (['catalog', 'order', 'payment'] as const).map((service) => readDatabase(system, service)),
  )
  return {
    ...Object.fromEntries(databases.flat().map(({ name, text }) => [name, text])),
    topics: Object.fromEntries(await topicEnds(kafka, system.namespace)),
    calls: (await shop.books()).body.calls.length,
  }
}

/** What every refusal over HTTP looks like: a problem with a code of the table, and never a failure of ours. */
export const expectProblem = ({ status, headers, text }: Answered): ErrorCode => {
  expect(headers.get('content-type')).toBe('application/problem+json')
  const body: unknown = JSON.parse(text)
  expect(body).toMatchObject({ status, code: expect.any(String) })
  const code = field(body, 'code') ?? ''
  if (!isErrorCode(code)) throw new Error(`${code} is not in the table`)
  if (code !== 'TOSS_API_ERROR') expect(errorTable[code].http).toBe(status)
  return code
}

export const codeOf = (answer: Answered): ErrorCode | undefined =>
  answer.status >= 400 ? expectProblem(answer) : undefined

const field = (body: unknown, name: string): string | undefined => {
  if (typeof body !== 'object' || body === null) return undefined
  const value = new Map<string, unknown>(Object.entries(body)).get(name)
  return typeof value === 'string' ? value : undefined
}

/** JSON that nests. */
export const deep = (levels: number): string => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`
