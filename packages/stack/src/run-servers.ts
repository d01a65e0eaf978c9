import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withoutEmpty } from './environment.ts'
import { stackFolder } from './repository.ts'
import { startServers } from './servers/start-servers.ts'
import { untilInterrupted } from './until-interrupted.ts'

/**
 * The three servers in the foreground, with fresh data, until Ctrl-C: for running single tests while developing. Their
 * addresses are printed and written to `.stack/servers.env`, ready to be sourced by a shell.
 */
export async function runServers(): Promise<number> {
  const aborting = new AbortController()
  const interrupted = untilInterrupted()
  void interrupted.then(() => aborting.abort())
  const servers = await startServers({
    dataDir: join(stackFolder, `servers-${process.pid}`),
    logDir: join(stackFolder, 'logs'),
    data: 'fresh',
    told: withoutEmpty(process.env),
    report: console.log,
    restarts: 'with-backoff',
    signal: aborting.signal,
  })
  const file = join(stackFolder, 'servers.env')
  const lines = Object.entries(servers.env).map(([name, value]) => `export ${name}='${value}'`)
  mkdirSync(stackFolder, { recursive: true })
  writeFileSync(file, `${lines.join('\n')}\n`)
  console.log(`\n${lines.join('\n')}\n\nThe same lines are in ${file}. Ctrl-C ends the servers.`)
  await interrupted
  rmSync(file, { force: true })
  await servers.stop()
  return 0
}
