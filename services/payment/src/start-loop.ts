import type { Logger } from '@checkout/runtime/log'

/** Does the work at once and `everyMs` after each end of it; a failure is logged and is no end of the loop. */
export const startLoop = (work: () => Promise<void>, everyMs: number, log: Logger): { close(): Promise<void> } => {
  let isClosed = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const loop = () => {
    running = work()
      .catch((error: unknown) => log.warn({ err: error }, 'the sweep failed, it runs again'))
      .finally(() => {
        if (!isClosed) timer = setTimeout(loop, everyMs)
      })
  }
  loop()
  return {
    close: () => {
      isClosed = true
      clearTimeout(timer)
      return running
    },
  }
}
