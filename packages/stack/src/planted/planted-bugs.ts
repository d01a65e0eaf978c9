import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../repository.ts'

/** What must turn red: the walks of the model, one crash of the matrix, or the tests of a file. */
export type Alarm =
  | { readonly kind: 'model' }
  | { readonly kind: 'crash'; readonly point: string; readonly flow: string }
  | { readonly kind: 'test'; readonly path: string }

/** A mistake that somebody could make, as a patch, and what must notice it. */
export interface PlantedBug {
  readonly name: string
  /** From the root of the repository. */
  readonly file: string
  /** In a sentence. */
  readonly bug: string
  readonly alarm: Alarm
  /** What the alarm says of it: red for another reason is not caught. */
  readonly says: RegExp
  readonly withinMs: number
}

const FOLDER = 'packages/stack/planted'

/** @throws Error when a patch does not say what it is */
export function readPlantedBugs(): PlantedBug[] {
  return readdirSync(join(repositoryRoot, FOLDER))
    .filter((name) => name.endsWith('.patch'))
    .toSorted()
    .map((name) => {
      const file = `${FOLDER}/${name}`
      const [head = ''] = readFileSync(join(repositoryRoot, file), 'utf8').split('\n\n')
      const read = (field: string): string => {
        const value = new RegExp(`^${field}: (.+)$`, 'm').exec(head)?.[1]
        if (value === undefined) throw new Error(`${file} does not begin with its ${field}`)
        return value
      }
      return {
        name: name.replace('.patch', ''),
        file,
        bug: read('bug'),
        alarm: readAlarm(read('red')),
        says: new RegExp(read('says')),
        withinMs: Number.parseInt(read('within'), 10) * 1_000,
      }
    })
}

function readAlarm(text: string): Alarm {
  if (text === 'model') return { kind: 'model' }
  const [, point, flow] = /^crash ([\w/.-]+): (.+)$/.exec(text) ?? []
  if (point !== undefined && flow !== undefined) return { kind: 'crash', point, flow }
  const path = /^test (\S+)$/.exec(text)?.[1]
  if (path !== undefined) return { kind: 'test', path }
  throw new Error(`"${text}" is neither the model, a crash nor a test`)
}
