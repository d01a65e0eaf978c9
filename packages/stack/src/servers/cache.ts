import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from '../repository.ts'

const marker = 'complete.json'

/**
 * Returns the folder `<cache>/<name>`, calling `fill` with an empty folder first when it is not there yet. The folder
 * gets its name only after it was filled, so a download that was cut off is never mistaken for a whole one, and two
 * runs that fetch at the same time do not disturb each other. The sizes of all files are recorded and compared again at
 * each use, unless `damageOf` knows a better way to tell a copy that is no longer whole.
 */
export async function cached(
  name: string,
  report: (line: string) => void,
  fill: (folder: string) => Promise<void>,
  damageOf: (folder: string) => string | undefined | Promise<string | undefined> = findDamage,
): Promise<string> {
  const target = join(cacheFolder, name)
  if (existsSync(target)) {
    const damage = await damageOf(target)
    if (damage === undefined) return target
    report(`${name}: ${damage}; fetching it again`)
    rmSync(target, { recursive: true, force: true })
  }
  mkdirSync(cacheFolder, { recursive: true })
  removeAbandoned()
  const folder = mkdtempSync(join(cacheFolder, `.${process.pid}-`))
  try {
    await fill(folder)
    const sizes = Object.fromEntries(filesOf(folder).map((file) => [file, statSync(join(folder, file)).size]))
    writeFileSync(join(folder, marker), JSON.stringify(sizes, undefined, 2))
    try {
      renameSync(folder, target)
    } catch (error) {
      // Another process was faster: its copy is as good as ours.
      if (!existsSync(target)) throw error
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return target
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(folder, file)).isFile(),
  )
}

function findDamage(folder: string): string | undefined {
  try {
    const sizes: unknown = JSON.parse(readFileSync(join(folder, marker), 'utf8'))
    for (const [file, size] of Object.entries(sizes ?? {})) {
      if (statSync(join(folder, file), { throwIfNoEntry: false })?.size !== size) return `${file} is damaged`
    }
    return undefined
  } catch {
    return 'the copy is incomplete'
  }
}

/** Folders of runs that ended in the middle of a download; their names begin with the pid of the run. */
function removeAbandoned(): void {
  for (const entry of readdirSync(cacheFolder)) {
    const pid = /^\.(\d+)-/.exec(entry)?.[1]
    if (pid !== undefined && Number(pid) !== process.pid && !isAlive(Number(pid))) {
      rmSync(join(cacheFolder, entry), { recursive: true, force: true })
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
