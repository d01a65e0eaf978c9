import type { Topic } from '@checkout/contracts/events'
import type { KafkaLog } from '@checkout/messaging/log-reader'
import type { Group } from '../connect.ts'
import { exitCodes, Failure } from '../exit-codes.ts'
import type { Tools } from '../tools.ts'
import { openLog } from './open-log.ts'
import type { Plan, PlanRow } from './plan.ts'
import type { Selection } from './selection.ts'
import { beginRun, findRun, type Outcome, openReplayBus, type Run, sendRun, sentence } from './send.ts'

/** A person reads this many lines of what stays as it is, and all lines of what changes. */
const MAX_SAME = 20

const columns = [
  { title: 'ORDER', of: ({ id }: PlanRow) => id },
  { title: 'MESSAGES', of: ({ messages }: PlanRow) => messages },
  { title: 'NOW', of: ({ before }: PlanRow) => before },
  {
    title: 'WOULD BE',
    of: ({ effect, after, why }: PlanRow) =>
      effect === 'change' ? after : effect === 'refused' ? `dead letter: ${why ?? ''}` : `no-op: ${why ?? ''}`,
  },
] as const

/** What a dry run found: where the messages are, and what each order would become. */
export const showPlan = (
  { print, exit }: Tools,
  { topic, group, plan, source }: { topic: Topic; group: Group; plan: Plan; source: Selection['source'] },
): void => {
  if (print.isJson()) return print.document({ dryRun: true, topic, group, source, ...plan }, '')
  summary(print, { topic, group, plan, source })
  const [told, same] = [plan.rows.filter(isTold), plan.rows.filter((row) => !isTold(row))]
  if (plan.rows.length > 0) print.table([...told, ...same.slice(0, MAX_SAME)], columns, { none: '' })
  if (same.length > MAX_SAME) print.note(`… and ${same.length - MAX_SAME} more that stay as they are (--json has them)`)
  if (plan.messagesNotListed > 0) print.note(`… and ${plan.messagesNotListed} messages of orders that are not listed`)
  print.note('Nothing was changed. To do it: the same again with --apply --reason "…"')
  if (plan.refused > 0) exit(exitCodes.open)
}

const isTold = ({ effect }: PlanRow): boolean => effect !== 'no-op'

const summary = (
  print: Tools['print'],
  { topic, group, plan, source }: { topic: Topic; group: Group; plan: Plan; source: Selection['source'] },
): void => {
  const from = source === 'log' ? topic : `the dead letters of ${topic}`
  print.note(
    `${plan.messages} messages of ${from} for group ${group}: ${plan.changes} change something, ${plan.noOps} are known already, ${plan.refused} would become dead letters`,
  )
  for (const { partition, messages, first, last, firstAt, lastAt } of plan.partitions)
    print.note(`  partition ${partition}: ${messages} messages, offset ${first} (${firstAt}) to ${last} (${lastAt})`)
}

/** Does what the plan shows. */
export const apply = async (
  tools: Tools,
  log: KafkaLog,
  given: { topic: Topic; group: Group; selection: Selection; plan: Plan; reason: string; waitMs: number },
): Promise<void> => {
  const { topic, group, selection, plan, reason, waitMs } = given
  summary(tools.print, { topic, group, plan, source: selection.source })
  if (plan.messages === 0) {
    if (tools.print.isJson()) tools.print.document({ sent: 0 }, '')
    return
  }
  const bus = await openReplayBus(tools.connect, topic, group)
  const run = await beginRun(tools.connect, log, { topic, group, reason, planned: plan.messages }, selection)
  tools.print.note(`run ${run.id}; if it is stopped: npm run ops -- replay --resume ${run.id}`)
  await send(tools, log, bus, run, waitMs)
}

/** Goes on with a run behind its cursor. */
export const resume = async (tools: Tools, runId: string, waitMs: number): Promise<void> => {
  const run = await findRun(tools.connect, runId)
  const log = await openLog(tools.connect)
  const bus = await openReplayBus(tools.connect, run.topic, run.group)
  tools.print.note(`run ${run.id} goes on behind ${run.sent} of ${run.planned} messages`)
  await send(tools, log, bus, run, waitMs)
}

const send = async (
  { connect, print, progress, exit }: Tools,
  log: KafkaLog,
  bus: Parameters<typeof sendRun>[2],
  run: Run,
  waitMs: number,
): Promise<void> => {
  const outcome = await progress('replaying', (report) => sendRun(connect, log, bus, run, { waitMs, report }))
  print.document(outcome, text(run, outcome))
  if (outcome.refused.length > 0 && outcome.sent === 0)
    throw new Failure(exitCodes.refused, 'these dead letters have been replayed three times: repair or discard them')
  const isWhole = [outcome.refused, outcome.missing, outcome.died].every((list) => list.length === 0)
  if (!isWhole || outcome.unhandled > 0) exit(exitCodes.open)
}

const text = ({ group }: Run, outcome: Outcome): string =>
  [
    `${sentence(outcome)} by group ${group}`,
    ...outcome.refused.map((id) => `refused after three replays: ${id}`),
    ...outcome.died.map(({ key, cause }) => `dead: ${key ?? 'no key'}: ${cause}`),
    ...(outcome.missing.length > 0
      ? [
          `Kafka acknowledged ${outcome.missing.length} that it does not have: replay the same again, twice harms nobody`,
        ]
      : []),
  ].join('\n')
