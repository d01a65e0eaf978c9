import { describe, expect, it } from '@jest/globals'
import { parseTossTransactions, seoulTime } from './toss-transactions.ts'

const row = {
  mId: 'tosspayments',
  transactionKey: 't1',
  paymentKey: 'k1',
  orderId: 'ORD-1',
  method: '카드',
  customerKey: null,
  useEscrow: false,
  receiptUrl: null,
  status: 'CANCELED',
  transactionAt: '2026-01-02T03:04:05+09:00',
  currency: 'KRW',
  amount: -300,
}

describe("Toss's list of transactions", () => {
  it('is read without the sign, which Toss does not document, and with the instant that Seoul’s time means', () => {
    const at = new Date('2026-01-01T18:04:05Z')
    const read = { transactionKey: 't1', paymentKey: 'k1', orderId: 'ORD-1', status: 'CANCELED', currency: 'KRW' }
    expect(parseTossTransactions(JSON.stringify([row]))).toEqual([{ ...read, amountKrw: 300, at }])
    expect(parseTossTransactions(JSON.stringify([{ ...row, transactionAt: '2026-01-02T03:04:05' }]))?.[0]?.at).toEqual(
      at,
    )
  })

  it.each([
    ['no JSON', '<html>'],
    ['no list', '{}'],
    ['a row without a key', JSON.stringify([row, { ...row, paymentKey: undefined }])],
    ['a row of no time', JSON.stringify([{ ...row, transactionAt: 'yesterday' }])],
  ])('is nothing at all when it is %s: half a page would look like lost money', (_name, body) => {
    expect(parseTossTransactions(body)).toBeUndefined()
  })

  it('is asked for by Seoul’s wall clock', () => {
    expect(seoulTime(new Date('2026-01-01T15:00:00.900Z'))).toBe('2026-01-02T00:00:00')
  })
})
