import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { repositoryRoot, stackFolder } from '../repository.ts'

/** Which run a report is of. */
export interface Run {
  /** As it can be typed. */
  readonly command: string
  /** Of the code that ran, and whether that was changed since. */
  readonly commit: string
  readonly finishedAt: string
  readonly seconds: number
  readonly versions: Readonly<Record<string, string>>
}

/** What a run left behind: one JSON file. */
export type Report<T> = T & { readonly run: Run }

/** Where kept reports lie, which docs/guarantees.md is made of. */
export const reportsFolder = join(repositoryRoot, 'docs/reports')

/** One run from its beginning. */
export interface Recorder {
  /** Writes the report, for `isKept` also beside the others in docs/reports. Resolves with the file. */
  readonly write: <T extends object>(
    name: string,
    result: T,
    of: { versions: Readonly<Record<string, string>>; isKept: boolean },
  ) => string
}

/** @param typed what the command was called with */
export function startRecorder(script: string, typed: readonly string[]): Recorder {
  const startedAt = performance.now()
  const args = typed.filter((arg) => arg !== '--keep').map((arg) => (arg.includes(' ') ? `"${arg}"` : arg))
  const nodes = process.env.STACK_NODES === undefined ? '' : `STACK_NODES=${process.env.STACK_NODES} `
  const command = `${nodes}npm run ${script}${args.length > 0 ? ` -- ${args.join(' ')}` : ''}`
  return {
    write: (name, result, { versions, isKept }) => {
      const seconds = Math.round((performance.now() - startedAt) / 1000)
      const run = { command, commit: commit(), finishedAt: new Date().toISOString(), seconds, versions }
      const file = join(stackFolder, 'reports', `${name}.json`)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, `${JSON.stringify({ run, ...result }, undefined, 2)}\n`)
      if (isKept) {
        mkdirSync(reportsFolder, { recursive: true })
        copyFileSync(file, join(reportsFolder, `${name}.json`))
      }
      return file
    },
  }
}

/** The short hash of what is checked out, and whether anything of it was changed. */
export function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: repositoryRoot, encoding: 'utf8' }).trim()
  try {
    // Reports that were just kept change nothing of the code.
    const changes = git('status', '--porcelain', '--', '.', ':!docs/reports', ':!docs/guarantees.md')
    return `${git('rev-parse', '--short', 'HEAD')}${changes === '' ? '' : ' with changes'}`
  } catch {
    return 'not in git'
  }
}
