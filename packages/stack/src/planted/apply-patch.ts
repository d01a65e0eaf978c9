import { spawnSync } from 'node:child_process'
import { dirname } from 'node:path'

/**
 * Applies a patch to the tree, takes it back, or only looks whether it could be applied.
 * @throws Error with what git says when it does not fit
 */
export function applyPatch(tree: string, file: string, how: 'apply' | 'reverse' | 'check'): void {
  const flags = { apply: [], reverse: ['--reverse'], check: ['--check'] }[how]
  const { status, stderr, error } = spawnSync('git', ['apply', ...flags, file], {
    cwd: tree,
    encoding: 'utf8',
    // A copy that lies inside of a repository is none of it; git would apply nothing and say so to nobody.
    env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(tree.replace(/\/$/, '')), GIT_DIR: '/nowhere' },
  })
  if (status !== 0) throw new Error(`${file} does not fit any more: ${error?.message ?? stderr.trim()}`)
}
