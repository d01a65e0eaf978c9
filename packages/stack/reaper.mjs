// Ends the processes of a stack whose own process is gone, even when that was killed with no chance to clean up.
// The stack holds the other end of this process's standard input and writes `+pid` when it starts a process and `-pid`
// when it has seen it end. The input ends when the stack does, however it does; whatever is still listed is ended then.
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'

// The servers write their data out on SIGTERM, and the services end themselves after at most 15 s.
const graceMs = 16_000

const pids = new Set()

function signalAll(signal) {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      pids.delete(pid)
    }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1))
  if (line.startsWith('+')) pids.add(pid)
  else pids.delete(pid)
}

signalAll('SIGTERM')
const deadline = Date.now() + graceMs
while (pids.size > 0 && Date.now() < deadline) {
  await delay(100)
  signalAll(0)
}
signalAll('SIGKILL')
