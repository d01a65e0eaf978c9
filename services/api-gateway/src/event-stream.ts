import type { Reply } from './exchange.ts'

/** Why a stream ended. Only after `settled` there is nothing more to come; after the others its client comes back by itself. */
export type StreamEnd = 'settled' | 'time' | 'stopping' | 'slow' | 'client'

export type EventStream = {
  /** One event, as `formatEvent` makes it. A client that is behind gets the newest alone, once it has room. */
  send(event: string): void
  /** The last event, if any, and the end. */
  end(reason: Exclude<StreamEnd, 'client'>, lastEvent?: string): void
}

export type EventStreamOptions = {
  readonly heartbeatMs: number
  /** Until the client has to come back: a stream that nobody reads any more does not live for ever, and load spreads anew. */
  readonly maxDurationMs: number
  /** What the client is told to wait before it comes back. */
  readonly retryMs: number
  /** Called once, when nothing is left of the stream. */
  readonly onEnd: (reason: StreamEnd) => void
}

export const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  // no-transform: a proxy that compresses would keep events back until it has a block full of them.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
}

/** What has been written is on its way to a client that reads; one that does not is cut off. */
const END_GRACE_MS = 5_000

/** Data without line breaks, as JSON is. */
export const formatEvent = (data: string, named: { readonly id?: number; readonly event?: string } = {}): string => {
  const event = named.event === undefined ? '' : `event: ${named.event}\n`
  const id = named.id === undefined ? '' : `id: ${named.id}\n`
  return `${event}${id}data: ${data}\n\n`
}

/**
 * Turns an answer into server-sent events. For a client that does not read, its connection's buffer and one event are kept, no more;
 * two heartbeats without room for either and it is cut off, to come back for the newest state.
 */
export const openEventStream = (response: Reply, options: EventStreamOptions): EventStream => {
  let reason: StreamEnd | undefined
  let waiting: string | undefined
  let isBehind = false
  let grace: NodeJS.Timeout | undefined

  const stopTimers = () => {
    clearInterval(heartbeat)
    clearTimeout(limit)
  }
  const end = (why: StreamEnd, lastEvent = '') => {
    if (reason !== undefined) return
    reason = why
    stopTimers()
    if (why === 'slow') response.destroy()
    else response.end((waiting ?? '') + lastEvent)
    // A client that is gone without a word would keep an ended answer until TCP gives up.
    grace = setTimeout(() => response.destroy(), END_GRACE_MS)
  }
  const send = (event: string) => {
    if (reason !== undefined) return
    if (response.writableNeedDrain) waiting = event
    else response.write(event)
  }
  const beat = () => {
    if (!response.writableNeedDrain) send(': still here\n\n')
    else if (isBehind) end('slow')
    isBehind = response.writableNeedDrain
  }
  const heartbeat = setInterval(beat, options.heartbeatMs)
  const limit = setTimeout(() => end('time'), options.maxDurationMs)
  response.on('drain', () => {
    if (waiting === undefined) return
    const event = waiting
    waiting = undefined
    send(event)
  })
  response.once('close', () => {
    stopTimers()
    clearTimeout(grace)
    reason ??= 'client'
    options.onEnd(reason)
  })
  response.writeHead(200, eventStreamHeaders)
  response.write(`retry: ${options.retryMs}\n\n`)
  return { send, end }
}
