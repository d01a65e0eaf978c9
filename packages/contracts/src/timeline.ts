/**
 * One line of an order's timeline, as the service that knows it has it on record. `text` is for a person and holds no stranger's
 * words but ids, statuses and codes; `version` is the payment's.
 */
export type TimelineEntry = {
  readonly at: Date
  readonly kind: 'request' | 'order' | 'state' | 'toss' | 'webhook' | 'job' | 'lease' | 'operator'
  readonly text: string
  readonly version?: number
  readonly status?: string
  readonly requestId?: string
}

/** Oldest first; what happened in the same millisecond stays in the order in which it is given. */
export const oldestFirst = (entries: readonly TimelineEntry[]): readonly TimelineEntry[] =>
  entries.toSorted((one, other) => one.at.getTime() - other.at.getTime())

/** Entries as they go over gRPC. */
export const timelineMessages = (entries: readonly TimelineEntry[]) =>
  entries.map((entry) => ({ ...entry, at: entry.at.toISOString() }))
