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
