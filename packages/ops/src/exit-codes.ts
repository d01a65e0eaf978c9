import type { ErrorCode } from '@checkout/contracts/errors'

/**
 * What a command ends with, so that a script can go on from it. `npm run ops -- --help` prints this table.
 * - `ok`: done, and nothing is wrong
 * - `open`: done, and something is wrong, open or left to do: read the output
 * - `usage`: the command line is not understood, or names what does not exist
 * - `notAllowed`: the token is missing or nobody's, or its owner may not do this
 * - `away`: a service, Kafka or a database does not answer; the same command may work later
 * - `refused`: the service says no, because of the state that things are in
 * - `bug`: a fault of this program or of the service; nothing is known about the effect
 */
export const exitCodes = { ok: 0, open: 1, usage: 2, notAllowed: 3, away: 4, refused: 5, bug: 70 } as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Ends a command with a message for the person at the terminal. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** What a refusal of a service means for the exit code; what is not named here is `refused`. */
export const exitCodeOf = (code: ErrorCode): ExitCode => {
  switch (code) {
    case 'UNAUTHENTICATED':
    case 'FORBIDDEN':
      return exitCodes.notAllowed
    case 'SERVICE_UNAVAILABLE':
    case 'GATEWAY_TIMEOUT':
      return exitCodes.away
    case 'INVALID_INPUT_VALUE':
    case 'NOT_FOUND':
    case 'ORDER_NOT_FOUND':
    case 'PAYMENT_NOT_FOUND':
      return exitCodes.usage
    case 'INTERNAL_ERROR':
      return exitCodes.bug
    default:
      return exitCodes.refused
  }
}
