import { seoulInstant } from './seoul-time.ts'

/** A card that a customer has registered, so that the shop can charge it without a window. */
export type BillingCard = Readonly<{
  /** What the window sent the customer back with; traded in once for the billing key. */
  authKey: string
  customerKey: string
  authenticatedAt: string
  /** Null until the shop has traded the authKey in. */
  billingKey: string | null
  isRemoved: boolean
  /** What its charges are declined with, or null. */
  declineCode: string | null
}>

/** A customer has registered a card in the window. */
export function registerCard(
  authKey: string,
  { customerKey, declineCode }: { customerKey: string; declineCode: string | null },
  nowMs: number,
): BillingCard {
  return {
    authKey,
    customerKey,
    authenticatedAt: seoulInstant(nowMs),
    billingKey: null,
    isRemoved: false,
    declineCode,
  }
}
