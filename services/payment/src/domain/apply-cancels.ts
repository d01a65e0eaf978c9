import type { TossCancel } from './evidence.ts'
import type { Payment, Refund } from './payment.ts'
import { failRefund } from './refund.ts'

/** The suffix of a cancel's reason that names our refund in Toss's books. */
export const refundTag = (refundId: string): string => ` #${refundId}`

/** The id that `refundTag` left at the end of a reason, if there is one: of a refund, or of a voided attempt. */
export const tagOf = (reason: string): string | undefined => / #([A-Za-z0-9-]{1,64})$/.exec(reason)?.[1]

/** Matched by transactionKey, else by the tag in its reason; only one with neither was made in Toss's console. */
export const applyCancel = (payment: Payment, cancel: TossCancel): Payment => {
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
export const shrink = (payment: Payment): Payment => {
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
