import { mkdirSync, writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import { basename, dirname, join } from 'node:path'

// Loaded into each service by --import: Node 20 does not take --cpu-prof from NODE_OPTIONS, and that one would also show the start.
// SIGUSR2 begins the profile, the end of the process writes it: <service>-<pid>.cpuprofile.
const folder = process.env.BENCH_PROFILES
const session = new Session()

process.once('SIGUSR2', () => {
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.start')
  process.once('exit', () => {
    session.post('Profiler.stop', (error, result) => {
      if (error !== null || folder === undefined) return
      mkdirSync(folder, { recursive: true })
      const service = basename(dirname(dirname(process.argv[1] ?? '')))
      writeFileSync(join(folder, `${service}-${process.pid}.cpuprofile`), JSON.stringify(result.profile))
    })
  })
})
