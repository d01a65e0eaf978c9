import { describe, expect, it } from '@jest/globals'
import { createPrint } from './print.ts'

const printed = (isJson: boolean, use: (print: ReturnType<typeof createPrint>) => void) => {
  let out = ''
  let err = ''
  use(createPrint(() => isJson, { write: (text) => (out += text) }, { write: (text) => (err += text) }))
  return { out, err }
}
const rows = [
  { order: 'ORD-1', name: '김', amountKrw: 5 },
  { order: 'ORD-22', name: 'a', amountKrw: 10_000 },
]
const columns = [
  { title: 'ORDER', of: (row: (typeof rows)[number]) => row.order },
  { title: 'NAME', of: (row: (typeof rows)[number]) => row.name },
  { title: 'KRW', of: (row: (typeof rows)[number]) => row.amountKrw },
]

describe('the output of a command', () => {
  it('is a table whose columns line up, also with wide characters, and whose numbers stand right', () => {
    const { out } = printed(false, (print) => print.table(rows, columns, { none: 'none' }))
    expect(out).toBe('ORDER   NAME    KRW\nORD-1   김        5\nORD-22  a     10000\n')
  })

  it('says so when there is nothing', () => {
    expect(printed(false, (print) => print.table([], columns, { none: 'nothing is stuck' })).out).toBe(
      'nothing is stuck\n',
    )
  })

  it('is one JSON document with --json, also when there is nothing, and notes stay out of it', () => {
    const { out, err } = printed(true, (print) => {
      print.table([], columns, { none: 'none' })
      print.note('there is more')
    })
    expect(JSON.parse(out)).toEqual([])
    expect(err).toBe('there is more\n')
  })

  it('never lets what a stranger wrote move the cursor or begin a line', () => {
    const { out } = printed(false, (print) => print.record({ reason: 'a\u001b[2J\nFAKE  line' }))
    expect(out).toBe('reason  a·[2J·FAKE  line\n')
  })
})
