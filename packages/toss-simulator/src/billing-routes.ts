import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { charge, issueBillingKey, removeBillingKey } from './billing.ts'
import { registerCard } from './billing-card.ts'
import { jsonOf, parseAs, textIn } from './body.ts'
import { messageOf } from './errors.ts'
import * as fields from './fields.ts'
import { newAuthKey } from './ids.ts'
import { webAddress, withParameters } from './redirects.ts'
import type { Routes } from './routes.ts'
import { sendJson, serve } from './serve.ts'
import type { World } from './world.ts'

const CARDS_SHOWN = 100

const registerRequest = z.strictObject({
  customerKey: fields.customerKey.max(300),
  declineCode: fields.errorCode.nullable().default(null),
})
const removeRequest = z.strictObject({ reason: z.string().max(200).nullable().default(null) }).default({ reason: null })

const leaving = { customerKey: fields.customerKey.max(300), successUrl: webAddress, failUrl: webAddress }
const leaveRequest = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('success'), declineCode: fields.errorCode.optional(), ...leaving }),
  z.strictObject({ outcome: z.literal('decline'), code: fields.errorCode, ...leaving }),
  z.strictObject({ outcome: z.literal('close'), ...leaving }),
])

/** Charges without a window: the calls of a merchant's server, and what the customer and the card company do. */
export function addBilling(routes: Routes, world: World): void {
  const { books, clock, effects } = world

  routes.add('POST', '/v1/billing/authorizations/issue', async ({ req, res, body }) => {
    const run = () => issueBillingKey(world, jsonOf(body))
    await serve(world, req, res, { operation: 'issueBillingKey', subject: {}, run })
  })

  routes.add('POST', '/v1/billing/:billingKey', async ({ req, res, params: { billingKey }, body }) => {
    const asked = jsonOf(body)
    const run = () => charge(world, billingKey, asked)
    await serve(world, req, res, { operation: 'charge', subject: { orderId: textIn(asked, 'orderId') }, run })
  })

  routes.add('DELETE', '/v1/billing/:billingKey', async ({ req, res, params: { billingKey } }) => {
    const run = () => removeBillingKey(world, billingKey)
    await serve(world, req, res, { operation: 'removeBillingKey', subject: {}, run })
  })

  routes.add('GET', '/simulator/billing', async ({ res }) => {
    await tell(res, [...books.cards.values()].slice(-CARDS_SHOWN))
  })

  routes.add('POST', '/simulator/billing', async ({ res, body }) => {
    const { customerKey, declineCode } = parseAs(registerRequest, jsonOf(body))
    await tell(res, { authKey: register(customerKey, declineCode), customerKey })
  })

  routes.add('POST', '/simulator/billing/leave', async ({ res, body }) => {
    const leave = parseAs(leaveRequest, jsonOf(body))
    const { customerKey, successUrl, failUrl } = leave
    if (leave.outcome === 'success') {
      const authKey = register(customerKey, leave.declineCode ?? null)
      return tell(res, { redirectTo: withParameters(successUrl, { customerKey, authKey }) })
    }
    const code = leave.outcome === 'close' ? 'PAY_PROCESS_CANCELED' : leave.code
    await tell(res, { redirectTo: withParameters(failUrl, { code, message: messageOf(code) }) })
  })

  routes.add('POST', '/simulator/billing/:billingKey/remove', async ({ res, params: { billingKey }, body }) => {
    const { reason } = parseAs(removeRequest, jsonOf(body))
    const { effect = {} } = removeBillingKey(world, billingKey, reason)
    effects.commit(effect)
    await tell(res, {})
  })

  function register(customerKey: string, declineCode: string | null): string {
    const card = registerCard(newAuthKey(), { customerKey, declineCode }, clock.now())
    effects.commit({ card })
    return card.authKey
  }

  async function tell(res: ServerResponse, body: unknown): Promise<void> {
    await books.durable()
    sendJson(res, { status: 200, body })
  }
}
