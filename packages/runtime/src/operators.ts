import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError } from '@checkout/contracts/errors'
import type { RpcMethod } from '@checkout/contracts/rpc'
import type { ServiceDefinition } from '@grpc/grpc-js'
import { z } from 'zod'
import type { Guard } from './grpc-server.ts'
import { asAppError } from './infrastructure.ts'
import type { Logger } from './log.ts'
import type { Operator, OperatorActions, Role } from './operator-actions.ts'

type KnownOperator = Operator & { readonly tokenHash: Buffer }

/** What a guard of operators adds to the context of a call. */
export type OperatorContext = { readonly operator: Operator }

const entry = /^(?<name>[a-z0-9][a-z0-9._-]{0,39}):(?<role>viewer|operator):(?<sha256>[0-9a-f]{64})$/

/**
 * `OPERATOR_TOKENS=name:role:sha256,…`: who may call the admin methods, by the SHA-256 of each one's token in hexadecimal. Two
 * names with one token would let one person play the two who must agree, so that is refused. Unset means that nobody may.
 */
export const operatorsEnv = z.object({
  OPERATOR_TOKENS: z
    .string()
    .default('')
    .transform((text, context): readonly KnownOperator[] => {
      const operators: KnownOperator[] = []
      const problem = (message: string) => context.addIssue({ code: 'custom', message })
      for (const [index, part] of text.split(',').entries()) {
        if (part.trim() === '') continue
        const { name = '', role, sha256 = '' } = entry.exec(part.trim())?.groups ?? {}
        const tokenHash = Buffer.from(sha256, 'hex')
        if (role !== 'viewer' && role !== 'operator') {
          problem(
            `entry ${index + 1} is not name:role:sha256 (role viewer or operator, the hash as 64 characters 0-9a-f)`,
          )
        } else if (operators.some((known) => known.name === name)) {
          problem(`entry ${index + 1} names ${name} again`)
        } else if (operators.some((known) => known.tokenHash.equals(tokenHash))) {
          problem(`entry ${index + 1}: ${name} has the same token as somebody else; everybody needs one of their own`)
        } else {
          operators.push({ name, role, tokenHash })
        }
      }
      return operators
    }),
})

/** Who shows this token. Every hash is compared, in constant time, so that the time taken tells nothing of any of them. */
export const findOperator = (operators: readonly KnownOperator[], token: string): Operator | undefined => {
  const shown = createHash('sha256').update(token).digest()
  let found: Operator | undefined
  for (const { name, role, tokenHash } of operators) {
    if (timingSafeEqual(shown, tokenHash)) found = { name, role }
  }
  return found
}

/**
 * Lets operators call the methods of an admin service: the token tells who it is, `roles` what that role may, and every call is
 * on record before its effect, with its outcome after it. A call that cannot be recorded is not made.
 */
export const guardOperators = <D extends ServiceDefinition>(options: {
  operators: readonly KnownOperator[]
  /** The role that each method needs. What needs an operator is an act, the rest are reads. */
  roles: Readonly<Record<RpcMethod<D>, Role>>
  actions: Pick<OperatorActions, 'begin' | 'end'>
  log: Logger
}): Guard => {
  const { operators, actions, log } = options
  const roles: Readonly<Partial<Record<string, Role>>> = options.roles
  return async ({ method, authorization, request, context }, handler) => {
    const operator = findOperator(operators, authorization)
    if (operator === undefined) {
      log.warn(
        { rpc: method, requestId: context.requestId },
        'somebody without an operator token called an admin method',
      )
      const detail =
        operators.length === 0 ? 'no operator is configured (OPERATOR_TOKENS)' : 'this is the token of no operator'
      throw new AppError('UNAUTHENTICATED', { detail })
    }
    const needed = roles[method]
    const isAllowed = needed === 'viewer' || (needed === 'operator' && operator.role === 'operator')
    const id = await actions.begin({
      operator,
      method,
      isAct: needed !== 'viewer',
      request,
      requestId: context.requestId,
    })
    // Nobody can be told of an outcome that is lost here; an action without one says that it is not known.
    const end = (outcome: string, detail?: string) =>
      actions.end(id, outcome, detail).catch((error: unknown) => {
        log.warn({ err: error, action: id, outcome }, 'the outcome of an operator action was not recorded')
      })
    try {
      if (!isAllowed)
        throw new AppError('FORBIDDEN', {
          detail: `${operator.name} is a ${operator.role}, and this needs an operator`,
        })
      const answer = await handler(request, { ...context, operator } as typeof context)
      await end('OK')
      return answer
    } catch (error) {
      const { code, details } = asAppError(error)
      await end(code, details.detail)
      throw error
    }
  }
}
