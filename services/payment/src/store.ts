import { EventEmitter, once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '@checkout/contracts/errors'
import { outboxEntry } from '@checkout/messaging/outbox'
import type { Rewritable } from '@checkout/messaging/replay-handlers'
import type { Clock } from '@checkout/runtime/clock'
import { DuplicateKey, gatherReads, gatherWrites } from '@checkout/runtime/gathered-collection'
import { isInfrastructureError } from '@checkout/runtime/infrastructure'
import type { Connection } from 'mongoose'
import { advance, statusChanged } from './domain/advance.ts'
import type { Payment } from './domain/payment.ts'
import { type PaymentDocument, paymentSchema } from './payment-schema.ts'

/** A lost race is tried again; so many losses in a row are a bug, not a race. */
const MAX_CONFLICTS = 200
/** Toss's answer in hand is worth this much patience with MongoDB; after it, recovery asks Toss again. */
const SAVE_PATIENCE_MS = 5_000
/** More looks than a payment can have a reason for. */
const MAX_SCHEDULED_LOOKS = 100
/** Due work is taken up within seconds; what waits for longer is stuck. */
const OVERDUE_MS = 60_000

/** This run's lease went to somebody else, who goes on from what is saved. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

/** A pure change. `isLeaseFree` tells whether the write will take the lease that its caller asked for. */
export type Change = (payment: Payment, now: Date, isLeaseFree: boolean) => Payment
export type Lease = { readonly owner: string; readonly ms: number }
export type PaymentStore = ReturnType<typeof createPaymentStore>

/** A lease that ended before its run did, and who goes on. */
export type TakeOver = { readonly from: string; readonly endedAt: Date; readonly to: string }

export const createPaymentStore = (
  connection: Connection,
  clock: Clock,
  onChange: (before: Payment, after: Payment) => void,
  onTakeOver: (orderId: string, takeOver: TakeOver) => void = () => undefined,
) => {
  const model = connection.model<PaymentDocument>('Payment', paymentSchema)
  const changes = new EventEmitter().setMaxListeners(0)
  const content = { outbox: 0 } as const
  // The driver's own collection: what is written is built whole and typed here, and what is read was written so.
  const rows = connection.getClient().db(connection.name).collection<PaymentDocument>('payments')
  const writes = gatherWrites(rows)
  const byId = gatherReads(rows, '_id', content)
  const byOrder = gatherReads(rows, 'orderId', content)
  const free = (now: Date) => ({ $or: [{ lease: { $exists: false } }, { 'lease.until': { $lte: now } }] })

  const tellTakeOver = ({ orderId, lease }: Payment, { owner }: Lease) => {
    if (lease !== undefined) onTakeOver(orderId, { from: lease.owner, endedAt: lease.until, to: owner })
  }

  const find = (id: string): Promise<Payment | undefined> => byId(id)

  /** One conditional write on `_id`, `version` and, for a run of settle, its lease. Undefined when the race was lost. */
  const write = async (
    before: Payment,
    next: Payment,
    cause: string,
    take: Lease | undefined,
    owner: string | undefined,
    requestId: string | undefined,
  ) => {
    const now = clock.now()
    const after = advance(before, next, cause, now, requestId)
    const entry = outboxEntry('payment.status-changed', {
      id: `${after._id}:${after.version}`,
      service: 'payment',
      key: after.orderId,
      at: now,
      data: statusChanged(before, after, now),
    })
    const lease = take === undefined ? {} : { lease: { owner: take.owner, until: new Date(now.getTime() + take.ms) } }
    const { set, unset } = difference(before, { ...after, ...lease })
    const isWritten = await writes.update(
      {
        _id: before._id,
        version: before.version,
        ...(owner === undefined ? {} : { 'lease.owner': owner }),
        ...(take === undefined ? {} : free(now)),
      },
      { $set: set, ...(Object.keys(unset).length === 0 ? {} : { $unset: unset }), $push: { outbox: entry } },
    )
    return isWritten ? { ...after, ...lease } : undefined
  }

  return {
    collection: rows,
    createIndexes: async (): Promise<void> => {
      await model.createCollection()
      await model.createIndexes()
    },
    find,
    findByOrder: (orderId: string): Promise<Payment | undefined> => byOrder(orderId),
    findByPaymentKey: async (paymentKey: string): Promise<Payment | undefined> =>
      (await model.findOne({ 'attempts.paymentKey': paymentKey }, content).lean<Payment>()) ?? undefined,

    statesOf: async (orderIds: readonly string[]): Promise<{ id: string; status: string; version: number }[]> => {
      const found = await model
        .find({ orderId: { $in: [...orderIds] } }, { orderId: 1, status: 1, version: 1 })
        .lean<Pick<Payment, 'orderId' | 'status' | 'version'>[]>()
      return found.map(({ orderId, status, version }) => ({ id: orderId, status, version }))
    },
    /** Announces the newest version of each payment once more, from its document. */
    announcements: {
      // Those at version 0 have no event, but counting the others would look at every document.
      count: () => model.estimatedDocumentCount(),
      announce: async (after: string, limit: number) => {
        const page = await model
          .find({ _id: { $gt: after } }, content)
          .sort({ _id: 1 })
          .limit(limit)
          .lean<Payment[]>()
        const now = clock.now()
        const updates = page.flatMap((payment) => {
          const entry = newestEntry(payment)
          if (entry === undefined) return []
          // A newer version brings its own event, and what waits in the outbox anyway is not put there twice.
          const filter = { _id: payment._id, version: payment.version, 'outbox.id': { $ne: entry.id } }
          return [{ updateOne: { filter, update: { $push: { outbox: { ...entry, at: now } } } } }]
        })
        if (updates.length > 0) await model.bulkWrite(updates, { ordered: false })
        return { ids: page.map(({ _id }) => _id), count: updates.length }
      },
    } satisfies Rewritable,

    /** False when the order has a payment already. */
    insert: async (payment: Payment): Promise<boolean> => {
      try {
        await writes.insert({ ...payment, outbox: [] })
        return true
      } catch (error) {
        if (error instanceof DuplicateKey) return false
        throw error
      }
    },

    /**
     * The only way in which a payment's content changes: load, a pure change, one conditional write with its event; again when
     * somebody else was faster. A change that returns the payment itself writes nothing. With `take`, the write also takes the
     * lease if it is free, and does without it otherwise; with `owner`, it holds only under that lease. `known` is the payment
     * as the caller has just read it, `requestId` that of the request that asks for the change.
     * @throws LeaseLost; AppError from `change`; ALREADY_PROCESSED or IDEMPOTENCY_KEY_REUSED for a key that another payment holds
     */
    update: async (
      id: string,
      cause: string,
      change: Change,
      options: { take?: Lease; owner?: string; known?: Payment; requestId?: string } = {},
    ): Promise<{ payment: Payment; isChanged: boolean; hasLease: boolean }> => {
      const startedAt = performance.now()
      for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
        try {
          // What the caller has just read saves a read; if it is no longer true, the write's filter says so.
          const before = conflicts === 0 && options.known !== undefined ? options.known : await find(id)
          if (before === undefined) throw new Error(`no payment ${id}`)
          if (options.owner !== undefined && before.lease?.owner !== options.owner) throw new LeaseLost()
          const now = clock.now()
          const isFree = before.lease === undefined || before.lease.until <= now
          const take = isFree ? options.take : undefined
          const next = change(before, now, take !== undefined)
          if (next === before) return { payment: before, isChanged: false, hasLease: options.owner !== undefined }
          const after = await write(before, next, cause, take, options.owner, options.requestId)
          if (after === undefined) continue
          if (take !== undefined) tellTakeOver(before, take)
          changes.emit(id, after)
          onChange(before, after)
          return { payment: after, isChanged: true, hasLease: take !== undefined || options.owner !== undefined }
        } catch (error) {
          if (error instanceof DuplicateKey) throw refusalOf(error)
          const isPatient = options.owner !== undefined && performance.now() - startedAt < SAVE_PATIENCE_MS
          if (error instanceof AppError || !isInfrastructureError(error) || !isPatient) throw error
          await sleep(200)
        }
      }
      throw new Error(`payment ${id}: ${MAX_CONFLICTS} lost races in a row`)
    },

    /** Resolves with the payment as this process has just changed it, or with undefined after `ms`. */
    changed: async (id: string, ms: number): Promise<Payment | undefined> => {
      const [after] = (await once(changes, id, { signal: AbortSignal.timeout(ms) }).catch(() => [])) as [Payment?]
      return after
    },

    takeLease: async (id: string, lease: Lease): Promise<Payment | undefined> => {
      const now = clock.now()
      const until = new Date(now.getTime() + lease.ms)
      const taken = { $set: { lease: { owner: lease.owner, until } } }
      if (!(await writes.update({ _id: id, lease: { $exists: false } }, taken))) {
        // Somebody has it, or has died with it; who, is looked at before it is gone.
        const before = await find(id)
        if (before === undefined || (before.lease !== undefined && before.lease.until > now)) return undefined
        if (!(await writes.update({ _id: id, ...free(now) }, taken))) return undefined
        tellTakeOver(before, lease)
      }
      // Whoever changed it meanwhile is seen here; whoever does from now on is found by the version in every write.
      const payment = await find(id)
      return payment?.lease?.owner === lease.owner ? payment : undefined
    },
    renewLease: async (id: string, lease: Lease): Promise<void> => {
      await writes.touch(
        { _id: id, 'lease.owner': lease.owner },
        { $set: { 'lease.until': new Date(clock.now().getTime() + lease.ms) } },
      )
    },
    /** Marks the start of a look, from which the next keeps its distance. */
    asked: async (id: string, owner: string): Promise<Date | undefined> => {
      const askedAt = clock.now()
      return (await writes.update({ _id: id, 'lease.owner': owner }, { $set: { askedAt } })) ? askedAt : undefined
    },

    /**
     * Ends a run: sets or clears `due` and gives the lease back, but only if nobody changed the payment or rang meanwhile
     * (`seen`). Returns false when somebody did; then the lease is kept, and the run looks again.
     */
    rest: async (
      id: string,
      owner: string,
      seen: { version: number; bell: number },
      next: { due: Date | undefined; tries: number; looksDoneBefore?: Date },
    ): Promise<boolean> =>
      writes.update(
        { _id: id, 'lease.owner': owner, version: seen.version, bell: seen.bell },
        {
          $set: { tries: next.tries, ...(next.due === undefined ? {} : { due: next.due }) },
          $unset: { lease: 1, ...(next.due === undefined ? { due: 1 } : {}) },
          ...(next.looksDoneBefore === undefined
            ? {}
            : { $pull: { scheduledLooks: { at: { $lte: next.looksDoneBefore } } } }),
        },
      ),
    /** Gives the lease back; without `due`, as whoever changed the payment has set it. */
    release: async (id: string, owner: string, due?: Date): Promise<void> => {
      const later = due === undefined ? {} : { $set: { due } }
      await writes.touch({ _id: id, 'lease.owner': owner }, { $unset: { lease: 1 }, ...later })
    },
    /** Asks for a look now; counted, so that a run under way cannot overlook it. */
    ring: async (id: string): Promise<void> => {
      await writes.touch({ _id: id }, { $inc: { bell: 1 }, $set: { due: clock.now() } })
    },
    /** Asks for a look at these keys now; an empty one asks by order. Resolves with the instant from which a look counts. */
    lookNow: async (id: string, paymentKeys: readonly string[]): Promise<Date> => {
      const at = clock.now()
      const ring = { $inc: { bell: 1 }, $set: { due: at } }
      const looks = { $push: { scheduledLooks: { $each: paymentKeys.map((paymentKey) => ({ paymentKey, at })) } } }
      // Whoever asks a thousand times makes the document no larger: so many looks are waiting already.
      const room = { [`scheduledLooks.${MAX_SCHEDULED_LOOKS}`]: { $exists: false } }
      const result = await model.updateOne({ _id: id, ...room }, { ...ring, ...looks })
      if (result.matchedCount === 0) await model.updateOne({ _id: id }, ring)
      return at
    },
    /**
     * Payments without their history. `stuck`: work that is overdue or being retried, longest due first; `attention`: longest told
     * first; else oldest first, page by page (`after` an id: ids are time-ordered, so they also tell when a payment was opened).
     * Each walks one index in its order, which holds little more than what is asked for.
     */
    list: async (
      filter: { stuck: boolean; attention: boolean; status?: string; openedBefore?: Date; after?: string },
      limit: number,
    ): Promise<Payment[]> => {
      const overdue = new Date(clock.now().getTime() - OVERDUE_MS)
      const ids = {
        ...(filter.after === undefined ? {} : { $gt: filter.after }),
        ...(filter.openedBefore === undefined ? {} : { $lt: firstIdFrom(filter.openedBefore) }),
      }
      const [index, sort]: [string, Record<string, 1>] = filter.attention
        ? ['needsAttention', { 'needsAttention.at': 1 }]
        : filter.stuck
          ? ['due', { due: 1 }]
          : [filter.status === undefined ? '_id_' : 'status', { _id: 1 }]
      const conditions: object[] = [
        filter.stuck ? { due: { $exists: true }, $or: [{ due: { $lt: overdue } }, { tries: { $gt: 0 } }] } : {},
        filter.attention ? { 'needsAttention.at': { $exists: true } } : {},
        filter.status === undefined ? {} : { status: filter.status },
        Object.keys(ids).length === 0 ? {} : { _id: ids },
      ]
      return model
        .find({ $and: conditions }, { ...content, history: 0 })
        .sort(sort)
        .hint(index)
        .limit(limit)
        .lean<Payment[]>()
    },
    /** Whether the last run could not end and the next is under way or set. */
    isPutOff: async (id: string): Promise<boolean> =>
      (await model.exists({ _id: id, due: { $exists: true }, tries: { $gt: 0 }, bell: { $gt: 0 } })) !== null,
    /** What is due and not being worked on, oldest first. */
    findDue: async (limit: number): Promise<{ _id: string; due: Date; orderId: string }[]> => {
      const now = clock.now()
      return model
        .find({ due: { $lte: now, $exists: true }, ...free(now) }, { due: 1, orderId: 1 })
        .sort({ due: 1 })
        .limit(limit)
        .lean<{ _id: string; due: Date; orderId: string }[]>()
    },
    /** Toss is back: what was put off is tried soon, spread over `spreadMs`. */
    pullForward: async (spreadMs: number): Promise<void> => {
      const now = clock.now()
      const waiting = model
        .find({ due: { $gt: now }, tries: { $gt: 0 } }, { due: 1 })
        .limit(10_000)
        .lean<{ _id: string; due: Date }[]>()
      const updates = (await waiting).map(({ _id, due }) => ({
        updateOne: {
          filter: { _id, due },
          update: { $set: { due: new Date(Math.min(due.getTime(), now.getTime() + Math.random() * spreadMs)) } },
        },
      }))
      if (updates.length > 0) await model.bulkWrite(updates, { ordered: false })
    },
    dueStats: async (): Promise<{ count: number; oldestAgeMs: number }> => {
      const now = clock.now()
      const filter = { due: { $lte: now, $exists: true } }
      const oldest = await model.findOne(filter, { due: 1 }).sort({ due: 1 }).lean<{ due: Date }>()
      return {
        count: await model.countDocuments(filter),
        oldestAgeMs: oldest === null ? 0 : now.getTime() - oldest.due.getTime(),
      }
    },
    countNeedingAttention: async (): Promise<number> =>
      model.countDocuments({ 'needsAttention.at': { $exists: true } }),
  }
}

/** The least id that a payment opened at this instant can have: ids are UUIDs of version 7, which begin with the time. */
const firstIdFrom = (at: Date): string => {
  const time = Math.max(0, at.getTime()).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}

/** The event of the version that a payment has now, as it was written with it; none at version 0. */
const newestEntry = (payment: Payment) => {
  const [newest, previous] = payment.history.toReversed()
  if (newest === undefined || newest.version !== payment.version) return undefined
  const before: Payment = { ...payment, status: previous?.status ?? 'PENDING' }
  return outboxEntry('payment.status-changed', {
    id: `${payment._id}:${payment.version}`,
    service: 'payment',
    key: payment.orderId,
    at: newest.at,
    data: statusChanged(before, payment, newest.at),
  })
}

const refusalOf = (error: DuplicateKey): AppError =>
  new AppError(error.index === 'cancelKeys.key' ? 'IDEMPOTENCY_KEY_REUSED' : 'ALREADY_PROCESSED', {}, { cause: error })

/** The top-level fields that a change touched. What only others write (bell, askedAt) is never among them. */
const difference = (before: Payment, after: Payment) => {
  const old: Record<string, unknown> = { ...before }
  const set: Record<string, unknown> = {}
  const unset: Record<string, 1> = {}
  for (const [field, value] of Object.entries(after)) {
    if (value !== old[field] && value !== undefined) set[field] = value
  }
  for (const field of Object.keys(old)) {
    if (!(field in after)) unset[field] = 1
  }
  return { set, unset }
}
