import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ChaosResult } from '../chaos/report.ts'
import type { CrashResult } from '../crash/result.ts'
import type { FuzzResult } from '../run-fuzz.ts'
import type { ModelResult } from '../run-model.ts'
import type { PlantedResult } from '../run-planted.ts'
import type { SoakResult } from '../soak/result.ts'
import { type Report, reportsFolder } from './run-report.ts'

/** The kept reports; those of commands whose report was never kept are absent. */
export interface Reports {
  readonly chaos: readonly Report<ChaosResult>[]
  readonly crash?: Report<CrashResult>
  readonly model?: Report<ModelResult>
  readonly planted?: Report<PlantedResult>
  readonly fuzz?: Report<FuzzResult>
  readonly soak?: Report<SoakResult>
}

export function readReports(folder = reportsFolder): Reports {
  const files = existsSync(folder) ? readdirSync(folder).toSorted() : []
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const names = ['crash', 'model', 'planted', 'fuzz', 'soak'].filter((name) => files.includes(`${name}.json`))
  return {
    chaos: files.filter((file) => /^chaos-.*\.json$/.test(file)).map((file) => read(file) as Report<ChaosResult>),
    ...Object.fromEntries(names.map((name) => [name, read(`${name}.json`)])),
  }
}
