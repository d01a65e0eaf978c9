import { appendFileSync, existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'

const armed = process.env.NODE_ENV === 'production' ? undefined : process.env.CRASH_POINT

/**
 * A named place where a process may die with something half done. Inert unless CRASH_POINT is set and NODE_ENV is not
 * production. CRASH_POINT is a name: the process kills itself at that point, as hard as a power cut would. Or it is the path
 * of a folder that arms a running process: it dies at a point whose name is a file there, and notes each point that it passes
 * in the file `passed`, if there is one.
 */
export const crashPoint = (name: string): void => {
  if (armed === undefined) return
  if (!isAbsolute(armed)) {
    if (armed === name) process.kill(process.pid, 'SIGKILL')
    return
  }
  const passed = join(armed, 'passed')
  if (existsSync(passed)) appendFileSync(passed, `${name}\n`)
  if (existsSync(join(armed, name))) process.kill(process.pid, 'SIGKILL')
}
