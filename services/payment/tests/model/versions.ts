import type { Payment } from '../../src/domain/payment.ts'

/** What no step from one version to the next may do, whatever led to it. */
export const stepProblems = (before: Payment, after: Payment): string[] => {
  const { orderId, amountKrw, refundedKrw, reservedKrw, version } = after
  const problems: string[] = []
  const must = (holds: boolean, text: string) => {
    if (!holds) problems.push(`${orderId} at version ${version}: ${text}`)
  }
  must(refundedKrw >= 0 && reservedKrw >= 0, `${refundedKrw} refunded, ${reservedKrw} reserved`)
  must(refundedKrw + reservedKrw <= amountKrw, `${refundedKrw} refunded and ${reservedKrw} reserved of ${amountKrw}`)
  must(Number.isSafeInteger(refundedKrw) && Number.isSafeInteger(reservedKrw), 'an amount is no whole number')
  must(version === before.version + 1, `follows version ${before.version}`)
  const wasPaid = ['PAID', 'PARTIAL_REFUND', 'REFUNDED'].includes(before.status)
  must(!(wasPaid && ['FAILED', 'CONFIRMING', 'PENDING'].includes(after.status)), `${before.status} → ${after.status}`)
  must(refundedKrw >= before.refundedKrw, `${before.refundedKrw} → ${refundedKrw} refunded`)
  return problems
}
