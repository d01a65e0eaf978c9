/** What became of one job: its result, or the error that its caller gets. */
export type Outcome<Result> = { readonly result: Result } | { readonly error: unknown }

/**
 * Gathers while busy: a job that comes while nothing is under way starts at once, and those that come meanwhile go together in
 * the next round. There is no timer, so nobody waits for others to come, and a job never joins a round that has begun before it.
 * `work` returns one outcome for each job, in their order. What it throws reaches each of them, and those who wait behind them too: a
 * server that is away would let them wait twice as long for the same news.
 */
export const gather = <Job, Result>(
  work: (jobs: readonly Job[]) => Promise<readonly Outcome<Result>[]>,
  maxJobs: number,
): ((job: Job) => Promise<Result>) => {
  type Waiting = { job: Job; resolve: (result: Result) => void; reject: (error: unknown) => void }
  let waiting: Waiting[] = []
  let isBusy = false

  const round = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const outcomes = await work(batch.map(({ job }) => job))
      for (const [i, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[i] ?? { error: new Error('a gathered job has no outcome') }
        if ('error' in outcome) reject(outcome.error)
        else resolve(outcome.result)
      }
    } catch (error) {
      const others = waiting
      waiting = []
      for (const { reject } of [...batch, ...others]) reject(error)
    }
  }
  const run = async (): Promise<void> => {
    isBusy = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxJobs)
      waiting = waiting.slice(maxJobs)
      await round(batch)
    }
    isBusy = false
  }
  return (job) =>
    new Promise((resolve, reject) => {
      waiting.push({ job, resolve, reject })
      if (!isBusy) void run()
    })
}
