import type { orderAdminService, RpcHandlers, RpcMethod } from '@checkout/contracts/rpc'
import { timelineMessages } from '@checkout/contracts/timeline'
import type { Role } from '@checkout/runtime/operator-actions'
import type { OperatorContext } from '@checkout/runtime/operators'
import { readTimeline, type TimelineDeps } from './timeline.ts'

/** What each admin method needs. What needs an operator changes something. */
export const adminRoles: Readonly<Record<RpcMethod<typeof orderAdminService>, Role>> = {
  GetTimeline: 'viewer',
}

export const adminHandlers = (deps: TimelineDeps): RpcHandlers<typeof orderAdminService, OperatorContext> => ({
  GetTimeline: async ({ orderId }) => ({ entries: timelineMessages(await readTimeline(deps, orderId)) }),
})
