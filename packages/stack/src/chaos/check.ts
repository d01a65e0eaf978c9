import { type BooksOf, booksEqual, readBooks } from '../testing/books.ts'
import { eventually } from '../testing/eventually.ts'
import { openShop, type Shop } from '../testing/shop.ts'
import { checkEdges } from './check-books.ts'
import { checkHistory, type Problem } from './check-history.ts'
import { checkEnds, checkLogs } from './check-logs.ts'
import { type Intent, tell } from './clients.ts'
import type { Cluster } from './cluster.ts'
import type { History } from './history.ts'
import { measure } from './measure.ts'
import type { Injected } from './nemesis.ts'
import { runAudit } from './run-audit.ts'
import { runReconcile } from './run-reconcile.ts'

export interface Played {
  readonly system: BooksOf
  readonly cluster: Cluster
  readonly toss: Shop
  readonly history: History
  readonly intents: readonly Intent[]
  readonly injected: readonly Injected[]
  /** Of processes that ended without being told to. */
  readonly unexpected: readonly string[]
  /** How long the system may take to come to rest, and also one answer or webhook from then on. */
  readonly restMs: number
  readonly report: (line: string) => void
}

/** So many intents are sent once more at the end, the newest; each costs a request. */
const SENT_AGAIN = 300
const LANES = 8
/** The waits before the first of Toss's retries are 1, 4 and 16 minutes. */
const FIRST_RETRIES_MS = 16 * 60_000

/**
 * Waits for rest, sends the intents of the clients once more, and compares everything that was told, stored, logged and booked.
 * Only for a system in which nothing is broken any more.
 */
export async function checkEverything(played: Played) {
  const { system, cluster, toss, history, intents, injected, unexpected, restMs, report } = played
  const problems: Problem[] = []
  const healedAt = performance.now()
  const ofBooks = (error: unknown) => {
    report(String(error))
    problems.push({ invariant: 'I1 to I6, I10 to I13, I16, I17, I19', text: String(error) })
  }
  // What Toss has told no open door yet may still differ.
  await booksEqual(system, { timeoutMs: restMs }).catch((error: unknown) => {
    if (String(error).includes('not at rest')) ofBooks(error)
  })
  const restSeconds = (performance.now() - healedAt) / 1000
  report(`at rest after ${restSeconds.toFixed(1)} s`)

  await deliverLateWebhooks(toss, restMs).catch((error: unknown) => {
    problems.push({ invariant: 'I10', text: String(error) })
  })
  const reconciled = await runReconcile(cluster.opsEnv, toss)
  problems.push(...reconciled.problems)
  report(
    `webhooks delivered, ${reconciled.healed} that were lost made good; sending ${Math.min(SENT_AGAIN, intents.length)} intents again`,
  )
  const sentAgain = await sendAgain(intents.slice(-SENT_AGAIN), { cluster, history, timeoutMs: restMs })
  problems.push(...sentAgain.problems)
  await booksEqual(system, { timeoutMs: restMs }).catch(ofBooks)

  const books = await readBooks(system)
  report(`auditing ${books.orders.length} orders`)
  const audit = await runAudit(cluster.opsEnv)
  problems.push(
    ...checkEdges(books),
    ...checkHistory(history.operations, books),
    ...audit.problems,
    ...(await checkLogs(cluster.replicas)),
    ...checkEnds(cluster.replicas, unexpected),
  )
  const figures = measure(history.operations, injected, books)
  if (figures.differenceKrw !== 0)
    problems.push({ invariant: 'I2', text: `Toss holds ${figures.differenceKrw} KRW more than our payments` })
  return {
    figures: {
      ...figures,
      restSeconds,
      orders: books.orders.length,
      messages: audit.messages,
      intentsSentAgain: sentAgain.count,
      reconciled: reconciled.healed,
      lostWrites: problems.filter(({ invariant }) => invariant === 'I8').length,
      forgeryEffects: problems.filter(({ invariant }) => invariant === 'I11').length,
    },
    problems,
  }
}

/** What no door took in time comes again when Toss's clock says so; nothing that can still be told may be missing. */
async function deliverLateWebhooks(toss: Shop, timeoutMs: number): Promise<void> {
  await eventually(
    async () => {
      const left = (await toss.books()).body.webhooks.filter(({ state }) => state === 'PENDING' || state === 'GIVEN_UP')
      if (left.length === 0) return
      // Each try that failed is followed by another one later: at most so much later at first.
      await toss.advanceClock(FIRST_RETRIES_MS)
      throw new Error(`${left.length} webhooks are not delivered, one of them: ${JSON.stringify(left[0])}`)
    },
    { timeoutMs, intervalMs: 2_000 },
  )
}

/** A final answer comes again as it was; an open one has become final. */
async function sendAgain(
  intents: readonly Intent[],
  { cluster, history, timeoutMs }: { cluster: Cluster; history: History; timeoutMs: number },
) {
  const { gateways, urls } = cluster
  const shop = openShop({ ...urls, gateway: gateways[0] ?? '' })
  const problems: Problem[] = []
  const before = new Map(
    history.operations.filter(({ outcome }) => outcome === 'ok').map((operation) => [operation.intent, operation]),
  )
  const left = [...intents]
  const lane = async () => {
    for (let intent = left.pop(); intent !== undefined; intent = left.pop()) {
      const one = intent
      const again = await eventually(
        async () => {
          const answer = await tell(history, shop, -1, one)
          if (answer.outcome === 'info') throw new Error(`${one.kind} ${one.intent} is still ${answer.status}`)
          return answer
        },
        { timeoutMs, intervalMs: 250 },
      ).catch((error: unknown) => {
        problems.push({ invariant: 'I17', text: String(error) })
      })
      const first = before.get(one.intent)
      if (first === undefined || again === undefined) continue
      const differs = (['outcome', 'orderId', 'paymentId', 'refundId', 'amountKrw'] as const).filter(
        (field) => first[field] !== again[field],
      )
      if (differs.length > 0)
        problems.push({ invariant: 'I8', text: `${JSON.stringify(first)} sent again: ${JSON.stringify(again)}` })
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return { problems, count: intents.length }
}
