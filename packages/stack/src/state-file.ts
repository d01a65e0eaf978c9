import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ProcessEntry } from './fleet.ts'
import { identityOf } from './process-identity.ts'
import { stackFolder } from './repository.ts'
import type { ServerVariable } from './servers/server.ts'
import type { OpsAccess, Urls } from './system.ts'

const file = join(stackFolder, 'state.json')

interface Identified {
  readonly pid: number
  readonly identity: string
}

/** How to reach a running stack. */
export interface StackAddresses {
  readonly urls: Urls
  readonly servers: Readonly<Record<ServerVariable, string>>
  readonly namespace: string
}

/** A stack that is ready, with all that is told of it. */
export interface ReadyStack extends StackAddresses {
  readonly ops: OpsAccess
}

/** What `.stack/state.json` holds while a stack runs. */
export interface StackState extends Partial<ReadyStack> {
  readonly processes: readonly (Omit<ProcessEntry, 'identity'> & { readonly identity?: string })[]
  /** The process that started all of them. The addresses are there once everything is ready. */
  readonly stack: Identified
}

/** Keeps `.stack/state.json` true while a stack runs. */
export interface StateRecorder {
  readonly servers: (entries: readonly ProcessEntry[]) => void
  readonly services: (entries: readonly ProcessEntry[]) => void
  readonly ready: (addresses: ReadyStack) => void
  readonly entries: () => readonly ProcessEntry[]
  readonly remove: () => void
}

export function createStateRecorder(): StateRecorder {
  const known: { servers: readonly ProcessEntry[]; services: readonly ProcessEntry[]; addresses?: ReadyStack } = {
    servers: [],
    services: [],
  }
  const entries = () => [...known.servers, ...known.services]
  const change = (news: Partial<typeof known>) => {
    Object.assign(known, news)
    writeState({
      processes: entries(),
      stack: { pid: process.pid, identity: identityOf(process.pid) ?? '' },
      ...known.addresses,
    })
  }
  change({})
  return {
    servers: (servers) => change({ servers }),
    services: (services) => change({ services }),
    ready: (addresses) => change({ addresses }),
    entries,
    remove: () => rmSync(file, { force: true }),
  }
}

function writeState(state: StackState): void {
  mkdirSync(stackFolder, { recursive: true })
  // Renamed into place, so that nobody ever reads half a file.
  // For its owner alone, because it holds the tokens of the local operators.
  writeFileSync(`${file}.new`, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** The recorded state, if there is one, and whether the stack that wrote it still runs. */
export function readState(): { readonly state: StackState; readonly isRunning: boolean } | undefined {
  try {
    // Written by this very file.
    const state = JSON.parse(readFileSync(file, 'utf8')) as StackState
    return { state, isRunning: isSame(state.stack) }
  } catch {
    return undefined
  }
}

/** Ends the processes that a stack left behind, by pid, and only if the pid still belongs to the same process. */
export async function endLeftovers(state: StackState, report: (line: string) => void): Promise<void> {
  const isLeft = ({ pid, identity = '' }: { pid: number; identity?: string }) => isSame({ pid, identity })
  const left = state.processes.filter(isLeft)
  for (const { name, pid } of left) {
    report(`${name} (pid ${pid}) was left by a run that is gone; ending it`)
    process.kill(pid, 'SIGTERM')
  }
  // As long as the slowest of them may take to write its data out.
  const deadline = performance.now() + 20_000
  while (left.some(isLeft) && performance.now() < deadline) await delay(100)
  for (const { pid } of left.filter(isLeft)) process.kill(pid, 'SIGKILL')
}

function isSame({ pid, identity }: Identified): boolean {
  return identity !== '' && identityOf(pid) === identity
}
