const SEOUL_OFFSET_MS = 9 * 60 * 60 * 1000

/** The instants of Payment objects: Seoul's wall clock to the second, with its offset. */
export function seoulInstant(atMs: number): string {
  return `${new Date(atMs + SEOUL_OFFSET_MS).toISOString().slice(0, 19)}+09:00`
}

/**
 * The `createdAt` of webhooks: Seoul's wall clock without an offset, with 5 or 6 fraction digits (Toss: a closing
 * zero is missing), which breaks parsers that expect one fixed format.
 */
export function seoulLocalTime(atMs: number, microseconds: number): string {
  const fraction = String(microseconds).padStart(3, '0')
  return `${new Date(atMs + SEOUL_OFFSET_MS).toISOString().slice(0, 23)}${fraction}`.replace(/0$/, '')
}
