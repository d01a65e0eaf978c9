/** One column of a table: its title, and what stands in it. Numbers are set right. */
type Column<Row> = { readonly title: string; readonly of: (row: Row) => string | number | undefined }

export type Print = {
  /** True with `--json`: then stdout holds one JSON document and nothing else. */
  readonly isJson: () => boolean
  /** Rows for a person, or the same rows as JSON. `none` is what a person reads when there are none. */
  readonly table: <Row>(rows: readonly Row[], columns: readonly Column<Row>[], options: { none: string }) => void
  /** One thing, as lines `name  value` for a person; fields without a value are left out. */
  readonly record: (fields: Readonly<Record<string, unknown>>) => void
  /** The document of `--json`; for a person, `text`. */
  readonly document: (value: unknown, text: string) => void
  /** What a person should know beside the output, on stderr: how to go on, what was left out. */
  readonly note: (line: string) => void
}

type Output = { write(text: string): unknown }

/** All output of a command. Results go to `stdout`, notes and progress to `stderr`, so that results can be piped. */
export const createPrint = (isJson: () => boolean, stdout: Output, stderr: Output): Print => {
  const json = (value: unknown) => stdout.write(`${JSON.stringify(value, undefined, 2)}\n`)
  return {
    isJson,
    table: (rows, columns, { none }) => {
      if (isJson()) json(rows)
      else if (rows.length === 0) stdout.write(`${none}\n`)
      else stdout.write(layOut(rows, columns))
    },
    record: (fields) => {
      if (isJson()) return void json(fields)
      const shown = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')
      const width = Math.max(0, ...shown.map(([name]) => name.length))
      for (const [name, value] of shown) stdout.write(`${name.padEnd(width)}  ${show(value)}\n`)
    },
    document: (value, text) => {
      if (isJson()) json(value)
      else stdout.write(`${text}\n`)
    },
    note: (line) => void stderr.write(`${line}\n`),
  }
}

const layOut = <Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string => {
  const cells = rows.map((row) => columns.map(({ of }) => of(row)))
  const texts = [columns.map(({ title }) => title), ...cells.map((row) => row.map(show))]
  const widths = columns.map((_, index) => Math.max(...texts.map((row) => widthOf(row[index] ?? ''))))
  const isNumber = columns.map((_, index) => cells.every((row) => typeof row[index] === 'number'))
  const line = (row: readonly string[]) =>
    row
      .map((text, index) => {
        const gap = ' '.repeat((widths[index] ?? 0) - widthOf(text))
        return isNumber[index] === true ? gap + text : text + gap
      })
      .join('  ')
      .trimEnd()
  return `${texts.map(line).join('\n')}\n`
}

const show = (value: unknown): string => {
  if (value === undefined || value === null) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  // What strangers wrote must not move the cursor or start a line of its own in an operator's terminal.
  return text.replace(/\p{Cc}/gu, '·')
}

/** Terminals set Korean and other wide characters over two columns. */
const widthOf = (text: string): number => {
  let width = 0
  for (const character of text)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
      character,
    )
      ? 2
      : 1
  return width
}
