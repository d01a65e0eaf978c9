import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '@checkout/runtime/clock'
import type { Logger } from '@checkout/runtime/log'
import { Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { ringFor, type WebhookDeps } from './receive-webhook.ts'
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

type Job = { readonly paymentId: string }

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
  sweepMs: number
}): Jobs => {
  const { store, clock, log, settle } = options
  const queue = new Queue<Job>(QUEUE, { connection: options.producer, prefix: options.prefix })
  queue.on('error', () => undefined)
  const worker = new Worker<Job>(
    QUEUE,
    async (job) => {
      await settle(job.data.paymentId)
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

  /** The due time is part of the id: the same work is queued once, and earlier work is never kept out by a later job. */
  const job = (paymentId: string, due: Date) => ({
    name: 'settle',
    data: { paymentId },
    opts: {
      jobId: `${paymentId}-${due.getTime()}`,
      delay: Math.max(0, due.getTime() - clock.now().getTime()),
      attempts: 1,
      removeOnComplete: true,
      removeOnFail: true,
    },
  })

  const settleHere = async (ids: readonly string[]): Promise<void> => {
    const queueOfIds = [...ids]
    const lane = async () => {
      for (let id = queueOfIds.shift(); id !== undefined; id = queueOfIds.shift()) await settle(id)
    }
    await Promise.all(Array.from({ length: OWN_CONCURRENCY }, lane))
  }

  const sweep = async (): Promise<void> => {
    const lost = await options.webhookDeps().webhookEvents.findDue(LOST_RING_MS, SWEEP_BATCH)
    for (const event of lost) await ringFor(options.webhookDeps(), event)
    const due = await store.findDue(SWEEP_BATCH)
    if (due.length === 0) return
    try {
      await queue.addBulk(due.map((payment) => job(payment._id, payment.due)))
    } catch (error) {
      log.warn({ err: error, due: due.length }, 'Redis does not take jobs, settling here')
      await settleHere(due.map(({ _id }) => _id))
    }
  }
  let isClosed = false
  let timer: NodeJS.Timeout | undefined
  let sweeping: Promise<void> = Promise.resolve()
  const loop = () => {
    sweeping = sweep()
      .catch((error: unknown) => log.warn({ err: error }, 'the sweep failed, it runs again'))
      .finally(() => {
        if (!isClosed) timer = setTimeout(loop, options.sweepMs)
      })
  }
  loop()

  return {
    hint: (paymentId, due) => {
      if (isClosed || due.getTime() - clock.now().getTime() > HINT_HORIZON_MS) return
      const { name, data, opts } = job(paymentId, due)
      queue.add(name, data, opts).catch(() => undefined)
    },
    close: async () => {
      isClosed = true
      clearTimeout(timer)
      // A run that waits for Toss may take longer than the drain; then the next process takes it over.
      const closing = Promise.all([sweeping, worker.close()]).then(() => queue.close())
      await Promise.race([closing, sleep(DRAIN_MS, undefined, { ref: false })])
    },
  }
}
