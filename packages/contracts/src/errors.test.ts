import { status } from '@grpc/grpc-js'
import { describe, expect, it } from '@jest/globals'
import { AppError, type ErrorCode, errorTable, isErrorCode } from './errors.ts'

const codes = Object.keys(errorTable).filter(isErrorCode)

describe('the table of errors', () => {
  it.each(codes)('%s says what it is to machines and to people', (code) => {
    const { http, grpc, title, message } = errorTable[code]
    expect(http).toBeGreaterThanOrEqual(400)
    expect(http).toBeLessThan(600)
    expect(grpc).not.toBe(status.OK)
    expect(title).toMatch(/^[A-Z][A-Za-z ]+$/)
    expect(message).toMatch(/[가-힣].*\.$/)
  })

  it('has no two codes with the same words', () => {
    expect(new Set(codes.map((code) => errorTable[code].title)).size).toBe(codes.length)
    expect(new Set(codes.map((code) => errorTable[code].message)).size).toBe(codes.length)
  })

  it('calls retryable what passes by itself, and nothing else', () => {
    const retryable: ErrorCode[] = ['IN_PROGRESS', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE', 'GATEWAY_TIMEOUT']
    expect(codes.filter((code) => new AppError(code).isRetryable)).toEqual(retryable)
  })

  it('knows its codes and takes no property of objects for one', () => {
    for (const code of codes) expect(isErrorCode(code)).toBe(true)
    for (const text of ['', 'NOPE', 'constructor', 'toString', '__proto__', 'invalid_input_value'])
      expect(isErrorCode(text)).toBe(false)
  })
})

describe('AppError', () => {
  it("speaks with its detail, else with the table's title", () => {
    expect(new AppError('AMOUNT_MISMATCH').message).toBe(errorTable.AMOUNT_MISMATCH.title)
    expect(new AppError('AMOUNT_MISMATCH', { detail: '1,000 KRW were asked for' }).message).toBe(
      '1,000 KRW were asked for',
    )
  })

  it("has the table's HTTP status unless this one error has another", () => {
    expect(new AppError('TOSS_API_ERROR').httpStatus).toBe(502)
    expect(new AppError('TOSS_API_ERROR', { httpStatus: 403 }).httpStatus).toBe(403)
  })

  it('keeps its cause', () => {
    const cause = new Error('the reason')
    expect(new AppError('SERVICE_UNAVAILABLE', {}, { cause }).cause).toBe(cause)
  })
})
