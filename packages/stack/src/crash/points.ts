import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { repositoryRoot } from '../repository.ts'
import type { ProcessName } from '../topology.ts'

/** A service, or the operators' command line. */
export type Mortal = ProcessName | 'ops'

/** A named place in the code where a process may die, in one of the processes that run this code. */
export interface CrashPoint {
  readonly process: Mortal
  readonly name: string
  /** From the root of the repository. */
  readonly file: string
}

/** Code that several processes run. */
const sharedBy: Readonly<Record<string, readonly Mortal[]>> = {
  'packages/messaging/src/outbox.ts': ['order', 'payment'],
  'packages/messaging/src/consume.ts': ['order', 'payment'],
  'packages/messaging/src/kafka-consumer.ts': ['order', 'payment'],
}

/**
 * Every crash point of the code, by process and name.
 * @throws Error when one stands in a file whose processes nobody knows, or a name is used twice
 */
export function findCrashPoints(): CrashPoint[] {
  const points = sources().flatMap((file) => {
    const names = [...readFileSync(join(repositoryRoot, file), 'utf8').matchAll(/\bcrashPoint\('([\w.-]+)'\)/g)]
    return names.flatMap(([, name = '']) => processesOf(file).map((process) => ({ process, name, file })))
  })
  const keys = points.map(keyOf)
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index)
  if (twice.length > 0) throw new Error(`crash points with the same name: ${twice.join(', ')}`)
  return points.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)))
}

/** `payment/confirm.after-intent` */
export const keyOf = ({ process, name }: Pick<CrashPoint, 'process' | 'name'>): string => `${process}/${name}`

function processesOf(file: string): readonly Mortal[] {
  if (file.startsWith('packages/ops/')) return ['ops']
  const service = /^services\/([\w-]+)\//.exec(file)?.[1] as ProcessName | undefined
  const processes = service === undefined ? sharedBy[file] : [service]
  if (processes === undefined) throw new Error(`${file} has crash points, and no process is known to run it`)
  return processes
}

function sources(): string[] {
  return ['packages', 'services'].flatMap((folder) =>
    readdirSync(join(repositoryRoot, folder)).flatMap((name) => filesOf(join(repositoryRoot, folder, name, 'src'))),
  )
}

function filesOf(folder: string): string[] {
  let entries: string[]
  try {
    entries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  } catch {
    return []
  }
  return entries
    .filter((entry) => entry.endsWith('.ts') && !entry.endsWith('.test.ts') && !entry.startsWith('crash/'))
    .map((entry) => relative(repositoryRoot, join(folder, entry)))
    .toSorted()
}
