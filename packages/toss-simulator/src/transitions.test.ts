import { describe, expect, it } from '@jest/globals'
import { cancel } from './cancel.ts'
import { TossError } from './errors.ts'
import { openPayment } from './open-payment.ts'
import type { Change, Method, PaymentRecord, PaymentStatus } from './payment.ts'
import { settleCancel } from './settle-cancel.ts'
import { abort, approve, authenticate, checkConfirm, closeWindow, deposit, lapse, reverse } from './transitions.ts'

const KEY = 'A'.repeat(32)
const LATE_MS = 365 * 24 * 60 * 60 * 1000

function opened(method: Method, status: 'READY' | 'IN_PROGRESS' = 'READY'): PaymentRecord {
  const ids = { paymentKey: 'pay-1', orderId: 'ORD-000001' }
  return openPayment({ ...ids, orderName: 'books', amount: 10_000, method, status }, 0).record
}

const refundReceiveAccount = { bank: '20', accountNumber: '1', holderName: '김구매' }
const cancelOf = (cancelAmount?: number) => (record: PaymentRecord) =>
  cancel(
    record,
    {
      cancelReason: 'x',
      cancelAmount,
      refundableAmount: undefined,
      taxFreeAmount: 0,
      currency: undefined,
      refundReceiveAccount,
    },
    { nowMs: 1, transactionKey: KEY, origin: 'api' },
  )

/** All that can happen to a payment. */
const acts: Record<string, (record: PaymentRecord) => Change> = {
  authenticate: (record) => authenticate(record, 1),
  close: closeWindow,
  decline: (record) => abort(record, 'REJECT_CARD_PAYMENT'),
  confirm: (record) => {
    checkConfirm(record, { orderId: 'ORD-000001', amount: 10_000 }, 1)
    return approve(record, 1, KEY, 'ps_1')
  },
  deposit: (record) => deposit(record, 1, KEY),
  reverse: (record) => reverse(record, 1, KEY),
  'cancel a part': cancelOf(4_000),
  'cancel all': cancelOf(),
  'the wallet agrees': (record) => settleCancel(record, 'DONE', 1),
  'the wallet refuses': (record) => settleCancel(record, 'ABORTED', 1),
  'let time pass': (record) => lapse(record, LATE_MS) ?? { record, isNews: false },
}

/** Whatever the buyer, the bank and the merchant do, in every order: the edges that are ever walked. */
function edgesOf(method: Method): Set<string> {
  const edges = new Set<string>()
  const seen = new Set<string>()
  const walk = (record: PaymentRecord): void => {
    const state = JSON.stringify(record)
    // The list of cancels grows with each walk around a circle, so that alone is no new state.
    if (seen.has(state) || (record.payment.cancels?.length ?? 0) > 3 || record.approvals > 2) return
    seen.add(state)
    for (const act of Object.values(acts)) {
      const next = tried(() => act(record).record)
      if (!next) continue
      const [from, to]: PaymentStatus[] = [record.payment.status, next.payment.status]
      if (from !== to) edges.add(`${from} → ${to}`)
      walk(next)
    }
  }
  walk(opened(method))
  return edges
}

function tried<Result>(act: () => Result): Result | undefined {
  try {
    return act()
  } catch (error) {
    if (error instanceof TossError) return undefined
    throw error
  }
}

describe('the statuses', () => {
  it.each(['CARD', 'FOREIGN_EASY_PAY'] as const)(
    'of %s change along the edges that Toss draws, and READY → ABORTED when the authentication fails',
    (method) => {
      expect(edgesOf(method)).toEqual(
        new Set([
          'READY → IN_PROGRESS',
          'READY → EXPIRED',
          'READY → ABORTED',
          'IN_PROGRESS → EXPIRED',
          'IN_PROGRESS → DONE',
          'IN_PROGRESS → ABORTED',
          'DONE → CANCELED',
          'DONE → PARTIAL_CANCELED',
        ]),
      )
    },
  )

  it('of a virtual account go through WAITING_FOR_DEPOSIT, forth and back, and along no other edge', () => {
    expect(edgesOf('VIRTUAL_ACCOUNT')).toEqual(
      new Set([
        'READY → IN_PROGRESS',
        'READY → EXPIRED',
        'READY → ABORTED',
        'IN_PROGRESS → EXPIRED',
        'IN_PROGRESS → WAITING_FOR_DEPOSIT',
        'IN_PROGRESS → ABORTED',
        'WAITING_FOR_DEPOSIT → DONE',
        'WAITING_FOR_DEPOSIT → CANCELED',
        'DONE → WAITING_FOR_DEPOSIT',
        'DONE → CANCELED',
        'DONE → PARTIAL_CANCELED',
      ]),
    )
  })
})
