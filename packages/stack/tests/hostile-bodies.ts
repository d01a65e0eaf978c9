import { buildAsyncApi } from '@checkout/contracts/asyncapi'
import type { Topic } from '@checkout/contracts/events'
import fc from 'fast-check'

/** As much of a JSON schema as the served document uses for requests. */
export type RequestSchema = {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, RequestSchema>>
  readonly required?: readonly string[]
  readonly items?: RequestSchema
  readonly anyOf?: readonly RequestSchema[]
  readonly pattern?: string
  readonly format?: string
  readonly const?: string
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly maxItems?: number
}

/** What the schema of a topic's events says, as consumers read them. */
export const eventSchema = (topic: Topic): RequestSchema =>
  buildAsyncApi().components.messages[`${topic}.v1`]?.payload as RequestSchema

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Values that fit the schema; a property that `known` names gets one of those, so that some cases reach real orders. */
export const validValue = (
  schema: RequestSchema,
  schemas: Readonly<Record<string, RequestSchema>>,
  known: Readonly<Record<string, readonly Json[]>>,
): fc.Arbitrary<Json> => {
  const of = (inner: RequestSchema): fc.Arbitrary<Json> => {
    if (inner.$ref !== undefined) return of(schemas[inner.$ref.split('/').at(-1) ?? ''] ?? {})
    if (inner.anyOf !== undefined) return fc.oneof(...inner.anyOf.map(of))
    const words = inner.enum ?? (inner.const === undefined ? undefined : [inner.const])
    if (words !== undefined) return fc.constantFrom(...words)
    const [type] = [inner.type].flat()
    switch (type) {
      case 'object': {
        const properties = Object.entries(inner.properties ?? {}).map(
          ([name, property]): [string, fc.Arbitrary<Json>] => {
            const values = known[name]
            return [name, values === undefined ? of(property) : fc.constantFrom(...values)]
          },
        )
        const requiredKeys = properties.map(([name]) => name).filter((name) => inner.required?.includes(name))
        return fc.record(Object.fromEntries(properties), { requiredKeys })
      }
      case 'array':
        return fc.array(of(inner.items ?? {}), { minLength: 1, maxLength: Math.min(5, inner.maxItems ?? 5) })
      case 'integer':
      case 'number':
        return fc.integer({ min: inner.minimum ?? 1, max: Math.min(inner.maximum ?? 100_000, 100_000) })
      case 'string':
        return inner.format === 'date-time' ? instant : textFitting(inner.pattern)
      default:
        return fc.constant(null)
    }
  }
  return of(schema)
}

const instant = fc
  .date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2040-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString())

const textFitting = (pattern: string | undefined): fc.Arbitrary<string> => {
  const any = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  if (pattern === undefined) return any
  const fitting = new RegExp(pattern, 'u')
  const words = fc.oneof(
    any,
    fc.stringMatching(/^[A-Za-z0-9]{6,20}$/),
    fc.stringMatching(/^[0-9]{1,15}$/),
    fc.constantFrom('1', '2'),
  )
  // Words are more like what people send; where none fits, such as for a hash, texts are made of the pattern itself.
  const isFitting = fc.sample(words, { numRuns: 100, seed: 1 }).some((text) => fitting.test(text))
  return isFitting ? words.filter((text) => fitting.test(text)) : fc.stringMatching(new RegExp(pattern))
}

const nested = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth)

/** JSON texts, and texts that only look like JSON, in the place of a value. */
const nastyTexts: readonly string[] = [
  ['null', 'true', '[]', '{}', '""', '" "', '"null"', '"undefined"', '[null]', '[[]]'],
  ['0', '-0', '-1', '1.5', '1e3', '1e400', '-1e400', '5e-324', '0x10', '01', '+1', '1_000', '.5', '1.'],
  ['NaN', 'Infinity', '"NaN"', '"Infinity"', '"1000"', '"1e3"', '"٣"', '"１"', 'undefined', 'BigInt(1)'],
  ['9007199254740991', '9007199254740992', '9007199254740993', '9223372036854775808', '1'.repeat(400)],
  ['{"$gt":""}', '{"$ne":null}', '{"$where":"sleep(1000)"}', '{"$regex":".*"}', '["a","b"]', '"$secret"', '"a.b"'],
  ['{"__proto__":{"isAdmin":true}}', '{"constructor":{"prototype":{"x":1}}}', '{"prototype":1}', '{"toString":1}'],
  ['{"toJSON":1}', '{"then":1}', '{"length":-1}', '{"valueOf":null}', '{"hasOwnProperty":1}'],
  ['"\\u0000"', '"a\\r\\nSet-Cookie: a=b"', '"\\u001b[31m"', '"\\u007f"', '"\\u202etxt.exe"', '"\\u2028"', '"\\ufeff"'],
  ['"\\ud800"', '"\\udc00\\ud800"', '"👩‍👩‍👧‍👦🇰🇷"', '"\\u1112\\u1161\\u11ab"', '"한"', '"ﷺ"', '"Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A"'],
  ['"\' OR 1=1; --"', '"<script>alert(1)</script>"', '"${7*7}{{7*7}}"', '"%00%0d%0a"', '"../../etc/passwd"'],
  ['"a/cancel"', '"%2e%2e"', '"..%2f"', '"a?b#c"', '"a b"', '"jndi:ldap://x"', '"x'.concat('x'.repeat(5000), '"')],
  [nested(19, '[', ']'), nested(30, '[', ']'), nested(5000, '[', ']'), nested(30, '{"a":', '}').replace(':}', ':1}')],
].flat()

/** Names of fields that a careless program would take for something else. */
const nastyNames = [
  ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '$where', '$gt', 'a.b', '', ' ', '\u0000'],
  ['userId', 'status', 'version', 'isAdmin', 'orderid', 'ORDERID', 'orderId ', 'amountKrw', '_id', 'customerId'],
  ['\u202eamount', '👩‍👩‍👧‍👦', 'x'.repeat(3000), '0', '-1', 'length', 'then', 'toJSON'],
].flat()

const MARK = '@@hostile@@'

/** All places in a value: the keys that lead there. */
const placesIn = (value: Json): (string | number)[][] => {
  if (typeof value !== 'object' || value === null) return [[]]
  const inside = Array.isArray(value)
    ? value.flatMap((member, index) => placesIn(member).map((place) => [index, ...place]))
    : Object.entries(value).flatMap(([key, member]) => placesIn(member).map((place) => [key, ...place]))
  return [[], ...inside]
}

const changed = (value: Json, [key, ...rest]: readonly (string | number)[], change: (old: Json) => Json): Json => {
  if (key === undefined) return change(value)
  if (Array.isArray(value))
    return value.map((member, index) => (index === key ? changed(member, rest, change) : member))
  if (typeof value !== 'object' || value === null) return value
  // Through entries, so that a key which names the prototype stays a key.
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, name === key ? changed(member, rest, change) : member]),
  )
}

const without = (value: Json, place: readonly (string | number)[]): Json => {
  const last = place.at(-1)
  return changed(value, place.slice(0, -1), (parent) => {
    if (Array.isArray(parent)) return parent.filter((_, index) => index !== last)
    if (typeof parent !== 'object' || parent === null) return parent
    return Object.fromEntries(Object.entries(parent).filter(([name]) => name !== last))
  })
}

/** One thing wrong in an otherwise valid body. */
const mutated = (valid: fc.Arbitrary<Json>): fc.Arbitrary<Buffer> =>
  valid.chain((value) => {
    const place = fc.constantFrom(...placesIn(value))
    const asBytes = (hostile: Json, text = ''): Buffer =>
      Buffer.from(JSON.stringify(hostile).replaceAll(`"${MARK}"`, () => text))
    const replaced = fc.tuple(place, fc.constantFrom(...nastyTexts)).map(([where, text]) =>
      asBytes(
        changed(value, where, () => MARK),
        text,
      ),
    )
    const anything = fc.tuple(place, fc.json({ maxDepth: 3 })).map(([where, text]) =>
      asBytes(
        changed(value, where, () => MARK),
        text,
      ),
    )
    const missing = place.map((where) => asBytes(without(value, where)))
    const wrapped = place.map((where) => asBytes(changed(value, where, (old) => [old])))
    const extra = fc.tuple(fc.constantFrom(...nastyNames), fc.constantFrom(...nastyTexts)).map(([name, text]) => {
      const json = JSON.stringify(value)
      return Buffer.from(`{${JSON.stringify(name)}:${text}${json === '{}' ? '' : ','}${json.slice(1)}`)
    })
    const twice = fc.constantFrom(...nastyTexts).map((text) => {
      const json = JSON.stringify(value)
      const [first = 'amount'] = typeof value === 'object' && value !== null ? Object.keys(value) : []
      return Buffer.from(`{${JSON.stringify(first)}:${text},${json.slice(1)}`)
    })
    const broken = fc
      .tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 4 }), fc.nat(3))
      .map(([at, bytes, cut]) => {
        const json = Buffer.from(JSON.stringify(value))
        const index = at % (json.length + 1)
        return Buffer.concat([json.subarray(0, index), bytes, json.subarray(index + cut)])
      })
    const encoded = fc.constantFrom('utf16le', 'latin1', 'base64', 'bom').map((how) => {
      const json = JSON.stringify(value)
      return how === 'bom' ? Buffer.from(`\ufeff${json}`) : recoded(json, how)
    })
    const untouched = fc.constant(Buffer.from(JSON.stringify(value)))
    return fc.oneof(
      { weight: 8, arbitrary: replaced },
      { weight: 2, arbitrary: anything },
      { weight: 2, arbitrary: missing },
      { weight: 1, arbitrary: wrapped },
      { weight: 3, arbitrary: extra },
      { weight: 2, arbitrary: twice },
      { weight: 2, arbitrary: broken },
      { weight: 1, arbitrary: encoded },
      { weight: 1, arbitrary: untouched },
    )
  })

const recoded = (text: string, how: string): Buffer =>
  how === 'utf16le'
    ? Buffer.from(text, 'utf16le')
    : how === 'latin1'
      ? Buffer.from(text, 'latin1')
      : Buffer.from(Buffer.from(text).toString('base64'))

/** Bodies made from valid ones by one change, and now and then bytes that never were a body. */
export const hostileBody = (valid: fc.Arbitrary<Json>): fc.Arbitrary<Buffer> =>
  fc.oneof(
    { weight: 20, arbitrary: mutated(valid) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: fc.json({ maxDepth: 6 }).map((text) => Buffer.from(text)) },
  )

/** What may stand in a path or a query, not yet encoded. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...nastyTexts.map((text) => text.replaceAll('"', '')), ...nastyNames),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
)
