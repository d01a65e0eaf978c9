import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { errorTable, isErrorCode } from './errors.ts'

const root = new URL('../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const guide = read('docs/failure-modes.md')
const codes = Object.keys(errorTable).filter(isErrorCode)

/** What the services and packages are made of, as one text. */
const sources = ['packages', 'services']
  .flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  )
  .filter((file) => /^\w+\/[\w-]+\/src\/.*\.ts$/.test(file) && !file.endsWith('.test.ts'))
  .map((file) => read(file))
  .join('\n')

const sections = guide
  .split(/^### /m)
  .slice(1)
  .map((section) => ({ heading: section.slice(0, section.indexOf('\n')), text: section }))
const codeSections = sections.filter(({ heading }) => /^[A-Z_]+$/.test(heading))

describe('docs/failure-modes.md', () => {
  it('has one section for each code of the table, and none for another', () => {
    expect(codeSections.map(({ heading }) => heading).toSorted()).toEqual(codes.toSorted())
  })

  it.each(codeSections.map(({ heading, text }) => [heading, text] as const))(
    '%s says what the client sees, what it means and what to check',
    (code, text) => {
      for (const part of ['- **Client sees** ', '- **Means** ', '- **Check** ']) expect(text).toContain(part)
      // TOSS_API_ERROR has Toss's status, and PAYMENT_NOT_FOUND never gets out.
      const status = isErrorCode(code) && code !== 'PAYMENT_NOT_FOUND' ? String(errorTable[code].http) : ''
      expect(/Client sees[^]*?- \*\*Means/.exec(text)?.[0]).toContain(status)
    },
  )

  it('names only metrics and variables that exist', () => {
    const names = [...guide.matchAll(/`([A-Za-z]+(?:_[A-Za-z]+)+)\b/g)].map(([, name = '']) => name)
    expect(names.length).toBeGreaterThan(20)
    expect(names.filter((name) => !sources.includes(name))).toEqual([])
  })

  it('quotes only words that a log or an error really says', () => {
    const quotes = [...guide.matchAll(/_"([^"]+)"_/g)].map(([, quote = '']) => quote)
    expect(quotes.length).toBeGreaterThan(30)
    expect(quotes.filter((quote) => !sources.includes(quote))).toEqual([])
  })
})

describe('the table of faults', () => {
  const rows = [...guide.matchAll(/^\| (B(\d+)\.(\d+)) +\| .+ \| .+ \| (.+?) +\|$/gm)].map(
    ([, number = '', block, place, tests = '']) => ({ number, block: Number(block), place: Number(place), tests }),
  )
  /** Files as they stand, so that a title with a backslash in it is looked for as it is written. */
  const fileAt = (path: string) => (existsSync(new URL(path, root)) ? read(path) : '')
  /** A title as it can stand in a source. */
  const isTitle = (text: string, title: string) =>
    [`'${title.replaceAll("'", "\\'")}'`, `"${title}"`, `\`${title}\``].some((literal) => text.includes(literal))
  const named = rows.flatMap(({ number, tests }) =>
    [...tests.matchAll(/`([^`]+\.test\.ts) › ([^`]+)`/g)].map(([, path = '', title = '']) => ({ number, path, title })),
  )

  it('numbers each fault of each block, in order, once', () => {
    const counts = { 1: 17, 2: 10, 3: 14, 4: 11, 5: 14, 6: 9 }
    expect(rows.map(({ number }) => number)).toEqual(
      Object.entries(counts).flatMap(([block, count]) => Array.from({ length: count }, (_, i) => `B${block}.${i + 1}`)),
    )
  })

  it('has in every row a test, or why there is none', () => {
    const parts = rows.flatMap(({ number, tests }) => tests.split('<br>').map((part) => ({ number, part })))
    expect(
      parts.filter(({ part }) => !/^`[^`]+\.test\.ts › [^`]+`$/.test(part) && !/^not covered: .{10}/.test(part)),
    ).toEqual([])
    expect(named).toHaveLength(parts.filter(({ part }) => part.startsWith('`')).length)
  })

  it('names only tests that exist', () => {
    expect(named.length).toBeGreaterThan(50)
    expect(named.filter(({ path, title }) => !isTitle(fileAt(path), title))).toEqual([])
  })

  it('has each number that a test names', () => {
    const tests = ['packages', 'services']
      .flatMap((folder) =>
        readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
      )
      .filter((file) => /^\w+\/[\w-]+\/(src|tests)\/.*\.test\.ts$/.test(file))
    const used = tests.flatMap((file) =>
      [...read(file).matchAll(/^\s*(?:it\(|\)\()?['"`](B\d+\.\d+) /gm)].map(([, n = '']) => n),
    )
    expect(used.length).toBeGreaterThan(10)
    expect(used.filter((number) => !rows.some((row) => row.number === number))).toEqual([])
  })
})

describe('README.md', () => {
  it('lists exactly the codes of the table, with their status', () => {
    const rows = [...read('README.md').matchAll(/^\| `([A-Z_]+)` +\| (\d{3}) +\|/gm)]
    expect(Object.fromEntries(rows.map(([, code, status]) => [code, Number(status)]))).toEqual(
      Object.fromEntries(codes.map((code) => [code, errorTable[code].http])),
    )
    expect(rows).toHaveLength(codes.length)
  })
})

describe('every document', () => {
  const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'packages/toss-simulator/README.md'].concat(
    readdirSync(new URL('docs', root), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => `docs/${file}`),
  )

  it.each(documents)('%s links to files that exist', (document) => {
    const links = [...read(document).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path = '']) => path)
    const missing = links.filter((path) => !existsSync(new URL(path, new URL(document, root))))
    expect(missing).toEqual([])
  })
})
