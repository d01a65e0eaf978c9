import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Problem } from './check-history.ts'
import { canaries } from './clients.ts'
import type { Replica } from './cluster.ts'

/** What a test key of Toss looks like. */
const SECRET = /test_sk_/
const MAX_TOLD = 3
const MAX_LENGTH = 400

/** A bug that a service caught, or personal data or a secret that it wrote down, is told by its log. */
export async function checkLogs(replicas: readonly Replica[]): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const { id, log } of replicas.filter((replica) => existsSync(replica.log))) {
    const found: Problem[] = []
    for await (const line of createInterface({ input: createReadStream(log) })) {
      const invariant = invariantOf(line)
      if (invariant !== undefined) found.push({ invariant, text: `log of ${id}: ${line.slice(0, MAX_LENGTH)}` })
    }
    problems.push(...found.slice(0, MAX_TOLD))
  }
  return problems
}

/** A consumer that stands still is recreated; the third time its process ends, to be started anew. That is the design. */
const GAVE_UP = 'had to be recreated'

/** Processes that ended although nobody had told them to. */
export function checkEnds(replicas: readonly Replica[], unexpected: readonly string[]): Problem[] {
  return unexpected
    .filter((line) => line.includes('ended unexpectedly'))
    .filter((line) => !replicas.some(({ id, log }) => line.startsWith(`${id} `) && hasGivenUp(log)))
    .map((text) => ({ invariant: 'I24', text }))
}

const hasGivenUp = (log: string): boolean => existsSync(log) && readFileSync(log, 'utf8').includes(GAVE_UP)

const invariantOf = (line: string): string | undefined => {
  if (line.includes(GAVE_UP)) return undefined
  if (line.includes('"level":"fatal"') || line.includes('INTERNAL_ERROR')) return 'I24'
  return SECRET.test(line) || canaries.some((canary) => line.includes(canary)) ? 'I22' : undefined
}
