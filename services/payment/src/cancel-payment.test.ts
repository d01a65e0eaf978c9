import { describe, expect, it } from '@jest/globals'
import { mongo } from 'mongoose'
import { now, refund, samples } from '../tests/domain-samples.ts'
import { cancelPayment } from './cancel-payment.ts'
import type { PayDeps } from './confirm-payment.ts'
import type { Payment } from './domain/payment.ts'

const cancel = (isDone: boolean, idempotency?: { key: string; fingerprint: string }) => {
  const settled: unknown[] = []
  const lease = { owner: 'id-1', until: now }
  const after: Payment = isDone
    ? { ...samples.PAID, refunds: [refund({ id: 'id-2', lastPostAt: now })], reservedKrw: 300, lease }
    : samples.PAID
  let ids = 0
  const deps = {
    clock: { now: () => now },
    newId: () => `id-${(ids += 1)}`,
    hint: () => undefined,
    isTossAvailable: () => false,
    settle: (...args: unknown[]) => void settled.push(args[1]),
    config: { leaseMs: 1, answerWaitMs: 1 },
    store: {
      findByOrder: () => Promise.resolve(samples.PAID),
      update: () => Promise.reject(new mongo.MongoNetworkError('the write timed out')),
      find: () => Promise.resolve(after),
    },
  }
  const result = cancelPayment(
    deps as unknown as PayDeps,
    { orderId: 'ORD-1', amountKrw: 300, reason: 'x', ...(idempotency === undefined ? {} : { idempotency }) },
    { deadline: new Date(Date.now() + 5_000), requestId: 'r' },
  )
  return { result, settled }
}

describe('a cancel whose write got no answer', () => {
  it('goes on with its refund when the write was done', async () => {
    const { result, settled } = cancel(true)
    expect(await result).toMatchObject({ refundId: 'id-2', isDecided: false })
    expect(settled).toMatchObject([{ owner: 'id-1', id: 'id-2' }])
  })

  it('never asks for a repetition that could be a second refund', async () => {
    await expect(cancel(false).result).rejects.toMatchObject({ code: 'GATEWAY_TIMEOUT' })
  })

  it('may be repeated with its idempotency key', async () => {
    await expect(cancel(false, { key: 'k', fingerprint: 'f' }).result).rejects.toBeInstanceOf(mongo.MongoNetworkError)
  })
})
