export type Json = Readonly<Record<string, unknown>>

/**
 * How a reader takes what it is sent. A strict one refuses what its schema does not allow, as our services do. A lenient one relies
 * on required fields and on types only, as clients should: new values and other limits are no news to it.
 */
export type Reader = 'strict' | 'lenient'

type Alternative = Json & { readonly type?: string | undefined }

const lowerLimits = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']
const upperLimits = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties']
const annotations = ['$schema', 'title', 'description', 'default', 'example', 'examples', 'deprecated']
const structure = ['type', 'enum', 'properties', 'required', 'additionalProperties', 'items']
const handled = new Set([...lowerLimits, ...upperLimits, ...annotations, ...structure])

/** What `read` does not take of that which `sent` allows, one sentence each. Both are JSON schemas without `$ref`. */
export const mismatches = (sent: unknown, read: unknown, reader: Reader, at: string): readonly string[] => {
  const ways = alternatives(read)
  return alternatives(sent).flatMap((alternative) => {
    const attempts = ways.map((way) => mismatchOf(alternative, way, reader, at))
    // The nearest of the reader's alternatives is the one that a person would compare with.
    return attempts.sort((a, b) => a.length - b.length)[0] ?? [`${at}: nothing at all is read`]
  })
}

const mismatchOf = (sent: Alternative, read: Alternative, reader: Reader, at: string): readonly string[] => {
  const isWider = read.type === undefined || read.type === sent.type
  if (!isWider && !(read.type === 'number' && sent.type === 'integer')) {
    return [`${at}: ${sent.type ?? 'anything'} is sent, ${read.type} is read`]
  }
  return [
    ...(reader === 'strict' ? limitMismatches(sent, read, at) : []),
    ...objectMismatches(sent, read, reader, at),
    ...(read['items'] === undefined ? [] : mismatches(sent['items'] ?? {}, read['items'], reader, `${at}[]`)),
  ]
}

const limitMismatches = (sent: Alternative, read: Alternative, at: string): readonly string[] => {
  const values = listOf(read['enum'])
  const sentValues = listOf(sent['enum'])
  const narrower = (name: string, direction: 1 | -1) => {
    const [bound, limit] = [sent[name], read[name]]
    return typeof limit === 'number' && !(typeof bound === 'number' && (bound - limit) * direction >= 0)
  }
  const limits = sentValues === undefined
  return [
    ...(values === undefined ? [] : (sentValues ?? ['any other value']))
      .filter((value) => !values?.includes(value))
      .map((value) => `${at}: ${JSON.stringify(value)} is not taken`),
    ...lowerLimits.filter((name) => limits && narrower(name, 1)).map((name) => `${at}: ${name} is narrower`),
    ...upperLimits.filter((name) => limits && narrower(name, -1)).map((name) => `${at}: ${name} is narrower`),
    // What is not understood here may not differ: patterns, formats, and whatever a later version of a generator writes.
    ...Object.keys(read)
      .filter((name) => !handled.has(name) && JSON.stringify(read[name]) !== JSON.stringify(sent[name]))
      .map((name) => `${at}: ${name} is another`),
  ]
}

const objectMismatches = (sent: Alternative, read: Alternative, reader: Reader, at: string): readonly string[] => {
  const [sentRequired, known] = [listOf(sent['required']) ?? [], objectOf(read['properties'])]
  const others = read['additionalProperties']
  const sentOthers = sent['additionalProperties']
  return [
    ...(listOf(read['required']) ?? [])
      .filter((name) => !sentRequired.includes(name))
      .map((name) => `${at}.${String(name)}: is required and may be missing`),
    ...Object.entries(objectOf(sent['properties'])).flatMap(([name, schema]) => {
      if (known[name] !== undefined) return mismatches(schema, known[name], reader, `${at}.${name}`)
      if (isJson(others)) return mismatches(schema, others, reader, `${at}.${name}`)
      return others === false && reader === 'strict' ? [`${at}.${name}: is not taken`] : []
    }),
    ...(isJson(others) && sentOthers !== false ? mismatches(sentOthers ?? {}, others, reader, `${at}.*`) : []),
    ...(others === false && sentOthers !== false && reader === 'strict' ? [`${at}: unknown fields are not taken`] : []),
  ]
}

/** Takes `allOf`, `anyOf`, `oneOf`, `const` and lists of types apart: schemas with one type each, of which one has to fit. */
const alternatives = (schema: unknown): readonly Alternative[] => {
  const { allOf, anyOf, oneOf, type, ...rest } = objectOf(schema)
  const own = { ...rest, ...('const' in rest ? { const: undefined, enum: [rest['const']] } : {}) }
  let found: readonly Alternative[] = (listOf(type) ?? [type]).map((one) => ofType(own, one))
  for (const part of listOf(allOf) ?? []) found = intersect(found, alternatives(part))
  for (const choice of [anyOf, oneOf]) {
    const choices = listOf(choice)
    if (choices !== undefined) found = intersect(found, choices.flatMap(alternatives))
  }
  return found
}

const ofType = (schema: Json, type: unknown): Alternative => {
  const { const: _, enum: values, ...rest } = schema
  if (typeof type !== 'string') return values === undefined ? rest : { ...rest, enum: values }
  if (type === 'null') return { type }
  const fitting = listOf(values)?.filter((value) => value !== null)
  return { ...rest, type, ...(fitting === undefined ? {} : { enum: fitting }) }
}

const intersect = (left: readonly Alternative[], right: readonly Alternative[]): readonly Alternative[] =>
  left.flatMap((a) => right.flatMap((b) => both(a, b)))

const both = (a: Alternative, b: Alternative): readonly Alternative[] => {
  const types = [...new Set([a.type, b.type].filter((type) => type !== undefined))]
  const isNumeric = types.length === 2 && types.includes('integer') && types.includes('number')
  if (types.length > 1 && !isNumeric) return []
  const type = isNumeric ? 'integer' : types[0]
  const [left, right] = [objectOf(a['properties']), objectOf(b['properties'])]
  const shared = Object.keys(left).filter((name) => name in right)
  const properties = {
    ...left,
    ...right,
    ...Object.fromEntries(shared.map((name) => [name, { allOf: [left[name], right[name]] }])),
  }
  const required = [...new Set([...(listOf(a['required']) ?? []), ...(listOf(b['required']) ?? [])])]
  const values = [listOf(a['enum']), listOf(b['enum'])].filter((list) => list !== undefined)
  return [
    {
      ...a,
      ...b,
      type,
      properties,
      required,
      ...(values[0] === undefined ? {} : { enum: values[0].filter((value) => values[1]?.includes(value) ?? true) }),
    },
  ]
}

/** Puts what each `$ref` points to in its place, in the whole document. Throws when one points nowhere or into itself. */
export const dereference = (document: unknown): unknown => {
  const resolve = (node: unknown, open: readonly string[]): unknown => {
    if (Array.isArray(node)) return node.map((item: unknown) => resolve(item, open))
    if (!isJson(node)) return node
    const { $ref: ref, ...rest } = node
    const fields = Object.fromEntries(
      Object.entries(typeof ref === 'string' ? rest : node).map(([name, value]) => [name, resolve(value, open)]),
    )
    if (typeof ref !== 'string') return fields
    if (open.includes(ref)) throw new Error(`${ref} contains itself and cannot be compared`)
    return { ...objectOf(resolve(pointedTo(document, ref), [...open, ref])), ...fields }
  }
  return resolve(document, [])
}

const pointedTo = (document: unknown, ref: string): unknown => {
  const names = ref.replace(/^#\//, '').split('/')
  const found = names.reduce<unknown>(
    (node, name) => objectOf(node)[name.replaceAll('~1', '/').replaceAll('~0', '~')],
    document,
  )
  if (found === undefined) throw new Error(`${ref} points to nothing`)
  return found
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const objectOf = (value: unknown): Json => (isJson(value) ? value : {})

export const listOf = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined)
