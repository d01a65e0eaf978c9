import { AppError, invalidInput } from '@checkout/contracts/errors'
import type { Clock } from '@checkout/runtime/clock'
import type { Durations } from './domain/durations.ts'
import type { Payment } from './domain/payment.ts'
import { isResolution, needsTwoOperators, possibleResolutions, type Resolution, resolve } from './domain/resolution.ts'
import type { ResolutionProposals } from './resolution-proposals.ts'
import type { PaymentStore } from './store.ts'

/** Long enough to say why, short enough for a history that holds two hundred of them. */
const MAX_REASON_LENGTH = 300

export type ResolveDeps = {
  readonly store: Pick<PaymentStore, 'findByOrder' | 'update'>
  readonly proposals: ResolutionProposals
  readonly clock: Pick<Clock, 'now'>
  readonly hint: (paymentId: string, due: Date) => void
  readonly config: { readonly durations: Durations; readonly proposalMs: number }
}

export type Resolved = {
  readonly payment: Payment
  readonly isDone: boolean
  readonly operators: readonly string[]
  /** Why this did not count as agreeing to an earlier proposal. */
  readonly note: string
}

/**
 * A person's decision about a payment. Where two have to agree, the first proposes and the second, asking for the same at the same
 * version, decides. The one write that decides holds only at the version that both have seen.
 * @throws AppError PAYMENT_NOT_FOUND, INVALID_INPUT_VALUE, INVALID_PAYMENT_STATUS
 */
export const resolvePayment = async (
  deps: ResolveDeps,
  request: { orderId: string; resolution: string; reason: string },
  operator: string,
): Promise<Resolved> => {
  const { store, proposals, clock, config } = deps
  const payment = await store.findByOrder(request.orderId)
  if (payment === undefined) throw new AppError('PAYMENT_NOT_FOUND')
  const { resolution, reason } = read(request, payment)
  // Refuses what is not for this payment before anybody is asked to agree to it.
  resolve(payment, resolution, clock.now(), config.durations)
  const decideBy = async (operators: readonly string[], why: string): Promise<Resolved> => {
    const cause = `resolved as ${resolution} by ${operators.join(' and ')}: ${why}`
    const written = await store.update(payment._id, cause, (current, now) => {
      if (current.version !== payment.version) throw new AppError('INVALID_PAYMENT_STATUS', { detail: movedOn })
      return resolve(current, resolution, now, config.durations)
    })
    // One that a crash leaves here names a version that has passed, so that nobody can agree to it any more.
    await proposals.remove(payment._id)
    deps.hint(payment._id, clock.now())
    return { payment: written.payment, isDone: true, operators, note: '' }
  }
  if (!needsTwoOperators(payment, resolution)) return decideBy([operator], reason)

  const known = await proposals.find(payment._id)
  const isSame = known?.resolution === resolution && known.version === payment.version
  if (known !== undefined && isSame && known.operator !== operator)
    return decideBy([known.operator, operator], `${known.reason} / ${reason}`)
  if (known === undefined || !isSame) {
    const proposedAt = clock.now()
    const expireAt = new Date(proposedAt.getTime() + config.proposalMs)
    await proposals.save({
      _id: payment._id,
      resolution,
      reason,
      operator,
      version: payment.version,
      proposedAt,
      expireAt,
    })
  }
  return { payment, isDone: false, operators: [operator], note: noteOn(known, payment, resolution) }
}

const movedOn = 'the payment has changed meanwhile; look at it again'

const noteOn = (
  known: { operator: string; resolution: Resolution; version: number } | undefined,
  payment: Payment,
  resolution: Resolution,
) => {
  if (known === undefined) return ''
  if (known.resolution !== resolution) return `it replaces ${known.resolution}, which ${known.operator} had proposed`
  if (known.version !== payment.version)
    return `${known.operator} had proposed it at version ${known.version}, and the payment has changed since`
  return 'you have proposed it already; somebody else has to agree'
}

const read = (request: { resolution: string; reason: string }, payment: Payment) => {
  const reason = request.reason.trim()
  if (reason === '') throw invalidInput('reason', 'is needed: say why, for whoever reads this in a year')
  if (reason.length > MAX_REASON_LENGTH) throw invalidInput('reason', `must be at most ${MAX_REASON_LENGTH} characters`)
  const { resolution } = request
  if (!isResolution(resolution)) {
    const possible = possibleResolutions(payment)
    throw invalidInput(
      'resolution',
      possible.length === 0 ? 'is none, and none is possible now' : `must be one of ${possible.join(', ')}`,
    )
  }
  return { resolution, reason }
}
