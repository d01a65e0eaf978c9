import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Merchant, openShop, type Shop } from './merchant.ts'

let shop: Shop
let merchant: Merchant
beforeAll(async () => {
  shop = await openShop()
  merchant = shop.merchant
})
afterAll(() => shop.close())

/** Toss's documented codes by the status that they come with. A confirm or a cancel may be answered with any of them. */
const codesByStatus = {
  400: `ALREADY_PROCESSED_PAYMENT PROVIDER_ERROR CARD_PROCESSING_ERROR NOT_AVAILABLE_PAYMENT MAINTAINED_METHOD
    INVALID_REJECT_CARD INVALID_STOPPED_CARD INVALID_CARD_EXPIRATION INVALID_CARD_NUMBER INVALID_CARD_LOST_OR_STOLEN
    RESTRICTED_TRANSFER_ACCOUNT INVALID_ACCOUNT_INFO_RE_REGISTER NOT_ALLOWED_POINT_USE EXCEED_MAX_CARD_INSTALLMENT_PLAN
    INVALID_CARD_INSTALLMENT_PLAN NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT
    NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT BELOW_MINIMUM_AMOUNT
    EXCEED_MAX_AMOUNT EXCEED_MAX_DAILY_PAYMENT_COUNT EXCEED_MAX_PAYMENT_AMOUNT EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT
    EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT UNAPPROVED_ORDER_ID INVALID_REQUEST
    INVALID_API_KEY INVALID_AUTHORIZE_AUTH NOT_FOUND_TERMINAL_ID INVALID_UNREGISTERED_SUBMALL NOT_REGISTERED_BUSINESS
    INVALID_IDEMPOTENCY_KEY INVALID_TEST_CODE ALREADY_CANCELED_PAYMENT ALREADY_REFUND_PAYMENT
    NOT_MATCHES_REFUNDABLE_AMOUNT REFUND_REJECTED EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT INVALID_REFUND_ACCOUNT_INFO
    INVALID_REFUND_ACCOUNT_NUMBER INVALID_BANK FORBIDDEN_BANK_REFUND_REQUEST DUPLICATED_ORDER_ID
    ALREADY_REMOVED_BILLING_KEY NOT_MATCHES_CUSTOMER_KEY`,
  401: 'UNAUTHORIZED_KEY',
  403: `INCORRECT_BASIC_AUTH_FORMAT FORBIDDEN_REQUEST FORBIDDEN_CONSECUTIVE_REQUEST NOT_AVAILABLE_BANK
    REJECT_CARD_PAYMENT REJECT_ACCOUNT_PAYMENT REJECT_CARD_COMPANY REJECT_TOSSPAY_INVALID_ACCOUNT EXCEED_MAX_AUTH_COUNT
    EXCEED_MAX_ONE_DAY_AMOUNT INVALID_PASSWORD FDS_ERROR NOT_CANCELABLE_AMOUNT NOT_CANCELABLE_PAYMENT
    NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER EXCEED_MAX_REFUND_DUE EXCEED_CANCEL_LIMIT NOT_ALLOWED_PARTIAL_REFUND
    NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT`,
  404: 'NOT_FOUND_PAYMENT_SESSION NOT_FOUND_PAYMENT NOT_FOUND',
  409: 'IDEMPOTENT_REQUEST_PROCESSING',
  500: `FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING FAILED_INTERNAL_SYSTEM_PROCESSING UNKNOWN_PAYMENT_ERROR COMMON_ERROR
    UNKNOWN_ERROR FAILED_METHOD_HANDLING FAILED_REFUND_PROCESS FAILED_METHOD_HANDLING_CANCEL FAILED_PARTIAL_REFUND
    FAILED_DB_PROCESSING`,
}
const rows = Object.entries(codesByStatus).flatMap(([status, codes]) =>
  codes.split(/\s+/).map((code): [string, number] => [code, Number(status)]),
)
const refusal = (code: string) => ({ code, message: expect.stringMatching(/./) })

describe('an error code of Toss', () => {
  it.each(rows)(
    '%s comes with %i, by TossPayments-Test-Code on any call, which then does nothing',
    async (code, status) => {
      const order = await merchant.open()
      const header = { 'TossPayments-Test-Code': code }
      const calls = [
        await order.confirm(header),
        await order.cancel({}, header),
        await merchant.api('GET', `/v1/payments/${order.paymentKey}`, undefined, header),
        await merchant.api('GET', `/v1/payments/orders/${order.orderId}`, undefined, header),
      ]
      for (const reply of calls) expect(reply).toMatchObject({ status, body: refusal(code) })
      expect((await order.get()).body.status).toBe('IN_PROGRESS')
    },
  )

  it.each(rows)(
    '%s comes with %i, by a fault that ends the payment: ABORTED with that failure',
    async (code, status) => {
      const order = await merchant.open()
      await merchant.fault({ operation: 'confirm', paymentKey: order.paymentKey }, { kind: 'decline', code })
      expect(await order.confirm()).toMatchObject({ status, body: refusal(code) })
      expect((await order.get()).body).toMatchObject({ status: 'ABORTED', failure: refusal(code) })
    },
  )

  it('by a fault can come with any status, on any call, with the effect or without it', async () => {
    const order = await merchant.paid()
    const match = { operation: 'cancel', paymentKey: order.paymentKey }
    await merchant.fault(match, { kind: 'error-before', status: 403, code: 'NOT_AVAILABLE_BANK' })
    await merchant.fault(match, { kind: 'error-after', status: 503, code: 'CODE_OF_TOMORROW' })
    expect(await order.cancel()).toMatchObject({ status: 403, body: refusal('NOT_AVAILABLE_BANK') })
    expect((await order.get()).body.status).toBe('DONE')
    expect(await order.cancel()).toMatchObject({ status: 503, body: refusal('CODE_OF_TOMORROW') })
    expect((await order.get()).body.status).toBe('CANCELED')
  })
})
