import type { orderAdminService, RpcHandlers, RpcMethod } from '@checkout/contracts/rpc'
import type { Check } from '@checkout/runtime/diagnose'
import type { Role } from '@checkout/runtime/operator-actions'
import type { OperatorContext } from '@checkout/runtime/operators'
import { readTimeline, type TimelineDeps } from './timeline.ts'

type AdminDeps = TimelineDeps & { readonly diagnose: () => Promise<Check[]> }

/** What each admin method needs. What needs an operator changes something. */
export const adminRoles: Readonly<Record<RpcMethod<typeof orderAdminService>, Role>> = {
  WhoAmI: 'viewer',
  Diagnose: 'viewer',
  GetTimeline: 'viewer',
}

export const adminHandlers = (deps: AdminDeps): RpcHandlers<typeof orderAdminService, OperatorContext> => ({
  WhoAmI: async (_request, { operator }) => operator,

  Diagnose: async () => ({ checks: await deps.diagnose() }),

  GetTimeline: async ({ orderId }) => {
    const entries = await readTimeline(deps, orderId)
    return { entries: entries.map((entry) => ({ ...entry, at: entry.at.toISOString() })) }
  },
})
