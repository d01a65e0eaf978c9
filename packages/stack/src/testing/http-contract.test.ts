import { describe, expect, it } from '@jest/globals'
import { type Answer, cellsOf, createJudge, type OpenApiDocument } from './http-contract.ts'

const problem = (...codes: string[]) => ({
  content: {
    'application/problem+json': {
      schema: {
        allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { type: 'string', enum: codes } } }],
      },
    },
  },
})

const document: OpenApiDocument = {
  paths: {
    '/orders': {
      post: {
        responses: {
          200: {
            headers: { Location: {} },
            content: {
              'application/json': {
                schema: { type: 'object', properties: { id: { type: 'string' } }, additionalProperties: false },
              },
            },
          },
          400: problem('INVALID_INPUT_VALUE', 'AMOUNT_MISMATCH'),
        },
      },
    },
    '/events': {
      get: {
        responses: {
          200: {
            content: {
              'text/event-stream': {
                schema: {
                  type: 'object',
                  required: ['id', 'data'],
                  properties: {
                    data: { type: 'string', contentSchema: { type: 'object', properties: { id: { type: 'string' } } } },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
  components: { schemas: { Problem: { type: 'object', required: ['code'] } } },
}

const judge = createJudge(document)
const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  body,
  headers: new Headers({ 'x-request-id': 'a', 'content-type': 'application/json; charset=utf-8', ...headers }),
})
const refusal = (status: number, code: string) =>
  answer(status, { code }, { 'content-type': 'application/problem+json' })

describe('cellsOf', () => {
  it('has one cell for each status, for a refusal one for each code, and one for the methods that are not there', () => {
    expect(cellsOf(document).map(({ name }) => name)).toEqual([
      'POST /orders 200',
      'POST /orders 400 INVALID_INPUT_VALUE',
      'POST /orders 400 AMOUNT_MISMATCH',
      'DELETE /orders 405',
      'GET /events 200',
      'DELETE /events 405',
    ])
  })
})

describe('the judge', () => {
  it.each([
    ['an answer that fits', answer(200, { id: 'a' }, { location: '/a' })],
    ['a refusal with a declared code', refusal(400, 'AMOUNT_MISMATCH')],
    ['a method that is not there', refusal(405, 'METHOD_NOT_ALLOWED')],
  ])('lets pass %s', (_, good) => {
    expect(() => judge('POST', '/orders', good)).not.toThrow()
  })

  it.each([
    ['an undeclared status', answer(201, { id: 'a' })],
    ['an undeclared field', answer(200, { id: 'a', secret: 1 }, { location: '/a' })],
    ['an undeclared code', refusal(400, 'ORDER_EXPIRED')],
    ['an undeclared content type', answer(200, '', { 'content-type': 'text/html', location: '/a' })],
    ['a refusal that is no problem', answer(400, { code: 'AMOUNT_MISMATCH' })],
    ['an undeclared header', answer(200, { id: 'a' }, { location: '/a', etag: '"a"' })],
    ['a missing header', answer(200, { id: 'a' })],
  ])('does not let pass %s', (_, bad) => {
    expect(() => judge('POST', '/orders', bad)).toThrow('POST /orders')
  })

  const stream = (...events: string[]) =>
    answer(200, ['retry: 10\n\n', ...events].join(''), { 'content-type': 'text/event-stream; charset=utf-8' })
  const good = 'id: 1\ndata: {"id":"a"}\n\n'

  it('lets pass a stream of events that fit', () => {
    expect(() => judge('GET', '/events', stream(good, ': still here\n\n', good))).not.toThrow()
  })

  it.each([
    ['without a field', 'data: {"id":"a"}\n\n'],
    ['with other data', 'id: 2\ndata: {"id":1}\n\n'],
    ['with no JSON', 'id: 2\ndata: a\n\n'],
  ])('does not let pass an event %s', (_, bad) => {
    expect(() => judge('GET', '/events', stream(good, bad))).toThrow('GET /events')
  })
})
