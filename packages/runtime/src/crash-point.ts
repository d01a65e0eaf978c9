const armed = process.env.NODE_ENV === 'production' ? undefined : process.env.CRASH_POINT

/**
 * A named place where a process may die with something half done. Inert unless CRASH_POINT names it and NODE_ENV is not
 * production; then the process kills itself here, as hard as a power cut would.
 */
export const crashPoint = (name: string): void => {
  if (armed === name) process.kill(process.pid, 'SIGKILL')
}
