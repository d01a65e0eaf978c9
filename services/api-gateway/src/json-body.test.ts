import { describe, expect, it } from '@jest/globals'
import { parseJsonObject } from './json-body.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const nested = (levels: number): string => `{"a":`.repeat(levels - 1) + '{}' + '}'.repeat(levels - 1)
const refused = expect.objectContaining({ code: 'INVALID_INPUT_VALUE' })

describe('parseJsonObject', () => {
  it('reads an object', () => {
    expect(parseJsonObject(bytes('{"이름":"값","n":1}'))).toEqual({ 이름: '값', n: 1 })
  })

  it.each(['', '{', '[]', 'null', '1', '"a"', '{"a":NaN}', "{'a':1}", '{"a":1}x', '\ufeff{"a":1}', '['.repeat(50_000)])(
    'refuses %.20s',
    (text) => {
      expect(() => parseJsonObject(bytes(text))).toThrow(refused)
    },
  )

  it('refuses bytes that are not UTF-8 instead of replacing them', () => {
    expect(() => parseJsonObject(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d))).toThrow(refused)
  })

  it('takes 20 levels and refuses 21', () => {
    expect(() => parseJsonObject(bytes(nested(20)))).not.toThrow()
    expect(() => parseJsonObject(bytes(nested(21)))).toThrow(refused)
    expect(() => parseJsonObject(bytes(`{"a":${'['.repeat(20)}${']'.repeat(20)}}`))).toThrow(refused)
  })

  it.each(['__proto__', 'constructor', 'prototype'])('refuses the key %s at any depth, by name', (key) => {
    for (const text of [`{"${key}":{}}`, `{"a":[{"b":{"${key}":1}}]}`]) {
      expect(() => parseJsonObject(bytes(text))).toThrow(
        expect.objectContaining({
          details: expect.objectContaining({ errors: [expect.objectContaining({ field: key })] }),
        }),
      )
    }
  })
})
