import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { withoutEmpty } from './environment.ts'
import { stackFolder } from './repository.ts'
import { type Servers, type ServersOptions, startServers } from './servers/start-servers.ts'
import { untilInterrupted } from './until-interrupted.ts'

/** What a shell tells of a program that Ctrl-C has ended. */
const INTERRUPTED = 130

export interface Workplace {
  readonly servers: Servers
  /** Holds `data` and `logs` of the servers and whatever the command adds. */
  readonly folder: string
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}

/**
 * Runs one command on servers with fresh data in a folder of its own, and stops them however it ends; the folder stays for a look
 * at the logs when it did not end well. Resolves with the exit code: that of `work`, or 130 once somebody has interrupted it.
 */
export async function withServers(
  name: string,
  work: (place: Workplace) => Promise<number>,
  options: Pick<Partial<ServersOptions>, 'told' | 'report'> = {},
): Promise<number> {
  const { told = withoutEmpty(process.env), report = console.log } = options
  const aborting = new AbortController()
  const { signal } = aborting
  void untilInterrupted().then(() => aborting.abort())
  const folder = join(stackFolder, `${name}-${process.pid}`)
  const places = { dataDir: join(folder, 'data'), logDir: join(folder, 'logs') }
  let code = 1
  try {
    const servers = await startServers({ ...places, data: 'fresh', told, report, signal })
    try {
      code = await work({ servers, folder, signal })
    } finally {
      await servers.stop()
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    if (code === 0 || signal.aborted) rmSync(folder, { recursive: true, force: true })
  }
  return signal.aborted ? INTERRUPTED : code
}
