const DAY_MS = 24 * 3_600_000
const SEOUL_OFFSET_MS = 9 * 3_600_000

/** A time of day as minutes after midnight; `HH:mm`. */
export const minutesOf = (time: string): number => {
  const [hours = '0', minutes = '0'] = time.split(':')
  return Number(hours) * 60 + Number(minutes)
}

/**
 * The night whose comparison is due: its date in Seoul (which has no summer time), or undefined while today's time has not come.
 * A replica that was away at that time makes up for it later the same day.
 */
export const nightDue = (now: Date, minuteOfDay: number): string | undefined => {
  const seoul = new Date(now.getTime() + SEOUL_OFFSET_MS)
  const minute = seoul.getUTCHours() * 60 + seoul.getUTCMinutes()
  return minute >= minuteOfDay ? seoul.toISOString().slice(0, 10) : undefined
}

/**
 * What a night compares: from where the last one ended, once more with an overlap, because a transaction may be listed late, and
 * never further back than a week, so that the first night after a long time off ends.
 */
export const nightWindow = (now: Date, lastTo: Date | undefined, overlapMs: number): { from: Date; to: Date } => {
  const since = lastTo?.getTime() ?? now.getTime() - DAY_MS
  const from = Math.max(since - overlapMs, now.getTime() - 7 * DAY_MS)
  // Toss lists to the second.
  const second = (ms: number) => new Date(Math.floor(ms / 1000) * 1000)
  return { from: second(Math.min(from, now.getTime())), to: second(now.getTime() + 1000) }
}
