import { readOpsConfig } from './config.ts'
import { createConnections } from './connect.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { createPrint } from './print.ts'
import { createProgram, endingOf } from './program.ts'
import { createProgress } from './progress.ts'

/** Runs one command of the operators and resolves with the exit code. */
export const runOps = async (args: readonly string[]): Promise<ExitCode> => {
  const connect = createConnections(() => readOpsConfig(process.env))
  let exitCode: ExitCode = exitCodes.ok
  // The reader of a pipe may have seen enough, as head(1) does.
  process.stdout.on('error', () => process.exit(exitCode))
  try {
    const program = createProgram((self) => ({
      connect,
      print: createPrint(() => self.opts<{ json?: true }>().json === true, process.stdout, process.stderr),
      progress: createProgress(process.stderr),
      exit: (code) => {
        exitCode = code
      },
    }))
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    const { exitCode: code, message } = endingOf(error)
    if (message !== undefined) process.stderr.write(`${message}\n`)
    return code
  } finally {
    await connect.close()
  }
}
