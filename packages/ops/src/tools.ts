import type { Command } from 'commander'
import type { Connections } from './connect.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Print } from './print.ts'
import type { Progress } from './progress.ts'

/** What every command is handed. */
export type Tools = {
  readonly connect: Connections
  readonly print: Print
  readonly progress: Progress
  /** The exit code of a command that did its work; 0 unless said. For one that could not, throw a Failure. */
  readonly exit: (code: ExitCode) => void
}

/** A file of `commands/`: adds one command, or one group of commands, to the program. */
export type Register = (program: Command, tools: Tools) => void
