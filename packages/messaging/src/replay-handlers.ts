import { invalidInput } from '@checkout/contracts/errors'
import type { Topic } from '@checkout/contracts/events'
import { type OrderProjection, orderStatuses } from '@checkout/contracts/order-status'
import type { RpcHandlers, RpcMethod, replayService } from '@checkout/contracts/rpc'
import type { Role } from '@checkout/runtime/operator-actions'
import type { OperatorContext } from '@checkout/runtime/operators'
import type { ReplayRecords, ReplayRun } from './replay-records.ts'

/** What each method needs. What needs an operator changes something. */
export const replayRoles: Readonly<Record<RpcMethod<typeof replayService>, Role>> = {
  GetStates: 'viewer',
  GetRun: 'viewer',
  GetLetters: 'viewer',
  CountDocuments: 'viewer',
  BeginRun: 'operator',
  SaveCursor: 'operator',
  EndRun: 'operator',
  TakeLetters: 'operator',
  DiscardLetters: 'operator',
  Reproject: 'operator',
  RewriteTopic: 'operator',
}

export type KnownState = {
  readonly id: string
  readonly status?: string
  readonly version?: number
  readonly outcome?: string
}

/** A topic that this service can write anew, because its documents hold what the newest events said. */
export type Rewritable = {
  readonly count: () => Promise<number>
  /**
   * Puts the newest event of each document of a page into its outbox.
   * @returns the ids of the documents looked at, in order, and how many events are on their way
   */
  readonly announce: (
    after: string,
    limit: number,
  ) => Promise<{ readonly ids: readonly string[]; readonly count: number }>
}

/** Tells the relay of each document that was announced, so that nobody has to wait for the sweep. */
export const nudging = ({ count, announce }: Rewritable, nudge: (id: string) => void): Rewritable => ({
  count,
  announce: async (after, limit) => {
    const page = await announce(after, limit)
    for (const id of page.ids) nudge(id)
    return page
  },
})

type Dependencies = {
  readonly records: ReplayRecords
  /** The topics that the service's group consumes, with what it knows of what their events are about. */
  readonly statesOf: Readonly<Partial<Record<Topic, (ids: readonly string[]) => Promise<readonly KnownState[]>>>>
  /** The topics that the service produces from documents. */
  readonly rewritable: Readonly<Partial<Record<Topic, Rewritable>>>
  /** Sets a projection that still is `seen`; false when it is not. Only where the service keeps one. */
  readonly reproject?: (orderId: string, seen: OrderProjection, to: OrderProjection) => Promise<boolean>
}

const MAX_IDS = 500
const MAX_REASON_LENGTH = 500

/** How a service lets operators replay to its group. */
export const replayHandlers = ({
  records,
  statesOf,
  rewritable,
  reproject,
}: Dependencies): RpcHandlers<typeof replayService, OperatorContext> => {
  const runOf = async (id: string): Promise<ReplayRun> => {
    const run = await records.find(id)
    if (run === undefined) return refuse('run_id', 'is no run of this service')
    return run
  }
  const rewritableOf = (topic: string): Rewritable => {
    const found = has(rewritable, topic) ? rewritable[topic] : undefined
    return found ?? refuse('topic', 'is not one that this service can write from its documents')
  }
  return {
    GetStates: async ({ topic, ids }) => {
      const states = has(statesOf, topic) ? statesOf[topic] : undefined
      if (states === undefined) return refuse('topic', 'is not one that this service consumes')
      return { states: [...(await states(few(ids)))] }
    },
    BeginRun: async ({ reason, topic, selection, planned }, { operator }) => {
      if (!has(statesOf, topic)) return refuse('topic', 'is not one that this service consumes')
      const run = { operator: operator.name, reason: given(reason), topic, selection, planned: Number(planned) }
      return { runId: (await records.begin(run))._id }
    },
    GetRun: async ({ runId }) => toMessage(await runOf(runId)),
    SaveCursor: async ({ runId, cursor, sent, letters }, { operator }) => {
      const { reason } = await runOf(runId)
      // Letters first: a cursor that is behind sends some again, one that is ahead would leave some open that were sent.
      await records.close(closedOf(letters), { fate: 'REDRIVEN', operator: operator.name, reason })
      await records.saveCursor(runId, cursor, Number(sent))
      return {}
    },
    EndRun: async ({ runId, outcome }) => {
      await runOf(runId)
      await records.end(runId, outcome.slice(0, MAX_REASON_LENGTH))
      return {}
    },
    GetLetters: async ({ ids }) => {
      const known = await records.lettersOf(few(ids))
      return {
        letters: known.map(({ _id, runs, closedAt, fate, operator, reason }) => ({
          id: _id,
          replays: runs?.length ?? 0,
          ...(closedAt === undefined ? {} : { closedAt: closedAt.toISOString() }),
          ...(fate === undefined ? {} : { fate }),
          ...(operator === undefined ? {} : { operator }),
          ...(reason === undefined ? {} : { reason }),
        })),
      }
    },
    TakeLetters: async ({ runId, ids }) => {
      await runOf(runId)
      const refusedIds: string[] = []
      for (const id of few(ids)) if (!(await records.take(id, runId))) refusedIds.push(id)
      return { refusedIds }
    },
    DiscardLetters: async ({ reason, letters }, { operator }) => {
      await records.close(closedOf(letters), { fate: 'DISCARDED', operator: operator.name, reason: given(reason) })
      return {}
    },
    Reproject: async ({ orderId, reason, seenStatus, seenVersion, status, version }) => {
      given(reason)
      if (reproject === undefined) return refuse('order_id', 'has no projection in this service')
      const seen = projection('seen_status', seenStatus, seenVersion)
      return { isChanged: await reproject(orderId, seen, projection('status', status, version)) }
    },
    CountDocuments: async ({ topic }) => ({ count: await rewritableOf(topic).count() }),
    RewriteTopic: async ({ topic, reason, after, limit }) => {
      given(reason)
      const { announce } = rewritableOf(topic)
      if (limit < 1 || limit > MAX_IDS) return refuse('limit', `must be 1..${MAX_IDS}`)
      const { ids, count } = await announce(after, limit)
      return { count, last: ids.at(-1) ?? after, hasMore: ids.length === limit }
    },
  }
}

const refuse = (field: string, message: string): never => {
  throw invalidInput(field, message)
}

const has = <T extends object>(table: T, name: string): name is Extract<keyof T, string> => Object.hasOwn(table, name)

/** Nothing is done without a reason: it is what the record is for. */
const given = (reason: string): string => {
  if (reason.trim() === '' || reason.length > MAX_REASON_LENGTH)
    refuse('reason', `must be given, with at most ${MAX_REASON_LENGTH} characters`)
  return reason
}

const few = <T>(items: readonly T[]): readonly T[] =>
  items.length > MAX_IDS ? refuse('ids', `must be at most ${MAX_IDS}`) : items

const closedOf = (letters: readonly { readonly id: string; readonly at: string }[]) =>
  few(letters).map(({ id, at }) => {
    const instant = new Date(at)
    return { id, at: Number.isNaN(instant.getTime()) ? refuse('letters', 'must say when they died') : instant }
  })

const projection = (field: string, status: string, version: string): OrderProjection => {
  const known = orderStatuses.find((one) => one === status)
  return { status: known ?? refuse(field, 'is no status of an order'), paymentVersion: Number(version) }
}

const toMessage = ({ _id, endedAt, outcome, startedAt, ...run }: ReplayRun) => ({
  runId: _id,
  operator: run.operator,
  reason: run.reason,
  topic: run.topic,
  selection: run.selection,
  cursor: run.cursor,
  planned: run.planned,
  sent: run.sent,
  startedAt: startedAt.toISOString(),
  ...(endedAt === undefined ? {} : { endedAt: endedAt.toISOString() }),
  ...(outcome === undefined ? {} : { outcome }),
})
