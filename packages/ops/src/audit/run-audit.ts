import { setTimeout as sleep } from 'node:timers/promises'
import { checkCase, REST_MS } from './check-case.ts'
import { createSorter, groupReader, type Sorter } from './external-sort.ts'
import { type LogRead, placeName, readDeadLetters, readLog } from './read-log.ts'
import { type Case, type Invariant, invariants, type LoggedFact, type TossRow, type Violation } from './records.ts'
import { isIn, type Scope, type Sources } from './sources.ts'

export type AuditOptions = {
  readonly scope: Scope
  /** Ask Toss for each payment, too; otherwise its list of transactions is what it says. */
  readonly isDeep: boolean
  /** What may be under way is looked at again for so long before it is told. */
  readonly waitMs: number
  readonly report: (what: string, done: number) => void
}

export type AuditResult = {
  readonly at: Date
  readonly orders: number
  readonly messages: number
  readonly invariants: readonly {
    readonly id: Invariant
    readonly title: string
    readonly checked: number
    readonly offenders: number
    readonly violations: readonly Violation[]
  }[]
  /** More contradictions than could be looked at again were found; those beyond are not in it. */
  readonly isCut: boolean
}

/** More are a catastrophe, and a thousand examples of one are enough to see it. */
const MAX_VIOLATIONS = 20_000
const LOOK_EVERY_MS = 2_000
/** What has not moved for this long is not under way: Kafka misses a dead consumer after 10 s, and the others share its work within 30. */
const STABLE_MS = 45_000
const WEBHOOKS_AT_ONCE = 1_000
/** Of something that is of the whole system, and so is looked at in every pass. */
const EVERYWHERE = '*'

type Pass = {
  readonly violations: Map<string, Violation>
  readonly orders: number
  readonly consumed: number
  isCut: boolean
}

/**
 * Audits a running system. Both sides are read in the order of their keys and met one order at a time, so the memory needed does
 * not grow with the number of orders. A running system is never at one moment everywhere: contradictions are looked at again, and
 * told only if they stay.
 */
export const runAudit = async (sources: Sources, options: AuditOptions): Promise<AuditResult> => {
  const first = await onePass(sources, options.scope, options)
  let found = first.violations
  const until = performance.now() + options.waitMs
  let unchangedSince = performance.now()
  while (found.size > 0 && performance.now() < until && performance.now() - unchangedSince < STABLE_MS) {
    await sleep(Math.min(LOOK_EVERY_MS, options.waitMs))
    options.report('looking again at what contradicts', found.size)
    const only = new Set([...found.values()].map(({ key }) => key).filter((key) => key !== EVERYWHERE && key !== ''))
    const again = await onePass(sources, { ...options.scope, only }, options)
    // What has no key cannot be found again by it; it lies in the log for ever and does not change.
    const kept = [...found].filter(([name, { key }]) => key === '' || again.violations.has(name))
    if (kept.length < found.size) unchangedSince = performance.now()
    found = new Map(kept.map(([name, violation]) => [name, again.violations.get(name) ?? violation]))
  }
  return {
    at: await sources.now(),
    orders: first.orders,
    messages: first.consumed,
    isCut: first.isCut,
    invariants: (Object.keys(invariants) as Invariant[]).map((id) => {
      const violations = [...found.values()].filter(({ invariant }) => invariant === id)
      const offenders = new Set(violations.map(({ subject }) => subject)).size
      return { id, title: invariants[id], checked: id === 'I15' ? first.consumed : first.orders, offenders, violations }
    }),
  }
}

const onePass = async (sources: Sources, scope: Scope, options: AuditOptions): Promise<Pass> => {
  const pass: Pass = { violations: new Map(), orders: 0, consumed: 0, isCut: false }
  const say = (violation: Violation) => {
    // The same contradiction may be worded by another number at the next look; it is still the same.
    if (pass.violations.size < MAX_VIOLATIONS)
      pass.violations.set(`${violation.invariant} ${violation.subject}`, violation)
    else pass.isCut = true
  }
  let messages = 0
  const log = await readLog(sources, scope, () => options.report('reading Kafka', ++messages))
  const rows = createSorter<TossRow>(({ orderId }) => orderId)
  try {
    await readRows(sources, scope, rows, options)
    const orders = await checkCases(sources, scope, options, { log, rows }, say)
    await checkWebhooks(sources, log)
    await checkUnaccounted(sources, log, say)
    await checkRest(sources, log, say)
    return { ...pass, orders, consumed: log.consumed }
  } finally {
    await Promise.all([log.close(), rows.close()])
  }
}

const readRows = async (
  sources: Sources,
  scope: Scope,
  rows: Sorter<TossRow>,
  { report }: AuditOptions,
): Promise<void> => {
  const since = scope.since ?? (await sources.beginning())
  if (since === undefined) return
  let count = 0
  for await (const row of sources.tossRows(since)) {
    report("reading Toss's transactions", ++count)
    if (isIn(scope, row.orderId)) await rows.add(row)
  }
}

const checkCases = async (
  sources: Sources,
  scope: Scope,
  options: AuditOptions,
  { log, rows }: { log: LogRead; rows: Sorter<TossRow> },
  say: (violation: Violation) => void,
): Promise<number> => {
  const streams = {
    orders: groupReader(keyed(sources.orders(scope), ({ _id }) => _id)),
    payments: groupReader(keyed(sources.payments(scope), ({ orderId }) => orderId)),
    rows: groupReader(rows.sorted()),
    facts: groupReader(log.facts.sorted()),
  }
  const at = await sources.now()
  for (let count = 0; ; count += 1) {
    const keys = await Promise.all(Object.values(streams).map((stream) => stream.peek()))
    const orderId = keys
      .filter((key) => key !== undefined)
      .reduce((least, key) => (key < least ? key : least), '\uffff')
    if (orderId === '\uffff') return count
    const one: Case = {
      orderId,
      order: (await streams.orders.take(orderId))[0],
      payments: await streams.payments.take(orderId),
      rows: await streams.rows.take(orderId),
      facts: (await streams.facts.take(orderId)).sort(byPlace),
    }
    const views = options.isDeep ? await viewsOf(sources, one) : undefined
    for (const violation of checkCase({ ...one, views }, at)) say(violation)
    for (const fact of one.facts)
      if (fact.isConsumed && !hadEffect(fact, one)) await log.unaccounted.add(placeOfFact(fact))
    options.report('comparing orders', count)
  }
}

const byPlace = (a: LoggedFact, b: LoggedFact): number => a.partition - b.partition || a.offset - b.offset

const hadEffect = ({ topic, version }: LoggedFact, { order, payments }: Case): boolean =>
  topic === 'order.created' ? payments.length > 0 : order !== undefined && order.paymentVersion >= version

const placeOfFact = ({ topic, partition, offset, orderId, hash }: LoggedFact) => ({
  topic,
  group: topic === 'order.created' ? 'payment' : 'order',
  partition,
  offset,
  key: orderId,
  hash,
})

const viewsOf = async (sources: Sources, { payments }: Case) => {
  const views = []
  for (const { paymentKey, orderId } of payments) {
    const view = paymentKey === undefined ? undefined : await sources.tossPayment(paymentKey, orderId)
    if (view !== undefined) views.push(view)
  }
  return views
}

/** I15 of webhooks: each that was consumed has a row. */
const checkWebhooks = async (sources: Sources, log: LogRead): Promise<void> => {
  type Logged = typeof log.webhooks extends Sorter<infer W> ? W : never
  let batch: Logged[] = []
  const flush = async () => {
    const rows = new Set((await sources.webhooks(batch.map(({ bodyHash }) => bodyHash))).map(({ _id }) => _id))
    for (const webhook of batch) if (!rows.has(webhook.bodyHash)) await log.unaccounted.add(webhook)
    batch = []
  }
  for await (const { item } of log.webhooks.sorted()) {
    batch.push(item)
    if (batch.length >= WEBHOOKS_AT_ONCE) await flush()
  }
  if (batch.length > 0) await flush()
}

/** I15: what had no effect is among the dead letters, byte for byte. */
const checkUnaccounted = async (sources: Sources, log: LogRead, say: (violation: Violation) => void): Promise<void> => {
  let letters: Sorter<{ place: string; hash: string }> | undefined
  try {
    let read: ReturnType<typeof groupReader<{ place: string; hash: string }>> | undefined
    for await (const { key: place, item } of log.unaccounted.sorted()) {
      letters ??= await readDeadLetters(sources)
      read ??= groupReader(letters.sorted())
      for (let next = await read.peek(); next !== undefined && next < place; next = await read.peek())
        await read.take(next)
      const found = (await read.peek()) === place ? await read.take(place) : []
      if (found.some(({ hash }) => hash === item.hash)) continue
      const detail =
        found.length === 0
          ? `${item.group} has consumed it without an effect, and it is not among the dead letters`
          : 'its dead letter has other bytes'
      say({ invariant: 'I15', subject: placeName(item), key: item.key, detail })
    }
  } finally {
    await letters?.close()
  }
}

/** I19 and I20 of the whole system. */
const checkRest = async (sources: Sources, { lags }: LogRead, say: (violation: Violation) => void): Promise<void> => {
  for (const { topic, group, messages } of lags) {
    if (messages > 0)
      say({
        invariant: 'I19',
        subject: `${group} ${topic}`,
        key: EVERYWHERE,
        detail: `${messages} messages are not consumed yet`,
      })
  }
  const at = new Date((await sources.now()).getTime() - REST_MS)
  for (const { _id, lookAt } of await sources.stuckWebhooks(at)) {
    const subject = `webhook ${_id}`
    if (lookAt === undefined)
      say({ invariant: 'I20', subject, key: EVERYWHERE, detail: 'it has neither an outcome nor a look to come' })
    else say({ invariant: 'I19', subject, key: EVERYWHERE, detail: `its look is due since ${lookAt.toISOString()}` })
  }
}

async function* keyed<T>(
  items: AsyncIterable<T>,
  keyOf: (item: T) => string,
): AsyncGenerator<{ key: string; item: T }> {
  for await (const item of items) yield { key: keyOf(item), item }
}
