import { z } from 'zod'
import type { BillingCard } from './billing-card.ts'
import { parseAs } from './body.ts'
import { messageOf, statusOf, TossError } from './errors.ts'
import * as fields from './fields.ts'
import { newBillingKey, newPaymentKey, newSecret, newTransactionKey } from './ids.ts'
import { checkLimits } from './limits.ts'
import { CARD_NUMBERS } from './means.ts'
import { openPayment } from './open-payment.ts'
import { METHOD_NAMES } from './payment.ts'
import type { Outcome } from './serve.ts'
import { approve } from './transitions.ts'
import type { World } from './world.ts'

const issueRequest = z.object({ authKey: z.string().min(1).max(300), customerKey: fields.customerKey })

const chargeRequest = z.object({
  customerKey: fields.customerKey,
  amount: fields.won,
  orderId: fields.orderId,
  orderName: fields.orderName,
  customerName: fields.customerName.optional(),
  customerEmail: fields.customerEmail.optional(),
  customerMobilePhone: fields.customerMobilePhone.optional(),
  taxFreeAmount: fields.wonOrNone.default(0),
  cardInstallmentPlan: fields.installmentPlanMonths.default(0),
  metadata: fields.metadata.nullish(),
})

const LONGEST_CUSTOMER_KEY = 300

/** `POST /v1/billing/authorizations/issue`: the one-time authKey for a billing key, which cannot be read back later. */
export function issueBillingKey({ books }: World, body: unknown): Outcome {
  const { authKey, customerKey } = parseAs(issueRequest, body)
  // Toss: its server took 300 characters and broke at the next.
  if (customerKey.length > LONGEST_CUSTOMER_KEY) throw new TossError('FAILED_DB_PROCESSING')
  const card = books.cards.get(authKey)
  if (!card || card.billingKey !== null) throw new TossError('NOT_FOUND_BILLING')
  if (card.customerKey !== customerKey) throw new TossError('NOT_MATCHES_CUSTOMER_KEY')
  const billingKey = newBillingKey()
  const { issuerCode, acquirerCode, number } = CARD_NUMBERS
  return {
    effect: { card: { ...card, billingKey } },
    status: 200,
    body: {
      mId: 'tosspayments',
      customerKey,
      authenticatedAt: card.authenticatedAt,
      method: METHOD_NAMES.CARD,
      billingKey,
      card: { issuerCode, acquirerCode, number, cardType: '신용', ownerType: '개인' },
      cardCompany: '현대',
      cardNumber: number,
    },
  }
}

/** `POST /v1/billing/{billingKey}`: charges the card at once. Toss sends no webhook about it, well or not. */
export function charge({ books, clock, faults }: World, billingKey: string, body: unknown): Outcome {
  const asked = parseAs(chargeRequest, body)
  const card = usableCard(books.findCard(billingKey))
  if (card.customerKey !== asked.customerKey) throw new TossError('NOT_MATCHES_CUSTOMER_KEY')
  const { orderId, amount, taxFreeAmount } = asked
  if (taxFreeAmount > amount) throw new TossError('INVALID_REQUEST', 'taxFreeAmount: expected at most the amount')
  // Toss: an order id that has been used for an approval or a cancel.
  const isUsed = books.paymentsOf(orderId).some(({ payment }) => payment.lastTransactionKey !== null)
  if (isUsed) throw new TossError('DUPLICATED_ORDER_ID')
  const nowMs = clock.now()
  const { record } = openPayment(
    {
      paymentKey: newPaymentKey(),
      orderId,
      amount,
      orderName: asked.orderName,
      taxFreeAmount,
      type: 'BILLING',
      customerKey: asked.customerKey,
      hidesSecret: false,
      installmentPlanMonths: asked.cardInstallmentPlan,
      metadata: asked.metadata ?? null,
    },
    nowMs,
  )
  checkLimits(record)
  const declineCode = card.declineCode ?? faults.takeDecline('charge', { orderId })
  // No window was opened and nobody can know the paymentKey, so a declined charge leaves no payment behind.
  if (declineCode !== undefined) {
    return { status: statusOf(declineCode), body: { code: declineCode, message: messageOf(declineCode) } }
  }
  const { transaction, record: charged } = approve(record, nowMs, newTransactionKey(), newSecret())
  return {
    effect: { record: charged, ...(transaction ? { transaction } : {}), isNews: false },
    status: 200,
    body: charged.payment,
  }
}

/** `DELETE /v1/billing/{billingKey}`: 200 without a body, and BILLING_DELETED. */
export function removeBillingKey({ books }: World, billingKey: string, reason: string | null = null): Outcome {
  const card = usableCard(books.findCard(billingKey))
  return {
    effect: {
      card: { ...card, isRemoved: true },
      event: { eventType: 'BILLING_DELETED', data: { billingKey, reason } },
    },
    status: 200,
    body: undefined,
  }
}

function usableCard(card: BillingCard | undefined): BillingCard {
  if (!card) throw new TossError('INVALID_BILL_KEY_REQUEST')
  if (card.isRemoved) throw new TossError('ALREADY_REMOVED_BILLING_KEY')
  return card
}
