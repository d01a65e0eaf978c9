import { createHash, randomBytes } from 'node:crypto'

/** Somebody who may run `npm run ops` on a stack of this machine. */
export interface LocalOperator {
  readonly name: string
  readonly role: 'viewer' | 'operator'
  readonly token: string
}

/** Two operators, because what moves money needs two; and somebody who may only look. New tokens each time. */
export function makeOperators(): readonly LocalOperator[] {
  const token = () => randomBytes(24).toString('hex')
  return [
    { name: 'operator-1', role: 'operator', token: token() },
    { name: 'operator-2', role: 'operator', token: token() },
    { name: 'viewer-1', role: 'viewer', token: token() },
  ]
}

/** `OPERATOR_TOKENS` as the services read it: the hashes of the tokens. */
export function operatorTokens(operators: readonly LocalOperator[]): string {
  const sha256 = (token: string) => createHash('sha256').update(token).digest('hex')
  return operators.map(({ name, role, token }) => `${name}:${role}:${sha256(token)}`).join(',')
}
