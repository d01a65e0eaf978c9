import { AppError } from '@checkout/contracts/errors'
import type { Order__Output as Order } from '@checkout/contracts/gen/order/v1/Order'
import type { Payment__Output as Payment } from '@checkout/contracts/gen/payment/v1/Payment'
import type { Logger } from '@checkout/runtime/log'
import type { Metrics } from '@checkout/runtime/metrics'
import type { Clients } from './clients.ts'
import { type EventStream, formatEvent, openEventStream } from './event-stream.ts'
import type { Reply } from './exchange.ts'
import { isSettled, type OrderState, orderState } from './live-order.ts'

export type LiveOrdersOptions = {
  readonly payment: Pick<Clients['payment'], 'GetPaymentByOrder'>
  readonly metrics: Metrics
  readonly log: Pick<Logger, 'warn'>
  readonly config: {
    readonly READ_DEADLINE_MS: number
    readonly EVENT_STREAMS_MAX: number
    readonly EVENT_STREAMS_MAX_PER_ORDER: number
    readonly EVENT_STREAM_POLL_MS: number
    readonly EVENT_STREAM_HEARTBEAT_MS: number
    readonly EVENT_STREAM_MAX_MS: number
  }
}

export type LiveOrders = {
  /**
   * Streams an order that was just read: its state, unless the client has seen that version, then each newer one, until it is settled.
   * @throws AppError RATE_LIMITED, SERVICE_UNAVAILABLE
   */
  stream(response: Reply, found: FoundOrder): void
  /** Ends every stream, and each later one after its first state. Their clients come back to another process. */
  stop(): void
}

type FoundOrder = {
  readonly order: Order
  readonly payment: Payment | undefined
  readonly seenVersion: number | undefined
  readonly requestId: string
}

/** The slowest look at an order that nobody has heard of for long. */
const MAX_POLL_MS = 5_000
/** A change is seen within this part of the time that it was waited for. */
const POLL_SHARE = 20
/** Clients come back between these, so that those of a process that stops do not all come at once. */
const RETRY_MS = { min: 1_000, spread: 2_000 }
/** Streams that began together end up to this part of their time apart, for the same reason. */
const TIME_SPREAD = 0.1

type Watch = {
  readonly order: Order
  readonly requestId: string
  state: OrderState
  /** The event of the present state, made once for all who hear it. */
  event: string
  changedAt: number
  timer: NodeJS.Timeout | undefined
  hasFailed: boolean
  readonly tell: Set<(watch: Watch) => void>
}

/**
 * Live updates by looking: one poll for each order that somebody watches, however many do, oftener while it is fresh. Nothing is kept
 * that another process would need, so any may die and its clients go on elsewhere from the version that they have seen. While the
 * payment service is away, streams stay open and go on once it is back.
 */
export const createLiveOrders = ({ payment, metrics, log, config }: LiveOrdersOptions): LiveOrders => {
  const watches = new Map<string, Watch>()
  const streams = new Set<EventStream>()
  let isStopping = false
  const ended = metrics.counter('api_gateway_event_streams_ended_total', 'Event streams ended, by reason', ['reason'])
  metrics.gauge('api_gateway_event_streams', 'Event streams open', async (gauge) => gauge.set(streams.size))
  metrics.gauge('api_gateway_watched_orders', 'Orders polled for them', async (gauge) => gauge.set(watches.size))

  const show = (watch: Watch, state: OrderState) => {
    if (state.version > watch.state.version) {
      watch.state = state
      watch.event = eventOf(state)
      watch.changedAt = performance.now()
    }
    // Also without news: an order may be settled by its time alone.
    for (const tell of watch.tell) tell(watch)
  }

  const look = async (watch: Watch): Promise<void> => {
    const call = { deadline: new Date(Date.now() + config.READ_DEADLINE_MS), requestId: watch.requestId }
    try {
      const found = await payment.GetPaymentByOrder({ orderId: watch.order.orderId }, call)
      show(watch, orderState(watch.order, found))
      watch.hasFailed = false
    } catch (error) {
      // Not there yet, or away: the streams stay, and the next look tells.
      const isExpected = error instanceof AppError && ['PAYMENT_NOT_FOUND', ...AWAY].includes(error.code)
      if (!isExpected && !watch.hasFailed) {
        log.warn({ err: error, requestId: watch.requestId }, 'an order that is watched cannot be read')
      }
      watch.hasFailed ||= !isExpected
    }
    if (watch.tell.size > 0) lookLater(watch)
  }

  const lookLater = (watch: Watch) => {
    const waitedMs = performance.now() - watch.changedAt
    const delayMs = Math.max(config.EVENT_STREAM_POLL_MS, Math.min(waitedMs / POLL_SHARE, MAX_POLL_MS))
    watch.timer = setTimeout(() => void look(watch), delayMs)
  }

  const watchOf = ({ order, payment: found, requestId }: FoundOrder): Watch => {
    const state = orderState(order, found)
    const known = watches.get(order.orderId)
    if (known !== undefined) {
      show(known, state)
      // Somebody new waits: what they wait for began just now.
      known.changedAt = performance.now()
      return known
    }
    const watch: Watch = {
      order,
      requestId,
      state,
      event: eventOf(state),
      changedAt: performance.now(),
      timer: undefined,
      hasFailed: false,
      tell: new Set(),
    }
    watches.set(order.orderId, watch)
    lookLater(watch)
    return watch
  }

  const leave = (watch: Watch, tell: (watch: Watch) => void) => {
    watch.tell.delete(tell)
    if (watch.tell.size > 0 || watches.get(watch.order.orderId) !== watch) return
    clearTimeout(watch.timer)
    watches.delete(watch.order.orderId)
  }

  return {
    stream: (response, found) => {
      // The client left while its order was read.
      if (response.closed || response.destroyed) return
      if (streams.size >= config.EVENT_STREAMS_MAX)
        throw new AppError('SERVICE_UNAVAILABLE', { detail: 'too many event streams are open' })
      if ((watches.get(found.order.orderId)?.tell.size ?? 0) >= config.EVENT_STREAMS_MAX_PER_ORDER)
        throw new AppError('RATE_LIMITED', { detail: 'too many event streams of this order are open' })
      const watch = watchOf(found)
      let seenVersion = found.seenVersion ?? -1
      const tell = ({ state, event }: Watch) => {
        const news = state.version > seenVersion ? event : ''
        seenVersion = Math.max(seenVersion, state.version)
        if (isSettled(state.body, Date.now())) stream.end('settled', news + END_EVENT)
        else if (news !== '') stream.send(news)
      }
      const stream = openEventStream(response, {
        heartbeatMs: config.EVENT_STREAM_HEARTBEAT_MS,
        maxDurationMs: config.EVENT_STREAM_MAX_MS * (1 - Math.random() * TIME_SPREAD),
        retryMs: Math.round(RETRY_MS.min + Math.random() * RETRY_MS.spread),
        onEnd: (reason) => {
          streams.delete(stream)
          leave(watch, tell)
          ended.inc({ reason })
        },
      })
      streams.add(stream)
      watch.tell.add(tell)
      tell(watch)
      if (isStopping) stream.end('stopping')
    },
    stop: () => {
      isStopping = true
      for (const stream of streams) stream.end('stopping')
    },
  }
}

/** For pages that are not told apart by 204 whether to come back: EventSource would. */
const END_EVENT = formatEvent('settled', { event: 'end' })
const AWAY: readonly string[] = ['SERVICE_UNAVAILABLE', 'GATEWAY_TIMEOUT']

const eventOf = ({ version, body }: OrderState): string => formatEvent(JSON.stringify(body), { id: version })
