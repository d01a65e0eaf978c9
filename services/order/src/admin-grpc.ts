import type { orderAdminService, RpcHandlers, RpcMethod } from '@checkout/contracts/rpc'
import type { Role } from '@checkout/runtime/operator-actions'
import type { OperatorContext } from '@checkout/runtime/operators'

/** What each admin method needs. What needs an operator changes something. */
export const adminRoles: Readonly<Record<RpcMethod<typeof orderAdminService>, Role>> = {
  WhoAmI: 'viewer',
}

export const adminHandlers = (): RpcHandlers<typeof orderAdminService, OperatorContext> => ({
  WhoAmI: async (_request, { operator }) => operator,
})
