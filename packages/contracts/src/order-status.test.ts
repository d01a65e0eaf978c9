import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  type OrderProjection,
  type OrderStatus,
  type PaymentStatus,
  paymentStatuses,
  projectOrderStatus,
  projectPayment,
} from './order-status.ts'

/** The compiler asks for every status. */
const expected: Record<PaymentStatus, OrderStatus> = {
  PENDING: 'PENDING',
  CONFIRMING: 'PENDING',
  WAITING_FOR_DEPOSIT: 'PENDING',
  PAID: 'PAID',
  PARTIAL_REFUND: 'PAID',
  REFUNDED: 'CANCELED',
  CANCELED: 'CANCELED',
  FAILED: 'FAILED',
}

describe("an order's status", () => {
  it.each(paymentStatuses)('of a payment that is %s', (status) => {
    expect(projectOrderStatus(status)).toBe(expected[status])
  })
})

describe('a payment event', () => {
  const known: OrderProjection = { status: 'PAID', paymentVersion: 5 }

  it.each(paymentStatuses)('%s is taken in when it is newer, also when versions between are missing', (status) => {
    for (const version of [6, 7, 100]) {
      expect(projectPayment(known, { status, version })).toEqual({ status: expected[status], paymentVersion: version })
    }
  })

  it.each(paymentStatuses)('%s changes nothing when it is a duplicate or older', (status) => {
    for (const version of [4, 1]) expect(projectPayment(known, { status, version })).toBeUndefined()
    const duplicate = { status: expected[status], paymentVersion: 5 }
    expect(projectPayment(duplicate, { status, version: 5 })).toBeUndefined()
  })

  it('puts right what was spoiled at its own version', () => {
    expect(projectPayment(known, { status: 'FAILED', version: 5 })).toEqual({ status: 'FAILED', paymentVersion: 5 })
  })

  it('leads to the state of the newest version, in whatever order and however often events come', () => {
    const history = fc.array(fc.constantFrom(...paymentStatuses), { minLength: 1, maxLength: 12 })
    const deliveries = history.chain((statuses) => {
      const events = statuses.map((status, index) => ({ status, version: index + 1 }))
      return fc.tuple(
        fc.constant(events),
        fc
          .array(fc.constantFrom(...events), { maxLength: 12 })
          .chain((again) => fc.shuffledSubarray([...events, ...again], { minLength: events.length + again.length })),
      )
    })
    fc.assert(
      fc.property(deliveries, ([events, delivered]) => {
        const start: OrderProjection = { status: 'PENDING', paymentVersion: 0 }
        const end = delivered.reduce((state, event) => projectPayment(state, event) ?? state, start)
        const newest = events.at(-1)
        expect(end).toEqual({ status: expected[newest?.status ?? 'PENDING'], paymentVersion: newest?.version })
      }),
    )
  })
})
