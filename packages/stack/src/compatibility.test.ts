import { readFileSync } from 'node:fs'
import { buildAsyncApi } from '@checkout/contracts/asyncapi'
import { describe, expect, it } from '@jest/globals'
import { eventBreaks, openApiBreaks } from './compatibility.ts'
import { repositoryRoot } from './repository.ts'
import { dereference, objectOf } from './schema-mismatch.ts'

const string = { type: 'string' }
const integer = { type: 'integer' }
const object = (properties: object, required: readonly string[] = [], more = {}) => ({
  type: 'object',
  properties,
  required,
  ...more,
})
const json = (schema: unknown) => ({ content: { 'application/json': { schema } } })

const path = (operation: object) => ({ paths: { '/orders': { post: { responses: {}, ...operation } } } })
const request = (schema: unknown, required = true) => path({ requestBody: { required, ...json(schema) } })
const answer = (schema: unknown) => path({ responses: { 200: json(schema) } })
const parameter = (...parameters: readonly object[]) =>
  path({ parameters: parameters.map((one) => ({ in: 'query', name: 'limit', schema: string, ...one })) })

const bindings = (key: string) => ({ kafka: { key: { type: 'string', description: key } } })
const message = (payload: unknown, key = 'data.orderId') => ({ payload, bindings: bindings(key) })
const channel = (messages: object, address = 'paid') => ({ channels: { paid: { address, messages } } })
const event = (payload: unknown, key?: string) => channel({ 'paid.v1': message(payload, key) })

const closed = { additionalProperties: false }
const oneOf = (...values: readonly string[]) => ({ type: 'string', enum: values })
const field = (schema: object) => object({ a: schema }, ['a'], closed)

describe('an OpenAPI document breaks an older client', () => {
  it.each([
    ['without one of its paths', path({}), { paths: {} }, 'POST /orders: is gone'],
    ['without one of its methods', path({}), { paths: { '/orders': { get: {} } } }, 'POST /orders: is gone'],
    ['without one of its statuses', answer(string), path({}), 'POST /orders 200: is gone'],
    [
      'without one of its content types',
      answer(string),
      path({ responses: { 200: { content: { 'text/plain': { schema: string } } } } }),
      'POST /orders 200 application/json: is gone',
    ],
    [
      'without one of its headers',
      path({ responses: { 202: { headers: { Location: {} } } } }),
      path({ responses: { 202: {} } }),
      'POST /orders 202 header Location: is gone',
    ],
    [
      'when a body is required now',
      request(string, false),
      request(string, true),
      'POST /orders request: is required now',
    ],
    ['when it stops reading a body', request(string), path({}), 'POST /orders request application/json: is gone'],
    [
      'with a new parameter that is required',
      path({}),
      parameter({ required: true }),
      'POST /orders query limit: is new and required',
    ],
    [
      'when a parameter is required now',
      parameter({ required: false }),
      parameter({ required: true }),
      'POST /orders query limit: is required now',
    ],
    ['without one of its parameters', parameter({}), path({}), 'POST /orders query limit: is not taken any more'],
    [
      'when a parameter takes less',
      parameter({ schema: { ...string, pattern: '^.*$' } }),
      parameter({ schema: { ...string, pattern: '^[0-9]$' } }),
      'POST /orders query limit: pattern is another',
    ],
  ])('%s', (_title, released, current, sentence) => {
    expect(openApiBreaks(released, current)).toEqual([sentence])
    expect(openApiBreaks(released, released)).toEqual([])
  })

  it.each([
    ['has a new required field', object({}), object({ a: string }, ['a']), '.a: is required and may be missing'],
    ['requires a field', object({ a: string }), object({ a: string }, ['a']), '.a: is required and may be missing'],
    ['refuses a field', object({ a: string }, [], closed), object({}, [], closed), '.a: is not taken'],
    ['refuses unknown fields', object({}), object({}, [], closed), ': unknown fields are not taken'],
    ['has another type', field(string), field(integer), '.a: string is sent, integer is read'],
    ['has a narrower type', field({ type: 'number' }), field(integer), '.a: number is sent, integer is read'],
    ['refuses null', field({ type: ['string', 'null'] }), field(string), '.a: null is sent, string is read'],
    ['takes one thing where it took any', field({}), field(string), '.a: anything is sent, string is read'],
    ['has fewer values', field(oneOf('A', 'B')), field(oneOf('A')), '.a: "B" is not taken'],
    ['has another value', field({ const: 'A' }), field({ const: 'B' }), '.a: "A" is not taken'],
    ['has values where any was taken', field(string), field(oneOf('A')), '.a: "any other value" is not taken'],
    [
      'has a higher minimum',
      field({ ...integer, minimum: 0 }),
      field({ ...integer, minimum: 1 }),
      '.a: minimum is narrower',
    ],
    ['has a new maximum', field(integer), field({ ...integer, maximum: 9 }), '.a: maximum is narrower'],
    ['has a new pattern', field(string), field({ ...string, pattern: '^A$' }), '.a: pattern is another'],
    [
      'has narrower items',
      field({ type: 'array', items: oneOf('A', 'B') }),
      field({ type: 'array', items: oneOf('B') }),
      '.a[]: "A" is not taken',
    ],
    [
      'has narrower values of a record',
      object({}, [], { additionalProperties: { type: 'number' } }),
      object({}, [], { additionalProperties: integer }),
      '.*: number is sent, integer is read',
    ],
    [
      'is composed of what fits fewer types',
      { allOf: [{ type: ['number', 'string'] }, { type: ['integer', 'string'] }] },
      { allOf: [{ type: ['number', 'string'] }, integer] },
      ': string is sent, integer is read',
    ],
    [
      'is composed of what has fewer values in common',
      oneOf('A', 'B'),
      { allOf: [oneOf('B', 'C'), { enum: ['A', 'B'] }] },
      ': "A" is not taken',
    ],
    [
      'is composed of what requires a field',
      object({}),
      { allOf: [object({}), object({}, ['a'])] },
      '.a: is required and may be missing',
    ],
    ['loses an alternative', { anyOf: [string, integer] }, { anyOf: [string] }, ': integer is sent, string is read'],
  ])('when a request %s', (_title, released, current, sentence) => {
    expect(openApiBreaks(request(released), request(current))).toEqual([`POST /orders request${sentence}`])
    expect(openApiBreaks(request(released), request(released))).toEqual([])
  })

  it.each([
    ['loses a required field', field(string), object({}, [], closed), '.a: is required and may be missing'],
    ['may leave a field out', field(string), object({ a: string }), '.a: is required and may be missing'],
    ['has another type', field(integer), field(string), '.a: string is sent, integer is read'],
    ['has a wider type', field(integer), field({ type: 'number' }), '.a: number is sent, integer is read'],
    ['may be null', field(string), field({ type: ['string', 'null'] }), '.a: null is sent, string is read'],
    [
      'has another type inside of what is composed',
      { allOf: [field(string), object({ b: field(integer) }, ['b'])] },
      { allOf: [field(string), object({ b: field(string) }, ['b'])] },
      '.b.a: string is sent, integer is read',
    ],
  ])('when an answer %s', (_title, released, current, sentence) => {
    expect(openApiBreaks(answer(released), answer(current))).toEqual([`POST /orders 200${sentence}`])
    expect(openApiBreaks(answer(released), answer(released))).toEqual([])
  })
})

describe('an OpenAPI document breaks nobody', () => {
  it.each([
    ['with a new path', path({}), { paths: { ...path({}).paths, '/events': { get: {} } } }],
    ['with a new status', path({}), answer(string)],
    ['with a new parameter', path({}), parameter({ required: false })],
    ['with a body that need not be sent any more', request(string, true), request(string, false)],
    [
      'with a new optional field in a request',
      request(field(string)),
      request(object({ a: string, b: string }, ['a'], closed)),
    ],
    ['when a request may leave a field out', request(field(string)), request(object({ a: string }, [], closed))],
    ['with more values in a request', request(oneOf('A')), request(oneOf('A', 'B'))],
    ['with a wider type in a request', request(integer), request({ type: ['number', 'null'] })],
    ['with wider limits in a request', request({ ...integer, maximum: 9 }), request({ ...integer, maximum: 10 })],
    [
      'with a new field in an answer',
      answer(field(string)),
      answer(object({ a: string, b: string }, ['a', 'b'], closed)),
    ],
    ['with more values in an answer', answer(oneOf('A')), answer(oneOf('A', 'B'))],
    ['with other words', answer(string), answer({ ...string, description: 'Text', example: 'A' })],
  ])('%s', (_title, released, current) => {
    expect(openApiBreaks(released, current)).toEqual([])
  })
})

const [older, newer] = ['paid.v1, old event and new consumer: ', 'paid.v1, new event and old consumer: ']

describe('an event', () => {
  it.each([
    ['lost a required field', object({ a: string }, ['a']), object({}), [`${newer}.a: is required and may be missing`]],
    [
      'may lack a field',
      object({ a: string }, ['a']),
      object({ a: string }),
      [`${newer}.a: is required and may be missing`],
    ],
    [
      'has a new required field',
      object({}),
      object({ a: string }, ['a']),
      [`${older}.a: is required and may be missing`],
    ],
    [
      'has another type',
      object({ a: integer }),
      object({ a: string }),
      [`${older}.a: integer is sent, string is read`, `${newer}.a: string is sent, integer is read`],
    ],
    ['lost a value', oneOf('A', 'B'), oneOf('A'), [`${older}: "B" is not taken`]],
    ['has a new value', oneOf('A'), oneOf('A', 'B'), [`${newer}: "B" is not taken`]],
    ['has a narrower limit', string, { ...string, maxLength: 9 }, [`${older}: maxLength is narrower`]],
    ['has a wider limit', { ...string, maxLength: 9 }, string, [`${newer}: maxLength is narrower`]],
  ])('breaks consumers when it %s', (_title, released, current, sentences) => {
    expect(eventBreaks(event(released), event(current))).toEqual(sentences)
    expect(eventBreaks(event(released), event(released))).toEqual([])
  })

  it('breaks consumers when its key, its channel or the message itself is another', () => {
    const released = event(string)
    expect(eventBreaks(released, event(string, 'data.paymentId'))).toEqual(['paid.v1: has another key'])
    expect(eventBreaks(released, { channels: {} })).toEqual(['paid: is gone'])
    expect(eventBreaks(released, channel({ 'paid.v1': message(string) }, 'payed'))).toEqual(['paid: is gone'])
    expect(eventBreaks(released, channel({ 'paid.v2': message(string) }))).toEqual(['paid.v1: is gone'])
  })

  it('breaks nobody with a new optional field, and a new message or channel does not either', () => {
    const released = event(object({ a: string }, ['a']))
    const current = message(object({ a: string, b: integer }, ['a']))
    expect(eventBreaks(released, channel({ 'paid.v1': current, 'paid.v2': message(integer) }))).toEqual([])
    expect(eventBreaks(released, { channels: { ...released.channels, refunded: {} } })).toEqual([])
  })
})

describe('the documents of today', () => {
  const openApi = objectOf(JSON.parse(readFileSync(`${repositoryRoot}/services/api-gateway/openapi.json`, 'utf8')))
  const paths = objectOf(openApi['paths'])
  const asyncApi = buildAsyncApi()

  it('agree with themselves', () => {
    expect(Object.keys(paths).length).toBeGreaterThan(10)
    expect(openApiBreaks(openApi, openApi)).toEqual([])
    expect(Object.keys(asyncApi.channels)).toHaveLength(3)
    expect(eventBreaks(asyncApi, asyncApi)).toEqual([])
  })

  it('would break somebody without any of their paths, or with another type in a schema that many share', () => {
    for (const name of Object.keys(paths)) {
      const { [name]: _, ...rest } = paths
      expect(openApiBreaks(openApi, { ...openApi, paths: rest })).toEqual([expect.stringContaining(`${name}: is gone`)])
    }
    const schemas = objectOf(objectOf(openApi['components'])['schemas'])
    const components = { schemas: { ...schemas, Problem: object({ code: integer }, ['code']) } }
    expect(openApiBreaks(openApi, { ...openApi, components }).length).toBeGreaterThan(50)
  })
})

describe('references', () => {
  it('are followed wherever they stand, with the names that need escaping', () => {
    const document = { a: { $ref: '#/b/x~1y', note: 1 }, b: { 'x/y': { list: [{ $ref: '#/c' }] } }, c: string }
    expect(dereference(document)).toMatchObject({ a: { note: 1, list: [string] } })
  })

  it('to nothing, or of a schema to itself, are refused rather than passed over', () => {
    expect(() => dereference({ a: { $ref: '#/b' } })).toThrow('#/b points to nothing')
    expect(() => dereference({ a: { next: { $ref: '#/a' } } })).toThrow('#/a contains itself')
  })
})
