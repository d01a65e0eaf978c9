import type { Durations } from './durations.ts'
import {
  type Attempt,
  failAttempt,
  failRefund,
  openAttempt,
  orderExpired,
  type Payment,
  type Refund,
  withAttempt,
} from './payment.ts'

/** One cancel in Toss's books. Instants as Dates, amounts in KRW. */
export type TossCancel = {
  readonly transactionKey: string
  readonly cancelAmount: number
  readonly cancelReason: string
  /** DONE at once for domestic methods; IN_PROGRESS, then DONE or ABORTED for overseas wallets. */
  readonly cancelStatus: string
  readonly canceledAt: Date
}

/** What we read of Toss's Payment object. Statuses are text: Toss may add some without notice. */
export type TossPayment = {
  readonly paymentKey: string
  readonly orderId: string
  readonly status: string
  readonly totalAmount: number
  readonly balanceAmount: number
  readonly currency: string
  readonly mId?: string | undefined
  readonly method?: string | undefined
  readonly approvedAt?: Date | undefined
  readonly receiptUrl?: string | undefined
  readonly lastTransactionKey?: string | undefined
  readonly cancels: readonly TossCancel[]
  readonly virtualAccount?:
    | { bankCode: string; accountNumber: string; customerName: string; dueAt?: Date | undefined; isExpired: boolean }
    | undefined
  readonly failure?: { code: string; message: string } | undefined
}

/** What a look at one paymentKey found. */
export type Evidence = { readonly kind: 'found'; readonly toss: TossPayment } | { readonly kind: 'not-found' }

/**
 * - `decided`: the evidence was taken in (or was known already)
 * - `undecided`: Toss has not decided about this key yet
 * - `stale`: it knows less than we do and changed nothing; look again
 * - `foreign`: the key belongs to another order
 */
export type Verdict = 'decided' | 'undecided' | 'stale' | 'foreign'

export type Reconciled = { readonly payment: Payment; readonly verdict: Verdict }

const VIRTUAL_ACCOUNT_METHODS = new Set(['가상계좌', 'VIRTUAL_ACCOUNT', 'Virtual account'])

/** The suffix of a cancel's reason that names our refund in Toss's books. */
export const refundTag = (refundId: string): string => ` #${refundId}`

/** What else evidence is judged by. `newId` names an attempt that Toss tells us of; `mId` is our merchant id where it is configured. */
export type ReconcileContext = {
  readonly durations: Durations
  readonly now: Date
  readonly newId: string
  readonly mId?: string | undefined
}

/**
 * The only road by which news from Toss changes a payment. Pure and total: any evidence in any state has an answer, unknown
 * statuses and fields break nothing. It judges per paymentKey and never lets older evidence undo newer.
 */
export const reconcile = (
  payment: Payment,
  paymentKey: string,
  evidence: Evidence,
  context: ReconcileContext,
): Reconciled => {
  const attempt = payment.attempts.find((candidate) => candidate.paymentKey === paymentKey)
  const hasMoney = attempt?.outcome === 'ACCEPTED' || attempt?.outcome === 'VOID'
  if (evidence.kind === 'not-found') return { payment, verdict: nothingNew(attempt, hasMoney) }
  const { toss } = evidence
  if (toss.orderId !== payment.orderId) return foreign(payment, attempt)
  if (
    toss.totalAmount !== payment.amountKrw ||
    toss.currency !== 'KRW' ||
    (context.mId !== undefined && toss.mId !== context.mId)
  ) {
    // Without money and without an attempt of ours it is a window that nobody confirmed.
    if (attempt === undefined && !isHolding(toss)) return { payment, verdict: 'decided' }
    return {
      payment: flag(payment, 'Toss has this order with another amount, currency or merchant', context.now, true),
      verdict: 'undecided',
    }
  }
  switch (toss.status) {
    case 'DONE':
    case 'PARTIAL_CANCELED':
      return money(payment, attempt, toss, context)
    case 'CANCELED':
      return toss.approvedAt === undefined
        ? canceledUnpaid(payment, attempt, context.now)
        : money(payment, attempt, toss, context)
    case 'WAITING_FOR_DEPOSIT':
      return waiting(payment, attempt, toss, context)
    case 'ABORTED':
    case 'EXPIRED':
      return ended(payment, attempt, toss, context.now)
    default:
      return { payment, verdict: nothingNew(attempt, hasMoney) }
  }
}

const isHolding = (toss: TossPayment): boolean =>
  ['DONE', 'PARTIAL_CANCELED', 'WAITING_FOR_DEPOSIT'].includes(toss.status) ||
  (toss.status === 'CANCELED' && toss.approvedAt !== undefined)

const nothingNew = (attempt: Attempt | undefined, hasMoney: boolean): Verdict => {
  if (hasMoney) return 'stale'
  return attempt !== undefined && attempt.outcome === undefined ? 'undecided' : 'decided'
}

export const flag = (payment: Payment, reason: string, at: Date, stopsPosts: boolean): Payment =>
  payment.needsAttention !== undefined && (payment.needsAttention.stopsPosts || !stopsPosts)
    ? payment
    : { ...payment, needsAttention: { reason, at, stopsPosts } }

/** The key names another order: this attempt fails and the key is free for the order that it belongs to. */
const foreign = (payment: Payment, attempt: Attempt | undefined): Reconciled => {
  if (attempt === undefined || attempt.outcome !== undefined) return { payment, verdict: 'foreign' }
  const failed = failAttempt(payment, attempt.id, {
    code: 'ORDER_ID_MISMATCH',
    message: 'the paymentKey belongs to another order',
    httpStatus: 502,
  })
  return { payment: withAttempt(failed, attempt.id, ({ paymentKey: _, ...kept }) => kept), verdict: 'foreign' }
}

const ended = (payment: Payment, attempt: Attempt | undefined, toss: TossPayment, now: Date): Reconciled => {
  if (attempt === undefined) return { payment, verdict: 'decided' }
  if (attempt.outcome === undefined) {
    const failure = attempt.refusal ?? {
      code: toss.failure?.code ?? (toss.status === 'EXPIRED' ? 'NOT_FOUND_PAYMENT_SESSION' : 'PAY_PROCESS_ABORTED'),
      message: toss.failure?.message ?? 'the payment was not approved',
      httpStatus: 400,
    }
    return { payment: failAttempt(payment, attempt.id, failure), verdict: 'decided' }
  }
  if (attempt.outcome !== 'ACCEPTED') return { payment, verdict: 'decided' }
  if (payment.status === 'WAITING_FOR_DEPOSIT') return { payment: lapse(payment, attempt), verdict: 'decided' }
  return {
    payment: flag(payment, `Toss says ${toss.status} for the paymentKey that paid`, now, false),
    verdict: 'stale',
  }
}

/** The account was never paid. The attempt ends, so that another may pay; a late deposit is evidence as any other. */
const lapse = (payment: Payment, attempt: Attempt): Payment => {
  const { paymentKey: _, ...rest } = withAttempt(
    failOpenRefunds(payment, 'the deposit lapsed'),
    attempt.id,
    (kept) => ({
      ...kept,
      outcome: 'FAILED',
      failure: orderExpired,
    }),
  )
  return { ...rest, status: 'FAILED', failure: orderExpired }
}

const failOpenRefunds = (payment: Payment, message: string): Payment =>
  payment.refunds
    .filter(({ status }) => status === 'REQUESTED')
    .reduce(
      (next, { id }) => failRefund(next, id, { code: 'NOT_CANCELABLE_PAYMENT', message, httpStatus: 400 }),
      payment,
    )

/** Makes sure that the payment knows an attempt with this key; Toss may know of one that we never began. */
const known = (payment: Payment, attempt: Attempt | undefined, toss: TossPayment, { now, newId }: ReconcileContext) => {
  if (attempt !== undefined) return { payment, attempt }
  const added: Attempt = { id: newId, keyNo: 1, paymentKey: toss.paymentKey, startedAt: now, looks: 0 }
  return { payment: { ...payment, attempts: [...payment.attempts, added] }, attempt: added }
}

/** Money beside the payment's own is given back in full, under a key of its own, and touches nothing else. */
const voided = (payment: Payment, attempt: Attempt, toss: TossPayment, now: Date): Reconciled => {
  const isDone = toss.balanceAmount === 0 || toss.status === 'CANCELED'
  if (attempt.void?.status === 'DONE') return { payment, verdict: isDone ? 'decided' : 'stale' }
  if (isDone) {
    const keyNo = attempt.void?.keyNo ?? 1
    return {
      payment: withAttempt(payment, attempt.id, (kept) => ({
        ...kept,
        outcome: 'VOID',
        void: { keyNo, status: 'DONE' },
      })),
      verdict: 'decided',
    }
  }
  const isDeposited = toss.status !== 'WAITING_FOR_DEPOSIT' && VIRTUAL_ACCOUNT_METHODS.has(toss.method ?? '')
  if (isDeposited) {
    const blocked = withAttempt(payment, attempt.id, (kept) => ({
      ...kept,
      outcome: 'VOID',
      void: { keyNo: 1, status: 'BLOCKED' },
    }))
    return {
      payment:
        attempt.void?.status === 'BLOCKED'
          ? payment
          : flag(blocked, 'a second deposit must be paid back by hand', now, false),
      verdict: 'decided',
    }
  }
  if (attempt.void !== undefined) return { payment, verdict: 'decided' }
  return {
    payment: withAttempt(payment, attempt.id, (kept) => ({
      ...kept,
      outcome: 'VOID',
      void: { keyNo: 1, status: 'REQUESTED' },
    })),
    verdict: 'decided',
  }
}

const waiting = (
  before: Payment,
  found: Attempt | undefined,
  toss: TossPayment,
  context: ReconcileContext,
): Reconciled => {
  const { now } = context
  const account = toss.virtualAccount
  const isLapsed =
    account?.isExpired === true ||
    (account?.dueAt !== undefined && now.getTime() > account.dueAt.getTime() + context.durations.depositLapseMs)
  if (isLapsed && (found === undefined || found.outcome === 'FAILED')) return { payment: before, verdict: 'decided' }
  const { payment, attempt } = known(before, found, toss, context)
  if (payment.paymentKey !== undefined && payment.paymentKey !== toss.paymentKey)
    return voided(payment, attempt, toss, now)
  if (payment.status === 'PARTIAL_REFUND' || payment.status === 'REFUNDED' || payment.status === 'CANCELED') {
    return { payment: before, verdict: 'stale' }
  }
  // A bank takes a deposit back: an open refund of it cannot happen any more.
  const base = payment.status === 'PAID' ? failOpenRefunds(payment, 'the bank reversed the deposit') : payment
  const accepted = withAttempt(base, attempt.id, (kept) => accept(kept))
  if (isLapsed) return { payment: lapse(accepted, attempt), verdict: 'decided' }
  const { approvedAt: _, failure: __, ...rest } = accepted
  const { dueAt, ...shown } = { bankCode: '', accountNumber: '', customerName: '', ...account }
  const next: Payment = {
    ...rest,
    status: 'WAITING_FOR_DEPOSIT',
    paymentKey: toss.paymentKey,
    ...(toss.method === undefined ? {} : { method: toss.method }),
    virtualAccount: {
      bankCode: shown.bankCode,
      accountNumber: shown.accountNumber,
      customerName: shown.customerName,
      ...(dueAt === undefined ? {} : { dueAt }),
    },
  }
  // Toss sends nothing when an account lapses, so it is asked from the due date on, hourly.
  const lookAt = new Date(Math.max(dueAt?.getTime() ?? 0, now.getTime() + context.durations.depositLookMs))
  const isScheduled = payment.status === 'WAITING_FOR_DEPOSIT' && payment.scheduledLooks.some(({ at }) => at > now)
  return {
    payment: isScheduled
      ? keepIfSame(before, next)
      : { ...next, scheduledLooks: later(next, toss.paymentKey, [lookAt]) },
    verdict: 'decided',
  }
}

const accept = ({ failure: _, refusal: __, ...kept }: Attempt): Attempt => ({ ...kept, outcome: 'ACCEPTED' })

/** Looks to come; those already past are done or about to be. */
const later = (payment: Payment, paymentKey: string, instants: readonly Date[]) => [
  ...payment.scheduledLooks,
  ...instants.map((at) => ({ paymentKey, at })),
]

const canceledUnpaid = (payment: Payment, attempt: Attempt | undefined, now: Date): Reconciled => {
  if (attempt === undefined) return { payment, verdict: 'decided' }
  if (attempt.outcome === 'VOID') {
    const done = withAttempt(payment, attempt.id, (kept) => ({
      ...kept,
      void: { keyNo: kept.void?.keyNo ?? 1, status: 'DONE' },
    }))
    return { payment: attempt.void?.status === 'DONE' ? payment : done, verdict: 'decided' }
  }
  switch (payment.status) {
    case 'CONFIRMING':
    case 'WAITING_FOR_DEPOSIT': {
      const refunds = payment.refunds.map(
        ({ refundReceiveAccount: _, ...refund }): Refund =>
          refund.status === 'REQUESTED'
            ? { ...refund, status: 'DONE', refundedAt: now, statusAfter: 'CANCELED' }
            : refund,
      )
      const closed = withAttempt({ ...payment, refunds }, attempt.id, (kept) => accept(kept))
      const isElse = openAttempt(closed) !== undefined
      return {
        payment: isElse ? closed : { ...closed, status: 'CANCELED', paymentKey: attempt.paymentKey ?? '' },
        verdict: 'decided',
      }
    }
    case 'CANCELED':
    case 'PENDING':
    case 'FAILED':
      return { payment, verdict: 'decided' }
    case 'PAID':
    case 'PARTIAL_REFUND':
    case 'REFUNDED':
      return { payment: flag(payment, 'Toss canceled, unpaid, what it had approved', now, false), verdict: 'stale' }
  }
}

const money = (
  before: Payment,
  found: Attempt | undefined,
  toss: TossPayment,
  context: ReconcileContext,
): Reconciled => {
  const { payment, attempt } = known(before, found, toss, context)
  if (payment.paymentKey !== undefined && payment.paymentKey !== toss.paymentKey)
    return voided(payment, attempt, toss, context.now)
  const seen = new Set(toss.cancels.map(({ transactionKey }) => transactionKey))
  const isMissing = payment.refunds.some(
    ({ transactionKey }) => transactionKey !== undefined && !seen.has(transactionKey),
  )
  if (isMissing || payment.status === 'CANCELED') return { payment: before, verdict: 'stale' }

  const applied = toss.cancels.reduce(applyCancel, payment)
  const capturedBack = toss.totalAmount - toss.balanceAmount
  if (applied.refundedKrw !== capturedBack) {
    // The list and the balance contradict each other: half an answer decides nothing about money.
    return {
      payment: flag(before, "Toss's balance and its list of cancels disagree", context.now, false),
      verdict: 'stale',
    }
  }
  const shrunk = shrink(applied)
  const status = toss.balanceAmount === 0 ? 'REFUNDED' : shrunk.refundedKrw > 0 ? 'PARTIAL_REFUND' : 'PAID'
  const isNewDeposit = toss.virtualAccount !== undefined && status === 'PAID' && payment.status !== 'PAID'
  const { failure: _, ...rest } = withAttempt(shrunk, attempt.id, accept)
  const next: Payment = {
    ...rest,
    status,
    paymentKey: toss.paymentKey,
    ...(toss.method === undefined ? {} : { method: toss.method }),
    ...(toss.approvedAt === undefined ? {} : { approvedAt: toss.approvedAt }),
    ...(toss.receiptUrl === undefined ? {} : { receiptUrl: toss.receiptUrl }),
    refunds: rest.refunds.map((refund) =>
      refund.status === 'DONE' && refund.statusAfter === undefined ? { ...refund, statusAfter: status } : refund,
    ),
    ...(isNewDeposit
      ? {
          scheduledLooks: later(
            rest,
            toss.paymentKey,
            context.durations.reversalLooksMs.map((ms) => new Date(context.now.getTime() + ms)),
          ),
        }
      : {}),
  }
  return { payment: keepIfSame(before, next), verdict: 'decided' }
}

/** Matched by transactionKey, else by the tag in its reason; only one with neither was made in Toss's console. */
const applyCancel = (payment: Payment, cancel: TossCancel): Payment => {
  const refund =
    payment.refunds.find(({ transactionKey }) => transactionKey === cancel.transactionKey) ??
    payment.refunds.find(
      ({ id, transactionKey }) => transactionKey === undefined && cancel.cancelReason.endsWith(refundTag(id)),
    )
  if (refund?.status === 'DONE') return payment
  if (cancel.cancelStatus === 'ABORTED') {
    const failure = { code: 'REFUND_REJECTED', message: 'the refund was aborted', httpStatus: 400 }
    return refund === undefined ? payment : failRefund(payment, refund.id, failure)
  }
  if (cancel.cancelStatus !== 'DONE') {
    if (refund === undefined || refund.transactionKey !== undefined) return payment
    return replaceRefund(payment, { ...refund, transactionKey: cancel.transactionKey })
  }
  const done = {
    amountKrw: cancel.cancelAmount,
    status: 'DONE',
    transactionKey: cancel.transactionKey,
    refundedAt: cancel.canceledAt,
  } as const
  const refundedKrw = payment.refundedKrw + cancel.cancelAmount
  if (refund === undefined) {
    const byHand: Refund = {
      id: `console-${cancel.transactionKey}`,
      keyNo: 1,
      reason: cancel.cancelReason,
      origin: 'CONSOLE',
      requestedAt: cancel.canceledAt,
      ...done,
    }
    return { ...payment, refundedKrw, refunds: [...payment.refunds, byHand] }
  }
  const { refundReceiveAccount: _, failure: __, refusal: ___, ...kept } = refund
  // One that we had given up and that did happen is corrected; its reservation was released then.
  const reservedKrw = payment.reservedKrw - (refund.status === 'REQUESTED' ? refund.amountKrw : 0)
  return replaceRefund({ ...payment, refundedKrw, reservedKrw }, { ...kept, ...done })
}

const replaceRefund = (payment: Payment, refund: Refund): Payment => ({
  ...payment,
  refunds: payment.refunds.map((candidate) => (candidate.id === refund.id ? refund : candidate)),
})

/** A console cancel may leave less than is reserved: then the youngest requests fail in the same write. */
const shrink = (payment: Payment): Payment => {
  let next = payment
  for (const { id, status } of [...payment.refunds].reverse()) {
    if (next.refundedKrw + next.reservedKrw <= next.amountKrw) break
    if (status === 'REQUESTED')
      next = failRefund(next, id, {
        code: 'NOT_CANCELABLE_AMOUNT',
        message: 'less remains after a cancel elsewhere',
        httpStatus: 403,
      })
  }
  return next
}

/** The very same object when nothing changed, so that a look without news writes nothing. */
const keepIfSame = (before: Payment, next: Payment): Payment => (canonical(before) === canonical(next) ? before : next)

/** Undefined fields vanish and keys are sorted: the two sides may have been built in another order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner) && !(inner instanceof Date)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
