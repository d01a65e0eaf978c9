import { orderService, paymentAdminService, paymentService, replayService } from '@checkout/contracts/rpc'
import { connectKafkaBus } from '@checkout/messaging/kafka-bus'
import { startOutboxRelay, type WithOutbox } from '@checkout/messaging/outbox'
import { nudging, replayHandlers, replayRoles } from '@checkout/messaging/replay-handlers'
import { createReplayRecords } from '@checkout/messaging/replay-records'
import { adminDoor } from '@checkout/runtime/admin-door'
import { DRAIN_MS, openDoors } from '@checkout/runtime/doors'
import { createGrpcClient } from '@checkout/runtime/grpc-client'
import { createLogger } from '@checkout/runtime/log'
import { createMetrics } from '@checkout/runtime/metrics'
import { connectMongo } from '@checkout/runtime/mongo'
import { createOperatorActions } from '@checkout/runtime/operator-actions'
import { guardOperators } from '@checkout/runtime/operators'
import { connectRedis } from '@checkout/runtime/redis'
import { endProcess, type Service } from '@checkout/runtime/run'
import { channelCredentials } from '@checkout/runtime/tls'
import { startTracing } from '@checkout/runtime/tracing'
import type { mongo } from 'mongoose'
import { v7 as newId } from 'uuid'
import { adminHandlers, adminRoles } from './admin-grpc.ts'
import { reconcileHandlers } from './admin-reconcile.ts'
import { type Config, durationsOf } from './config.ts'
import type { PayDeps } from './confirm-payment.ts'
import { diagnosePayment } from './diagnose.ts'
import { minutesOf } from './domain/nightly.ts'
import { consumeEvents } from './events.ts'
import { paymentHandlers } from './grpc.ts'
import { startJobs } from './jobs.ts'
import { createJournal } from './journal.ts'
import { createOurBooks } from './our-books.ts'
import type { WebhookDeps } from './receive-webhook.ts'
import { createReconciliationStore } from './reconciliations.ts'
import { createResolutionProposals } from './resolution-proposals.ts'
import { type Fresh, type SettleDeps, settlePayment } from './settle-payment.ts'
import { startReconciliations } from './start-reconciliations.ts'
import { createPaymentStore } from './store.ts'
import { createToldDifferences } from './told-differences.ts'
import { createToss } from './toss.ts'
import { watchWork } from './watch-work.ts'
import { createWebhookEventStore } from './webhook-events.ts'

/** Everything that waited for Toss is tried again within this time of its return, not all at once. */
const RECOVERY_SPREAD_MS = 30_000

export const start = async (config: Config): Promise<Service & { grpcPort: number; httpPort: number }> => {
  const log = createLogger('payment', config.LOG_LEVEL)
  const metrics = createMetrics('payment')
  const tracing = await startTracing('payment', config, log)
  const db = await connectMongo({ url: config.MONGO_URL, namespace: config.NAMESPACE, database: 'payment', log })
  const { clock } = db
  const bus = connectKafkaBus({
    brokers: config.KAFKA_BROKERS,
    namespace: config.NAMESPACE,
    service: 'payment',
    group: 'payment',
    topics: ['order.created', 'payment.status-changed', 'toss.webhook-received'],
    log,
    metrics,
    onFatal: endProcess,
  })
  const producer = connectRedis({ url: config.REDIS_URL, log, onUnsafe: endProcess, commandTimeoutMs: 1_000 })
  const worker = connectRedis({ url: config.REDIS_URL, log, onUnsafe: endProcess, isBlocking: true })
  const credentials = channelCredentials(config)
  const orders = createGrpcClient({
    definition: orderService,
    address: config.ORDER_ADDR,
    credentials,
    token: config.SERVICE_TOKEN,
    reads: ['GetOrder'],
    metrics,
  })
  const transitions = metrics.counter('payment_transitions_total', 'Steps of payments from state to state', [
    'from',
    'to',
  ])
  const journal = createJournal(db.connection, { log, metrics })
  const store = createPaymentStore(
    db.connection,
    clock,
    (before, after) => {
      relay.nudge(after._id)
      if (after.status !== before.status) transitions.inc({ from: before.status, to: after.status })
    },
    (orderId, takeOver) => journal.note(orderId, 'takeOvers', { at: clock.now(), ...takeOver }),
  )
  const webhookEvents = createWebhookEventStore(db.connection, clock)
  await store.createIndexes()
  await webhookEvents.createIndexes()
  const actions = createOperatorActions(db.connection, clock)
  await actions.createIndexes()
  const runs = createReconciliationStore(db.connection, clock)
  await runs.createIndexes()
  const told = createToldDifferences(db.connection)
  await told.createIndexes()
  const proposals = createResolutionProposals(db.connection, clock)
  await proposals.createIndexes()
  const relay = startOutboxRelay({
    collection: store.collection as unknown as mongo.Collection<WithOutbox>,
    bus,
    clock,
    log,
    metrics,
  })
  const toss = createToss({
    baseUrl: config.TOSS_BASE_URL,
    secretKey: config.TOSS_SECRET_KEY,
    timeoutMs: config.TOSS_TIMEOUT_MS,
    maxCalls: config.TOSS_MAX_CALLS,
    breakerFailures: config.TOSS_BREAKER_FAILURES,
    breakerResetMs: config.TOSS_BREAKER_RESET_MS,
    log,
    metrics,
    onRecovered: () =>
      void store
        .pullForward(RECOVERY_SPREAD_MS)
        .catch((error: unknown) => log.warn({ err: error }, 'nothing was pulled forward')),
  })

  const settleDeps: SettleDeps = {
    store,
    webhookEvents,
    toss,
    clock,
    log,
    journal,
    newId,
    hint: (id, due) => jobs.hint(id, due),
    config: {
      leaseMs: config.LEASE_MS,
      lookSpacingMs: config.LOOK_SPACING_MS,
      webhookLadderMs: config.WEBHOOK_LADDER_MS,
      mId: config.TOSS_MID,
      durations: durationsOf(config),
    },
  }
  const running = new Set<Promise<void>>()
  const settle = (paymentId: string, fresh?: Fresh): Promise<void> => {
    const run = settlePayment(settleDeps, paymentId, fresh).finally(() => running.delete(run))
    running.add(run)
    return run
  }
  const payDeps: PayDeps = {
    store,
    webhookEvents,
    orders,
    clock,
    newId,
    hint: settleDeps.hint,
    isTossAvailable: toss.isAvailable,
    settle: (paymentId, fresh) => void settle(paymentId, fresh),
    config: { leaseMs: config.LEASE_MS, answerWaitMs: config.ANSWER_WAIT_MS },
  }
  const webhookDeps: WebhookDeps = { ...payDeps, parkedLadderMs: config.PARKED_LADDER_MS }
  const jobs = startJobs({
    producer,
    worker,
    prefix: `${config.NAMESPACE}bull`,
    store,
    webhookDeps: () => webhookDeps,
    settle,
    clock,
    log,
    metrics,
    sweepMs: config.SWEEP_MS,
  })
  const consumer = consumeEvents(bus, webhookDeps)
  const reconciliations = startReconciliations({
    reconcile: {
      ...payDeps,
      toss,
      books: createOurBooks(store.collection),
      told,
      log,
      config: {
        pageRows: config.RECONCILE_PAGE_ROWS,
        waitMs: config.RECONCILE_WAIT_MS,
        freshMs: config.RECONCILE_FRESH_MS,
        lookSpacingMs: config.LOOK_SPACING_MS,
      },
    },
    runs,
    clock,
    log,
    metrics,
    newId,
    everyMs: config.SWEEP_MS,
    config: {
      leaseMs: config.LEASE_MS,
      overlapMs: config.RECONCILE_OVERLAP_MS,
      nightlyAt: config.RECONCILE_AT === undefined ? undefined : minutesOf(config.RECONCILE_AT),
    },
  })

  watchWork(metrics, store, webhookEvents)
  const replayRecords = createReplayRecords(db.connection, clock, 'payment')
  await replayRecords.createIndexes()
  const operators = { operators: config.OPERATOR_TOKENS, actions, log }
  const doors = await openDoors({
    config,
    services: [
      adminDoor(operators, () =>
        diagnosePayment({ connection: db.connection, redis: worker, now: clock.now, store, toss }),
      ),
      { definition: paymentService, handlers: paymentHandlers({ ...payDeps, journal }) },
      {
        definition: paymentAdminService,
        handlers: {
          ...adminHandlers({
            ...webhookDeps,
            proposals,
            settle,
            journal,
            actions,
            config: { durations: durationsOf(config), proposalMs: config.RESOLUTION_PROPOSAL_MS },
          }),
          ...reconcileHandlers({ runs, toss, newId }),
        },
        guard: guardOperators<typeof paymentAdminService>({ ...operators, roles: adminRoles }),
      },
      {
        definition: replayService,
        handlers: replayHandlers({
          records: replayRecords,
          statesOf: { 'order.created': store.statesOf, 'toss.webhook-received': webhookEvents.statesOf },
          rewritable: { 'payment.status-changed': nudging(store.announcements, relay.nudge) },
        }),
        guard: guardOperators<typeof replayService>({ ...operators, roles: replayRoles }),
      },
    ],
    checks: [{ name: 'mongodb', check: db.ping }],
    log,
    metrics,
  })
  return {
    log,
    grpcPort: doors.grpcPort,
    httpPort: doors.httpPort,
    close: async () => {
      await Promise.all([doors.drain(), consumer.close(), jobs.close(), reconciliations.close(), settled(running)])
      await journal.close()
      await relay.close()
      await bus.close()
      orders.close()
      await Promise.allSettled([producer.quit(), worker.quit()])
      await doors.close()
      await db.close()
      await tracing.close()
    },
  }
}

/** Waits for the runs under way as long as the drain lasts; a call to Toss may take longer, and another run takes over from it. */
const settled = async (running: ReadonlySet<Promise<void>>): Promise<void> => {
  const timeout = new Promise<void>((resolve) => {
    setTimeout(resolve, DRAIN_MS).unref()
  })
  await Promise.race([Promise.allSettled(running).then(() => undefined), timeout])
}
