import { setTimeout as sleep } from 'node:timers/promises'
import { effectOnOrder } from '@checkout/contracts/effects'
import type { OrderProjection } from '@checkout/contracts/order-status'
import { InvalidMessage } from '@checkout/messaging/bus'
import type { KafkaLog, PartitionRange } from '@checkout/messaging/log-reader'
import { readEvent } from '@checkout/messaging/read-event'
import { mongo } from 'mongoose'
import { needed } from '../config.ts'
import { exitCodes, Failure } from '../exit-codes.ts'
import type { Report } from '../progress.ts'
import type { Tools } from '../tools.ts'
import { inBatches } from './in-batches.ts'
import { openLog } from './open-log.ts'

const TOPIC = 'payment.status-changed'
const BATCH = 1_000
const MAX_DIFFERENCES = 10_000
/** An event that is on its way while both are read is no difference; it is there within seconds. */
const LOOKS = 4
const LOOK_EVERY_MS = 1_500

type Projected = OrderProjection & { readonly _id: string }

/** An order whose projection is not what the log says. */
type Difference = {
  readonly orderId: string
  /** What the order service has; absent when it has no such order. */
  readonly live?: OrderProjection
  /** What the log says. */
  readonly log: OrderProjection
}

/** Before any event of its payment. */
const opened: OrderProjection = { status: 'PENDING', paymentVersion: 0 }

/**
 * Folds the whole log into a scratch database by the function that the order service projects with, and compares with the live one,
 * which is only read. With `apply` each difference is set right through the order service, if it still is what was seen.
 */
export const rebuild = async (
  { connect, print, progress, exit }: Tools,
  { name, apply, keep }: { name: string; apply: { reason: string } | undefined; keep: boolean },
): Promise<void> => {
  if (!/^[a-z0-9-]{1,20}$/.test(name))
    throw new Failure(exitCodes.usage, '--into takes a name of a-z, 0-9 and -, at most 20')
  const { NAMESPACE } = connect.config
  const client = new mongo.MongoClient(needed(connect.config, 'MONGO_URL'), { serverSelectionTimeoutMS: 5_000 })
  connect.onClose(() => client.close())
  const log = await openLog(connect)
  // A name of its own kind, so that nothing which matters can ever be dropped for it.
  const scratch = client.db(`${NAMESPACE}rebuild-${name}`)
  const folded = scratch.collection<Projected>('orders')
  const live = client.db(`${NAMESPACE}order`).collection<Projected>('orders', { readPreference: 'primaryPreferred' })
  print.note(`The order database is only read. The log is folded into the database ${scratch.databaseName}.`)

  await scratch.dropDatabase()
  const ranges = await log.ranges(TOPIC)
  const counts = await progress('folding the log', (report) => fold(log, ranges, folded, report))
  const first = await progress('comparing', (report) => compare(folded, live, report))
  let differences = await settle(log, ranges, folded, live, first.differences)
  const found = differences
  if (apply !== undefined && found.length > 0) {
    await heal({ connect, apply }, differences)
    differences = await settle(log, ranges, folded, live, differences)
  }
  if (!keep) await scratch.dropDatabase()

  const result = { events: counts.events, unreadable: counts.unreadable, orders: first.orders, differences: found }
  if (print.isJson()) print.document({ ...result, ...(apply === undefined ? {} : { left: differences }) }, '')
  else {
    print.note(`${counts.events} events of ${first.orders} orders; ${counts.unreadable} cannot be read (dead letters)`)
    print.table(found, columns, { none: 'every order is what the log says' })
    if (apply !== undefined) print.note(`${found.length - differences.length} put right, ${differences.length} left`)
    else if (found.length > 0)
      print.note(
        'replay puts right what differs at the same or an older version; this command with --apply --reason "…", all of it',
      )
  }
  if (differences.length > 0) exit(exitCodes.open)
}

const columns = [
  { title: 'ORDER', of: ({ orderId }: Difference) => orderId },
  { title: 'ORDER SERVICE', of: ({ live }: Difference) => told(live) },
  { title: 'LOG', of: ({ log }: Difference) => told(log) },
] as const

const told = (projection: OrderProjection | undefined): string =>
  projection === undefined ? 'no such order' : `${projection.status} version ${projection.paymentVersion}`

const fold = async (
  log: KafkaLog,
  ranges: readonly PartitionRange[],
  folded: mongo.Collection<Projected>,
  report: Report,
  keys?: ReadonlySet<string>,
): Promise<{ events: number; unreadable: number }> => {
  const total = ranges.reduce((sum, { from, to }) => sum + to - from, 0)
  let [events, unreadable] = [0, 0]
  for await (const batch of inBatches(log.read(TOPIC, ranges, { keys }), BATCH)) {
    const orders = [...new Set(batch.flatMap(({ key }) => (key === null ? [] : [key])))]
    const known = await folded.find({ _id: { $in: orders } }).toArray()
    const states = new Map<string, OrderProjection>(known.map(({ _id, ...projection }) => [_id, projection]))
    for (const message of batch) {
      try {
        const { data } = readEvent(TOPIC, message)
        const effect = effectOnOrder(states.get(data.orderId) ?? opened, data)
        if (effect.kind === 'change') states.set(data.orderId, effect.after)
        events += 1
      } catch (error) {
        if (!(error instanceof InvalidMessage)) throw error
        unreadable += 1
      }
    }
    const replacements = [...states].map(([_id, replacement]) => ({
      replaceOne: { filter: { _id }, replacement, upsert: true },
    }))
    if (replacements.length > 0) await folded.bulkWrite(replacements, { ordered: false })
    report(events + unreadable, total)
  }
  return { events, unreadable }
}

/** Walks both side by side in the order of their ids, so that neither has to fit into memory. */
const compare = async (
  folded: mongo.Collection<Projected>,
  live: mongo.Collection<Projected>,
  report: Report,
): Promise<{ differences: Difference[]; orders: number }> => {
  const cursorOf = (collection: mongo.Collection<Projected>) =>
    collection.find({}, { projection: { status: 1, paymentVersion: 1 }, sort: { _id: 1 }, batchSize: BATCH })
  const [logs, lives] = [cursorOf(folded), cursorOf(live)]
  const differences: Difference[] = []
  let [fromLog, fromLive] = [await logs.next(), await lives.next()]
  let orders = 0
  while (fromLog !== null || fromLive !== null) {
    if (differences.length >= MAX_DIFFERENCES) break
    const isOnlyInLog = fromLive === null || (fromLog !== null && fromLog._id < fromLive._id)
    const isOnlyLive = fromLog === null || (fromLive !== null && fromLive._id < fromLog._id)
    const id = (isOnlyInLog ? fromLog?._id : fromLive?._id) ?? ''
    const found = differenceOf(id, isOnlyInLog ? undefined : fromLive, isOnlyLive ? undefined : fromLog)
    if (found !== undefined) differences.push(found)
    if (!isOnlyLive) fromLog = await logs.next()
    if (!isOnlyInLog) {
      fromLive = await lives.next()
      orders += 1
      report(orders)
    }
  }
  await Promise.all([logs.close(), lives.close()])
  return { differences, orders }
}

const differenceOf = (
  orderId: string,
  live: Projected | null | undefined,
  log: Projected | null | undefined,
): Difference | undefined => {
  const { status, paymentVersion } = log ?? opened
  if (live && live.status === status && live.paymentVersion === paymentVersion) return undefined
  return {
    orderId,
    ...(live ? { live: { status: live.status, paymentVersion: live.paymentVersion } } : {}),
    log: { status, paymentVersion },
  }
}

/** Looks at what differs again, with what has come into the log meanwhile, until it is equal or stays as it is. */
const settle = async (
  log: KafkaLog,
  read: readonly PartitionRange[],
  folded: mongo.Collection<Projected>,
  live: mongo.Collection<Projected>,
  first: readonly Difference[],
): Promise<readonly Difference[]> => {
  let differences = first
  const ends = new Map(read.map(({ partition, to }) => [partition, to]))
  for (let look = 0; look < LOOKS && differences.length > 0; look += 1) {
    if (look > 0) await sleep(LOOK_EVERY_MS)
    const ids = differences.map(({ orderId }) => orderId)
    const since = (await log.ranges(TOPIC)).map((range) => ({
      ...range,
      from: ends.get(range.partition) ?? range.from,
    }))
    await fold(log, since, folded, () => undefined, new Set(ids))
    for (const { partition, to } of since) ends.set(partition, to)
    const byId = async (collection: mongo.Collection<Projected>) =>
      new Map((await collection.find({ _id: { $in: ids } }).toArray()).map((one) => [one._id, one]))
    const [logs, lives] = await Promise.all([byId(folded), byId(live)])
    differences = ids.flatMap((id) => differenceOf(id, lives.get(id), logs.get(id)) ?? [])
  }
  return differences
}

const heal = async (
  { connect, apply }: Pick<Tools, 'connect'> & { apply: { reason: string } },
  differences: readonly Difference[],
): Promise<void> => {
  for (const { orderId, live, log } of differences) {
    // An order that is gone cannot be made from what is known of its payment.
    if (live === undefined) continue
    await connect.replay('order').Reproject(
      {
        orderId,
        reason: apply.reason,
        seenStatus: live.status,
        seenVersion: live.paymentVersion,
        status: log.status,
        version: log.paymentVersion,
      },
      connect.call(),
    )
  }
}
