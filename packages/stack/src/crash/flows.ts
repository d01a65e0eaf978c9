import { randomUUID } from 'node:crypto'
import { readBooks } from '../testing/books.ts'
import { eventually } from '../testing/eventually.ts'
import type { Flow } from './flow.ts'
import { operatorFlows } from './operator-flows.ts'
import {
  agePayment,
  answered,
  confirmed,
  expectKeys,
  ordered,
  PATIENCE_MS,
  poison,
  refunded,
  shown,
  withWindow,
} from './steps.ts'

export const flows: readonly Flow[] = [
  {
    name: 'products, paid',
    features: ['orders', 'prices', 'confirms', 'is told by Toss'],
    play: async (world) => {
      const key = randomUUID()
      const items = [{ productId: 1, quantity: 2 }]
      const { body } = await answered(() => world.shop.orderProducts(items, { key }), 200)
      const { orderId = '', totalAmountKrw: amount = 0 } = body
      const { paymentKey } = (await world.shop.openWindow({ orderId, amount })).body
      await confirmed(world, { orderId, amount, paymentKey })
      await expectKeys(world, orderId, 'confirm', 1)
    },
  },
  {
    name: 'declined, then paid with another card',
    features: ['orders', 'confirms', 'is declined', 'is told by Toss'],
    play: async (world) => {
      const order = await withWindow(world, { declineCode: 'REJECT_CARD_PAYMENT' })
      await answered(() => world.shop.confirm(order), 403)
      const { orderId, amount } = order
      const { paymentKey } = (await world.shop.openWindow({ orderId, amount })).body
      await confirmed(world, { orderId, amount, paymentKey })
    },
  },
  {
    name: 'paid, refunded in two parts',
    features: ['orders', 'confirms', 'refunds', 'is told by Toss'],
    play: async (world) => {
      const order = await withWindow(world)
      await confirmed(world, order)
      await refunded(world, { orderId: order.orderId, amount: 2_000 })
      await refunded(world, { orderId: order.orderId })
      await shown(world, order.orderId, 'REFUNDED')
      await expectKeys(world, order.orderId, 'cancel', 2)
    },
  },
  {
    name: 'the answer to the confirm is lost',
    features: ['orders', 'confirms', 'is told by Toss'],
    play: async (world) => {
      const order = await withWindow(world)
      const match = { operation: 'confirm', orderId: order.orderId } as const
      await world.shop.fault({ match, fault: { kind: 'drop-after' } })
      await confirmed(world, order)
    },
  },
  {
    name: 'a deposit, told by a webhook',
    features: ['orders', 'confirms', 'is told by Toss'],
    play: async (world) => {
      const order = await withWindow(world, { method: 'VIRTUAL_ACCOUNT' })
      await confirmed(world, order, 'WAITING_FOR_DEPOSIT')
      await world.shop.happen(order.paymentKey, 'deposit')
      await shown(world, order.orderId, 'PAID')
    },
  },
  {
    name: "a refund in Toss's console",
    features: ['orders', 'confirms', 'is told by Toss'],
    play: async (world) => {
      const order = await withWindow(world)
      await confirmed(world, order)
      await world.shop.happen(order.paymentKey, 'cancel', { amount: 4_000, reason: 'console' })
      await shown(world, order.orderId, 'PARTIAL_REFUND')
    },
  },
  {
    name: 'a second approval, which goes back',
    features: ['orders', 'confirms', 'voids', 'is told by Toss'],
    play: async (world) => {
      const first = await withWindow(world)
      const { orderId, amount } = first
      await confirmed(world, first)
      const { paymentKey } = (await world.shop.openWindow({ orderId, amount })).body
      await world.shop.confirmAtToss({ orderId, amount, paymentKey })
      await eventually(
        async () => {
          const toss = (await world.shop.books(orderId)).body.payments.find((book) => book.paymentKey === paymentKey)
          if (toss?.status === 'CANCELED') return
          await world.shop.advanceClock(60_000)
          throw new Error(`the second approval is ${toss?.status}`)
        },
        { timeoutMs: PATIENCE_MS, intervalMs: 500 },
      )
    },
  },
  {
    name: 'the buyer closes the window',
    features: ['orders', 'browser fails'],
    play: async (world) => {
      const orderId = await ordered(world)
      await answered(() => world.shop.fail({ orderId, code: 'PAY_PROCESS_CANCELED', message: 'closed' }), 200)
    },
  },
  {
    name: 'an order that nobody pays',
    features: ['orders', 'is swept'],
    play: async (world) => {
      const orderId = await ordered(world)
      await agePayment(world, orderId)
      await eventually(
        async () => {
          const { body } = await world.shop.order(orderId)
          if (body.status !== 'FAILED') throw new Error(`${orderId} is ${body.status}`)
        },
        { timeoutMs: PATIENCE_MS },
      )
    },
  },
  {
    name: 'a message that the order service cannot read',
    features: ['poisons order'],
    play: (world) => poison(world, 'payment.status-changed', 'order'),
  },
  {
    name: 'a message that the payment service cannot read',
    features: ['poisons payment'],
    play: (world) => poison(world, 'order.created', 'payment'),
  },
  ...operatorFlows,
  // The last: its webhook stays parked, and is looked at again and again while other flows are played.
  {
    name: 'a webhook about an order that does not exist',
    features: ['parks'],
    play: async (world) => {
      const orderId = `ORD-${randomUUID()}`
      const data = { orderId, paymentKey: `tgen_${randomUUID()}`, status: 'DONE' }
      const body = { eventType: 'PAYMENT_STATUS_CHANGED', createdAt: '2026-01-02T14:46:59.65327', data }
      await answered(() => world.shop.deliver(body), 200)
      await eventually(
        async () => {
          const row = (await readBooks(world.system)).webhookEvents.find((event) => event.orderId === orderId)
          if (row?.outcome !== 'PARKED') throw new Error(`the webhook is ${row?.outcome}`)
        },
        { timeoutMs: PATIENCE_MS, intervalMs: 200 },
      )
    },
  },
]
