import { readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import type { Line } from '../src/bench/measure.ts'
import { runBench } from '../src/bench/run-bench.ts'

// Not audited: the bench stops its system itself, and with these options nobody buys anything.
it('the bench measures a system of its own and writes what it saw', async () => {
  const lines: string[] = []
  const code = await runBench(['--quick', '--only=products', '--clients=4'], (text) => lines.push(text))
  const file = /Written to (\S+)/.exec(lines.join('\n'))?.[1] ?? ''
  const result = JSON.parse(readFileSync(file, 'utf8')) as { lines: Line[] }
  expect(result.lines).toHaveLength(1)
  expect(result.lines[0]).toMatchObject({ name: 'products', clients: 4, errors: {} })
  expect(result.lines[0]?.ok).toBeGreaterThan(0)
  expect(result.lines[0]?.cpuMsByProcess['api-gateway']).toBeGreaterThan(0)
  expect(lines.join('\n')).toMatch(/^products +4 /m)
  expect(code).toBe(0)
}, 180_000)
