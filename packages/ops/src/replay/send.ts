import { setTimeout as sleep } from 'node:timers/promises'
import type { Topic } from '@checkout/contracts/events'
import { deadLetterTopic } from '@checkout/messaging/dead-letter'
import { connectKafkaBus, type KafkaBus } from '@checkout/messaging/kafka-bus'
import type { KafkaLog, PartitionRange } from '@checkout/messaging/log-reader'
import { replayTopic, toReplay } from '@checkout/messaging/replay'
import { crashPoint } from '@checkout/runtime/crash-point'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { z } from 'zod'
import { needed } from '../config.ts'
import type { Connections, Group } from '../connect.ts'
import { exitCodes, Failure } from '../exit-codes.ts'
import type { Report } from '../progress.ts'
import { inBatches } from './in-batches.ts'
import { limited } from './plan.ts'
import { type Selected, type Selection, select, selectionSchema } from './selection.ts'

/** One request to Kafka, one cursor. Smaller at a low rate, so that it keeps to its rate within a second too. */
const MAX_BATCH = 100
const ASK_EVERY_MS = 500

const cursorSchema = z.record(z.string(), z.number())

/** A run as far as it is. */
export type Run = {
  readonly id: string
  readonly topic: Topic
  readonly group: Group
  readonly selection: Selection
  /** Per partition of the source, the offset of the next message. */
  readonly cursor: Readonly<Record<string, number>>
  readonly sent: number
  readonly planned: number
}

export type Outcome = {
  readonly run: string
  readonly sent: number
  /** Dead letters that were replayed as often as is allowed. */
  readonly refused: readonly string[]
  /** Places in the run that Kafka acknowledged and does not have. */
  readonly missing: readonly number[]
  /** Messages of this run that the group has not handled within the wait. */
  readonly unhandled: number
  /** Messages of this run that became dead letters (again), with their causes. */
  readonly died: readonly { readonly key: string | null; readonly cause: string }[]
}

/** The bus to send by: the services' own producer. It creates the group's replay topic where a service has not yet. */
export const openReplayBus = async (connect: Connections, topic: Topic, group: Group): Promise<KafkaBus> => {
  let unsafe: Error | undefined
  const bus = connectKafkaBus({
    brokers: needed(connect.config, 'KAFKA_BROKERS'),
    namespace: connect.config.NAMESPACE,
    service: 'ops',
    log: createLogger('ops', 'silent'),
    metrics: createMetrics('ops'),
    onFatal: (error) => {
      unsafe = error
    },
    topics: [topic],
    group,
  })
  connect.onClose(() => bus.close())
  const ready = await Promise.race([bus.ping().then(() => true), sleep(15_000, false, { ref: false })])
  if (unsafe !== undefined) throw new Failure(exitCodes.refused, unsafe.message)
  if (!ready) throw new Failure(exitCodes.away, 'Kafka does not answer')
  return bus
}

/** Puts a run on record, with the reason for it. From here on it can be resumed. */
export const beginRun = async (
  connect: Connections,
  log: KafkaLog,
  { topic, group, reason, planned }: { topic: Topic; group: Group; reason: string; planned: number },
  given: Selection,
): Promise<Run> => {
  const [replay, deadLetters] = await Promise.all([
    log.ranges(replayTopic(topic, group)),
    log.ranges(deadLetterTopic(topic, group)),
  ])
  const selection = { ...given, before: { replay: [...replay], deadLetters: [...deadLetters] } }
  crashPoint('replay.before-record')
  const { runId } = await connect
    .replay(group)
    .BeginRun({ topic, reason, planned, selection: JSON.stringify(selection) }, connect.call())
  crashPoint('replay.after-record')
  return { id: runId, topic, group, selection, cursor: {}, sent: 0, planned }
}

/** A run as its record says. @throws Failure when it has ended */
export const findRun = async (connect: Connections, runId: string): Promise<Run> => {
  const group = (['order', 'payment'] as const).find((one) => runId.startsWith(`${one}-`))
  if (group === undefined) throw new Failure(exitCodes.usage, `${runId} is no run`)
  const run = await connect.replay(group).GetRun({ runId }, connect.call())
  if (run.endedAt !== undefined)
    throw new Failure(exitCodes.refused, `this run has ended at ${run.endedAt}: ${run.outcome ?? ''}`)
  return {
    id: runId,
    topic: run.topic as Topic,
    group,
    selection: selectionSchema.parse(JSON.parse(run.selection)),
    cursor: run.cursor === '' ? {} : cursorSchema.parse(JSON.parse(run.cursor)),
    sent: Number(run.sent),
    planned: Number(run.planned),
  }
}

/**
 * Sends what is left of a run, at its rate, and waits until the group has handled it. The cursor is saved when Kafka has
 * acknowledged; killed between the two, some messages are sent twice, which the consumers bear.
 */
export const sendRun = async (
  connect: Connections,
  log: KafkaLog,
  bus: KafkaBus,
  run: Run,
  { waitMs, report }: { waitMs: number; report: Report },
): Promise<Outcome> => {
  const { topic, group, selection } = run
  const client = connect.replay(group)
  const cursor: Record<string, number> = { ...run.cursor }
  const left = selection.limit === undefined ? undefined : selection.limit - run.sent
  const ranges = selection.ranges.map((range) => ({ ...range, from: cursor[range.partition] ?? range.from }))
  const size = Math.max(1, Math.min(MAX_BATCH, Math.floor(selection.rate / 2)))
  const startedAt = performance.now()
  const refused: string[] = []
  let [sent, sentNow] = [run.sent, 0]
  report(sent, run.planned)
  for await (const batch of inBatches(limited(select(log, topic, group, selection, ranges), left), size)) {
    const allowed = await takeLetters(connect, run, batch, refused)
    const first = sent
    await bus.publish(
      replayTopic(topic, group),
      allowed.map(({ message }, index) => toReplay(message, run.id, first + index)),
    )
    crashPoint('replay.after-send')
    sent += allowed.length
    sentNow += allowed.length
    for (const { message } of batch) cursor[message.partition] = Number(message.offset) + 1
    const letters = allowed.flatMap(({ letter }) => (letter === undefined ? [] : [letter]))
    await client.SaveCursor({ runId: run.id, cursor: JSON.stringify(cursor), sent, letters }, connect.call())
    crashPoint('replay.after-cursor')
    report(sent, run.planned)
    const aheadMs = (sentNow / selection.rate) * 1_000 - (performance.now() - startedAt)
    if (aheadMs > 0) await sleep(aheadMs)
  }
  const missing = await missingOf(log, run, sent)
  const unhandled = await waitForGroup(log, run, waitMs, (done) => report(done, sent))
  const died = await diedOf(log, run)
  const outcome = { run: run.id, sent, refused, missing, unhandled, died }
  crashPoint('replay.before-end')
  await client.EndRun({ runId: run.id, outcome: sentence(outcome) }, connect.call())
  crashPoint('replay.after-end')
  return outcome
}

export const sentence = ({ sent, refused, missing, unhandled, died }: Outcome): string =>
  [
    `${sent} sent`,
    ...(refused.length > 0 ? [`${refused.length} refused`] : []),
    ...(missing.length > 0 ? [`${missing.length} lost on the way`] : []),
    unhandled > 0 ? `${unhandled} not handled yet` : 'all handled',
    ...(died.length > 0 ? [`${died.length} dead (again)`] : []),
  ].join(', ')

const takeLetters = async (
  connect: Connections,
  run: Run,
  batch: readonly Selected[],
  refused: string[],
): Promise<readonly Selected[]> => {
  const ids = batch.flatMap(({ letter }) => (letter === undefined ? [] : [letter.id]))
  if (ids.length === 0) return batch
  const { refusedIds } = await connect.replay(run.group).TakeLetters({ runId: run.id, ids }, connect.call())
  crashPoint('replay.after-take')
  refused.push(...refusedIds)
  return batch.filter(({ letter }) => letter === undefined || !refusedIds.includes(letter.id))
}

/** What this run has put into a topic since it began. */
const since = async (log: KafkaLog, topic: string, before: readonly PartitionRange[]) => {
  const ends = new Map(before.map(({ partition, to }) => [partition, to]))
  return (await log.ranges(topic)).map((range) => ({
    ...range,
    from: Math.max(range.from, ends.get(range.partition) ?? 0),
  }))
}

/**
 * Places of the run that are not in the log although they were acknowledged. A client that resolves a send of which a partition was
 * never acknowledged, because its broker died in the middle, is not believed here.
 */
const missingOf = async (log: KafkaLog, run: Run, sent: number): Promise<readonly number[]> => {
  const { topic, group, selection } = run
  const name = replayTopic(topic, group)
  const isThere = new Uint8Array(sent)
  for await (const { headers } of log.read(name, await since(log, name, selection.before?.replay ?? []))) {
    if (headers['replay-run'] === run.id) isThere[Number(headers['replay-sequence'])] = 1
  }
  return [...isThere.entries()].flatMap(([sequence, there]) => (there === 0 ? [sequence] : []))
}

/** Waits until the group has committed all of its replay topic as it is now. @returns how many messages are still to be handled */
const waitForGroup = async (
  log: KafkaLog,
  { topic, group, selection }: Run,
  waitMs: number,
  report: (done: number) => void,
): Promise<number> => {
  const name = replayTopic(topic, group)
  const ranges = (await since(log, name, selection.before?.replay ?? [])).filter(({ from, to }) => from < to)
  const all = ranges.reduce((sum, { from, to }) => sum + to - from, 0)
  const endAt = performance.now() + waitMs
  for (;;) {
    const committed = await log.committed(group, name)
    const open = ranges.reduce(
      (sum, { partition, from, to }) => sum + to - Math.min(to, Math.max(from, committed.get(partition) ?? from)),
      0,
    )
    report(all - open)
    if (open === 0 || performance.now() > endAt) return open
    await sleep(ASK_EVERY_MS)
  }
}

const diedOf = async (log: KafkaLog, { id, topic, group, selection }: Run): Promise<Outcome['died']> => {
  const name = deadLetterTopic(topic, group)
  const died: { key: string | null; cause: string }[] = []
  for await (const { key, headers } of log.read(name, await since(log, name, selection.before?.deadLetters ?? []))) {
    if (headers['replay-run'] === id) died.push({ key, cause: headers['dead-letter-cause'] ?? 'unknown' })
  }
  return died
}
