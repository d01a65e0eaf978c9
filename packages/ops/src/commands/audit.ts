import { openLiveSources } from '../audit/live-sources.ts'
import { type AuditResult, runAudit } from '../audit/run-audit.ts'
import { firstOrderIdAt } from '../audit/sources.ts'
import { exitCodes } from '../exit-codes.ts'
import { endOf, instantOf } from '../seoul-time.ts'
import type { Register } from '../tools.ts'

type Options = { from?: Date; to?: Date; order?: string[]; deep?: true; wait: number; limit: number }

const seconds = (text: string): number => Math.max(0, Number(text) || 0)

export const audit: Register = (program, { connect, print, progress, exit }) => {
  program
    .command('audit')
    .description("check on the running system, from Toss's books, MongoDB and Kafka, that nothing is lost or doubled")
    .option('--from <time>', 'only orders made from then on; a date or time in Seoul', instantOf)
    .option('--to <time>', 'only orders made before; a date is that whole day', endOf)
    .option('--order <id...>', 'only these orders, and Toss is asked for each of their payments')
    .option('--deep', 'ask Toss for every payment, not only for its list of transactions: one call each')
    .option('--wait <seconds>', 'how long to look again at what may be under way before it is told', seconds, 60)
    .option('--limit <n>', 'offenders listed for each invariant; --json lists all', seconds, 10)
    .addHelpText(
      'after',
      `
It is read-only. It reads the databases order and payment themselves (MONGO_URL) and Kafka (KAFKA_BROKERS); Toss is read through the
payment service. What is under way is looked at again and told only if it stays. The exit code is 1 when anything is wrong.

Examples:
  npm run ops -- audit
  npm run ops -- audit --from 2026-01-30 --to 2026-01-31
  npm run ops -- audit --order ORD-01K5ZS9GQKS1CMJ5FCVJQAQ5VB`,
    )
    .action(async ({ from, to, order, deep, wait, limit }: Options) => {
      const result = await progress('auditing', async (report) =>
        runAudit(await openLiveSources(connect), {
          scope: {
            fromKey: from === undefined ? undefined : firstOrderIdAt(from),
            toKey: to === undefined ? undefined : firstOrderIdAt(to),
            only: order === undefined ? undefined : new Set(order),
            since: from,
          },
          isDeep: deep === true || order !== undefined,
          waitMs: wait * 1000,
          report: (_what, done) => report(done),
        }),
      )
      print.document({ ...result, isSound: isSound(result) }, inLines(result, limit))
      exit(isSound(result) ? exitCodes.ok : exitCodes.open)
    })
}

const isSound = ({ invariants, isCut }: AuditResult): boolean =>
  !isCut && invariants.every(({ offenders }) => offenders === 0)

const inLines = ({ invariants, orders, messages, isCut }: AuditResult, limit: number): string =>
  [
    ...invariants.flatMap(({ id, title, checked, offenders, violations }) => [
      `${id.padEnd(4)} ${offenders === 0 ? 'ok ' : 'RED'} ${String(offenders).padStart(6)} of ${checked}  ${title}`,
      ...violations.slice(0, limit).map(({ subject, detail }) => `       ${subject}: ${plain(detail)}`),
      ...(violations.length > limit ? [`       … and ${violations.length - limit} more (--limit, --json)`] : []),
    ]),
    `${orders} orders, ${messages} consumed messages${isCut ? '; more is wrong than is listed here' : ''}`,
  ].join('\n')

/** Ids come from Kafka and Toss, where strangers write: nothing of them may move the cursor of a terminal. */
const plain = (text: string): string => text.replace(/\p{Cc}/gu, '·')
