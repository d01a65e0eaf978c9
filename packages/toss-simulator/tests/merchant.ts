import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Config } from '../src/config.ts'
import { type Simulator, start } from '../src/simulator.ts'

export const SECRET_KEY = 'test_sk_facts'
export const MINUTE_MS = 60_000

export type Json = Record<string, unknown>
export type Reply = { status: number; text: string; body: Json; headers: Headers }
export type Delivery = { path: string; headers: IncomingHttpHeaders; body: Json }

const json = z.record(z.string(), z.unknown())
const listening = z.object({ port: z.number() })

/** Polls until the assertion holds; throws its last error when it never does. */
export async function eventually<Result>(
  assertion: () => Result | Promise<Result>,
  deadlineMs = 60_000,
): Promise<Result> {
  const deadline = Date.now() + deadlineMs
  for (;;) {
    try {
      return await assertion()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await sleep(20)
    }
  }
}

/** The merchant's end of the webhooks: answers what `answer` says, or never when that is null, and keeps what came. */
export class Receiver {
  readonly deliveries: Delivery[] = []
  answer: (delivery: Delivery) => number | null = () => 200
  readonly #server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const body = json.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
      const delivery = { path: req.url ?? '', headers: req.headers, body }
      this.deliveries.push(delivery)
      const status = this.answer(delivery)
      if (status !== null) res.writeHead(status).end()
    })
  })

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${listening.parse(this.#server.address()).port}`
  }

  async close(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  of(orderId: string, eventType?: 'PAYMENT_STATUS_CHANGED' | 'DEPOSIT_CALLBACK'): Delivery[] {
    return this.deliveries.filter(({ body }) => {
      const isStatusChanged = body.eventType === 'PAYMENT_STATUS_CHANGED'
      if (eventType !== undefined && isStatusChanged !== (eventType === 'PAYMENT_STATUS_CHANGED')) return false
      return (isStatusChanged ? json.parse(body.data).orderId : body.orderId) === orderId
    })
  }
}

export async function makeDataDir(): Promise<{ dataDir: string; remove: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'toss-simulator-'))
  return { dataDir, remove: () => rm(dataDir, { recursive: true, force: true }) }
}

export function configOf(dataDir: string, webhookUrls: string[] = [], tossSecretKey = SECRET_KEY): Config {
  const quiet = { securityKeys: [], sandboxRateLimit: false, logLevel: 'silent' }
  return { httpPort: 0, host: '127.0.0.1', webhookUrls, dataDir, tossSecretKey, ...quiet }
}

/** A merchant with one simulator: what it can ask of Toss, and what a test can make happen behind it. */
export class Merchant {
  port: number
  secretKey: string

  constructor(port: number, secretKey = SECRET_KEY) {
    this.port = port
    this.secretKey = secretKey
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const isText = typeof body === 'string'
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson =
      response.headers.get('content-type')?.startsWith('application/json') === true && !text.startsWith('[')
    return {
      status: response.status,
      text,
      body: isJson ? json.parse(JSON.parse(text)) : {},
      headers: response.headers,
    }
  }

  api(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const authorization = `Basic ${Buffer.from(`${this.secretKey}:`).toString('base64')}`
    return this.send(method, path, body, { authorization, ...headers })
  }

  /** A payment whose buyer has authenticated, unless `wanted` says otherwise. */
  async open(wanted: Json = {}): Promise<Order> {
    const orderId = `ORD-${randomUUID()}`
    const { status, body } = await this.send('POST', '/simulator/payments', { orderId, amount: 10_000, ...wanted })
    if (status !== 200) throw new Error(`not opened: ${JSON.stringify(body)}`)
    return new Order(this, z.object({ paymentKey: z.string(), orderId: z.string(), amount: z.number() }).parse(body))
  }

  async paid(wanted: Json = {}): Promise<Order> {
    const order = await this.open(wanted)
    const { status, body } = await order.confirm()
    if (status !== 200) throw new Error(`not paid: ${JSON.stringify(body)}`)
    return order
  }

  async advance(advanceMs: number): Promise<void> {
    await this.send('POST', '/simulator/clock', { advanceMs })
  }

  async fault(match: Json, fault: Json, times = 1): Promise<Reply> {
    return this.send('POST', '/simulator/faults', { match, fault, times })
  }
}

const books = z.object({
  now: z.string(),
  payments: z.array(json),
  transactions: z.array(json),
  calls: z.array(json),
  webhooks: z.array(
    z.looseObject({ transmissionId: z.string(), attempts: z.array(json), delivered: z.boolean(), state: z.string() }),
  ),
})

export class Order {
  readonly paymentKey: string
  readonly orderId: string
  readonly amount: number
  readonly #merchant: Merchant

  constructor(
    merchant: Merchant,
    { paymentKey, orderId, amount }: { paymentKey: string; orderId: string; amount: number },
  ) {
    this.#merchant = merchant
    this.paymentKey = paymentKey
    this.orderId = orderId
    this.amount = amount
  }

  confirm(headers: Record<string, string> = {}, changes: Json = {}): Promise<Reply> {
    const { paymentKey, orderId, amount } = this
    return this.#merchant.api('POST', '/v1/payments/confirm', { paymentKey, orderId, amount, ...changes }, headers)
  }

  get(): Promise<Reply> {
    return this.#merchant.api('GET', `/v1/payments/${this.paymentKey}`)
  }

  getByOrder(): Promise<Reply> {
    return this.#merchant.api('GET', `/v1/payments/orders/${this.orderId}`)
  }

  cancel(body: Json = {}, headers: Record<string, string> = {}): Promise<Reply> {
    const asked = { cancelReason: 'changed my mind', ...body }
    return this.#merchant.api('POST', `/v1/payments/${this.paymentKey}/cancel`, asked, headers)
  }

  /** What others do to it: authenticate, close, fail, deposit, reverse, cancel, webhook. */
  act(name: string, body?: Json): Promise<Reply> {
    return this.#merchant.send('POST', `/simulator/payments/${this.paymentKey}/${name}`, body)
  }

  async books(): Promise<z.infer<typeof books>> {
    return books.parse((await this.#merchant.send('GET', `/simulator/books?orderId=${this.orderId}`)).body)
  }
}

export type Shop = { merchant: Merchant; receiver: Receiver; close: () => Promise<void> }

/** A simulator in this process, whose webhooks reach `receiver` at each of the paths. */
export async function openShop(secretKey = SECRET_KEY, paths = ['/hook']): Promise<Shop> {
  const { dataDir, remove } = await makeDataDir()
  const receiver = new Receiver()
  const url = await receiver.open()
  const simulator: Simulator = await start(
    configOf(
      dataDir,
      paths.map((path) => url + path),
      secretKey,
    ),
  )
  return {
    merchant: new Merchant(simulator.port, secretKey),
    receiver,
    close: async () => {
      await simulator.close()
      await receiver.close()
      await remove()
    },
  }
}
