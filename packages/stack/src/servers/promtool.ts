import { chmodSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cached } from './cache.ts'
import { findOnPath } from './find-on-path.ts'
import { runCommand } from './run-command.ts'

/**
 * Prometheus's own checker of rules: the one on the PATH, else the one of Debian's package, unpacked into `.cache/` without being
 * installed. Rejects where there is neither.
 */
export async function findPromtool(report: (line: string) => void): Promise<string> {
  const installed = findOnPath('promtool')
  if (installed !== undefined) return installed
  const folder = await cached('promtool', report, async (target) => {
    report('promtool: fetching it from the package "prometheus"')
    await download(target).catch(async () => {
      // A new machine has no lists of packages yet.
      await runCommand('apt-get', ['update'], { timeoutMs: 120_000 })
      await download(target)
    })
    const archive = readdirSync(target).find((file) => file.endsWith('.deb')) ?? ''
    await runCommand('dpkg-deb', ['-x', join(target, archive), join(target, 'unpacked')], { timeoutMs: 60_000 })
    renameSync(join(target, 'unpacked/usr/bin/promtool'), join(target, 'promtool'))
    chmodSync(join(target, 'promtool'), 0o755)
    rmSync(join(target, 'unpacked'), { recursive: true })
    rmSync(join(target, archive))
    await runCommand(join(target, 'promtool'), ['--version'], { timeoutMs: 20_000 })
  })
  return join(folder, 'promtool')
}

const download = (cwd: string) => runCommand('apt-get', ['download', 'prometheus'], { timeoutMs: 180_000, cwd })
