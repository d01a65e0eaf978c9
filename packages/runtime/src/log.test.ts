import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { createLogger } from './log.ts'

const logLine = z.looseObject({ level: z.string(), service: z.string(), time: z.string(), msg: z.string() })

/** What a logger wrote, as text and as JSON. */
const record = (level = 'info') => {
  const lines: string[] = []
  const log = createLogger('payment', level, { write: (line) => lines.push(line) })
  return { log, lines, parsed: () => lines.map((line) => logLine.parse(JSON.parse(line))) }
}

describe('a log line', () => {
  it('is JSON that says who, when and how bad', () => {
    const { log, parsed } = record()
    log.warn({ orderId: 'ORD-1', requestId: 'r-1' }, 'it happened')
    const [line] = parsed()
    expect(line).toMatchObject({
      level: 'warn',
      service: 'payment',
      orderId: 'ORD-1',
      requestId: 'r-1',
      msg: 'it happened',
    })
    expect(new Date(line?.time ?? '').toISOString()).toBe(line?.time)
  })

  it('is not written below the level', () => {
    const { log, lines } = record('warn')
    log.info('quiet')
    expect(lines).toEqual([])
  })

  it.each([
    'authorization',
    'password',
    'secret',
    'secretKey',
    'token',
    'accountNumber',
    'holderName',
    'refundReceiveAccount',
    'customerName',
    'customerMobilePhone',
    'customerEmail',
    'card',
  ])('never holds the field %s, down to the third level', (field) => {
    const { log, lines, parsed } = record()
    log.info(
      { [field]: 'canary', a: { [field]: 'canary' }, b: { c: { [field]: 'canary' } }, list: [{ [field]: 'canary' }] },
      'with secrets',
    )
    expect(lines.join('')).not.toContain('canary')
    expect(parsed()[0]).toMatchObject({ [field]: '[redacted]', b: { c: { [field]: '[redacted]' } } })
  })

  it('holds no secret that came in by an error or by text, and stays JSON', () => {
    const { log, lines, parsed } = record()
    const error = new Error('Toss said no to test_sk_canary1 for card 4111 1111 1111 1111', {
      cause: new Error('buyer canary@example.com, 010-9876-5432'),
    })
    log.error({ err: error, note: 'Basic Y2FuYXJ5Y2FuYXJ5' }, 'call for "010-1234-5678"\nfailed')
    const text = lines.join('')
    for (const secret of ['canary', '4111 1111', '9876', '1234-5678', 'Y2Fu']) expect(text).not.toContain(secret)
    expect(lines).toHaveLength(1)
    expect(parsed()[0]?.msg).toBe('call for "[phone]"\nfailed')
  })

  it('holds none that came percent-encoded, as in an address, and stays JSON', () => {
    const { log, lines, parsed } = record()
    const address = `/api/orders?q=${encodeURIComponent('4111 1111 1111 1111 / canary@example.com "x"')}`
    log.info({ address }, 'asked for 010%2D1234%2D5678\nand %E2%82%AC')
    expect(lines.join('')).not.toMatch(/4111|canary|1234/)
    expect(parsed()[0]).toMatchObject({ address: '[encoded]', msg: 'asked for [encoded]\nand %E2%82%AC' })
  })

  it('tells of an error what it is, where it was thrown and why, and nothing that a library hung onto it', () => {
    const { log, lines, parsed } = record()
    const cause = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
    const error = Object.assign(new TypeError('Toss did not answer', { cause }), {
      code: 'ERR_REQUEST',
      options: { body: '{"refundReceiveAccount":{"accountNumber":"canary","holderName":"canary"}}' },
      response: { request: 'canary' },
    })
    log.warn({ err: error }, 'no answer')
    expect(lines.join('')).not.toContain('canary')
    expect(parsed()[0]?.err).toEqual({
      type: 'TypeError',
      message: 'Toss did not answer',
      code: 'ERR_REQUEST',
      stack: expect.stringContaining('log.test.ts'),
      cause: { type: 'Error', message: 'socket hang up', code: 'ECONNRESET', stack: expect.any(String) },
    })
  })

  it('takes anything for an error that was thrown as one', () => {
    const { log, parsed } = record()
    for (const err of ['a text', 7, null]) log.warn({ err }, 'thrown')
    log.warn({ err: undefined }, 'nothing thrown')
    const endless = new Error('endless')
    endless.cause = endless
    log.warn({ err: endless }, 'its own cause')
    expect(parsed().map(({ err }) => err)).toEqual(['a text', '7', 'null', undefined, expect.anything()])
  })

  it('is one line, whatever a client has sent', () => {
    const { log, lines } = record()
    log.info({ reason: 'a\r\n{"level":"fatal","msg":"forged"}\u2028' }, 'refused\n{"forged":true}')
    expect(lines.join('').trimEnd().split('\n')).toHaveLength(1)
  })
})
