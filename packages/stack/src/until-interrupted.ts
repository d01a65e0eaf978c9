/** Resolves with the first SIGINT, SIGTERM or SIGHUP: the wish to end everything in good order. A second one ends this process at once, and the reaper then ends the others. */
export function untilInterrupted(): Promise<NodeJS.Signals> {
  let isFirst = true
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (!isFirst) process.exit(130)
        isFirst = false
        resolve(signal)
      })
    }
  })
}
