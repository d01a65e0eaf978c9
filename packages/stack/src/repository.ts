import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the repository. This file lies at the same depth in `src` and in `dist`, so one address serves both. */
export const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url))

/** What a running stack leaves on disk: data, logs, state.json. Git ignores it. */
export const stackFolder = join(repositoryRoot, '.stack')

/** Servers that were fetched once. Git ignores it. */
export const cacheFolder = join(repositoryRoot, '.cache', 'servers')
