import { AppError, errorTable, isErrorCode } from '@checkout/contracts/errors'
import { describe, expect, it } from '@jest/globals'
import { toProblem } from './problem.ts'

const codes = Object.keys(errorTable).filter(isErrorCode)
const request = { path: '/api/payments/confirm', requestId: 'r-1' }

describe('a problem', () => {
  it.each(codes)('of %s has the words and the status of the table', (code) => {
    const { status, headers, body } = toProblem(new AppError(code), request)
    const { http, title, message } = errorTable[code]
    expect(status).toBe(http)
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
    expect(body).toEqual({
      type: `urn:checkout:error:${code.toLowerCase().replaceAll('_', '-')}`,
      title,
      status: http,
      detail: title,
      instance: request.path,
      code,
      message,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      requestId: 'r-1',
    })
  })

  it('says which fields are wrong, and what Toss said', () => {
    const errors = [{ field: 'amount', message: 'must be at least 1' }]
    expect(
      toProblem(new AppError('INVALID_INPUT_VALUE', { detail: 'amount is 0', errors }), request).body,
    ).toMatchObject({ detail: 'amount is 0', errors })
    const decline = new AppError('TOSS_API_ERROR', { tossCode: 'REJECT_CARD_PAYMENT', httpStatus: 403 })
    expect(toProblem(decline, request)).toMatchObject({
      status: 403,
      body: { status: 403, code: 'TOSS_API_ERROR', tossCode: 'REJECT_CARD_PAYMENT' },
    })
  })

  it('of a bug says nothing of its cause', () => {
    const bug = new AppError('INTERNAL_ERROR', { detail: 'canary at line 3' }, { cause: new Error('canary') })
    expect(JSON.stringify(toProblem(bug, request))).not.toContain('canary')
  })

  it('never shows a cause, whatever the code', () => {
    for (const code of codes) {
      const error = new AppError(code, {}, { cause: new Error('canary') })
      expect(JSON.stringify(toProblem(error, request))).not.toContain('canary')
    }
  })

  it('repeats nothing of the address or the reason that could be personal data', () => {
    const card = '4111 1111 1111 1111'
    const refused = (path: string) =>
      toProblem(new AppError('NOT_FOUND', { detail: `no ${card} here` }), { path, requestId: 'r' }).body
    expect(refused('/api/orders/73501928846')).toMatchObject({
      instance: '/api/orders/[number]',
      detail: 'no [card] here',
    })
    expect(refused(`/api/orders/${encodeURIComponent(card)}`).instance).toBe('[encoded]')
    expect(refused('/api/orders/ORD-1%20').instance).toBe('/api/orders/ORD-1%20')
  })

  it('tells when to come back where waiting helps, and nowhere else', () => {
    const retryAfter = (code: Parameters<typeof toProblem>[0]) => toProblem(code, request).headers['retry-after']
    expect(retryAfter(new AppError('SERVICE_UNAVAILABLE'))).toBe('2')
    expect(retryAfter(new AppError('GATEWAY_TIMEOUT'))).toBe('2')
    expect(retryAfter(new AppError('RATE_LIMITED'))).toBe('2')
    expect(retryAfter(new AppError('SERVICE_UNAVAILABLE', { retryAfterSeconds: 5 }))).toBe('5')
    expect(retryAfter(new AppError('IN_PROGRESS', { retryAfterSeconds: 3 }))).toBe('3')
    expect(retryAfter(new AppError('ORDER_NOT_FOUND'))).toBeUndefined()
    expect(retryAfter(new AppError('TOSS_API_ERROR'))).toBeUndefined()
  })

  it('that repeats a stored outcome says so', () => {
    expect(toProblem(new AppError('TOSS_API_ERROR', { isReplayed: true }), request).headers).toMatchObject({
      'idempotent-replayed': 'true',
    })
    expect(toProblem(new AppError('TOSS_API_ERROR'), request).headers).not.toHaveProperty('idempotent-replayed')
  })
})
