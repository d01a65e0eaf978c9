import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { SECRET_KEY } from './merchant.ts'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))

let processes: ChildProcess[] = []

/** The compiled simulator in a process of its own, once it says that it listens. */
export async function spawnSimulator(
  dataDir: string,
  flags: string[] = [],
): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [...flags, MAIN], {
    env: { HTTP_PORT: '0', DATA_DIR: dataDir, TOSS_SECRET_KEY: SECRET_KEY },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  endLater(child)
  for await (const line of createInterface({ input: child.stdout })) {
    const said: unknown = JSON.parse(line)
    if (typeof said !== 'object' || said === null || !('msg' in said) || said.msg !== 'listening') continue
    if ('port' in said && typeof said.port === 'number') return { child, port: said.port }
  }
  throw new Error('the simulator ended before it listened')
}

export function endLater(child: ChildProcess): void {
  processes.push(child)
}

/** For `afterEach`: nothing that a test started outlives it. */
export async function endProcesses(): Promise<void> {
  await Promise.all(processes.map((child) => kill(child)))
  processes = []
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
