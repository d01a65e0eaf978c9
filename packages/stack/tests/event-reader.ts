import { linesOf } from '../src/testing/server-sent-events.ts'
import type { ShownOrder } from '../src/testing/shop-bodies.ts'

type ReadEvent = { readonly id: string | undefined; readonly event: string; readonly data: string }

/** A client of server-sent events. It reads on until it leaves or the stream ends; what came is in its lists. */
export type EventReader = {
  readonly status: number
  readonly headers: Headers
  readonly events: readonly ReadEvent[]
  /** The orders in the events without a name. */
  readonly orders: () => readonly ShownOrder[]
  readonly comments: readonly string[]
  readonly retryMs: () => number | undefined
  /** Resolves with how it ended; `cut` is without a proper end. */
  readonly ended: Promise<'end' | 'cut'>
  readonly leave: () => void
}

export const readEvents = async (url: string, headers: Record<string, string> = {}): Promise<EventReader> => {
  const client = new AbortController()
  const response = await fetch(url, { headers, signal: client.signal })
  const events: ReadEvent[] = []
  const comments: string[] = []
  let retryMs: number | undefined

  const take = (block: string) => {
    const fields = new Map<string, string>()
    for (const [name, value] of linesOf(block)) {
      if (name === '') comments.push(value)
      else fields.set(name, value)
    }
    if (fields.has('retry')) retryMs = Number(fields.get('retry'))
    const data = fields.get('data')
    if (data !== undefined) events.push({ id: fields.get('id'), event: fields.get('event') ?? 'message', data })
  }
  const read = async (): Promise<'end' | 'cut'> => {
    let text = ''
    const decoder = new TextDecoder()
    try {
      const body = response.body as AsyncIterable<Uint8Array> | null
      for await (const chunk of body ?? []) {
        text += decoder.decode(chunk, { stream: true })
        const blocks = text.split('\n\n')
        text = blocks.pop() ?? ''
        for (const block of blocks) take(block)
      }
      return 'end'
    } catch {
      return 'cut'
    }
  }
  return {
    status: response.status,
    headers: response.headers,
    events,
    orders: () => events.filter(({ event }) => event === 'message').map(({ data }) => JSON.parse(data) as ShownOrder),
    comments,
    retryMs: () => retryMs,
    ended: read(),
    leave: () => client.abort(),
  }
}
