import { AppError } from '@checkout/contracts/errors'
import { isInfrastructureError } from '@checkout/runtime/infrastructure'
import { Command, CommanderError } from 'commander'
import { audit } from './commands/audit.ts'
import { deadLetters } from './commands/dead-letters.ts'
import { doctor } from './commands/doctor.ts'
import { payments } from './commands/payments.ts'
import { reconcile } from './commands/reconcile.ts'
import { replay } from './commands/replay.ts'
import { timeline } from './commands/timeline.ts'
import { webhooks } from './commands/webhooks.ts'
import { whoami } from './commands/whoami.ts'
import { type ExitCode, exitCodeOf, exitCodes, Failure } from './exit-codes.ts'
import type { Register, Tools } from './tools.ts'

/** One line for each file of commands/. */
const commands: readonly Register[] = [
  doctor,
  payments,
  webhooks,
  timeline,
  replay,
  deadLetters,
  reconcile,
  audit,
  whoami,
]

const help = `
What only reads or asks Toss is safe at any time. What decides something asks for a --reason. All of it is recorded with your
name.

Environment (found by itself on a machine where "npm start" runs):
  OPERATOR_TOKEN             your own token; whoever runs the services has its hash in OPERATOR_TOKENS
  PAYMENT_ADDR, ORDER_ADDR   host:port of the services' gRPC doors; CATALOG_ADDR for whoami and doctor
  API_GATEWAY_URL            http://host:port of the gateway, and WEBHOOK_GATEWAY_URL; for doctor
  KAFKA_BROKERS, NAMESPACE   as the services have them
  GRPC_TLS_CA, _CERT, _KEY   certificates, where the services use them

Exit codes:
  0  done, and nothing is wrong
  1  done, and something is wrong, open or left to do: read the output
  2  the command line is not understood, or names what does not exist
  3  your token is missing or nobody's, or you may not do this
  4  a service, Kafka or a database does not answer; try again later
  5  the service refuses, because of the state that things are in
  70 a fault of this program or of the service; nothing is known about the effect

docs/operations.md says which command helps against which symptom.`

/** The command line as commander sees it; the tests of the runbook read it too. */
export const createProgram = (tools: (program: Command) => Tools): Command => {
  const program = new Command('ops')
  // Shown as it is typed, so that a usage line can be copied.
  program
    .name('npm run ops --')
    .description('What is wrong with an order, a payment, a message or the whole system, and how to put it right.')
    .option('--json', 'print JSON for machines instead of a table')
    .addHelpText('after', help)
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride()
  const handed = tools(program)
  for (const register of commands) register(program, handed)
  quietExit(program)
  return program
}

/** Subcommands do not inherit it once they are made: without this, commander would end the process by itself. */
const quietExit = (command: Command): void => {
  for (const child of command.commands) {
    child.exitOverride().showHelpAfterError('(--help shows what there is)')
    quietExit(child)
  }
}

/** The exit code of whatever ended a command, and what to tell the person, if anything. */
export const endingOf = (error: unknown): { exitCode: ExitCode; message?: string } => {
  // commander has said it already; its exit code 0 is --help.
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? exitCodes.ok : exitCodes.usage }
  if (error instanceof Failure) return { exitCode: error.exitCode, message: error.message }
  if (error instanceof AppError) {
    const fields = error.details.errors?.map(({ field, message }) => `\n  ${field} ${message}`) ?? []
    const message = `${error.code}: ${error.message}${fields.join('')}`
    return { exitCode: exitCodeOf(error.code), message }
  }
  if (isInfrastructureError(error))
    return { exitCode: exitCodes.away, message: error instanceof Error ? error.message : String(error) }
  return { exitCode: exitCodes.bug, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}
