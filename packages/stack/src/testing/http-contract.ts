import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { eventsOf } from './server-sent-events.ts'

type Schema = Readonly<Record<string, unknown>>
type DeclaredResponse = {
  readonly headers?: Readonly<Record<string, unknown>>
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
}
type Operation = { readonly responses: Readonly<Record<string, DeclaredResponse>> }

/** As much of an OpenAPI document as is looked at here. */
export type OpenApiDocument = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** One thing that one route can answer: a status, and for a refusal its code as well. */
export type Cell = {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly code?: string
}

export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
  /** Of a problem. */
  readonly code?: string
}

const PROBLEM = 'application/problem+json'
const EVENTS = 'text/event-stream'

/** Undefined for what is no JSON, which no schema of an object takes. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Codes that a declared problem can carry: the one enum in its schema. */
const codesOf = (schema: unknown): string[] => {
  if (typeof schema !== 'object' || schema === null) return []
  if ('enum' in schema && Array.isArray(schema.enum)) return schema.enum.map(String)
  return Object.values(schema).flatMap(codesOf)
}

/** Every cell that the document declares, and for every path the methods that it does not have. */
export const cellsOf = (document: OpenApiDocument): Cell[] =>
  Object.entries(document.paths).flatMap(([path, operations]) => [
    ...Object.entries(operations).flatMap(([method, { responses }]) =>
      Object.entries(responses).flatMap(([status, response]) => {
        const cell = { method: method.toUpperCase(), path, status: Number(status) }
        const name = `${cell.method} ${path} ${status}`
        const problem = response.content?.[PROBLEM]
        if (problem === undefined) return [{ ...cell, name }]
        return codesOf(problem.schema).map((code) => ({ ...cell, name: `${name} ${code}`, code }))
      }),
    ),
    { name: `DELETE ${path} 405`, method: 'DELETE', path, status: 405, code: 'METHOD_NOT_ALLOWED' },
  ])

/** Judges real answers by the document. */
export const createJudge = (document: OpenApiDocument) => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
  // JSON inside of a string, as the data of an event is: to ajv only a note.
  ajv.removeKeyword('contentSchema')
  ajv.addKeyword({
    keyword: 'contentSchema',
    schemaType: 'object',
    compile: (schema: Schema) => {
      const validate = ajv.compile({ ...schema, components: document.components })
      return (text: unknown) => typeof text !== 'string' || validate(parsed(text))
    },
  })
  const compiled = new Map<string, ValidateFunction>()
  const assertFits = (name: string, schema: Schema, body: unknown) => {
    const validate = compiled.get(name) ?? ajv.compile({ ...schema, components: document.components })
    compiled.set(name, validate)
    if (!validate(body)) throw new Error(`${name}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body)}`)
  }
  /**
   * @throws Error when the route does not declare this status, content type or code, when the body does not fit its schema, or
   * when a header is missing without which the answer is of no use.
   */
  return (method: string, path: string, answer: Answer): void => {
    const name = `${method} ${path} ${answer.status}`
    const type = answer.headers.get('content-type')?.split(';')[0] ?? 'none'
    if (answer.headers.get('x-request-id') === null) throw new Error(`${name}: no X-Request-Id`)
    const declared = document.paths[path]?.[method.toLowerCase()]?.responses[String(answer.status)]
    if (declared === undefined) {
      // What no operation can declare, because there is none.
      if (type !== PROBLEM || (answer.status !== 405 && answer.status !== 404))
        throw new Error(`${name} is not declared`)
      assertFits(name, { $ref: '#/components/schemas/Problem' }, answer.body)
      return
    }
    for (const header of ['etag', 'location', 'retry-after']) {
      const isDeclared = Object.keys(declared.headers ?? {}).some((key) => key.toLowerCase() === header)
      const isMissing = answer.headers.get(header) === null
      if (isDeclared && isMissing && answer.status !== 409) throw new Error(`${name}: no ${header}`)
      if (!isDeclared && !isMissing) throw new Error(`${name}: ${header} is not declared`)
    }
    const content = declared.content?.[type]
    if (content !== undefined)
      for (const body of type === EVENTS ? eventsOf(String(answer.body)) : [answer.body])
        assertFits(`${name} ${type}`, content.schema, body)
    else if (declared.content !== undefined || type !== 'none') throw new Error(`${name}: ${type} is not declared`)
  }
}
