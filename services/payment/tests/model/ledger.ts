/**
 * What the outside knows: what buyers, shop and bank did, and what clients were told. It knows no protocol: no attempts, keys,
 * leases or versions. What was told must be true for ever, and what was refused must have a reason out here.
 */
export type Window = {
  readonly paymentKey: string
  readonly isDeclined: boolean
  readonly openedAtMs: number
  /** Whether anybody asked us to confirm it, and with which amount. */
  asked: 'never' | 'wrong amount' | 'yes'
  /** The last that was told of it; `open` is everything that leaves the outcome open. */
  told: 'nothing' | 'open' | 'paid' | 'waiting' | 'refused'
  /** Refused for good; while another window is being confirmed nothing is written down, and asking again is asking anew. */
  isRefusalKept: boolean
  /** A buyer who has closed the page asks no second time. */
  asksAgain: boolean
  /** Confirmed at Toss by somebody else. */
  isApprovedElsewhere: boolean
}

export type Refund = {
  readonly key: string
  /** Undefined asks for all that is left. */
  readonly askedKrw: number | undefined
  told: 'open' | 'done' | 'refused'
  /** Refused by Toss, which is remembered; else nothing was written down, and asking again is asking anew. */
  isRefusalKept: boolean
  amountKrw: number
  refundId?: string
  /** A client that does not wait for its answer asks no second time. */
  readonly asksAgain: boolean
}

export type Sale = {
  readonly orderId: string
  readonly amountKrw: number
  readonly expiresAtMs: number
  /** Paid by deposits to one virtual account, or by cards in any number of windows. */
  readonly means: 'card' | 'account'
  readonly windows: Window[]
  readonly refunds: Refund[]
  /** Canceled in Toss's console. */
  readonly consoleKrw: Map<string, number>
  /** The bank took a deposit back at least once: an open refund may then be refused, and paid is not for ever. */
  isReversed: boolean
}

/** Toss: from the buyer's authentication to the confirm. */
const SESSION_MS = 10 * 60_000

export const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, n) => total + n, 0)

const consoleOf = (sale: Sale): number => sum(sale.consoleKrw.values())

/** What may have gone back at the most: what was told done, and what nobody knows the end of. */
const mayBeRefundedKrw = (sale: Sale): number => {
  const asked = sale.refunds.filter(({ told }) => told !== 'refused')
  if (asked.some(({ told, askedKrw }) => told === 'open' && askedKrw === undefined)) return sale.amountKrw
  return (
    consoleOf(sale) + sum(asked.map(({ told, askedKrw, amountKrw }) => (told === 'done' ? amountKrw : (askedKrw ?? 0))))
  )
}

/** Why a confirm may be refused so; undefined when nothing out here explains it. */
export const reasonToRefuseConfirm = (
  sale: Sale,
  window: Window,
  code: string,
  asked: { amountKrw: number; nowMs: number },
): string | undefined => {
  const others = sale.windows.filter((other) => other !== window)
  switch (code) {
    case 'AMOUNT_MISMATCH':
      return asked.amountKrw === sale.amountKrw ? undefined : 'the amount is another'
    case 'ORDER_EXPIRED':
      return asked.nowMs >= sale.expiresAtMs ? 'the order is too old' : undefined
    case 'ALREADY_PROCESSED':
      return others.some((other) => other.asked === 'yes' || other.isApprovedElsewhere) ? 'another window' : undefined
    case 'TOSS_API_ERROR':
      if (window.isDeclined) return 'the card was declined'
      return asked.nowMs >= window.openedAtMs + SESSION_MS ? "Toss's session was over" : undefined
    default:
      return undefined
  }
}

/** Why a refund may be refused so. */
export const reasonToRefuseRefund = (sale: Sale, code: string, askedKrw: number | undefined): string | undefined => {
  const isKnownPaid = !sale.isReversed && sale.windows.some(({ told }) => told === 'paid')
  switch (code) {
    case 'CANNOT_CANCEL_ORDER':
      return isKnownPaid ? undefined : 'nobody was told that it is paid'
    case 'IN_PROGRESS':
      return isKnownPaid ? undefined : 'a confirm may be under way'
    case 'INVALID_PAYMENT_STATUS':
      if (mayBeRefundedKrw(sale) >= sale.amountKrw) return 'all may have gone back'
      return sale.means === 'account' ? 'the deposit may be awaited' : undefined
    case 'INVALID_REFUND_AMOUNT':
      return mayBeRefundedKrw(sale) + (askedKrw ?? 1) > sale.amountKrw ? 'less may be left' : undefined
    case 'TOSS_API_ERROR':
      return consoleOf(sale) > 0 || sale.isReversed || sale.means === 'account' ? 'less was left at Toss' : undefined
    default:
      return undefined
  }
}

/** What an order must come to where Toss has taken so much and given back so much of it. */
export const statusOf = (
  sale: Sale,
  money: { takenKrw: number; backKrw: number; isWaiting: boolean; isCanceledUnpaid: boolean },
): readonly string[] => {
  if (money.takenKrw > 0) {
    if (money.backKrw === 0) return ['PAID']
    return money.backKrw < sale.amountKrw ? ['PARTIAL_REFUND'] : ['REFUNDED']
  }
  if (money.isWaiting) return ['WAITING_FOR_DEPOSIT']
  return money.isCanceledUnpaid ? ['CANCELED'] : ['PENDING', 'FAILED']
}
