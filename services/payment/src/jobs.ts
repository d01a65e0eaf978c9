import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '@checkout/runtime/clock'
import { crashPoint } from '@checkout/runtime/crash-point'
import type { Logger } from '@checkout/runtime/log'
import type { Metrics } from '@checkout/runtime/metrics'
import { inSpan, orderTraceparent, SpanKind, traceparent } from '@checkout/runtime/trace'
import { Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { ringFor, type WebhookDeps } from './receive-webhook.ts'
import { startLoop } from './start-loop.ts'
import type { PaymentStore } from './store.ts'

const QUEUE = 'payment.settle'
const SWEEP_BATCH = 200
/** What is due later than this is left to the sweep: a job per open order would only fill Redis. */
const HINT_HORIZON_MS = 60_000
const WORKER_CONCURRENCY = 32
/** While Redis is away this process settles by itself, a few at a time. */
const OWN_CONCURRENCY = 4
/** A ring that was lost is older than this; a fresh one is about to be heard. */
const LOST_RING_MS = 5_000
const DRAIN_MS = 10_000
/** Overdue work is queued once more after each of these. */
const QUEUED_AGAIN_MS = 10_000

/** `traceparent`: what the job was queued for, where traces are kept. */
type Job = { readonly paymentId: string; readonly traceparent?: string }

export type Jobs = {
  hint(paymentId: string, due: Date): void
  close(): Promise<void>
}

/**
 * The queue that has settle run at the right time. Jobs are hints, ids and nothing else: what is due is written in MongoDB,
 * and the sweep finds it there, so Redis may lose everything at any moment.
 */
export const startJobs = (options: {
  producer: Redis
  worker: Redis
  prefix: string
  store: PaymentStore
  webhookDeps: () => WebhookDeps
  settle: (paymentId: string) => Promise<void>
  clock: Clock
  log: Logger
  metrics: Metrics
  sweepMs: number
}): Jobs => {
  const { store, clock, log, settle } = options
  const queue = new Queue<Job>(QUEUE, { connection: options.producer, prefix: options.prefix })
  queue.on('error', () => undefined)
  const duration = options.metrics.histogram('payment_job_duration_seconds', 'Jobs of the queue payment.settle', [
    'outcome',
  ])
  const worker = new Worker<Job>(
    QUEUE,
    async (job) => {
      crashPoint('job.before-settle')
      const { paymentId, traceparent } = job.data
      const end = duration.startTimer()
      try {
        await inSpan(`process ${QUEUE}`, { ...describe(SpanKind.CONSUMER), traceparent }, () => settle(paymentId))
        end({ outcome: 'done' })
      } catch (error) {
        end({ outcome: 'failed' })
        throw error
      }
    },
    {
      connection: options.worker,
      prefix: options.prefix,
      concurrency: WORKER_CONCURRENCY,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  )
  worker.on('error', (error) => log.debug({ err: error }, 'the worker lost Redis'))

  /**
   * The due time is part of the id: the same work is queued once, and earlier work is never kept out by a later job. So is how long
   * it is overdue: the job of a worker that was killed keeps its id until BullMQ takes it for stalled.
   */
  const job = (paymentId: string, due: Date, cause: string | undefined) => {
    const inMs = due.getTime() - clock.now().getTime()
    const overdue = Math.floor(Math.max(0, -inMs) / QUEUED_AGAIN_MS)
    const jobId = `${paymentId}-${due.getTime()}-${overdue}`
    const opts = { jobId, delay: Math.max(0, inMs), attempts: 1, removeOnComplete: true, removeOnFail: true }
    return { name: 'settle', data: { paymentId, ...(cause === undefined ? {} : { traceparent: cause }) }, opts }
  }

  const settleHere = async (ids: readonly string[]): Promise<void> => {
    const queueOfIds = [...ids]
    const lane = async () => {
      for (let id = queueOfIds.shift(); id !== undefined; id = queueOfIds.shift()) await settle(id)
    }
    await Promise.all(Array.from({ length: OWN_CONCURRENCY }, lane))
  }

  const sweep = async (): Promise<void> => {
    const due = await store.findDue(SWEEP_BATCH)
    if (due.length === 0) return
    crashPoint('sweep.after-find')
    try {
      await queue.addBulk(due.map(({ _id, due, orderId }) => job(_id, due, orderTraceparent(orderId))))
    } catch (error) {
      log.warn({ err: error, due: due.length }, 'Redis does not take jobs, settling here')
      await settleHere(due.map(({ _id }) => _id))
    }
  }
  // Two loops: what waits for the order service must not hold up what waits for Toss.
  const loops = [
    startLoop(sweep, options.sweepMs, log),
    startLoop(() => ringLost(options.webhookDeps(), log), options.sweepMs, log),
  ]
  let isClosed = false

  return {
    hint: (paymentId, due) => {
      if (isClosed || due.getTime() - clock.now().getTime() > HINT_HORIZON_MS) return
      inSpan(`publish ${QUEUE}`, describe(SpanKind.PRODUCER), async () => {
        const { name, data, opts } = job(paymentId, due, traceparent())
        await queue.add(name, data, opts)
      }).catch(() => undefined)
    },
    close: async () => {
      isClosed = true
      // A run that waits for Toss may take longer than the drain; then the next process takes it over.
      const closing = Promise.all([...loops.map((loop) => loop.close()), worker.close()]).then(() => queue.close())
      await Promise.race([closing, sleep(DRAIN_MS, undefined, { ref: false })])
    },
  }
}

/**
 * Rings again for the webhooks whose ring was lost or whose turn has come. One that cannot be rung for now goes to the end of the
 * queue, so that it keeps no other from its turn.
 */
export const ringLost = async (deps: WebhookDeps, log: Pick<Logger, 'warn'>): Promise<void> => {
  for (const event of await deps.webhookEvents.findDue(LOST_RING_MS, SWEEP_BATCH)) {
    try {
      await ringFor(deps, event)
    } catch (error) {
      log.warn({ err: error, bodyHash: event._id }, 'nobody could be rung for a webhook, it is tried again')
      await deps.webhookEvents.postpone(event._id)
    }
  }
}

const describe = (kind: SpanKind) => ({
  kind,
  attributes: { 'messaging.system': 'bullmq', 'messaging.destination.name': QUEUE },
})
