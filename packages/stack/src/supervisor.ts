import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** What to run. Both output streams are appended to `log`. */
export interface Launch {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly log: string
}

export interface Child {
  readonly pid: number
  /** Settles when the process has ended, with the signal's name or the exit code. */
  readonly ended: Promise<string>
  isRunning(): boolean
  signal(signal: NodeJS.Signals): void
  /** SIGTERM, then SIGKILL once the grace is over. Resolves when the process has ended. */
  end(graceMs: number): Promise<void>
}

/** Starts processes that never outlive the one that started them. */
export interface Supervisor {
  spawn(launch: Launch): Promise<Child>
  /** Lets the reaper go. Call it when every child has ended. */
  close(): void
}

export function createSupervisor(): Supervisor {
  let reaper: ChildProcess | undefined

  const tellReaper = (line: string) => {
    reaper ??= startReaper()
    reaper.stdin?.write(`${line}\n`)
  }

  return {
    async spawn({ command, args, env, log }) {
      mkdirSync(dirname(log), { recursive: true })
      const output = openSync(log, 'a')
      // Detached: a Ctrl-C in the terminal reaches only the stack, which then ends its processes in the right order.
      const child = spawn(command, args, { detached: true, env, stdio: ['ignore', output, output] })
      closeSync(output)
      let exit: string | undefined
      const ended = new Promise<string>((resolve) => {
        child.once('exit', (code, signal) => {
          exit = signal ?? `exit code ${code}`
          if (child.pid !== undefined) tellReaper(`-${child.pid}`)
          resolve(exit)
        })
      })
      await once(child, 'spawn')
      const { pid } = child
      if (pid === undefined) throw new Error(`${command} has no process id`)
      tellReaper(`+${pid}`)
      return {
        pid,
        ended,
        isRunning: () => exit === undefined,
        signal: (signal) => {
          child.kill(signal)
        },
        async end(graceMs) {
          if (exit !== undefined) return
          child.kill('SIGTERM')
          const giveUp = new AbortController()
          await Promise.race([ended, delay(graceMs, undefined, { signal: giveUp.signal }).catch(() => undefined)])
          giveUp.abort()
          if (exit === undefined) child.kill('SIGKILL')
          await ended
        },
      }
    },
    close() {
      reaper?.stdin?.end()
    },
  }
}

function startReaper(): ChildProcess {
  const file = fileURLToPath(new URL('../reaper.mjs', import.meta.url))
  const reaper = spawn(process.execPath, [file], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], env: {} })
  // A reaper that was killed by somebody must not take the stack with it.
  reaper.stdin.on('error', () => undefined)
  reaper.unref()
  // The pipe alone must not keep a process alive that has nothing else to do.
  if (reaper.stdin instanceof Socket) reaper.stdin.unref()
  return reaper
}
