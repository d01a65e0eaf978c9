import { dereference, listOf, mismatches, objectOf } from './schema-mismatch.ts'

/**
 * What in the OpenAPI document `current` breaks a client that was written for `released`, one sentence each.
 *
 * Requests: everything that was accepted still is, because the gateway refuses what it does not know. Answers: every path, method,
 * status, content type, header and required field is still there and of its type. A new path, status, optional request field, answer
 * field or answer value breaks nobody.
 */
export const openApiBreaks = (released: unknown, current: unknown): readonly string[] => {
  const now = operationsOf(current)
  return [...operationsOf(released)].flatMap(([name, before]) => {
    const after = now.get(name)
    if (after === undefined) return [`${name}: is gone`]
    return [
      ...parameterBreaks(name, before['parameters'], after['parameters']),
      ...bodyBreaks(name, before['requestBody'], after['requestBody']),
      ...answerBreaks(name, objectOf(before['responses']), objectOf(after['responses'])),
    ]
  })
}

/**
 * What in the AsyncAPI document `current` breaks a consumer that was written for `released`, or a consumer of today that reads the
 * events of `released`, one sentence each. Both are strict, because an event that does not parse is a dead letter at once: optional
 * fields may come, everything else stays as it is, also the values of an enum and the key that keeps events in order.
 */
export const eventBreaks = (released: unknown, current: unknown): readonly string[] => {
  const now = objectOf(objectOf(dereference(current))['channels'])
  return Object.entries(objectOf(objectOf(dereference(released))['channels'])).flatMap(([topic, channel]) => {
    const [before, after] = [objectOf(channel), objectOf(now[topic])]
    if (now[topic] === undefined || before['address'] !== after['address']) return [`${topic}: is gone`]
    const messages = objectOf(after['messages'])
    return Object.entries(objectOf(before['messages'])).flatMap(([name, message]) =>
      messages[name] === undefined
        ? [`${name}: is gone`]
        : messageBreaks(name, objectOf(message), objectOf(messages[name])),
    )
  })
}

type Node = ReturnType<typeof objectOf>

const messageBreaks = (name: string, before: Node, after: Node): readonly string[] => {
  const key = (message: Node) => JSON.stringify(objectOf(objectOf(message['bindings'])['kafka'])['key'])
  return [
    ...(key(before) === key(after) ? [] : [`${name}: has another key`]),
    ...mismatches(before['payload'], after['payload'], 'strict', `${name}, old event and new consumer: `),
    ...mismatches(after['payload'], before['payload'], 'strict', `${name}, new event and old consumer: `),
  ]
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

const operationsOf = (document: unknown): ReadonlyMap<string, Node> => {
  const paths = Object.entries(objectOf(objectOf(dereference(document))['paths']))
  return new Map(
    paths.flatMap(([path, item]) =>
      Object.entries(objectOf(item))
        .filter(([method]) => methods.includes(method))
        .map(([method, operation]) => [`${method.toUpperCase()} ${path}`, objectOf(operation)] as const),
    ),
  )
}

const parameterBreaks = (name: string, before: unknown, after: unknown): readonly string[] => {
  const [old, now] = [parametersOf(before), parametersOf(after)]
  const added = [...now].filter(([id, parameter]) => parameter['required'] === true && !old.has(id))
  return [
    ...added.map(([id]) => `${name} ${id}: is new and required`),
    ...[...old].flatMap(([id, parameter]) => {
      const next = now.get(id)
      if (next === undefined) return [`${name} ${id}: is not taken any more`]
      const isRequired = next['required'] === true && parameter['required'] !== true
      return [
        ...(isRequired ? [`${name} ${id}: is required now`] : []),
        ...mismatches(parameter['schema'], next['schema'], 'strict', `${name} ${id}`),
      ]
    }),
  ]
}

const parametersOf = (parameters: unknown): ReadonlyMap<string, Node> =>
  new Map((listOf(parameters) ?? []).map(objectOf).map((one) => [`${String(one['in'])} ${String(one['name'])}`, one]))

const bodyBreaks = (name: string, before: unknown, after: unknown): readonly string[] => {
  const [old, now] = [objectOf(before), objectOf(after)]
  const isRequired = now['required'] === true && old['required'] !== true
  return [
    ...(isRequired ? [`${name} request: is required now`] : []),
    ...contentBreaks(`${name} request`, old, now, (then, next, at) => mismatches(then, next, 'strict', at)),
  ]
}

const answerBreaks = (name: string, before: Node, after: Node): readonly string[] =>
  Object.entries(before).flatMap(([status, answer]) => {
    const at = `${name} ${status}`
    if (after[status] === undefined) return [`${at}: is gone`]
    const [old, now] = [objectOf(answer), objectOf(after[status])]
    const headers = objectOf(now['headers'])
    return [
      ...Object.keys(objectOf(old['headers']))
        .filter((header) => headers[header] === undefined)
        .map((header) => `${at} header ${header}: is gone`),
      ...contentBreaks(at, old, now, (then, next, place) => mismatches(next, then, 'lenient', place)),
    ]
  })

type Compare = (before: unknown, after: unknown, at: string) => readonly string[]

const contentBreaks = (at: string, before: Node, after: Node, compare: Compare): readonly string[] => {
  const now = objectOf(after['content'])
  return Object.entries(objectOf(before['content'])).flatMap(([type, content]) =>
    now[type] === undefined
      ? [`${at} ${type}: is gone`]
      : compare(objectOf(content)['schema'], objectOf(now[type])['schema'], at),
  )
}
