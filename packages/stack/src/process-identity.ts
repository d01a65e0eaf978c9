import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Something that no other process ever has together with this pid: when it was started. Undefined when there is no such
 * process. A pid alone is not enough to end a process that an earlier run recorded, because pids are given out again.
 */
export function identityOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // The second field is the command in brackets and may itself hold spaces and brackets; the 22nd is the start time.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return fields[0] === 'Z' ? undefined : fields[19]
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}
