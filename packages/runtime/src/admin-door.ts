import { adminService, type RpcHandlers, type RpcMethod } from '@checkout/contracts/rpc'
import type { Check } from './diagnose.ts'
import type { GrpcService } from './grpc-server.ts'
import type { Role } from './operator-actions.ts'
import { guardOperators, type OperatorContext } from './operators.ts'

const roles: Readonly<Record<RpcMethod<typeof adminService>, Role>> = { WhoAmI: 'viewer', Diagnose: 'viewer' }

/** The admin methods that every service with a database of its own has, for its operators alone. */
export const adminDoor = (
  guard: Omit<Parameters<typeof guardOperators>[0], 'roles'>,
  diagnose: () => Promise<readonly Check[]>,
): GrpcService => {
  const handlers: RpcHandlers<typeof adminService, OperatorContext> = {
    WhoAmI: async (_request, { operator }) => operator,
    Diagnose: async () => ({ checks: [...(await diagnose())] }),
  }
  return { definition: adminService, handlers, guard: guardOperators<typeof adminService>({ ...guard, roles }) }
}
