import type { Metrics } from '@checkout/runtime/metrics'
import { differenceClasses } from './domain/compare-books.ts'
import type { ReconcileDeps } from './reconcile-books.ts'
import { openNightly, type RunDeps, runNext } from './run-reconciliations.ts'
import { startLoop } from './start-loop.ts'

/** Compares the books by night and when an operator asks, one comparison at a time for each replica. */
export const startReconciliations = (
  options: Omit<RunDeps, 'reconcile'> & {
    readonly reconcile: Omit<ReconcileDeps, 'count' | 'runs'>
    readonly metrics: Metrics
    readonly everyMs: number
  },
): { close(): Promise<void> } => {
  const { metrics, runs, clock } = options
  const healed = metrics.counter(
    'payment_reconciliation_heals_total',
    'Differences from the books of Toss that were healed: a signal was lost each time',
    ['class'],
  )
  const rows = metrics.counter('payment_reconciliation_rows_total', 'Transactions of Toss that were compared')
  metrics.gauge('payment_reconciliation_open', 'Differences that the last comparison left open', async (gauge) => {
    const last = await runs.findLast()
    gauge.set(differenceClasses.reduce((sum, name) => sum + (last?.open[name] ?? 0), 0))
  })
  metrics.gauge(
    'payment_reconciliation_nightly_age_seconds',
    'Since the end of the last nightly window',
    async (gauge) => {
      const last = await runs.findLastDone('NIGHTLY')
      if (last !== undefined) gauge.set(Math.max(0, (clock.now().getTime() - last.to.getTime()) / 1000))
    },
  )
  const deps: RunDeps = {
    ...options,
    reconcile: {
      ...options.reconcile,
      runs,
      count: (page) => {
        rows.inc(page.rows)
        for (const [name, count] of Object.entries(page.healed)) healed.inc({ class: name }, count)
      },
    },
  }
  const closing = new AbortController()
  const loop = startLoop(
    async () => {
      await openNightly(deps)
      while (!closing.signal.aborted && (await runNext(deps, closing.signal))) continue
    },
    options.everyMs,
    options.log,
  )
  return {
    close: () => {
      closing.abort()
      return loop.close()
    },
  }
}
