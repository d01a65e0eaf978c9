import type { orderAdminService, RpcHandlers, RpcMethod } from '@checkout/contracts/rpc'
import type { Role } from '@checkout/runtime/operator-actions'
import type { OperatorContext } from '@checkout/runtime/operators'
import { readTimeline, type TimelineDeps } from './timeline.ts'

/** What each admin method needs. What needs an operator changes something. */
export const adminRoles: Readonly<Record<RpcMethod<typeof orderAdminService>, Role>> = {
  WhoAmI: 'viewer',
  GetTimeline: 'viewer',
}

export const adminHandlers = (deps: TimelineDeps): RpcHandlers<typeof orderAdminService, OperatorContext> => ({
  WhoAmI: async (_request, { operator }) => operator,
  GetTimeline: async ({ orderId }) => {
    const entries = await readTimeline(deps, orderId)
    return { entries: entries.map((entry) => ({ ...entry, at: entry.at.toISOString() })) }
  },
})
