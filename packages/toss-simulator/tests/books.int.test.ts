import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { appendFile, readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type Simulator, start } from '../src/simulator.ts'
import { configOf, eventually, Merchant, MINUTE_MS, makeDataDir, Receiver, SECRET_KEY } from './merchant.ts'
import { endLater, endProcesses, kill, spawnSimulator } from './spawned.ts'

const ALONE = new URL('../dist/alone.js', import.meta.url).href

let dataDir: string
let remove: () => Promise<void>
let simulators: Simulator[] = []
beforeEach(async () => {
  const made = await makeDataDir()
  dataDir = made.dataDir
  remove = made.remove
})
afterEach(async () => {
  await Promise.all(simulators.map((simulator) => simulator.close()))
  await endProcesses()
  simulators = []
  await remove()
})

async function boot(webhookUrls: string[] = []): Promise<{ merchant: Merchant; simulator: Simulator }> {
  const simulator = await start(configOf(dataDir, webhookUrls))
  simulators.push(simulator)
  return { merchant: new Merchant(simulator.port), simulator }
}

async function halt(simulator: Simulator): Promise<void> {
  simulators = simulators.filter((other) => other !== simulator)
  await simulator.close()
}

describe('the books', () => {
  it('whatever was answered before a kill -9 in the middle of work is there afterwards, once', async () => {
    const { child, port } = await spawnSimulator(dataDir)
    const merchant = new Merchant(port)
    const orders = await Promise.all(Array.from({ length: 40 }, () => merchant.open()))
    const keys = new Map(orders.map(({ paymentKey }) => [paymentKey, { 'idempotency-key': randomUUID() }]))
    const answers = new Map<string, string>()
    const work = orders.map(async (order) => {
      const { status, text } = await order.confirm(keys.get(order.paymentKey))
      if (status === 200) answers.set(order.paymentKey, text)
    })
    await eventually(() => expect(answers.size).toBeGreaterThan(5))
    await kill(child)
    await Promise.allSettled(work)

    const again = await spawnSimulator(dataDir)
    merchant.port = again.port
    for (const order of orders) {
      const before = await order.get()
      const repeat = await order.confirm(keys.get(order.paymentKey))
      expect(repeat.status).toBe(200)
      // What nobody was told of may have happened or not; what somebody was told of must be as told.
      const told = answers.get(order.paymentKey)
      expect([before.text, repeat.text]).toEqual(told === undefined ? expect.anything() : [told, told])
      expect((await order.books()).payments).toMatchObject([{ approvals: 1, status: 'DONE' }])
    }
  })

  it('a stop by SIGTERM ends the process with code 0', async () => {
    const { child } = await spawnSimulator(dataDir)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('npm run simulator needs no variable, tells where everything is, and Ctrl-C ends it', async () => {
    const child = spawn(process.execPath, ['-e', `import('${ALONE}').then(({ runAlone }) => runAlone())`], {
      env: { HTTP_PORT: '0', DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    endLater(child)
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
    })
    await eventually(() => expect(said).toContain('Ctrl-C ends it.'), 60_000)
    const [, port] = /http:\/\/127\.0\.0\.1:(\d+)\/v1/.exec(said) ?? []
    const order = await new Merchant(Number(port), 'test_sk_local').paid()
    expect((await order.get()).body.status).toBe('DONE')
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('payments, transactions, refusals, the advanced clock and stored answers outlive the process', async () => {
    const { merchant, simulator } = await boot()
    const order = await merchant.paid()
    const key = { 'idempotency-key': randomUUID() }
    const canceled = await order.cancel({ cancelAmount: 2_500 }, key)
    const refusedKey = { 'idempotency-key': randomUUID() }
    const refused = await order.cancel({ cancelAmount: 99_999 }, refusedKey)
    await order.cancel({ cancelAmount: 500 })
    await merchant.advance(1_000 * MINUTE_MS)
    const before = await order.books()
    await halt(simulator)

    merchant.port = (await boot()).simulator.port
    const after = await order.books()
    expect({ ...after, now: '', calls: [] }).toEqual({ ...before, now: '', calls: [] })
    expect(Date.parse(after.now)).toBeGreaterThanOrEqual(Date.parse(before.now))
    expect((await order.cancel({ cancelAmount: 2_500 }, key)).text).toBe(canceled.text)
    expect((await order.cancel({}, refusedKey)).text).toBe(refused.text)
    expect((await order.get()).body.balanceAmount).toBe(7_000)
  })

  it('a webhook that was not delivered before the end is sent after the restart, with its count', async () => {
    const receiver = new Receiver()
    const url = await receiver.open()
    receiver.answer = () => 500
    const { merchant, simulator } = await boot([url])
    const order = await merchant.paid()
    await eventually(async () => expect((await order.books()).webhooks[0]?.attempts).toHaveLength(1))
    await halt(simulator)

    receiver.answer = () => 200
    merchant.port = (await boot([url])).simulator.port
    await merchant.advance(MINUTE_MS)
    await eventually(async () => expect((await order.books()).webhooks).toMatchObject([{ delivered: true }]))
    const counts = receiver
      .of(order.orderId)
      .map(({ headers }) => headers['tosspayments-webhook-transmission-retried-count'])
    expect(counts).toEqual(['0', '1'])
    expect(receiver.of(order.orderId)[1]?.body).toEqual(receiver.of(order.orderId)[0]?.body)
    await receiver.close()
  })

  it('a session that was open at the end runs out after the restart', async () => {
    const { merchant, simulator } = await boot()
    const order = await merchant.open()
    await halt(simulator)
    merchant.port = (await boot()).simulator.port
    await merchant.advance(10 * MINUTE_MS)
    expect((await order.get()).body.status).toBe('EXPIRED')
  })

  it('a last line torn by a kill is cut off, and the books go on', async () => {
    const { merchant, simulator } = await boot()
    const kept = await merchant.paid()
    await halt(simulator)
    await appendFile(join(dataDir, 'books.jsonl'), '{"record":{"payment":{"paymentKey":"to')

    const second = await boot()
    merchant.port = second.simulator.port
    expect((await kept.get()).body.status).toBe('DONE')
    const later = await merchant.paid()
    await halt(second.simulator)
    merchant.port = (await boot()).simulator.port
    expect((await later.get()).body.status).toBe('DONE')
  })

  it('a line broken in the middle is no reason to guess: the start fails and names it', async () => {
    const { merchant, simulator } = await boot()
    await merchant.paid()
    await halt(simulator)
    const path = join(dataDir, 'books.jsonl')
    const text = await readFile(path, 'utf8')
    await truncate(path, 0)
    await appendFile(path, `${text.slice(0, 40)}\n${text}`)
    await expect(boot()).rejects.toThrow(/line 1 of the books/)
  })

  it('what an answer tells is on disk before it is given, however many calls share the disk', async () => {
    const { merchant } = await boot()
    const orders = await Promise.all(Array.from({ length: 50 }, () => merchant.open()))
    const path = join(dataDir, 'books.jsonl')
    const told = await Promise.all(
      orders.map(async (order) => {
        const { body } = await order.confirm()
        return readFileSync(path, 'utf8').includes(String(body.lastTransactionKey))
      }),
    )
    expect(told).not.toContain(false)
  })

  it('the secret key is not in the books', async () => {
    const { merchant } = await boot()
    const order = await merchant.open()
    await order.confirm({ 'idempotency-key': randomUUID() })
    expect(await readFile(join(dataDir, 'books.jsonl'), 'utf8')).not.toContain(SECRET_KEY)
  })
})
