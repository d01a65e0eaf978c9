/** The lines of one block of a stream of server-sent events, each with its name; that of a comment is empty. */
export const linesOf = (block: string): (readonly [name: string, value: string])[] =>
  block.split('\n').map((line) => {
    const [name = '', value = ''] = line.split(/: ?(.*)/s)
    return [name, value]
  })

/** The events of a whole stream, each by its fields. Blocks without data, as comments and `retry` are, are none. */
export const eventsOf = (stream: string): Readonly<Record<string, string>>[] =>
  stream
    .split('\n\n')
    .map((block) => linesOf(block).filter(([name]) => name !== ''))
    .filter((fields) => fields.some(([name]) => name === 'data'))
    .map((fields) => Object.fromEntries(fields))
