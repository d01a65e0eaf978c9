import { orderService } from '@checkout/contracts/rpc'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { booksEqual } from '../src/testing/books.ts'
import { eventually } from '../src/testing/eventually.ts'
import { all, canaries, formsOf, leaksIn, topicSinks } from './canaries.ts'
import { rpcs } from './proto-messages.ts'
import { rawRequest, sendRaw } from './raw-http.ts'
import { readDatabase, readLogs, readRedis, type Sink } from './sinks.ts'
import { AMOUNT, type Answered, startTarget, type Target } from './target.ts'

// Canaries go in at every door and every place of a request; then every log, topic, Redis key and answer is searched for them.

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 120_000)
afterAll(() => target.close(), 180_000)

/** What a person writes as a reason stays plain data where reasons are shown. */
const inProse = [
  canaries.card,
  canaries['card with spaces'],
  canaries.key,
  canaries.phone,
  canaries.email,
  canaries.account,
]

/** Headers hold no others; the rest is left out. */
const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/g, '') || 'canary'

const everyByte = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')

/** As whatever a message about an order may name. */
const idsOf = (canary: string) => ({
  orderId: canary,
  paymentKey: canary,
  status: canary,
  transactionKey: canary,
  lastTransactionKey: canary,
})

const addressesWith = (word: string): [door: string, path: string][] => {
  const { gateway, webhookGateway, health } = target.system.urls
  const api = ['/', '/api/', '/api/orders/', '/api/orders/ORD-000001?userId=', '/api/orders/me?userId=', '/docs/']
  return [
    ...api.map((path): [string, string] => [gateway, path + word]),
    // A product has a number for its id, and the numbers of accounts and cards are numbers: no order is made of it.
    [gateway, `/api/products/${word}`],
    [gateway, `/api/products?after=${word}`],
    [webhookGateway, `/api/webhooks/toss/${word}`],
    [webhookGateway, `/api/webhooks/toss?${word}=${word}`],
    [health.payment ?? '', `/metrics/${word}`],
  ]
}

describe('personal data and secrets', () => {
  it('that come in where they are accepted come out nowhere else', async () => {
    const shown: Sink[] = []
    const note = (name: string, answer: { readonly body: unknown } | Answered) =>
      shown.push({ name: `answer to ${name}`, text: JSON.stringify('body' in answer ? answer.body : answer.text) })

    const card = await target.shop.paid(AMOUNT, { orderName: all.slice(0, 100), customerName: canaries.holder })
    note('a refund', await target.shop.cancel({ orderId: card.orderId, amount: 1000, reason: inProse.join(', ') }))
    const account = await target.shop.withWindow(AMOUNT, { method: 'VIRTUAL_ACCOUNT', customerName: canaries.holder })
    note('a confirm', await target.shop.confirm(account))
    await target.shop.happen(account.paymentKey, 'deposit')
    await eventually(async () => expect((await target.shop.order(account.orderId)).body.status).toBe('PAID'))
    note(
      'a refund into an account',
      await target.shop.cancel({
        orderId: account.orderId,
        reason: '변심',
        refundReceiveAccount: { bank: '20', accountNumber: canaries.account, holderName: canaries.holder },
      }),
    )
    for (const { orderId } of [card, account]) target.acknowledged.add(orderId)

    const personal = {
      card: { number: canaries.card, ownerType: '개인' },
      customerName: canaries.holder,
      customerEmail: canaries.email,
      customerMobilePhone: canaries.phone,
      secret: canaries.secret,
      virtualAccount: { accountNumber: canaries.account, refundReceiveAccount: { holderName: canaries.holder } },
      mobilePhone: { customerMobilePhone: canaries['phone without dashes'] },
      failure: { message: all },
      metadata: { note: all },
    }
    const data = { ...personal, orderId: card.orderId, paymentKey: card.paymentKey, status: 'DONE' }
    note(
      'a webhook',
      await target.shop.deliver({ eventType: 'PAYMENT_STATUS_CHANGED', createdAt: '2026-11-23T03:19:06.3', data }),
    )
    note('a deposit', await target.shop.deliver({ ...personal, orderId: account.orderId, status: 'DONE' }))
    note(
      'a webhook of no use',
      await target.shop.deliver({ eventType: all, createdAt: all, data: { ...personal, orderId: all, status: all } }),
    )
    note('a broken webhook', await target.shop.deliver(`{"secret":"${all}`))
    // The answer names the address that was asked for; the log must not.
    await target.shop.deliver({}, { path: `/${canaries.account}/${canaries.phone}?${encodeURIComponent(all)}` })

    const headers = {
      authorization: canaries.bearer,
      cookie: encodeURIComponent(all),
      'user-agent': encodeURI(canaries.email),
    }
    for (const path of [
      '/api/orders',
      '/api/order-commands',
      '/api/payments/confirm',
      '/api/payments/fail',
      '/api/payments/cancel',
    ]) {
      for (const name of [
        'userId',
        'amount',
        'orderId',
        'reason',
        'message',
        'paymentKey',
        'refundReceiveAccount',
        'card',
      ]) {
        note(
          path,
          await target.post(
            path,
            JSON.stringify({ [name]: name === 'refundReceiveAccount' ? { accountNumber: all } : `${all}\u0000` }),
            headers,
          ),
        )
      }
      note(path, await target.post(path, `{"card":"${all}`, headers))
    }
    const query = encodeURIComponent(all)
    note(
      'a read',
      await target.call('GET', '/api/orders/me', {
        address: `/api/orders/me?userId=${query}&before=${query}`,
        headers,
      }),
    )
    const answered = await target.channels.order.call(orderService.GetOrder.path, {
      message: orderService.GetOrder.requestSerialize({ orderId: all, viewer: { userId: all } }),
      headers: { authorization: target.token, 'x-request-id': encodeURIComponent(all) },
    })
    shown.push({ name: 'answer to a call', text: answered.text })

    await booksEqual(target.system, { timeoutMs: 45_000 })
    expect(leaksIn(shown)).toEqual([])
    expect(leaksIn(readLogs(target.system))).toEqual([])
    expect(leaksIn(await readRedis(target.system.namespace))).toEqual([])
    expect(leaksIn(await topicSinks(target))).toEqual([])

    // Reasons are shown to whoever may see the order; the account that a refund went to is forgotten with it.
    const { body } = await target.shop.order(card.orderId)
    expect(body.payment?.refunds[0]?.reason).toBe(inProse.join(', '))
    const stored = await readDatabase(target.system, 'payment')
    const accounts = stored.filter(({ text }) => text.includes('refundReceiveAccount'))
    expect(accounts.map(({ name }) => name)).toEqual([])
    expect(leaksIn(stored).filter((leak) => /^(secret|bearer)/.test(leak) || leak.includes('webhookEvents'))).toEqual(
      [],
    )
    expect(leaksIn(await readDatabase(target.system, 'order'))).toEqual([])
  }, 120_000)

  // Names have no pattern by which they could be told from other words.
  it('that come in as ids, addresses, names of fields and headers come out nowhere', async () => {
    const shown: Sink[] = []
    const note = (name: string, { headers, text }: { headers: Headers; text: string }) =>
      shown.push({ name: `answer to ${name}`, text: `${JSON.stringify([...headers])} ${text}` })
    const { holder: _, ...patterned } = canaries
    for (const canary of Object.values(patterned)) {
      for (const form of [...formsOf(canary), everyByte(canary)].map((text) => text.replaceAll(' ', '%20'))) {
        const headers = [`x-request-id: ${ascii(canary)}`, `referer: /${ascii(form)}`, `user-agent: ${ascii(form)}`]
        for (const [door, path] of addressesWith(ascii(form))) {
          const answer = await sendRaw(door, rawRequest('GET', path, { headers }))
          if (answer === undefined) throw new Error(`${path} was not answered`)
          expect(answer.status).toBeLessThan(500)
          note(`GET ${path}`, { headers: answer.headers, text: answer.body })
        }
      }
      const asField = await target.post('/api/orders', JSON.stringify({ amount: 1000, [canary]: 1 }))
      note('a field', asField)
      const asKey = { 'idempotency-key': ascii(canary), 'x-request-id': ascii(canary) }
      note('a header', await target.post('/api/orders', '{"amount":0}', asKey))

      const body = { eventType: canary, createdAt: canary, data: idsOf(canary), [canary]: canary }
      const transmission = {
        'tosspayments-webhook-transmission-id': ascii(canary),
        'tosspayments-webhook-transmission-time': ascii(canary),
        'tosspayments-webhook-transmission-retried-count': ascii(canary),
        'x-request-id': ascii(canary),
      }
      note('a webhook', await target.deliver(JSON.stringify(body), transmission))
      note(
        'a deposit',
        await target.deliver(JSON.stringify({ ...idsOf(canary), secret: canary, createdAt: canary }), transmission),
      )

      for (const { service, path, encode } of rpcs) {
        const headers = { authorization: canary, 'x-request-id': ascii(canary) }
        const message = encode({
          ...idsOf(canary),
          viewer: { userId: canary },
          userId: canary,
          code: canary,
          reason: canary,
        })
        const stranger = await target.channels[service].call(path, { message, headers })
        const caller = await target.channels[service].call(path, {
          message,
          headers: { ...headers, authorization: target.token },
        })
        for (const { text } of [stranger, caller]) shown.push({ name: `answer to ${path}`, text })
      }
    }
    expect(leaksIn(shown)).toEqual([])
    expect(leaksIn(readLogs(target.system))).toEqual([])
    expect(leaksIn(await readRedis(target.system.namespace))).toEqual([])
    expect(leaksIn(await topicSinks(target))).toEqual([])
  }, 240_000)

  it("that a browser tells of a failed payment do not go into Kafka with the payment's news", async () => {
    const { body } = await target.shop.createOrder(AMOUNT)
    const orderId = body.orderId ?? ''
    target.acknowledged.add(orderId)
    await target.shop.fail({ orderId, code: 'PAY_PROCESS_ABORTED', message: inProse.join(', ') })
    await booksEqual(target.system, { timeoutMs: 45_000 })
    expect(leaksIn(await topicSinks(target))).toEqual([])
  })
})

describe('after all this', () => {
  it('no process has ended and nothing is there that was not acknowledged', async () => {
    await expect(target.expectUnharmed()).resolves.toBeUndefined()
  }, 90_000)
})
