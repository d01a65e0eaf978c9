import { randomUUID } from 'node:crypto'
import { type Json, type Merchant, openShop, type Reply, type Shop } from './merchant.ts'

export type CardShop = Shop & { cards: Cards }
export type Card = { billingKey: string; customerKey: string }

export const newOrderId = (): string => `ORD-${randomUUID()}`

/** What a merchant's server does with cards that its customers registered. */
export class Cards {
  readonly #merchant: Merchant

  constructor(merchant: Merchant) {
    this.#merchant = merchant
  }

  /** A customer registers a card in the window. */
  async register(wanted: Json = {}): Promise<{ authKey: string; customerKey: string }> {
    const asked = { customerKey: randomUUID(), ...wanted }
    const { body } = await this.#merchant.send('POST', '/simulator/billing', asked)
    return { authKey: String(body.authKey), customerKey: String(body.customerKey) }
  }

  issue(asked: Json, headers: Record<string, string> = {}): Promise<Reply> {
    return this.#merchant.api('POST', '/v1/billing/authorizations/issue', asked, headers)
  }

  async issued(wanted: Json = {}): Promise<Card> {
    const registered = await this.register(wanted)
    const { status, body } = await this.issue(registered)
    if (status !== 200) throw new Error(`not issued: ${JSON.stringify(body)}`)
    return { billingKey: String(body.billingKey), customerKey: registered.customerKey }
  }

  charge({ billingKey, customerKey }: Card, changes: Json = {}, headers: Record<string, string> = {}): Promise<Reply> {
    const asked = { customerKey, amount: 9_900, orderId: newOrderId(), orderName: 'November', ...changes }
    return this.#merchant.api('POST', pathOf(billingKey), asked, headers)
  }

  remove({ billingKey }: Card): Promise<Reply> {
    return this.#merchant.api('DELETE', pathOf(billingKey))
  }
}

export const pathOf = (billingKey: string): string => `/v1/billing/${encodeURIComponent(billingKey)}`

/** A shop whose customers register cards. */
export async function openCardShop(): Promise<CardShop> {
  const shop = await openShop()
  return { ...shop, cards: new Cards(shop.merchant) }
}
