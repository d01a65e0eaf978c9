import type { Clock } from '@checkout/runtime/clock'
import type { Logger } from '@checkout/runtime/log'
import { nightDue, nightWindow } from './domain/nightly.ts'
import { type ReconcileDeps, reconcileBooks, TossListUnavailable } from './reconcile-books.ts'
import { type Reconciliation, ReconciliationLost, type ReconciliationStore } from './reconciliations.ts'

export type RunDeps = {
  readonly reconcile: ReconcileDeps
  readonly runs: ReconciliationStore
  readonly clock: Pick<Clock, 'now'>
  readonly log: Logger
  readonly newId: () => string
  readonly config: {
    readonly leaseMs: number
    readonly overlapMs: number
    /** Minutes after midnight in Seoul; undefined: no comparison begins by itself. */
    readonly nightlyAt: number | undefined
  }
}

/** What failed by a bug or an outage of ours is tried again after this; the run's report says so meanwhile. */
const AFTER_FAILURE_MS = 30_000

/** Opens tonight's comparison once its time has come. The unique id makes it one, however many replicas see the time. */
export const openNightly = async ({
  runs,
  clock,
  config,
}: Pick<RunDeps, 'runs' | 'clock' | 'config'>): Promise<void> => {
  if (config.nightlyAt === undefined) return
  const night = nightDue(clock.now(), config.nightlyAt)
  if (night === undefined || (await runs.find(`nightly-${night}`)) !== undefined) return
  const last = await runs.findLastDone('NIGHTLY')
  const window = nightWindow(clock.now(), last?.to, config.overlapMs)
  await runs.insert({ _id: `nightly-${night}`, kind: 'NIGHTLY', ...window, isApplied: true })
}

/** Takes one comparison that nobody works on and carries it as far as it gets. False when there is none. */
export const runNext = async (deps: RunDeps, signal: AbortSignal): Promise<boolean> => {
  const { runs, config, log } = deps
  const owner = deps.newId()
  const run = await runs.take({ owner, ms: config.leaseMs })
  if (run === undefined) return false
  const renewal = setInterval(() => {
    runs
      .renew(run._id, { owner, ms: config.leaseMs })
      .catch((error: unknown) => log.warn({ err: error }, 'the lease of a reconciliation could not be renewed'))
  }, config.leaseMs / 3)
  try {
    await reconcileBooks(deps.reconcile, run, owner, signal)
    await runs.finish(run._id, owner)
    report(log, await runs.find(run._id))
  } catch (error) {
    if (error instanceof ReconciliationLost) return true
    // A process that stops hands the run over at once.
    const waitMs = signal.aborted ? 0 : error instanceof TossListUnavailable ? error.retryAfterMs : AFTER_FAILURE_MS
    const trouble = error instanceof Error ? error.message.slice(0, 200) : 'unknown'
    await runs.putOff(run._id, owner, signal.aborted ? 'handed over' : trouble, waitMs).catch(() => undefined)
    if (!signal.aborted)
      log.warn({ err: error, reconciliation: run._id }, 'a reconciliation cannot go on, it is tried again')
  } finally {
    clearInterval(renewal)
  }
  return true
}

const report = (log: Logger, run: Reconciliation | undefined): void => {
  if (run === undefined) return
  const { _id: reconciliation, rows, asked, healed, open } = run
  const isOpen = Object.keys(open).length > 0
  log[isOpen ? 'error' : 'info']({ reconciliation, rows, asked, healed, open }, 'the books were compared with Toss')
}
