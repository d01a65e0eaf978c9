import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { createLogger, scrub } from './log.ts'

const logLine = z.looseObject({ level: z.string(), service: z.string(), time: z.string(), msg: z.string() })

/** What a logger wrote, as text and as JSON. */
const record = (level = 'info') => {
  const lines: string[] = []
  const log = createLogger('payment', level, { write: (line) => lines.push(line) })
  return { log, lines, parsed: () => lines.map((line) => logLine.parse(JSON.parse(line))) }
}

describe('scrub', () => {
  it.each([
    ['a secret key of Toss', 'using test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R', 'using [key]'],
    ['a live key of a widget', '"live_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6"', '"[key]"'],
    ['a basic authorization', 'Basic dGVzdF9za19sb2NhbDo=', 'Basic [token]'],
    ['a bearer token', 'Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'Bearer [token]'],
    ['a card', 'card 4111111111111111 declined', 'card [card] declined'],
    ['a card in groups', 'card 4111 1111 1111 1111 declined', 'card [card] declined'],
    ['a card with dashes', 'card 4111-1111-1111-1111', 'card [card]'],
    ['a card of 15 digits', '378282246310005', '[card]'],
    [
      'a card that stands as a bare number',
      '{"a":4111111111111111,"b":[378282246310005]}',
      '{"a":"[card]","b":["[card]"]}',
    ],
    ['a mobile phone', 'call 010-1234-5678', 'call [phone]'],
    ['a mobile phone without dashes', '"01012345678"', '"[phone]"'],
    ['an e-mail address', 'mail kim.minji+shop@example.co.kr now', 'mail [email] now'],
  ])('takes out %s', (_what, line, scrubbed) => {
    expect(scrub(line)).toBe(scrubbed)
  })

  it.each([
    ['an order id', 'ORD-01M827QD52E1GVVEB3NYGMM1EH'],
    ['a payment id', '01a2047b-b4ce-766f-8a2e-6ea5347534bc'],
    ['an instant', '2026-11-22T18:19:05.122Z'],
    ['a time in milliseconds', '1795371545122'],
    ['a long number that is no card', '4111111111111112'],
    ['an address', '127.0.0.1:4003'],
    ['a hash', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
  ])('leaves %s as it is', (_what, line) => {
    expect(scrub(line)).toBe(line)
  })
})

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
