import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { repositoryRoot } from '../repository.ts'

const NOT_COPIED = new Set(['node_modules', '.git', '.stack', '.cache', '.turbo', 'coverage'])
/** The scope of the packages of this repository. */
const OURS = '@checkout'

/**
 * A copy of the tree as it lies here, built files included, in which anything may be changed. Foreign packages and fetched servers
 * are those of the original, by links.
 */
export function copyTree(into: string): void {
  for (const entry of readdirSync(repositoryRoot)) {
    if (NOT_COPIED.has(entry)) continue
    cpSync(join(repositoryRoot, entry), join(into, entry), {
      recursive: true,
      filter: (source) => !NOT_COPIED.has(basename(source)),
    })
  }
  mkdirSync(join(repositoryRoot, '.cache'), { recursive: true })
  symlinkSync(join(repositoryRoot, '.cache'), join(into, '.cache'))
  linkPackages('node_modules', into)
  for (const folder of ['packages', 'services']) {
    for (const name of readdirSync(join(repositoryRoot, folder))) {
      const own = join(folder, name, 'node_modules')
      if (readdirSync(join(repositoryRoot, folder, name)).includes('node_modules')) linkPackages(own, into)
    }
  }
}

function linkPackages(folder: string, into: string): void {
  const from = join(repositoryRoot, folder)
  const to = join(into, folder)
  mkdirSync(to)
  for (const entry of readdirSync(from)) {
    // Links of our own packages are relative, so that those of the copy lead into the copy.
    if (entry === OURS) cpSync(join(from, entry), join(to, entry), { recursive: true, verbatimSymlinks: true })
    else symlinkSync(join(from, entry), join(to, entry))
  }
}
