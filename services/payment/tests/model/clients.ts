import { AppError } from '@checkout/contracts/errors'
import { cancelPayment } from '../../src/cancel-payment.ts'
import { confirmPayment } from '../../src/confirm-payment.ts'
import { type Refund, reasonToRefuseConfirm, reasonToRefuseRefund, type Sale, type Window } from './ledger.ts'
import type { World } from './world.ts'

const context = () => ({ deadline: new Date(Date.now() + 60_000), requestId: 'model' })
/** What says nothing about the outcome. */
const NOT_FINAL = ['SERVICE_UNAVAILABLE', 'GATEWAY_TIMEOUT', 'IN_PROGRESS']

const wrong = (text: string): never => {
  throw new Error(text)
}

/** Somebody asks to confirm, and the ledger takes down what is answered: a final answer must agree with all earlier ones. */
export const confirm = async (world: World, sale: Sale, window: Window, amountKrw = sale.amountKrw): Promise<void> => {
  if (amountKrw === sale.amountKrw) window.asked = 'yes'
  else if (window.asked === 'never') window.asked = 'wrong amount'
  if (window.told === 'nothing' || (window.told === 'refused' && !window.isRefusalKept)) window.told = 'open'
  const { orderId } = sale
  const { paymentKey } = window
  const answer = await world.ask((deps) => confirmPayment(deps, { orderId, paymentKey, amountKrw }, context()))
  if (answer === undefined) return
  const told = answer instanceof AppError ? toldBy(answer) : answer.status
  if (told === 'CONFIRMING') return
  const said = `confirm of ${paymentKey}: ${told}`
  if (['PAID', 'PARTIAL_REFUND', 'REFUNDED'].includes(told)) {
    // What was refused before anything was written down may be paid by somebody else later.
    if (window.told === 'refused' && !window.isApprovedElsewhere) wrong(`${said}, and it was refused before`)
    window.told = 'paid'
    return
  }
  if (told === 'WAITING_FOR_DEPOSIT' || told === 'CANCELED') {
    if (window.told === 'refused' || (window.told === 'paid' && !sale.isReversed))
      wrong(`${said}, after ${window.told}`)
    window.told = 'waiting'
    return
  }
  const reason = reasonToRefuseConfirm(sale, window, told, { amountKrw, nowMs: world.now.getTime() })
  if (reason === undefined) wrong(`${said}, for no reason that there is`)
  if (window.told === 'paid') wrong(`${said}, and it was paid`)
  // A wrong amount was asked of the same window: it may be asked once more, rightly.
  if (told === 'AMOUNT_MISMATCH') return
  window.told = 'refused'
  window.isRefusalKept = told !== 'ALREADY_PROCESSED'
}

/** A refund is asked for, or asked for again under the same key. */
export const refund = async (world: World, sale: Sale, asked: Refund): Promise<void> => {
  if (asked.told === 'refused' && !asked.isRefusalKept) asked.told = 'open'
  const request = {
    orderId: sale.orderId,
    amountKrw: asked.askedKrw,
    reason: '변심',
    idempotency: { key: asked.key, fingerprint: String(asked.askedKrw) },
    refundReceiveAccount:
      sale.means === 'account' ? { bank: '20', accountNumber: '123456789', holderName: 'Kim' } : undefined,
  }
  const answer = await world.ask((deps) => cancelPayment(deps, request, context()))
  if (answer === undefined) return
  const told = answer instanceof AppError ? toldBy(answer) : undefined
  if (answer instanceof AppError) {
    const reason = reasonToRefuseRefund(sale, answer.code, asked.askedKrw)
    const said = `refund ${asked.key} of ${asked.askedKrw ?? 'all'}: ${answer.code}`
    if (reason === undefined && !NOT_FINAL.includes(answer.code)) wrong(`${said}, for no reason that there is`)
    if (told === 'CONFIRMING') return
    if (asked.told === 'done') wrong(`${said}, and it was done`)
    asked.told = 'refused'
    asked.isRefusalKept = told === 'TOSS_API_ERROR'
    return
  }
  asked.refundId = answer.refundId
  if (!answer.isDecided) {
    if (asked.told !== 'open') wrong(`refund ${asked.key} is open, and was ${asked.told}`)
    return
  }
  if (asked.told === 'refused') wrong(`refund ${asked.key} is done, and was refused`)
  if (asked.told === 'done' && asked.amountKrw !== answer.canceledAmountKrw)
    wrong(`refund ${asked.key} is of ${answer.canceledAmountKrw}, and was of ${asked.amountKrw}`)
  if (asked.askedKrw !== undefined && sale.means === 'card' && answer.canceledAmountKrw !== asked.askedKrw)
    wrong(`refund ${asked.key} of ${asked.askedKrw} gave back ${answer.canceledAmountKrw}`)
  asked.told = 'done'
  asked.amountKrw = answer.canceledAmountKrw
}

const toldBy = ({ code }: AppError): string => (NOT_FINAL.includes(code) ? 'CONFIRMING' : code)
