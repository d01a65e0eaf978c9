import { createHash } from 'node:crypto'
import { AppError } from '@checkout/contracts/errors'
import { describe, expect, it } from '@jest/globals'
import { readEnv } from './env.ts'
import type { GuardedCall } from './grpc-server.ts'
import { createLogger } from './log.ts'
import { findOperator, guardOperators, operatorsEnv } from './operators.ts'

const sha256 = (token: string) => createHash('sha256').update(token).digest('hex')
const entry = (name: string, role: string, token = `token of ${name}`) => `${name}:${role}:${sha256(token)}`
const read = (text?: string) => readEnv(operatorsEnv, { OPERATOR_TOKENS: text }).OPERATOR_TOKENS

describe('OPERATOR_TOKENS', () => {
  it('tells who shows a token, and knows nobody by any other', () => {
    const operators = read(`${entry('kim', 'operator')}, ${entry('lee', 'viewer')}`)
    expect(findOperator(operators, 'token of kim')).toEqual({ name: 'kim', role: 'operator' })
    expect(findOperator(operators, 'token of lee')).toEqual({ name: 'lee', role: 'viewer' })
    for (const wrong of ['', 'token of', sha256('token of kim'), entry('kim', 'operator')])
      expect(findOperator(operators, wrong)).toBeUndefined()
  })

  it('lets nobody in when it is not set', () => {
    expect(read()).toEqual([])
    expect(findOperator(read(), '')).toBeUndefined()
  })

  it.each([
    ['a token in the place of its hash', 'kim:operator:my-secret-token', 'entry 1'],
    ['a role that there is not', entry('kim', 'admin'), 'entry 1'],
    ['a name with other characters', entry('Kim Lee', 'viewer'), 'entry 1'],
    ['a name twice', `${entry('kim', 'viewer')},${entry('kim', 'operator', 'another')}`, 'entry 2 names kim again'],
    ['two names with one token', `${entry('kim', 'operator', 'x')},${entry('lee', 'operator', 'x')}`, 'same token'],
  ])('refuses %s, without repeating it', (_what, text, problem) => {
    expect(() => read(text)).toThrow(problem)
    expect(() => read(text)).not.toThrow('my-secret-token')
  })
})

describe('the guard of the admin methods', () => {
  const begun: object[] = []
  const ended: (readonly unknown[])[] = []
  const guardWith = (begin: (call: object) => Promise<string>) =>
    guardOperators({
      operators: read(`${entry('kim', 'operator')},${entry('lee', 'viewer')}`),
      roles: { Look: 'viewer', Act: 'operator' },
      actions: { begin, end: async (...outcome) => void ended.push(outcome) },
      log: createLogger('test', 'silent'),
    })
  const guard = guardWith(async (call) => {
    begun.push(call)
    return `action-${begun.length}`
  })
  const call = (method: string, authorization: string): GuardedCall => ({
    method,
    authorization,
    request: { orderId: 'ORD-1' },
    context: { deadline: new Date(), requestId: 'r' },
  })
  const refusal = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: unknown) => (error instanceof AppError ? error.code : error),
    )
  const asked = () => Promise.resolve('answer')

  it('hands the handler who is asking, and records the call before and its outcome after', async () => {
    begun.length = 0
    ended.length = 0
    let seenByHandler = 0
    const answer = await guard(call('Act', 'token of kim'), async (_request, context) => {
      seenByHandler = begun.length
      return context
    })
    expect(answer).toMatchObject({ operator: { name: 'kim', role: 'operator' }, requestId: 'r' })
    expect(seenByHandler).toBe(1)
    expect(begun).toEqual([expect.objectContaining({ method: 'Act', isAct: true, request: { orderId: 'ORD-1' } })])
    expect(ended).toEqual([['action-1', 'OK', undefined]])
  })

  it.each([
    ['an unknown token', 'Look', 'nobody', 'UNAUTHENTICATED', 0],
    ['a viewer who acts', 'Act', 'token of lee', 'FORBIDDEN', 1],
    ['a method without a row in the table', 'Other', 'token of kim', 'FORBIDDEN', 1],
  ])('refuses %s, and the handler does not run', async (_what, method, token, code, recorded) => {
    begun.length = 0
    ended.length = 0
    let hasRun = false
    const result = guard(call(method, token), () => {
      hasRun = true
      return asked()
    })
    expect(await refusal(result)).toBe(code)
    expect(hasRun).toBe(false)
    expect(begun).toHaveLength(recorded)
    expect(ended.map(([, outcome]) => outcome)).toEqual(recorded === 0 ? [] : [code])
  })

  it('makes no call that it cannot record', async () => {
    let hasRun = false
    const unrecorded = guardWith(() => Promise.reject(new AppError('SERVICE_UNAVAILABLE')))
    const result = unrecorded(call('Look', 'token of kim'), () => {
      hasRun = true
      return asked()
    })
    expect(await refusal(result)).toBe('SERVICE_UNAVAILABLE')
    expect(hasRun).toBe(false)
  })

  it('records the refusal of a handler', async () => {
    ended.length = 0
    const result = guard(call('Act', 'token of kim'), () => Promise.reject(new AppError('ORDER_NOT_FOUND')))
    expect(await refusal(result)).toBe('ORDER_NOT_FOUND')
    expect(ended).toEqual([[expect.anything(), 'ORDER_NOT_FOUND', undefined]])
  })
})
