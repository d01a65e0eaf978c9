import { type OutboxEntry, outboxIndex } from '@checkout/messaging/outbox'
import { Schema } from 'mongoose'
import type { Payment } from './domain/payment.ts'

export type PaymentDocument = Payment & { readonly outbox: readonly OutboxEntry[] }

/**
 * mongoose guards the top level against fields that nobody declared; the shapes below it are TypeScript's, because every write
 * comes from the pure functions of the domain.
 */
const mixed = Schema.Types.Mixed
export const paymentSchema = new Schema<PaymentDocument>(
  {
    _id: { type: String, required: true },
    orderId: { type: String, required: true },
    customerId: String,
    amountKrw: { type: Number, required: true },
    status: { type: String, required: true },
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    attempts: { type: [mixed], required: true },
    paymentKey: String,
    method: String,
    approvedAt: Date,
    receiptUrl: String,
    virtualAccount: mixed,
    failure: mixed,
    refundedKrw: { type: Number, required: true },
    reservedKrw: { type: Number, required: true },
    refunds: { type: [mixed], required: true },
    cancelKeys: { type: [mixed], required: true },
    due: Date,
    tries: { type: Number, required: true },
    bell: { type: Number, required: true },
    askedAt: Date,
    scheduledLooks: { type: [mixed], required: true },
    lease: mixed,
    needsAttention: mixed,
    history: { type: [mixed], required: true },
    outbox: { type: [mixed], required: true },
  },
  { versionKey: false, minimize: false, strict: 'throw', collection: 'payments', autoIndex: false },
)
paymentSchema.index({ orderId: 1 }, { unique: true, name: 'orderId' })
// One paymentKey pays one order.
paymentSchema.index(
  { 'attempts.paymentKey': 1 },
  { unique: true, name: 'attempts.paymentKey', partialFilterExpression: { 'attempts.paymentKey': { $exists: true } } },
)
paymentSchema.index(
  { 'cancelKeys.key': 1 },
  { unique: true, name: 'cancelKeys.key', partialFilterExpression: { 'cancelKeys.key': { $exists: true } } },
)
paymentSchema.index({ due: 1 }, { name: 'due', partialFilterExpression: { due: { $exists: true } } })
paymentSchema.index(
  { 'needsAttention.at': 1 },
  { name: 'needsAttention', partialFilterExpression: { 'needsAttention.at': { $exists: true } } },
)
// By these a comparison finds what of ours moved in a window and Toss did not list.
paymentSchema.index(
  { approvedAt: 1 },
  { name: 'approvedAt', partialFilterExpression: { approvedAt: { $exists: true } } },
)
paymentSchema.index(
  { 'refunds.refundedAt': 1 },
  { name: 'refunds.refundedAt', partialFilterExpression: { 'refunds.refundedAt': { $exists: true } } },
)
// Operators list by status and by age: an id tells when its payment was opened.
paymentSchema.index({ status: 1, _id: 1 }, { name: 'status' })
paymentSchema.index(outboxIndex.key, outboxIndex.options)
