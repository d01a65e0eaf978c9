import { AppError } from '@checkout/contracts/errors'
import { describe, expect, it } from '@jest/globals'
import type { Command } from 'commander'
import { exitCodes, Failure } from './exit-codes.ts'
import { createProgram, endingOf } from './program.ts'
import type { Tools } from './tools.ts'

// Registering a command uses none of its tools.
const program = createProgram(() => ({}) as Tools)

const helpOf = (command: Command): string => {
  let text = ''
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp()
  return text
}
const commandsOf = (command: Command, path = ''): [string, Command][] =>
  command.commands.flatMap((child): [string, Command][] => {
    const name = `${path}${child.name()}`
    return child.commands.length > 0 ? commandsOf(child, `${name} `) : [[name, child]]
  })

describe('the help', () => {
  it.each(commandsOf(program))('of %s shows an example that can be copied', (name, command) => {
    expect(command.description()).not.toBe('')
    expect(helpOf(command)).toContain(`npm run ops -- ${name}`)
  })

  it('of the program lists every exit code', () => {
    for (const code of Object.values(exitCodes)) expect(helpOf(program)).toMatch(new RegExp(`^ {2}${code} +\\w`, 'm'))
  })
})

describe('what a command ends with', () => {
  it.each([
    ['a wrong token', new AppError('UNAUTHENTICATED'), 3],
    ['a role that may not', new AppError('FORBIDDEN'), 3],
    ['a service that is away', new AppError('SERVICE_UNAVAILABLE'), 4],
    ['an order that is not there', new AppError('ORDER_NOT_FOUND'), 2],
    ['a state that does not allow it', new AppError('INVALID_PAYMENT_STATUS'), 5],
    ['a bug in the service', new AppError('INTERNAL_ERROR'), 70],
    ['a bug here', new TypeError('x is undefined'), 70],
    ['what the command itself says', new Failure(exitCodes.open, 'two are left'), 1],
    ['a Kafka that is away', Object.assign(new Error('no broker'), { name: 'KafkaJSConnectionError' }), 4],
  ])('%s', (_what, error, exitCode) => {
    expect(endingOf(error).exitCode).toBe(exitCode)
  })

  it('is 2 for a command line that is not understood, and 0 for --help', async () => {
    const quiet = createProgram(() => ({}) as Tools).configureOutput({
      writeOut: () => undefined,
      writeErr: () => undefined,
    })
    const endOf = (...args: string[]) =>
      quiet.parseAsync(args, { from: 'user' }).then(
        () => undefined,
        (error: unknown) => endingOf(error).exitCode,
      )
    expect(await endOf('no-such-command')).toBe(2)
    expect(await endOf('--no-such-option')).toBe(2)
    expect(await endOf('--help')).toBe(0)
  })
})
