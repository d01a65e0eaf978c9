import { readFile } from 'node:fs/promises'
import { describe, expect, it } from '@jest/globals'
import { buildOpenApi } from './openapi.ts'
import { routes } from './routes.ts'

const document = buildOpenApi(routes)

/** Every object within a value, the value itself included. */
const objectsIn = (value: unknown): object[] =>
  typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(objectsIn)] : []

const refs = objectsIn(document).flatMap((node) => ('$ref' in node ? [node.$ref] : []))

const memberOf = (node: unknown, name: string): unknown =>
  typeof node === 'object' && node !== null ? new Map<string, unknown>(Object.entries(node)).get(name) : undefined

const resolve = (ref: unknown): unknown =>
  String(ref).replace(/^#\//, '').split('/').reduce<unknown>(memberOf, document)

describe('the OpenAPI document', () => {
  it('resolves each of its references', () => {
    expect(refs.length).toBeGreaterThan(20)
    for (const ref of new Set(refs)) expect([ref, typeof resolve(ref)]).toEqual([ref, 'object'])
  })

  it('has patterns that compile, with nothing of a JavaScript literal about them', () => {
    const patterns = objectsIn(document).flatMap((node) => ('pattern' in node ? [String(node.pattern)] : []))
    expect(patterns.length).toBeGreaterThan(10)
    for (const pattern of patterns) {
      expect(pattern).toMatch(/^\^.*\$$/)
      expect(() => new RegExp(pattern, 'u')).not.toThrow()
    }
  })

  it('describes every route, with a problem for each code that it can answer', () => {
    for (const route of routes) {
      const operation = document.paths?.[route.path]?.[route.method]
      for (const { code, status } of route.refusals) {
        expect(JSON.stringify(operation?.responses?.[status])).toContain(`"${code}"`)
      }
      expect(operation?.responses).toHaveProperty('200')
    }
  })

  it('is the one kept in the repository; `npm run generate` renews it', async () => {
    const kept = await readFile(new URL('../openapi.json', import.meta.url), 'utf8')
    expect(JSON.parse(kept)).toEqual(JSON.parse(JSON.stringify(document)))
  })
})
