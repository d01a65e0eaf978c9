/** Work shorter than this is over before anybody wonders. */
const SILENT_MS = 2_000
/** A terminal's line is written over; a log gets a new one, so it gets fewer. */
const EVERY_MS = { terminal: 500, log: 5_000 } as const

/** Tells how far the work is: `done` of `total`, where a total is known, and of what. */
export type Report = (done: number, total?: number) => void

export type Progress = <T>(what: string, work: (report: Report) => Promise<T>) => Promise<T>

/** Shows on stderr that something which takes more than two seconds goes on, and how far it is. */
export const createProgress =
  (stderr: { write(text: string): unknown; readonly isTTY?: boolean }): Progress =>
  async (what, work) => {
    const startedAt = performance.now()
    let done: number | undefined
    let total: number | undefined
    const isTerminal = stderr.isTTY === true
    const show = () => {
      const seconds = Math.round((performance.now() - startedAt) / 1000)
      const howFar = done === undefined ? '' : total === undefined ? `  ${done}` : `  ${done} of ${total}`
      const line = `${what} …${howFar}  ${seconds} s`
      stderr.write(isTerminal ? `\r\u001b[K${line}` : `${line}\n`)
    }
    let isShown = false
    let timer = setTimeout(() => {
      isShown = true
      show()
      timer = setInterval(show, isTerminal ? EVERY_MS.terminal : EVERY_MS.log)
    }, SILENT_MS)
    try {
      return await work((count, of) => {
        done = count
        total = of
      })
    } finally {
      clearTimeout(timer)
      if (isShown && isTerminal) stderr.write('\r\u001b[K')
    }
  }
