import { readFileSync } from 'node:fs'
import { isTopic, type Topic, topics } from '@checkout/contracts/events'
import { InvalidMessage } from '@checkout/messaging/bus'
import type { KafkaLog, LoggedMessage } from '@checkout/messaging/log-reader'
import { readEvent } from '@checkout/messaging/read-event'
import { crashPoint } from '@checkout/runtime/crash-point'
import type { Command } from 'commander'
import { type Group, isGroup } from '../connect.ts'
import { exitCodes, Failure } from '../exit-codes.ts'
import { durationMs } from '../options.ts'
import { apply, showPlan } from '../replay/apply.ts'
import { decoded } from '../replay/decoded.ts'
import { inBatches } from '../replay/in-batches.ts'
import { deadLettersIn, findLetters, type Letter } from '../replay/letters.ts'
import { openLog } from '../replay/open-log.ts'
import { asCount, asGroup, asTopic } from '../replay/options.ts'
import { makePlan } from '../replay/plan.ts'
import { letterSelection, type Selection } from '../replay/selection.ts'
import type { Register, Tools } from '../tools.ts'

type Filter = {
  topic?: Topic
  group?: Group
  cause?: string
  key?: string
  olderThan?: number
  newerThan?: number
  all?: true
  limit?: number
}
type Act = Filter & { apply?: true; reason?: string }
type Redrive = Act & { value?: string; newKey?: string; rate: number; wait: number }

/** Letters of one call of the service. */
const AT_A_TIME = 500

export const deadLetters: Register = (program, tools) => {
  const group = program
    .command('dead-letters')
    .description('messages that a consumer could not digest: what they are, and letting them be heard again')

  filtered(group.command('list'))
    .description('open dead letters, oldest first')
    .option('--all', 'also those that were redriven or discarded')
    .addHelpText(
      'after',
      '\nExample:\n  npm run ops -- dead-letters list --group order --cause "no order" --older-than 1h',
    )
    .action((filter: Filter) => list(tools, filter))

  group
    .command('show')
    .description('one dead letter: its cause, where it came from, and the message')
    .argument('<letter>', 'as dead-letters list names it')
    .addHelpText('after', '\nExample:\n  npm run ops -- dead-letters show order:payment.status-changed/3/42/1f9ab2c4')
    .action((letter: string) => show(tools, letter))

  filtered(group.command('redrive'))
    .description(
      'let the group hear dead letters again, each at most three times; shows what would happen unless --apply',
    )
    .argument('[letter...]', 'as dead-letters list names them; else all open ones that fit')
    .option('--value <file>', 'of one letter: the repaired message in the place of its own; it must keep the event id')
    .option('--new-key <key>', 'of one letter: the right key in the place of its own')
    .option('--rate <n>', 'messages a second', asCount, 200)
    .option('--wait <seconds>', 'how long to wait until the group has handled everything', asCount, 600)
    .option('--apply', 'do it')
    .option('--reason <text>', 'why; goes on record with your name')
    .addHelpText(
      'after',
      `
Examples:
  npm run ops -- dead-letters redrive --group order --cause "no order" --apply --reason "orders restored, INC-7"
  npm run ops -- dead-letters redrive order:payment.status-changed/3/42/1f9ab2c4 --value repaired.json --apply --reason "INC-8"`,
    )
    .action((letters: string[], options: Redrive) => redrive(tools, letters, options))

  filtered(group.command('discard'))
    .description('say that dead letters need nothing more: they leave the list, and stay in the log')
    .argument('[letter...]', 'as dead-letters list names them; else all open ones that fit')
    .option('--apply', 'do it')
    .option('--reason <text>', 'why; goes on record with your name')
    .addHelpText(
      'after',
      '\nExample:\n  npm run ops -- dead-letters discard order:payment.status-changed/3/42/1f9ab2c4 --apply --reason "test data"',
    )
    .action((letters: string[], options: Act) => discard(tools, letters, options))
}

const filtered = (command: Command): Command =>
  command
    .option('--topic <topic>', Object.keys(topics).join(', '), asTopic)
    .option('--group <group>', 'order or payment', asGroup)
    .option('--cause <text>', 'whose cause says this')
    .option('--key <key>', 'of this order')
    .option('--older-than <span>', 'that died longer ago: 90s, 15m, 2h, 7d', durationMs)
    .option('--newer-than <span>', 'that died since: 90s, 15m, 2h, 7d', durationMs)
    .option('--limit <n>', 'at most so many', asCount)

const find = async ({ connect, progress }: Tools, log: KafkaLog, filter: Filter, letters?: readonly string[]) => {
  const { olderThan, newerThan, limit, ...rest } = filter
  const before = (spanMs: number | undefined) => (spanMs === undefined ? undefined : new Date(Date.now() - spanMs))
  const found = await progress('reading the dead letters', () =>
    findLetters(connect, log, { ...rest, letters, olderThan: before(olderThan), newerThan: before(newerThan) }),
  )
  return { ...found, letters: found.letters.slice(0, limit) }
}

const list = async (tools: Tools, filter: Filter): Promise<void> => {
  const { letters, isCut } = await find(tools, await openLog(tools.connect), filter)
  tools.print.table(letters, columns, { none: 'there are no dead letters to deal with' })
  if (isCut) tools.print.note('there are more than 10,000 in one topic; these are the first')
  if (letters.some(({ state }) => state === 'OPEN')) tools.exit(exitCodes.open)
}

const columns = [
  { title: 'LETTER', of: ({ letter }: Letter) => letter },
  { title: 'KEY', of: ({ key }: Letter) => key ?? 'none' },
  { title: 'DIED AT', of: ({ diedAt }: Letter) => diedAt },
  { title: 'TRIES', of: ({ attempts }: Letter) => attempts },
  { title: 'REPLAYS', of: ({ replays }: Letter) => replays },
  { title: 'STATE', of: ({ state }: Letter) => state },
  { title: 'CAUSE', of: ({ cause }: Letter) => cause },
] as const

/** @throws Failure when there is no such letter */
const findOne = async (tools: Tools, log: KafkaLog, name: string): Promise<Letter> => {
  const { group = '', topic = '' } = /^(?<group>[^:]+):(?<topic>[^/]+)[/]/.exec(name)?.groups ?? {}
  const place = { ...(isGroup(group) ? { group } : {}), ...(isTopic(topic) ? { topic } : {}) }
  const { letters } = await find(tools, log, { ...place, all: true }, [name])
  const [letter] = letters
  if (letter === undefined)
    throw new Failure(exitCodes.usage, `there is no dead letter ${name}; dead-letters list --all names them`)
  return letter
}

const show = async (tools: Tools, name: string): Promise<void> => {
  const log = await openLog(tools.connect)
  const letter = await findOne(tools, log, name)
  const message = await messageOf(log, letter)
  const { text, ...content } = decoded(message.value)
  if (tools.print.isJson()) return tools.print.document({ ...letter, headers: message.headers, ...content }, '')
  const { original, partition, offset, ...fields } = letter
  tools.print.record({
    ...fields,
    key: letter.key ?? 'none',
    original: `${letter.topic} partition ${original.partition} offset ${original.offset}`,
    here: `partition ${partition} offset ${offset}`,
    headers: message.headers,
  })
  tools.print.document(undefined, `\n${text}`)
}

const messageOf = async (log: KafkaLog, { topic, group, partition, offset }: Letter): Promise<LoggedMessage> => {
  for await (const message of deadLettersIn(log, topic, group, { partition, offset: Number(offset) })) return message
  throw new Failure(exitCodes.usage, 'the message is not in the log any more')
}

const chosen = async (tools: Tools, log: KafkaLog, names: readonly string[], options: Filter): Promise<Letter[]> => {
  if (names.length === 0) return [...(await find(tools, log, options)).letters]
  const letters: Letter[] = []
  for (const name of new Set(names)) letters.push(await findOne(tools, log, name))
  return letters
}

const redrive = async (tools: Tools, names: readonly string[], options: Redrive): Promise<void> => {
  const { connect, progress, print } = tools
  const reason = reasonOf(options)
  const log = await openLog(connect)
  const letters = await chosen(tools, log, names, options)
  const repair = await repairOf(log, letters, options)
  if (new Set(letters.map(({ topic, group }) => `${topic} ${group}`)).size > 1)
    throw new Failure(exitCodes.usage, 'these are of several topics or groups: redrive each with --topic and --group')
  const [first] = letters
  if (first === undefined) {
    print.document({ sent: 0 }, 'there are no dead letters to redrive')
    return
  }
  const { topic, group } = first
  const common = { rate: options.rate, ...(repair === undefined ? {} : { repair }) }
  const selection = await letterSelection(log, { topic, group, letters }, common)
  const plan = await progress('reading what there is', (report) =>
    makePlan(connect, log, { topic, group, selection }, report),
  )
  if (reason === undefined) return showPlan(tools, { topic, group, plan, source: 'dead-letters' })
  await apply(tools, log, { topic, group, selection, plan, reason, waitMs: options.wait * 1_000 })
}

/** @returns why, when something is to be done */
const reasonOf = ({ apply: isApplied, reason }: Act): string | undefined => {
  if (isApplied !== true) return undefined
  if (!reason?.trim()) throw new Failure(exitCodes.usage, '--apply needs a --reason: it goes on record with your name')
  return reason
}

/**
 * A repair takes the place of one letter's bytes or key. What the group could still not read would only die again, and another event
 * id would make another fact of it, so both are refused.
 */
const repairOf = async (
  log: KafkaLog,
  letters: readonly Letter[],
  { value: file, newKey }: Redrive,
): Promise<Selection['repair']> => {
  if (file === undefined && newKey === undefined) return undefined
  const [letter] = letters
  if (letter === undefined || letters.length > 1)
    throw new Failure(exitCodes.usage, '--value and --new-key repair one letter: name it')
  const message = await messageOf(log, letter)
  const value = file === undefined ? undefined : readFileSync(file)
  const repaired = { ...message, key: newKey ?? message.key, value: value ?? message.value }
  const id = idIn(message.value)
  try {
    const event = readEvent(letter.topic, repaired)
    if (id !== undefined && id !== event.id)
      throw new Failure(exitCodes.usage, `the repaired message has the event id ${event.id} instead of ${id}`)
  } catch (error) {
    if (!(error instanceof InvalidMessage)) throw error
    throw new Failure(exitCodes.usage, `the group could not read this either: ${error.message}`)
  }
  return {
    ...(value === undefined ? {} : { value: value.toString() }),
    ...(newKey === undefined ? {} : { key: newKey }),
  }
}

const idIn = (value: Buffer | null): string | undefined => {
  const { json } = decoded(value)
  return typeof json === 'object' && json !== null && 'id' in json && typeof json.id === 'string' ? json.id : undefined
}

const discard = async (tools: Tools, names: readonly string[], options: Act): Promise<void> => {
  const { connect, print } = tools
  const reason = reasonOf(options)
  const letters = await chosen(tools, await openLog(connect), names, options)
  if (!print.isJson() || reason === undefined)
    print.table(letters, columns, { none: 'there are no dead letters to discard' })
  if (reason === undefined) {
    print.note(`Nothing was changed. To discard these ${letters.length}: the same again with --apply --reason "…"`)
    return
  }
  for (const group of ['order', 'payment'] as const) {
    const closed = letters.filter((letter) => letter.group === group).map(({ id, diedAt }) => ({ id, at: diedAt }))
    for await (const batch of inBatches(closed, AT_A_TIME)) {
      crashPoint('discard.before-record')
      await connect.replay(group).DiscardLetters({ reason, letters: batch }, connect.call())
      crashPoint('discard.after-record')
    }
  }
  print.document({ discarded: letters.map(({ letter }) => letter) }, `${letters.length} discarded`)
}
