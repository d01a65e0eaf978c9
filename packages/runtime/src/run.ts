import { setFlagsFromString } from 'node:v8'
import { ConfigError } from './env.ts'
import type { Logger } from './log.ts'

/** A started service. `close` drains and resolves when nothing is left; it may be called once. */
export type Service = { readonly log: Logger; close(): Promise<void> }

/**
 * The drain has 10 s, the rest is for closing stores; orchestrators kill after 30 s.
 * A process that cannot close in this time ends anyway: every protocol survives that.
 */
const HARD_EXIT_MS = 15_000

/** 78 (sysexits' EX_CONFIG) tells a supervisor that a restart changes nothing. */
const exitCodeOf = (error: unknown): number => (error instanceof ConfigError ? 78 : 1)

/**
 * Ends this process because it can no longer do its work here: `run` logs the error, drains and exits with 1, or with 78 for a
 * ConfigError. For callbacks of buses and stores, which have nobody above them to throw to.
 */
export const endProcess = (error: Error): void => {
  setImmediate(() => {
    throw error
  })
}

/**
 * How much garbage V8 lets gather, in percent of what lives. By itself it lets a heap of this size double and more; with this the
 * payment service under load takes 100 MB less, for a few percent more CPU (docs/performance.md).
 */
const HEAP_GROWING_PERCENT = 20

/** Starts a service and keeps it until SIGTERM or SIGINT. Bugs that nobody caught end the process, after a drain. */
export const run = async (start: () => Promise<Service>): Promise<void> => {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`)
  let service: Service
  try {
    service = await start()
  } catch (error) {
    if (error instanceof ConfigError) console.error(error.message)
    else console.error(error)
    process.exit(exitCodeOf(error))
  }
  let isStopping = false
  const stop = (reason: string, exitCode: number) => {
    if (isStopping) return
    isStopping = true
    service.log.info({ reason }, 'stopping')
    setTimeout(() => process.exit(exitCode || 1), HARD_EXIT_MS).unref()
    service.close().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        service.log.error({ err: error }, 'could not close')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => stop('SIGTERM', 0))
  process.on('SIGINT', () => stop('SIGINT', 0))
  process.on('uncaughtException', (error) => {
    service.log.fatal({ err: error }, 'uncaught exception')
    stop('uncaught exception', exitCodeOf(error))
  })
  process.on('unhandledRejection', (error) => {
    service.log.fatal({ err: error }, 'unhandled rejection')
    stop('unhandled rejection', 1)
  })
}
