import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import type { Command } from 'commander'
import { commandLines } from '../tests/runbook-commands.ts'
import { createProgram } from './program.ts'
import type { Tools } from './tools.ts'

const page = new URL('../../../docs/operations.md', import.meta.url)

const withoutEffect = (command: Command): void => {
  command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
  for (const child of command.commands) withoutEffect(child)
  if (command.commands.length === 0) command.action(() => undefined)
}

const parse = async (args: readonly string[]): Promise<void> => {
  const program = createProgram(() => ({}) as Tools)
  withoutEffect(program)
  await program.parseAsync(args, { from: 'user' })
}

describe('the runbook', () => {
  const times = { FROM: '2026-11-29T02:00:00Z', TO: '2026-11-29T03:00:00Z', TIME: '2026-03-01T09:30:00+09:00' }
  const lines = commandLines(readFileSync(page, 'utf8'), times).filter(([first]) => first !== '--help')

  it('has commands', () => expect(lines.length).toBeGreaterThan(10))

  it.each(lines.map((args) => [args.join(' '), args] as const))(
    '%s is a command with these options',
    async (_line, args) => {
      await expect(parse(args)).resolves.toBeUndefined()
    },
  )

  it('would not pass with a command or an option that there is not', async () => {
    await expect(parse(['payments', 'mend'])).rejects.toThrow()
    await expect(parse(['payments', 'list', '--broken'])).rejects.toThrow()
    await expect(parse(['payments', 'resolve', 'ORD-1', '--as', 'clear'])).rejects.toThrow()
  })
})
