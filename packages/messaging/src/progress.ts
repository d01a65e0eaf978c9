/** Lag with an unchanged committed offset for this long, and no handler at work, is a consumer that stands still. */
export const STALL_MS = 20_000

/** Remembers, per partition, when its committed offset last moved or its handler last gave a sign of life. */
export const createProgress = (monotonicMs: () => number = () => performance.now()) => {
  const committed = new Map<string, { offset: string; at: number }>()
  let assignment: Record<string, number[]> | undefined
  const key = (topic: string, partition: number) => `${topic}/${partition}`
  return {
    mark: (topic: string, partition: number) => {
      const known = committed.get(key(topic, partition))
      if (known !== undefined) known.at = monotonicMs()
    },
    assigned: (to: Record<string, number[]>) => {
      assignment = to
      committed.clear()
    },
    reset: () => committed.clear(),
    isStalled: (topic: string, partition: number, offset: string, lag: number): boolean => {
      const now = monotonicMs()
      const known = committed.get(key(topic, partition))
      if (known === undefined || known.offset !== offset || lag <= 0) {
        committed.set(key(topic, partition), { offset, at: now })
        return false
      }
      // A partition that another replica holds is that one's to watch; without any assignment this consumer hangs in its join.
      const isMine = assignment === undefined || (assignment[topic]?.includes(partition) ?? false)
      return isMine && now - known.at > STALL_MS
    },
  }
}
