import { z } from 'zod'
import { parseAs } from './body.ts'
import { TossError } from './errors.ts'
import * as fields from './fields.ts'
import { newPaymentKey } from './ids.ts'
import { clientKeySchema } from './keys.ts'
import { currencies, isPayable } from './money.ts'
import type { OpenPayment } from './open-payment.ts'
import { acquireStatuses, cardTypes, interestPayers, methods, ownerTypes } from './payment.ts'
import { LONGEST_DUE_MS } from './transitions.ts'

/** The body of `POST /simulator/payments`: what the window is opened with. */
const openRequest = z.strictObject({
  orderId: fields.orderId,
  amount: fields.sum,
  currency: z.enum(currencies).default('KRW'),
  method: z.enum(methods).default('CARD'),
  orderName: fields.orderName.default('상품'),
  customerName: fields.customerName.default('구매자'),
  customerMobilePhone: fields.customerMobilePhone.default('01012345678'),
  wallet: z.enum(['CARD', 'MONEY']).default('CARD'),
  paymentKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,200}$/, 'expected 1 to 200 of A-Z a-z 0-9 _ -')
    .optional(),
  status: z.enum(['IN_PROGRESS', 'READY']).default('IN_PROGRESS'),
  isPartialCancelable: z.boolean().default(true),
  hidesSecret: z.boolean().default(true),
  clientKey: clientKeySchema.optional(),
  taxFreeAmount: fields.sumOrNone.default(0),
  taxExemptionAmount: fields.sumOrNone.default(0),
  discountAmount: fields.sumOrNone.default(0),
  useEscrow: z.boolean().default(false),
  installmentPlanMonths: fields.installmentPlanMonths.default(0),
  metadata: fields.metadata.nullable().default(null),
  refundReceiveAccount: z
    .strictObject({
      bankCode: z.string().min(1).max(20),
      accountNumber: z.string().regex(/^\d{1,20}$/, 'expected at most 20 digits'),
      holderName: z.string().min(1).max(60),
    })
    .nullable()
    .default(null),
  type: z.enum(['NORMAL', 'BRANDPAY']).default('NORMAL'),
  cultureExpense: z.boolean().default(false),
  cashReceipt: fields.cashReceipt.nullable().default(null),
  card: z
    .strictObject({
      issuerCode: z.string().length(2).exactOptional(),
      acquirerCode: z.string().length(2).nullable().exactOptional(),
      number: z.string().min(1).max(20).exactOptional(),
      useCardPoint: z.boolean().exactOptional(),
      cardType: z.enum(cardTypes).exactOptional(),
      ownerType: z.enum(ownerTypes).exactOptional(),
      acquireStatus: z.enum(acquireStatuses).exactOptional(),
      isInterestFree: z.boolean().exactOptional(),
      interestPayer: z.enum(interestPayers).nullable().exactOptional(),
    })
    .default({}),
  easyPay: z
    .strictObject({
      provider: z.string().min(1).max(20).default('토스페이'),
      discountAmount: fields.wonOrNone.default(0),
    })
    .default({ provider: '토스페이', discountAmount: 0 }),
  accountType: z.enum(['일반', '고정']).default('일반'),
  declineCode: fields.errorCode.optional(),
  dueDate: z.iso.datetime({ offset: true }).optional(),
  bank: z.string().min(2).max(20).default('20'),
})

/** Throws INVALID_REQUEST naming what is wrong. */
export function readOpenRequest(body: unknown, nowMs: number): OpenPayment {
  const { paymentKey = newPaymentKey(), dueDate, declineCode, bank, ...wanted } = parseAs(openRequest, body)
  if (wanted.taxFreeAmount + wanted.taxExemptionAmount > wanted.amount) {
    throw new TossError('INVALID_REQUEST', 'taxFreeAmount, taxExemptionAmount: expected at most the amount')
  }
  const { currency, cashReceipt, easyPay } = wanted
  if (cashReceipt && wanted.method !== 'TRANSFER' && wanted.method !== 'VIRTUAL_ACCOUNT') {
    throw new TossError('INVALID_REQUEST', 'cashReceipt: only for what is paid from an account')
  }
  if (easyPay.discountAmount > wanted.amount) {
    throw new TossError('INVALID_REQUEST', 'easyPay.discountAmount: expected at most the amount')
  }
  const sums = [wanted.amount, wanted.taxFreeAmount, wanted.taxExemptionAmount, wanted.discountAmount]
  if (!sums.every((sum) => isPayable(sum, currency))) {
    throw new TossError('INVALID_REQUEST', `amount: expected what can be paid in ${currency}`)
  }
  if (currency !== 'KRW' && wanted.method !== 'FOREIGN_EASY_PAY') {
    throw new TossError('INVALID_REQUEST', 'currency: only overseas wallets take another one than KRW')
  }
  const dueAtMs = dueDate === undefined ? null : Date.parse(dueDate)
  if (dueAtMs !== null && (dueAtMs <= nowMs || dueAtMs > nowMs + LONGEST_DUE_MS)) {
    throw new TossError('INVALID_REQUEST', 'dueDate: expected a time within the next 90 days')
  }
  return { ...wanted, paymentKey, declineCode: declineCode ?? null, bankCode: bank, dueAtMs }
}
