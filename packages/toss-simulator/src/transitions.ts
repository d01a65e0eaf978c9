import { issuedReceipt } from './cash-receipts.ts'
import { messageOf, TossError } from './errors.ts'
import { digitsOf, meansOf, receiptUrlOf } from './means.ts'
import {
  amountsOf,
  type Change,
  METHOD_NAMES,
  type Payment,
  type PaymentRecord,
  type PaymentStatus,
  type refundStatuses,
  type Transaction,
} from './payment.ts'
import { seoulInstant } from './seoul-time.ts'
import { type Settled, settleCancel } from './settle-cancel.ts'

const MINUTE_MS = 60_000
/** Toss: from the opened window to the buyer's authentication. */
export const WINDOW_MS = 30 * MINUTE_MS
/** Toss: from the buyer's authentication to the confirm. */
const SESSION_MS = 10 * MINUTE_MS
/** Toss: 168 hours, unless the merchant says otherwise. */
const DEPOSIT_MS = 168 * 60 * MINUTE_MS
/** Toss: a due date lies at most 90 days ahead. */
export const LONGEST_DUE_MS = 90 * 24 * 60 * MINUTE_MS

function changed(record: PaymentRecord, fields: Partial<Payment>): PaymentRecord {
  return { ...record, payment: { ...record.payment, ...fields } }
}

function need(record: PaymentRecord, statuses: readonly PaymentStatus[], act: string): void {
  const { status } = record.payment
  if (statuses.includes(status)) return
  throw new TossError('INVALID_REQUEST', `${act} needs ${statuses.join(' or ')}, but the payment is ${status}`)
}

/** When time alone changes this payment, or null. */
export function deadlineOf(record: PaymentRecord): number | null {
  switch (record.payment.status) {
    case 'READY':
      return record.openedAtMs + WINDOW_MS
    case 'IN_PROGRESS':
      return (record.authenticatedAtMs ?? record.openedAtMs) + SESSION_MS
    case 'WAITING_FOR_DEPOSIT':
      return record.payment.virtualAccount?.expired === false ? record.dueAtMs : null
    case 'DONE':
    case 'PARTIAL_CANCELED':
      return record.pendingCancels?.[0]?.dueAtMs ?? null
    case 'CANCELED':
    case 'ABORTED':
    case 'EXPIRED':
      return null
  }
}

/**
 * What the passing of time did: a session that ran out is EXPIRED and told; a virtual account past its due date only
 * turns `expired`, its status stays and nothing is sent; a cancel at an overseas wallet has gone through.
 */
export function lapse(record: PaymentRecord, nowMs: number): Change | Settled | null {
  const deadline = deadlineOf(record)
  if (deadline === null || nowMs < deadline) return null
  const { virtualAccount, status } = record.payment
  if (status === 'DONE' || status === 'PARTIAL_CANCELED') return settleCancel(record, 'DONE', nowMs)
  if (status === 'WAITING_FOR_DEPOSIT' && virtualAccount) {
    return { record: changed(record, { virtualAccount: { ...virtualAccount, expired: true } }), isNews: false }
  }
  const failure = { code: 'EXPIRED_PAYMENT', message: messageOf('EXPIRED_PAYMENT') }
  // Toss: an expired payment was seen with a null here.
  return { record: changed(record, { status: 'EXPIRED', failure, useEscrow: null }), isNews: true }
}

export function authenticate(record: PaymentRecord, nowMs: number): Change {
  need(record, ['READY'], 'authenticate')
  if (record.isClosed) throw new TossError('INVALID_REQUEST', 'the buyer has closed the window')
  const method = METHOD_NAMES[record.method]
  const authenticated = { ...changed(record, { status: 'IN_PROGRESS', method }), authenticatedAtMs: nowMs }
  return { record: authenticated, isNews: false }
}

export function closeWindow(record: PaymentRecord): Change {
  need(record, ['READY', 'IN_PROGRESS'], 'close')
  return { record: { ...record, isClosed: true }, isNews: false }
}

/** Ends the attempt: the buyer's authentication failed, or the confirm was declined. */
export function abort(record: PaymentRecord, code: string): Change {
  need(record, ['READY', 'IN_PROGRESS'], 'fail')
  return { record: changed(record, { status: 'ABORTED', failure: { code, message: messageOf(code) } }), isNews: true }
}

/** Throws what Toss would answer when this confirm cannot even be tried. */
export function checkConfirm(record: PaymentRecord, asked: { orderId: string; amount: number }, nowMs: number): void {
  const { status, orderId, totalAmount } = record.payment
  if (!['READY', 'IN_PROGRESS', 'ABORTED', 'EXPIRED'].includes(status)) throw new TossError('ALREADY_PROCESSED_PAYMENT')
  const deadline = deadlineOf(record)
  // The timer that turns the payment EXPIRED may be a moment late; the session is over all the same.
  if (status !== 'IN_PROGRESS' || record.isClosed || deadline === null || nowMs >= deadline) {
    throw new TossError('NOT_FOUND_PAYMENT_SESSION')
  }
  if (asked.orderId !== orderId || asked.amount !== totalAmount) throw new TossError('INVALID_REQUEST')
}

/** A confirm that went well. Money moves at once, but for a virtual account, which now waits for its deposit. */
export function approve(record: PaymentRecord, nowMs: number, transactionKey: string, secret: string): Change {
  if (record.method === 'VIRTUAL_ACCOUNT') return issueAccount(record, nowMs, transactionKey, secret)
  const fields = { ...taken(record, nowMs, transactionKey), ...meansOf(record, transactionKey) }
  // Toss: seen on a charge of a billing key; its samples of cards have none.
  const approved = changed(record, record.payment.type === 'BILLING' ? { ...fields, secret } : fields)
  return {
    record: { ...approved, approvals: record.approvals + 1 },
    transaction: approval(record.payment, nowMs, transactionKey, 'api'),
    isNews: true,
  }
}

function issueAccount(record: PaymentRecord, nowMs: number, transactionKey: string, secret: string): Change {
  const dueAtMs = record.dueAtMs ?? nowMs + DEPOSIT_MS
  const waiting = changed(record, {
    status: 'WAITING_FOR_DEPOSIT',
    lastTransactionKey: transactionKey,
    secret,
    virtualAccount: {
      accountType: record.accountType ?? '일반',
      // Toss: numbers of test accounts begin with X.
      accountNumber: `X${digitsOf(transactionKey, 13)}`,
      bankCode: record.bankCode,
      customerName: record.customerName,
      depositorName: record.customerName,
      dueDate: seoulInstant(dueAtMs),
      refundStatus: 'NONE',
      expired: false,
      settlementStatus: 'INCOMPLETED',
      refundReceiveAccount: record.refundReceiveAccount ?? null,
    },
  })
  return { record: { ...waiting, dueAtMs }, isNews: true }
}

export function deposit(record: PaymentRecord, nowMs: number, transactionKey: string): Change {
  need(record, ['WAITING_FOR_DEPOSIT'], 'deposit')
  const deposited = changed(record, taken(record, nowMs, transactionKey))
  return {
    record: { ...deposited, approvals: record.approvals + 1 },
    transaction: approval(record.payment, nowMs, transactionKey, 'console'),
    isNews: true,
  }
}

/** The bank takes a deposit back: the payment waits again, which is why a status is never final news. */
export function reverse(record: PaymentRecord, nowMs: number, transactionKey: string): Change {
  need(record, ['DONE'], 'reverse')
  const { payment } = record
  if (record.method !== 'VIRTUAL_ACCOUNT') {
    throw new TossError('INVALID_REQUEST', 'only the deposit to a virtual account can be reversed')
  }
  return {
    record: changed(record, {
      status: 'WAITING_FOR_DEPOSIT',
      approvedAt: null,
      lastTransactionKey: transactionKey,
      // No cash came in after all.
      cashReceipt: null,
      cashReceipts: null,
    }),
    transaction: {
      ...approval(payment, nowMs, transactionKey, 'console'),
      kind: 'cancel',
      amount: payment.balanceAmount,
      reason: 'deposit reversed',
    },
    isNews: true,
  }
}

/** The bank tells how the way of the money back went; Toss sends nothing about it. */
export function tellRefund(record: PaymentRecord, refundStatus: (typeof refundStatuses)[number]): Change {
  const { virtualAccount, approvedAt, cancels } = record.payment
  if (!virtualAccount || approvedAt === null || cancels === null) {
    throw new TossError('INVALID_REQUEST', 'only a deposit that was canceled is on its way back')
  }
  return { record: changed(record, { virtualAccount: { ...virtualAccount, refundStatus } }), isNews: false }
}

function taken(record: PaymentRecord, nowMs: number, transactionKey: string): Partial<Payment> {
  return {
    status: 'DONE',
    approvedAt: seoulInstant(nowMs),
    lastTransactionKey: transactionKey,
    ...amountsOf(record.payment.totalAmount, record.payment.taxFreeAmount, record.payment.currency),
    ...issuedReceipt(record.payment, record.cashReceipt, transactionKey, nowMs),
    receipt: record.method === 'FOREIGN_EASY_PAY' ? null : { url: receiptUrlOf(record) },
  }
}

function approval(payment: Payment, nowMs: number, transactionKey: string, origin: Transaction['origin']): Transaction {
  const { paymentKey, orderId, totalAmount } = payment
  return { transactionKey, paymentKey, orderId, kind: 'approve', amount: totalAmount, at: seoulInstant(nowMs), origin }
}
