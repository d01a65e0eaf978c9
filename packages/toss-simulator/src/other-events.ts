import { createHmac, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { seoulInstant, seoulLocalTime } from './seoul-time.ts'

// The events that tell no payment. Those of billing keys and of cancels at overseas wallets come by themselves; brandpay, payouts
// and sellers are not imitated, but a merchant's endpoint gets theirs all the same. Each can be sent in the shape that Toss documents.

type Data = Readonly<Record<string, unknown>>

/** By event: the field of its data that tells what happened, the values that Toss documents for it, and the rest of an example. */
const events = {
  // Toss: the data has neither paymentKey nor orderId.
  CANCEL_STATUS_CHANGED: {
    field: 'cancelStatus',
    values: ['DONE', 'ABORTED'],
    example: (nowMs: number): Data => ({
      cancelAmount: 1_000,
      cancelReason: '고객 변심',
      refundableAmount: 0,
      canceledAt: seoulInstant(nowMs),
      transactionKey: '8B4F646A829571D870A3011A4E13D640',
      cancelRequestId: 'cancel-request-1',
    }),
  },
  BILLING_DELETED: {
    field: 'reason',
    values: [null],
    example: (): Data => ({ billingKey: 'Z_t5vOvQxrj4499PeiJcjen28-V2RyqgYTwN44Rdzk0=' }),
  },
  METHOD_UPDATED: {
    field: 'status',
    // Toss: its list says ENABLED, its example ENABLE.
    values: ['ENABLED', 'DISABLED', 'ALIAS_UPDATED', 'ENABLE'],
    example: (): Data => ({ customerKey: 'customer-1', methodKey: 'method-1' }),
  },
  CUSTOMER_STATUS_CHANGED: {
    field: 'status',
    values: ['CREATED', 'REMOVED', 'PASSWORD_CHANGED', 'ONE_TOUCH_ACTIVATED', 'ONE_TOUCH_DEACTIVATED'],
    example: (nowMs: number): Data => ({ customerKey: 'customer-1', changedAt: seoulInstant(nowMs) }),
  },
  'payout.changed': {
    field: 'status',
    values: ['COMPLETED', 'FAILED'],
    example: (nowMs: number): Data => ({
      id: 'FPA_12345',
      refPayoutId: 'my-payout-1',
      destination: 'seller-1',
      scheduleType: 'SCHEDULED',
      payoutDate: seoulInstant(nowMs).slice(0, 10),
      amount: { currency: 'KRW', value: 5_000 },
      requestedAt: seoulInstant(nowMs),
      error: null,
      metadata: {},
    }),
  },
  'seller.changed': {
    field: 'status',
    values: ['PARTIALLY_APPROVED', 'KYC_REQUIRED', 'APPROVED'],
    example: (): Data => ({
      id: 'seller-1',
      refSellerId: 'my-seller-1',
      businessType: 'INDIVIDUAL_BUSINESS',
      company: {},
      individual: null,
      account: { bankCode: '092', accountNumber: '123*****90123', holderName: '토페' },
      metadata: {},
    }),
  },
  // Newer ones, of which nothing but the name is known: data as it is given.
  ORDER_PAYMENT_STATUS_CHANGED: { field: 'status', values: [undefined], example: (): Data => ({}) },
  'ars-reservation.changed': { field: 'status', values: [undefined], example: (): Data => ({}) },
} as const

export type OtherEventType = keyof typeof events

export const otherEventTypes = Object.keys(events) as [OtherEventType, ...OtherEventType[]]

/** With `data` over the example's. */
export type OtherEvent = Readonly<{ eventType: OtherEventType; data: Data }>

export const otherEventRequest = z
  .strictObject({
    eventType: z.enum(otherEventTypes),
    /** Over the example's fields. */
    data: z.record(z.string(), z.unknown()).default({}),
  })
  .check(({ value: { eventType, data }, issues }) => {
    const { field, values } = events[eventType]
    const known: readonly unknown[] = values
    if (field in data && typeof known[0] === 'string' && !known.includes(data[field])) {
      const message = `expected one of ${known.join(', ')}`
      issues.push({ code: 'custom', input: data[field], path: ['data', field], message })
    }
  })

/** Toss: these two, and no others. */
export const isSigned = (eventType: string): boolean => eventType === 'payout.changed' || eventType === 'seller.changed'

/** The body of one event. Toss: payouts and sellers have an envelope of their own, whose time has an offset. */
export function bodyOfOther(eventType: OtherEventType, given: Data, nowMs: number, microseconds: number): Data {
  const { field, values, example } = events[eventType]
  const data = { ...example(nowMs), [field]: values[0], ...given }
  if (!isSigned(eventType)) return { eventType, createdAt: seoulLocalTime(nowMs, microseconds), data }
  const entityType = eventType.split('.')[0]
  const envelope = { createdAt: seoulInstant(nowMs), version: '2022-11-16', eventId: randomUUID(), entityType }
  return { eventType, ...envelope, entityBody: data }
}

/**
 * `tosspayments-webhook-signature`: HMAC-SHA256 over body, colon and transmission time, one value for each security key that is
 * valid now. Whether Toss takes a key's 64 digits as they stand or the bytes that they mean is written nowhere; here as they stand.
 */
export const signatureOf = (securityKeys: readonly string[], text: string, transmissionTime: string): string =>
  securityKeys
    .map((key) => `v1:${createHmac('sha256', key).update(`${text}:${transmissionTime}`).digest('base64')}`)
    .join(',')
