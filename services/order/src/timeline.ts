import { AppError } from '@checkout/contracts/errors'
import { oldestFirst, type TimelineEntry } from '@checkout/contracts/timeline'
import { describeAction, type OperatorActions } from '@checkout/runtime/operator-actions'
import type { OrderStore } from './store.ts'

export type TimelineDeps = {
  readonly store: Pick<OrderStore, 'findById' | 'projected'>
  readonly actions: Pick<OperatorActions, 'actsOn'>
}

const MAX_ACTIONS = 100

/**
 * What this service knows of how an order came to be as it is, oldest first.
 * @throws AppError ORDER_NOT_FOUND
 */
export const readTimeline = async (
  { store, actions }: TimelineDeps,
  orderId: string,
): Promise<readonly TimelineEntry[]> => {
  const order = await store.findById(orderId)
  if (order === undefined) throw new AppError('ORDER_NOT_FOUND')
  const [projected, acts] = await Promise.all([store.projected(orderId), actions.actsOn(orderId, MAX_ACTIONS)])
  const { createdAt, requestId, lines, amountKrw } = order
  return oldestFirst([
    ...(requestId === undefined ? [] : [{ at: createdAt, kind: 'request' as const, text: 'create order', requestId }]),
    {
      at: createdAt,
      kind: 'order',
      text: `created: ${lines.length} lines, ${amountKrw} KRW`,
      version: 0,
      status: 'PENDING',
    },
    ...projected.map(({ at, status, paymentVersion }) => ({
      at,
      kind: 'order' as const,
      text: `follows version ${paymentVersion} of its payment`,
      version: paymentVersion,
      status,
    })),
    ...acts.map((act) => ({ at: act.at, kind: 'operator' as const, text: describeAction(act) })),
  ])
}
