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
