import { describe, expect, it } from '@jest/globals'
import { decoded } from './decoded.ts'

describe('a message is shown', () => {
  it.each([
    ['as JSON', Buffer.from('{"a":1}'), { format: 'json', json: { a: 1 }, text: '{\n  "a": 1\n}' }],
    ['as text', Buffer.from('{"a'), { format: 'text', text: '(no JSON) {"a', raw: '{"a' }],
    ['without what moves a cursor', Buffer.from('x\u001b[2J'), { text: '(no JSON) x·[2J' }],
    ['as bytes', Buffer.from([0xff, 0x01]), { format: 'bytes', raw: 'ff01' }],
    ['as nothing', null, { format: 'empty' }],
  ])('%s', (_how, value, shown) => {
    expect(decoded(value)).toMatchObject(shown)
  })
})
