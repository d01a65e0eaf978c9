import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '@checkout/contracts/errors'
import { exitCodes } from '../exit-codes.ts'
import { endOf, inSeoul, instantOf } from '../seoul-time.ts'
import type { Register, Tools } from '../tools.ts'

type Options = { from?: Date; to?: Date; apply?: true; reason?: string; last?: true }
type Run = Awaited<ReturnType<ReturnType<Tools['connect']['payment']>['GetReconciliation']>>

const DAY_MS = 24 * 3_600_000
const POLL_MS = 500

export const reconcile: Register = (program, { connect, print, progress, exit }) => {
  program
    .command('reconcile')
    .description("compare Toss's list of transactions with our payments; --apply heals what a lost signal left behind")
    .option('--from <time>', "the window's begin; a date or time in Seoul (default: a day ago)", instantOf)
    .option('--to <time>', "the window's end, which is not in it; a date is that whole day (default: now)", endOf)
    .option('--apply', 'heal: each payment that differs is asked about at Toss, as if its webhook had come')
    .option('--reason <text>', 'why, for the record of --apply')
    .option('--last', 'begin nothing, show the last comparison: of this night, or what an operator began')
    .addHelpText(
      'after',
      `
Without --apply nothing changes. The exit code is 1 while anything is open. The payment service does the work, so it goes
on when this program is stopped, and after a kill of the service too.

Examples:
  npm run ops -- reconcile --from 2026-01-30 --to 2026-01-31
  npm run ops -- reconcile --from 2026-01-30 --to 2026-01-31 --apply --reason "webhooks were down"
  npm run ops -- reconcile --last`,
    )
    .action(async ({ from, to, apply, reason, last }: Options) => {
      const payment = connect.payment()
      const id = last
        ? ''
        : (
            await payment.StartReconciliation(
              {
                from: (from ?? new Date(Date.now() - DAY_MS)).toISOString(),
                to: (to ?? new Date()).toISOString(),
                isApplied: apply === true,
                reason: reason ?? '',
              },
              connect.call(),
            )
          ).id
      const run = last
        ? await payment.GetReconciliation({ id }, connect.call())
        : await progress("comparing Toss's transactions", (report) =>
            ended(
              () => payment.GetReconciliation({ id }, connect.call()),
              ({ rows }) => report(rows),
            ),
          )
      show(print, run)
      const isOpen = run.counts.some(({ open }) => open > 0)
      exit(isOpen || run.status !== 'DONE' ? exitCodes.open : exitCodes.ok)
    })
}

/** Waits for the end of a run, over restarts of the service that carries it on. */
const ended = async (read: () => Promise<Run>, onRun: (run: Run) => void): Promise<Run> => {
  for (;;) {
    try {
      const run = await read()
      onRun(run)
      if (run.status === 'DONE') return run
    } catch (error) {
      if (!(error instanceof AppError) || !error.isRetryable) throw error
    }
    await sleep(POLL_MS)
  }
}

const show = (print: Tools['print'], run: Run): void => {
  if (print.isJson()) return print.record({ ...run })
  print.record({
    reconciliation: run.id,
    window: `${inSeoul(run.from)} to ${inSeoul(run.to)}`,
    mode: run.isApplied ? 'heals' : 'dry run: nothing was changed',
    status: run.status === 'DONE' ? `done, began ${inSeoul(run.startedAt)}` : `running since ${inSeoul(run.startedAt)}`,
    trouble: run.trouble,
    transactions: run.rows,
    'asked at Toss': run.asked,
  })
  print.table(
    run.counts.filter(({ healed, open }) => healed + open > 0),
    [
      { title: 'CLASS', of: (count) => count.class },
      { title: 'HEALED', of: ({ healed }) => healed },
      { title: 'OPEN', of: ({ open }) => open },
    ],
    { none: 'the books are equal' },
  )
  if (run.differences.length === 0) return
  print.table(
    run.differences,
    [
      { title: 'OPEN', of: (difference) => difference.class },
      { title: 'ORDER', of: ({ orderId }) => orderId },
      { title: 'PAYMENT KEY', of: ({ paymentKey }) => paymentKey },
      { title: 'WHAT', of: ({ detail }) => detail },
    ],
    { none: '' },
  )
  if (!run.isApplied)
    print.note('--apply has Toss asked about each of them; what a lost webhook left behind is then healed.')
}
