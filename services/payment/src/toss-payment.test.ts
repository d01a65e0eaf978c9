import { describe, expect, it } from '@jest/globals'
import { parseTossError, parseTossPayment } from './toss-payment.ts'

const body = {
  paymentKey: 'pk',
  orderId: 'ORD-1',
  status: 'DONE',
  totalAmount: 1000,
  balanceAmount: 1000,
  currency: 'KRW',
}
const parse = (change: object) => parseTossPayment(JSON.stringify({ ...body, ...change }))

describe("Toss's payment", () => {
  it('is read leniently: unknown fields and statuses pass, null is absent', () => {
    expect(parse({ status: 'NEW', somethingNew: [1], approvedAt: null, cancels: null })).toMatchObject({
      status: 'NEW',
      approvedAt: undefined,
      cancels: [],
    })
  })

  it('with an instant without an offset means Korean local time', () => {
    expect(parse({ approvedAt: '2026-03-01T09:00:00.12345' })?.approvedAt).toEqual(new Date('2026-03-01T00:00:00.123Z'))
    expect(parse({ approvedAt: '2026-03-01T09:00:00+09:00' })?.approvedAt).toEqual(new Date('2026-03-01T00:00:00Z'))
    expect(parse({ approvedAt: 'yesterday' })?.approvedAt).toBeUndefined()
  })

  it('of an older API version has cancels without a status: they are done', () => {
    expect(parse({ cancels: [{ transactionKey: 'tx', cancelAmount: 1 }] })?.cancels[0]).toMatchObject({
      cancelStatus: 'DONE',
      cancelReason: '',
    })
  })

  it('by a billing key or an overseas wallet is read as well, in dollars with their cents', () => {
    expect(parse({ type: 'BILLING', secret: 'ps_1', card: { number: '4330' } })).toMatchObject({ totalAmount: 1000 })
    const pending = { transactionKey: 'txrd_1', cancelAmount: 1.05, cancelStatus: 'IN_PROGRESS', cancelRequestId: 'c1' }
    const inDollars = { currency: 'USD', totalAmount: 726.24, balanceAmount: 725.19, useEscrow: null, receipt: null }
    expect(parse({ ...inDollars, easyPay: { provider: 'PAYPAL' }, cancels: [pending] })).toMatchObject({
      currency: 'USD',
      totalAmount: 726.24,
      balanceAmount: 725.19,
      receiptUrl: undefined,
      cancels: [{ transactionKey: 'txrd_1', cancelAmount: 1.05, cancelStatus: 'IN_PROGRESS' }],
    })
  })

  it('with a cash receipt, and receipts of its cancels, is read as well', () => {
    const cashReceipt = { type: '소득공제', receiptKey: 'r1', issueNumber: '1', receiptUrl: 'https://x', amount: 1000 }
    const cancels = [{ transactionKey: 'tx', cancelAmount: 1, receiptKey: 'r2', cancelStatus: 'DONE' }]
    const found = parse({ method: '계좌이체', cashReceipt, cashReceipts: [cashReceipt], cancels })
    expect(found).toMatchObject({ method: '계좌이체', cancels: [{ transactionKey: 'tx' }] })
  })

  it('in won has no parts of one', () => {
    for (const change of [{ totalAmount: 1000.5 }, { balanceAmount: 0.5 }]) expect(parse(change)).toBeUndefined()
    expect(parse({ cancels: [{ transactionKey: 'tx', cancelAmount: 0.5 }] })).toBeUndefined()
  })

  it.each([
    '<html>',
    '{"paymentKey":"pk"',
    '[]',
    'null',
    '{}',
    '{"paymentKey":"pk","orderId":"o","status":"DONE","totalAmount":1.5,"balanceAmount":0}',
  ])('is none when it is %s', (text) => {
    expect(parseTossPayment(text)).toBeUndefined()
  })
})

describe("Toss's error", () => {
  it('has a code and a message; anything else has a code that no table knows', () => {
    expect(parseTossError('{"code":"PROVIDER_ERROR","message":"m"}')).toEqual({ code: 'PROVIDER_ERROR', message: 'm' })
    for (const text of ['<html>', '{}', '{"code":5}']) expect(parseTossError(text).code).toBe('UNREADABLE_ANSWER')
  })
})
