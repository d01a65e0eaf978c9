import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import { eventually } from '../testing/eventually.ts'
import { createMeter, total, used } from './process-usage.ts'

describe('what processes use', () => {
  const onLinux = process.platform === 'linux' ? it : it.skip
  onLinux('is the CPU of all of them that was spent between two readings, by name', async () => {
    // Works until it has used half a second of CPU, however long a busy machine takes for that.
    const program = 'while (process.cpuUsage().user < 500_000); process.send("worked"); setInterval(() => {}, 1000)'
    const children = [0, 1].map(() =>
      spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }),
    )
    try {
      const meter = createMeter(() => children.map(({ pid = 0 }) => ({ name: 'worker', pid })))
      const before = meter.cpu()
      await Promise.all(children.map((child) => once(child, 'message')))
      const cpu = used(before, meter.cpu())
      expect([...cpu.keys()]).toEqual(['worker'])
      expect(total(cpu)).toBeGreaterThan(800)
      await eventually(() => expect(meter.rssMb().get('worker')).toBeGreaterThan(20))
    } finally {
      for (const child of children) child.kill('SIGKILL')
    }
  })
})
