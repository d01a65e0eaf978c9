import { type Topic, topics } from '@checkout/contracts/events'
import type { KafkaLog, LogPosition } from '@checkout/messaging/log-reader'
import type { Group } from '../connect.ts'
import { exitCodes, Failure } from '../exit-codes.ts'
import { apply as applyPlan, resume, showPlan } from '../replay/apply.ts'
import { findLetters } from '../replay/letters.ts'
import { openLog } from '../replay/open-log.ts'
import { asCount, asGroup, asPlace, asPosition, asTopic } from '../replay/options.ts'
import { makePlan } from '../replay/plan.ts'
import { rebuild } from '../replay/rebuild.ts'
import { rewrite } from '../replay/rewrite.ts'
import { letterSelection, type Selection } from '../replay/selection.ts'
import type { Register, Tools } from '../tools.ts'

type Options = {
  topic?: Topic
  group?: Group
  order?: string[]
  type?: string[]
  from?: LogPosition | 'beginning'
  to?: LogPosition
  deadLetter?: true
  cause?: string
  limit?: number
  rate: number
  apply?: true
  reason?: string
  wait: number
  resume?: string
  into?: string
  keep?: true
  fromDocuments?: true
}

const examples = `
Without --apply nothing is changed: it shows which messages there are and what each order would become, by the consumers' own rules.
With --apply one consumer group hears the messages again, under the same event ids; no other group does. What the group knows already
stays as it is, so replaying too much is slow and harms nothing.

Examples:
  npm run ops -- replay --topic payment.status-changed --order ORD-…
  npm run ops -- replay --topic payment.status-changed --from 2026-11-29T02:00:00Z --to 2026-11-29T03:00:00Z --apply --reason "INC-7"
  npm run ops -- replay --topic order.created --dead-letter --cause "no order" --apply --reason "order restored"
  npm run ops -- replay --resume order-0c5e…
  npm run ops -- replay --group order --from beginning --into scratch
  npm run ops -- replay --topic order.created --from-documents`

export const replay: Register = (program, tools) => {
  program
    .command('replay')
    .description('let one consumer group hear messages again; shows what would change unless --apply is given')
    .option('--topic <topic>', `${Object.keys(topics).join(', ')}`, asTopic)
    .option('--group <group>', 'the consumer group that hears it; the topic’s own unless given', asGroup)
    .option('--order <order...>', 'only messages with these keys')
    .option('--type <type...>', "only events of this type, or that say this (a payment's status, a webhook's type)")
    .option('--from <place>', 'an instant (2026-11-29T02:00Z), an offset in each partition, or beginning', asPlace)
    .option('--to <place>', 'an instant or an offset, not included; else what is there now', asPosition)
    .option('--dead-letter', 'the open dead letters of the topic instead of the topic')
    .option('--cause <text>', 'with --dead-letter: only those whose cause says this')
    .option('--limit <n>', 'at most so many messages', asCount)
    .option('--rate <n>', 'messages a second', asCount, 200)
    .option('--apply', 'do it')
    .option('--reason <text>', 'why; goes on record with your name, before the first message')
    .option('--wait <seconds>', 'how long to wait until the group has handled everything', asCount, 600)
    .option('--resume <run>', 'go on with a run that was stopped')
    .option('--into <name>', 'rebuild the projection of --group order in a scratch database, and compare')
    .option('--keep', 'with --into: leave the scratch database there')
    .option('--from-documents', 'write a lost topic anew from the documents of the service that owns them')
    .addHelpText('after', examples)
    .action((options: Options) => run(tools, options))
}

const run = async (tools: Tools, options: Options): Promise<void> => {
  const { connect } = tools
  const waitMs = options.wait * 1_000
  if (options.resume !== undefined) return resume(tools, options.resume, waitMs)
  if (options.apply === true && !options.reason?.trim())
    throw new Failure(exitCodes.usage, '--apply needs a --reason: it goes on record with your name')
  const apply = options.apply === true ? { reason: options.reason ?? '' } : undefined
  if (options.into !== undefined) {
    if (options.group !== 'order' || (options.topic !== undefined && options.topic !== 'payment.status-changed'))
      throw new Failure(exitCodes.usage, '--into rebuilds what the order service has projected: it takes --group order')
    return rebuild(tools, { name: options.into, apply, keep: options.keep === true })
  }
  const { topic } = options
  if (topic === undefined) throw new Failure(exitCodes.usage, 'which --topic?')
  if (options.fromDocuments === true) return rewrite(tools, { topic, apply })

  if (options.cause !== undefined && options.deadLetter !== true)
    throw new Failure(exitCodes.usage, '--cause is one of dead letters: it goes with --dead-letter')
  const [own] = topics[topic].consumers
  const group = options.group ?? own
  if (!topics[topic].consumers.some((consumer) => consumer === group))
    throw new Failure(exitCodes.usage, `${group} does not consume ${topic}; ${topics[topic].consumers.join(', ')} does`)
  const log = await openLog(connect)
  const selection = await selectionOf(tools, log, { ...options, topic, group })
  const plan = await tools.progress('reading what there is', (report) =>
    makePlan(connect, log, { topic, group, selection }, report),
  )
  if (apply === undefined) return showPlan(tools, { topic, group, plan, source: selection.source })
  await applyPlan(tools, log, { topic, group, selection, plan, reason: apply.reason, waitMs })
}

const selectionOf = async (
  { connect }: Tools,
  log: KafkaLog,
  options: Options & { topic: Topic; group: Group },
): Promise<Selection> => {
  const { topic, group, rate } = options
  const from = options.from === 'beginning' ? undefined : options.from
  const common = {
    rate,
    ...(options.order === undefined ? {} : { orders: options.order }),
    ...(options.type === undefined ? {} : { types: options.type }),
    ...(options.limit === undefined ? {} : { limit: options.limit }),
  }
  if (options.deadLetter !== true) {
    const ranges = await log.ranges(topic, { from, to: options.to })
    return { source: 'log', ranges: [...ranges], ...common }
  }
  const at = (place: LogPosition | undefined) => (place !== undefined && 'at' in place ? place.at : undefined)
  if ([from, options.to].some((place) => place !== undefined && !('at' in place)))
    throw new Failure(exitCodes.usage, 'with --dead-letter, --from and --to are instants')
  const { letters } = await findLetters(connect, log, {
    topic,
    group,
    cause: options.cause,
    newerThan: at(from),
    olderThan: at(options.to),
  })
  return letterSelection(log, { topic, group, letters }, common)
}
